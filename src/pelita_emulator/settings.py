"""Configuration: one line per WhatsApp number, and how the emulator behaves in time.

Read from the environment by `from_env`; every secret may also come from NAME_FILE:
EMULATOR_APP_SECRET, EMULATOR_VERIFY_TOKEN, EMULATOR_TOKEN (the bearer that the business uses).
Plain: EMULATOR_PHONE_NUMBER_ID, EMULATOR_WABA_ID, EMULATOR_DISPLAY_PHONE, EMULATOR_NAME,
EMULATOR_WEBHOOK_URL, EMULATOR_SAMPLES=1 (three citizens in a new store), EMULATOR_PEOPLE (a JSON list of
{name, phone, says}: who is there, and what each writes to the first number at this start), EMULATOR_HOSTS (further
names of this computer, with commas), EMULATOR_URL (where the business reaches this emulator, when that is not
the address it listens on), EMULATOR_MORE_LINES (a JSON list of further numbers, each an
object with the fields of Line that differ from the first; or a file of it).
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DEFAULT_WEBHOOK = "http://127.0.0.1:8000/webhooks/whatsapp"
SECRET_NAMES = ("app_secret", "verify_token", "token")


@dataclass(frozen=True)
class Line:
    """One WhatsApp number of the business, with the address and the secrets of its webhook."""

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    token: str = field(repr=False)
    phone_number_id: str = "351600000000001"
    waba_id: str = "351600000000000"
    display_phone: str = "6285155565667"
    name: str = "Kecamatan Kemlagi"
    webhook: str = ""
    app_id: str = "351600000000100"


@dataclass(frozen=True)
class Settings:
    """Delays are (least, most) in seconds; `store` is a folder, None keeps everything in memory.

    `url` is the address by which the business reaches the emulator; media addresses begin with it.
    """

    lines: tuple[Line, ...]
    store: Path | None = None
    hosts: tuple[str, ...] = ()
    samples: bool = False
    people: tuple[dict[str, str], ...] = ()
    generated_secrets: Path | None = None
    url: str = ""
    sent_delay: tuple[float, float] = (0.05, 0.15)
    delivered_delay: tuple[float, float] = (0.3, 0.6)
    auto_read_delay: tuple[float, float] = (0.4, 0.9)
    retry_delays: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60)
    retry_for: float = 7 * 24 * 3600.0
    webhook_timeout: float = 10.0
    in_flight: int = 8
    free_service_messages: int = 1000
    media_seconds: float = 300.0

    @property
    def delays(self) -> dict[str, tuple[float, float]]:
        """Before each step of an office message's way."""
        return {"sent": self.sent_delay, "delivered": self.delivered_delay, "read": self.auto_read_delay}


def read_secret(env: Mapping[str, str], name: str) -> str:
    """The variable itself, or the content of the file that NAME_FILE points at; "" when neither."""
    path = env.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return env.get(name, "")


def from_env(store: Path, webhook: str | None = None, env: Mapping[str, str] = os.environ) -> Settings:
    """Settings for a start from the command line; missing secrets are made and kept in the store."""
    given = {name: read_secret(env, f"EMULATOR_{name.upper()}") for name in SECRET_NAMES}
    made: Path | None = None
    if not all(given.values()):
        made = store / "secrets.json"
        kept = _kept_secrets(made)
        given = {name: given[name] or kept[name] for name in SECRET_NAMES}
    line = Line(
        **given,
        phone_number_id=env.get("EMULATOR_PHONE_NUMBER_ID") or Line.phone_number_id,
        waba_id=env.get("EMULATOR_WABA_ID") or Line.waba_id,
        display_phone=env.get("EMULATOR_DISPLAY_PHONE") or Line.display_phone,
        name=env.get("EMULATOR_NAME") or Line.name,
        webhook=webhook or env.get("EMULATOR_WEBHOOK_URL") or DEFAULT_WEBHOOK,
    )
    more: list[dict[str, Any]] = json.loads(read_secret(env, "EMULATOR_MORE_LINES") or "[]")
    return Settings(
        lines=(line, *(replace(line, **other) for other in more)),
        store=store,
        hosts=tuple(name.strip() for name in env.get("EMULATOR_HOSTS", "").split(",") if name.strip()),
        samples=env.get("EMULATOR_SAMPLES") == "1",
        people=tuple(json.loads(read_secret(env, "EMULATOR_PEOPLE") or "[]")),
        url=(env.get("EMULATOR_URL") or "").rstrip("/"),
        generated_secrets=made,
    )


def _kept_secrets(path: Path) -> dict[str, str]:
    """Secrets made at an earlier start, or new ones written for this user's eyes only."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {name: secrets.token_urlsafe(32) for name in SECRET_NAMES}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=2)
    return made
