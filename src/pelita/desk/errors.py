"""What can go wrong at the desk, each with a sentence for the person that says what to do."""

from __future__ import annotations

from datetime import datetime


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
    """More than 24 hours since the citizen's last message: WhatsApp takes no free answer."""

    def __init__(self) -> None:
        super().__init__(
            "Sudah lebih dari 24 jam sejak pesan terakhir warga, jadi WhatsApp tidak menerima jawaban bebas. "
            "Jawaban ini tetap tersimpan. Kirim lagi setelah warga menulis."
        )
