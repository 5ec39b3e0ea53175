"""How the process of a linked device and the screen about it speak: two small files in the data folder, for they share
nothing else and the screen must be able to stop it at once. Both run on one machine (docs/decisions)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

ALIVE = timedelta(seconds=20)  # a process that has not written for so long is gone


@dataclass(frozen=True, slots=True)
class Standing:
    """What the process said last. ``qr``: what the phone must scan, "" once paired; ``at``: when, ISO."""

    at: str = ""
    connected: bool = False
    people: int = 0
    qr: str = ""

    def alive(self, now: datetime) -> bool:
        """Whether a process runs."""
        return bool(self.at) and datetime.fromisoformat(self.at) > now - ALIVE


def folder() -> Path:
    """Holds the pairing too, which is as good as the office's phone: nobody else may read it."""
    place = Path(settings.DATA) / "linked"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def session(office: str) -> Path:
    """neonize's own database of the pairing."""
    return folder() / f"{office}.db"


def write(office: str, standing: Standing) -> None:
    """Replaces what was said before, in one piece."""
    place = folder() / f"{office}.json"
    fresh = place.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(standing), file)
    fresh.replace(place)


def read(office: str) -> Standing:
    """What is known; of a process that never ran, or a broken file, nothing."""
    try:
        return Standing(**json.loads((folder() / f"{office}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Standing()


def stopped(office: str) -> bool:
    """The switch. One file to look for, so that it can be asked before every sending."""
    return (folder() / f"{office}.stop").exists()


def switch(office: str, *, on: bool) -> None:
    """Stop it at once, or let it go on."""
    place = folder() / f"{office}.stop"
    if on:
        place.unlink(missing_ok=True)
    else:
        place.touch(mode=0o600)
