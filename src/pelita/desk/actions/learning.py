"""Dispositions teach which words belong to which section, in the transaction of the disposition."""

from __future__ import annotations

from pelita.catalog.understanding import remembered
from pelita.desk.models import Inquiry
from pelita.desk.models_learning import SectionMemory

MOST = 600  # words that a section remembers; the rarest are forgotten first
_ROOM = 200  # how far it may grow before they are


def learn(*, inquiry: Inquiry, section: int) -> None:
    """The section got this question. Two queries, three the first time."""
    _count(inquiry, section, 1)


def unlearn(*, inquiry: Inquiry, section: int) -> None:
    """It gave the question back ("bukan tupoksi kami"), or the admin took it back."""
    _count(inquiry, section, -1)


def _count(inquiry: Inquiry, section: int, by: int) -> None:
    words = remembered(inquiry.asked)
    if not words:
        return
    rows = SectionMemory.objects.select_for_update()
    row, _made = rows.get_or_create(office_id=inquiry.office_id, section_id=section)
    for word in words:
        row.words[word] = row.words.get(word, 0) + by
    kept = {word: times for word, times in row.words.items() if times > 0}
    if len(kept) > MOST + _ROOM:
        kept = dict(sorted(kept.items(), key=lambda one: -one[1])[:MOST])
    row.words = kept
    row.save(update_fields=["words"])
