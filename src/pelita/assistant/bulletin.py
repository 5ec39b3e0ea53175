"""What the office tells by itself, as the assistant hears of it: this room knows no posts, config/wiring joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pelita.offices.models import Office


@dataclass(frozen=True, slots=True)
class Alert:
    """An emergency that holds. ``text``: a paragraph for the chat; ``since``: whoever was answered later knows it."""

    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class News:
    """The newest posts, a line each, and where the others stand."""

    lines: tuple[str, ...]
    address: str


class Bulletin(Protocol):
    """One query each."""

    def alerts(self, office: Office, now: datetime) -> Sequence[Alert]: ...

    def news(self, office: Office, now: datetime) -> News | None:
        """None when the office has told nothing yet."""
        ...


class Silent:
    """Of an office that tells nothing."""

    def alerts(self, _office: Office, _now: datetime) -> Sequence[Alert]:
        return ()

    def news(self, _office: Office, _now: datetime) -> News | None:
        return None
