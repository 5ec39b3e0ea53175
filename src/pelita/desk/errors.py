"""What can go wrong at the desk, each with a sentence for the person that says what to do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pelita.desk.models import Answer


class DeskError(Exception):
    """Base: ``str(error)`` is an Indonesian sentence fit for the screen."""


class NotAllowedError(DeskError):
    """The officer's duties do not cover this."""

    def __init__(self) -> None:
        super().__init__("Tugas Anda tidak mencakup langkah ini. Hubungi Admin Induk.")


class TakenError(DeskError):
    """Somebody else moved the inquiry first, or the page was old. ``who`` and ``at`` tell which."""

    def __init__(self, sentence: str, *, who: str = "", at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.who = who
        self.at = at


class InvalidError(DeskError):
    """A form's value cannot be used. ``field`` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class WindowClosedError(DeskError):
    """The reply window is closed and no template can announce the answer. ``reason`` says what to do about it."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Jendela balas tertutup, jadi warga harus diberi tahu dulu. {reason} Jawaban tetap tersimpan."
        )


class DraftClashError(DeskError):
    """Somebody wrote in the same draft meanwhile. ``theirs`` is the draft as it is; ``own``: by the same person."""

    def __init__(self, theirs: Answer, *, own: bool) -> None:
        who = "Anda, di layar lain," if own else theirs.author.full_name
        super().__init__(f"{who} mengubah draf ini. Pilih tulisan yang dipakai.")
        self.theirs = theirs
        self.own = own
