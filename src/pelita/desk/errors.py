"""What can go wrong at the desk, each with a sentence for the person that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pelita.base.errors import InvalidError as InvalidError
from pelita.base.errors import NotAllowedError as NotAllowedError
from pelita.base.errors import StepError
from pelita.base.errors import TakenError as TakenError

if TYPE_CHECKING:
    from pelita.desk.models import Answer

DeskError = StepError  # what the desk's callers catch


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
