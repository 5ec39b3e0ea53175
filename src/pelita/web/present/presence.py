"""Who else is at an inquiry, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from pelita.desk.actions.presence import Present
from pelita.desk.models import Doing

NAMED = 2


def line(others: Sequence[Present]) -> str:
    """``Siti Muthmainnah sedang mengetik jawaban``; two by name, the rest as a number; empty for nobody."""
    said = [
        (_("{name} sedang mengetik jawaban") if one.doing == Doing.TYPING else _("{name} sedang membuka ini")).format(
            name=one.name
        )
        for one in others[:NAMED]
    ]
    if len(others) > NAMED:
        said.append(_("dan {n} orang lagi").format(n=len(others) - NAMED))
    return ", ".join(said)
