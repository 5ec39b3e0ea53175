"""The office's numbers: what each is allowed to do, what it has used, and whose token opens it."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .ids import BadPhoneError, new_number, normal_phone
from .records import Json
from .settings import SECRET_NAMES, Line, Settings
from .store import Store

SERVICE = "service"
QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
LEVELS = ("STANDARD", "HIGH")
NAMES = tuple(item.name for item in fields(Line))
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging", "catalog_management")


class BadLineError(ValueError):
    """The number cannot be so; the text says why, in Indonesian."""


@dataclass
class LineState:
    """What can change about a number while the emulator runs. Times are emulator time.

    `coexistence`: the number also lives in the app on the office's phone (20 messages a second). `opened` is when
    somebody last opened that app; after 14 days Meta cuts the number off, and `connected` becomes false.
    """

    coexistence: bool = False
    connected: bool = True
    payment_method: bool = True
    throughput: str = "STANDARD"
    quality: str = "GREEN"
    subscribed: bool = True
    catalog_id: str = "354160437058781"
    is_cart_enabled: bool = True
    is_catalog_visible: bool = True
    history_sharing: bool = True
    onboarded: float = 0.0
    opened: float = 0.0
    synced: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))

    def change(self, values: Json) -> None:
        """Take over known names; raises BadLineError before anything changes."""
        for name, value in values.items():
            known = getattr(self, name, None)
            right = {"throughput": LEVELS, "quality": QUALITIES}.get(name)
            if known is None or type(value) is not type(known) or (right is not None and value not in right):
                raise BadLineError(f"“{name}” tidak dikenal pada nomor ini atau nilainya tidak sesuai.")
        for name, value in values.items():
            setattr(self, name, value)


class Lines:
    """Every number, the configured ones first. `usage` counts delivered messages by month and category."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._settings = settings
        self._all = {line.phone_number_id: line for line in settings.lines}
        for kept in store.fact("lines", []):
            self._all.setdefault(kept["phone_number_id"], Line(**kept))
        self._states: dict[str, LineState] = {}
        self._usage: dict[tuple[str, str, str], int] = {}
        self.reload()

    def reload(self) -> None:
        """Read usage and states anew: at the start and after a reset."""
        self._usage = {
            (row["line"], row["month"], row["category"]): int(row["used"])
            for row in self._store.db.execute("SELECT * FROM usage")
        }
        self._states = {name: LineState(**self._store.fact(f"line/{name}", {})) for name in self._all}

    def __iter__(self) -> Iterator[Line]:
        return iter(list(self._all.values()))

    def __getitem__(self, phone_number_id: str) -> Line:
        return self._all[phone_number_id]

    def get(self, phone_number_id: str | None) -> Line | None:
        return self._all.get(phone_number_id or "")

    @property
    def first(self) -> Line:
        return next(iter(self._all.values()))

    def of_token(self, token: str) -> list[Line]:
        """The numbers that a bearer may use."""
        return [line for line in self._all.values() if secrets.compare_digest(line.token.encode(), token.encode())]

    def of_app(self, token: str) -> list[Line]:
        """The numbers of the application that this app access token (``id|secret``) belongs to."""
        given = token.encode()
        return [
            line
            for line in self._all.values()
            if secrets.compare_digest(f"{line.app_id}|{line.app_secret}".encode(), given)
        ]

    def of_account(self, waba_id: str) -> list[Line]:
        return [line for line in self._all.values() if line.waba_id == waba_id]

    def state(self, phone_number_id: str) -> LineState:
        return self._states[phone_number_id]

    def change(self, phone_number_id: str, values: Json) -> LineState:
        state = self._states[phone_number_id]
        state.change(values)
        self.keep(phone_number_id)
        return state

    def keep(self, phone_number_id: str) -> None:
        self._store.keep_fact(f"line/{phone_number_id}", asdict(self._states[phone_number_id]))

    def add(self, wish: Json) -> Line:
        """A further number; what is missing is made up, secrets included. Raises BadLineError."""
        if not set(wish) <= set(NAMES) or not all(isinstance(value, str) for value in wish.values()):
            raise BadLineError("Nomor hanya mengenal: " + ", ".join(NAMES) + "; semuanya teks.")
        if wish.get("phone_number_id") in self._all:
            raise BadLineError("Nomor dengan phone_number_id itu sudah ada.")
        try:
            shown = normal_phone(wish.get("display_phone") or "6285155" + new_number()[:6])
        except BadPhoneError:
            raise BadLineError("Nomor telepon tidak dikenali. Contoh: 0812-3456-7890.") from None
        made = {
            "name": "Kantor baru",
            "phone_number_id": new_number(),
            "waba_id": new_number(),
            "webhook": self.first.webhook,
            **{name: secrets.token_urlsafe(24) for name in SECRET_NAMES},
            **wish,
            "display_phone": shown,
        }
        line = Line(**made)
        self._all[line.phone_number_id] = line
        self._states[line.phone_number_id] = LineState()
        configured = {other.phone_number_id for other in self._settings.lines}
        added = [asdict(other) for other in self if other.phone_number_id not in configured]
        self._store.keep_fact("lines", added)
        return line

    def used(self, line: str, now: float, category: str = SERVICE) -> int:
        """Messages of this month (UTC) that were delivered or are on their way."""
        return self._usage.get((line, month_of(now), category), 0)

    def count(self, line: str, now: float, category: str) -> int:
        """One more; the new number. Part of the caller's transaction."""
        return self.set_used(line, now, category, self.used(line, now, category) + 1)

    def set_used(self, line: str, now: float, category: str, number: int) -> int:
        key = (line, month_of(now), category)
        self._usage[key] = number
        self._store.db.execute("INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?)", (*key, number))
        return number

    def usage(self, line: str) -> dict[str, dict[str, int]]:
        """{month: {category: messages}}, newest month last."""
        found: dict[str, dict[str, int]] = {}
        for (name, month, category), number in sorted(self._usage.items()):
            if name == line:
                found.setdefault(month, {})[category] = number
        return found

    def plain(self, line: Line, address: str, free: int) -> Json:
        """As the control API and the page show it: no secrets."""
        shown: dict[str, Any] = {name: getattr(line, name) for name in NAMES if name not in SECRET_NAMES}
        state = asdict(self._states[line.phone_number_id])
        return {**shown, "webhook": address, **state, "usage": self.usage(line.phone_number_id), "free": free}


def month_of(moment: float) -> str:
    return time.strftime("%Y-%m", time.gmtime(moment))
