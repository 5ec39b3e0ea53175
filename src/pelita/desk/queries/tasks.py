"""What a section's list says about each task beside the inquiry itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pelita.desk.models import Answer, AnswerState, Disposition, DispositionState, Inquiry
from pelita.offices.rules import Place


@dataclass(frozen=True, slots=True)
class TaskNote:
    """The admin's instruction, the reason of an answer that came back (newest), and whether a draft is kept.

    ``helping``: the section only helps; ``due_at`` is then the deadline of its part.
    """

    instruction: str = ""
    returned: str = ""
    draft: bool = False
    helping: bool = False
    due_at: datetime | None = None


def task_notes(place: Place, inquiries: Iterable[Inquiry]) -> dict[int, TaskNote]:
    """Notes of each inquiry that lies at a section, by inquiry id. Two queries however many there are."""
    wanted = [inquiry.pk for inquiry in inquiries]
    opened = Disposition.objects.filter(
        office=place.office, inquiry__in=wanted, state=DispositionState.OPEN, section__in=sorted(place.section_ids)
    )
    # One for each inquiry: who coordinates it needs no other.
    by_inquiry = {row.inquiry_id: row for row in opened.order_by("coordinating", "-id")}
    by_disposition = {row.pk: row for row in by_inquiry.values()}
    kept: dict[int, dict[str, Answer]] = {}
    rows = Answer.objects.filter(
        office=place.office, disposition__in=by_disposition, state__in=[AnswerState.DRAFT, AnswerState.RETURNED]
    )
    for answer in rows.order_by("id"):
        kept.setdefault(answer.inquiry_id, {})[answer.state] = answer
    found = {}
    for disposition in by_disposition.values():
        answers = kept.get(disposition.inquiry_id, {})
        returned = answers.get(AnswerState.RETURNED)
        found[disposition.inquiry_id] = TaskNote(
            disposition.instruction,
            returned.reason if returned else "",
            AnswerState.DRAFT in answers,
            not disposition.coordinating,
            disposition.due_at,
        )
    return found
