"""What can go wrong with a step of an officer, each with a sentence for the person that says what to do."""

from __future__ import annotations

from datetime import datetime


class StepError(Exception):
    """Base: ``str(error)`` is an Indonesian sentence fit for the screen."""


class NotAllowedError(StepError):
    """The officer's duties do not cover this."""

    def __init__(self) -> None:
        super().__init__("Tugas Anda tidak mencakup langkah ini. Hubungi Admin Induk.")


class TakenError(StepError):
    """Somebody else was faster, or the page was old. ``who`` and ``at`` tell which."""

    def __init__(self, sentence: str, *, who: str = "", at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.who = who
        self.at = at


class InvalidError(StepError):
    """A form's value cannot be used. ``field`` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
