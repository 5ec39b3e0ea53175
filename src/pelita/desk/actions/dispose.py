"""The admin passes an inquiry on, or takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pelita.desk.actions.helping import hand_to_helpers, stop_helping
from pelita.desk.actions.learning import learn, unlearn
from pelita.desk.actions.moving import end_disposition, hold, move, note, require_admin, taken
from pelita.desk.actions.withholding import withhold
from pelita.desk.errors import InvalidError
from pelita.desk.models import Disposition, DispositionState, Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Officer, Section
from pelita.offices.queries import officers_of_section
from pelita.offices.rules import Place

MAX_INSTRUCTION = 1000
FURTHEST = timedelta(days=366)


@transaction.atomic
def dispose(  # noqa: PLR0913  # what a hand-over says
    *,
    inquiry: Inquiry,
    section: Section,
    by: Place,
    now: datetime,
    instruction: str = "",
    due_at: datetime | None = None,
    officer: Officer | None = None,
    helpers: Sequence[Section] = (),
    seen: int | None = None,
) -> Disposition:
    """Hand the inquiry to a section with an instruction and a deadline. ``helpers`` are sections that give their part
    to its answer (actions/helping.py).

    Raises TakenError when somebody was faster, InvalidError for a deadline in the past or a foreign section.
    """
    admin = require_admin(by, inquiry)
    if inquiry.secret:
        raise taken(inquiry)
    if section.office_id != inquiry.office_id or not section.active:
        raise InvalidError("section", "Pilih seksi yang menangani.")
    if officer is not None and officer not in officers_of_section(by.office, section, now=now):
        raise InvalidError("officer", "Petugas itu sedang tidak bertugas di seksi ini.")
    if due_at is not None and due_at <= now:
        raise InvalidError("due", "Tenggat sudah lewat. Pilih waktu yang akan datang.")
    if due_at is not None and due_at > now + FURTHEST:
        raise InvalidError("due", "Tenggat terlalu jauh. Pilih waktu dalam satu tahun ini.")
    if len(instruction) > MAX_INSTRUCTION:
        raise InvalidError("instruction", f"Instruksi paling panjang {MAX_INSTRUCTION} huruf.")
    hold(inquiry)
    move(
        inquiry=inquiry, move=Move.DISPOSE, actor=Actor.ADMIN, now=now, seen=seen,
        section=section, due_at=due_at, unread=0, routed=False,
    )  # fmt: skip
    stop_helping(inquiry=inquiry, section=section, by=admin, now=now)
    made = Disposition.objects.create(
        office_id=inquiry.office_id,
        inquiry=inquiry, section=section, officer=officer,
        instruction=instruction.strip(),
        due_at=inquiry.due_at,  # chosen, or by policy
        given_by=admin, given_at=now,
    )  # fmt: skip
    learn(inquiry=inquiry, section=section.pk)
    note(inquiry=inquiry, verb="inquiry.dispositioned", by=admin, now=now, disposition=made.pk, section=section.pk)
    hand_to_helpers(
        inquiry=inquiry, sections=helpers, instruction=instruction, due_at=made.due_at, by=admin, now=now
    )  # fmt: skip
    return made


@transaction.atomic
def recall(*, inquiry: Inquiry, by: Place, now: datetime, seen: int | None = None) -> None:
    """Take the inquiry back from the section, and from those that help it; its draft stays readable in the chain."""
    admin = require_admin(by, inquiry)
    section, routed = inquiry.section_id, inquiry.routed
    hold(inquiry)
    helped = end_disposition(inquiry=inquiry, state=DispositionState.WITHDRAWN, by=admin, now=now)
    move(
        inquiry=inquiry, move=Move.RECALL, actor=Actor.ADMIN, now=now, seen=seen,
        section=None, due_at=None, routed=False,
    )  # fmt: skip
    had = [one for one in (section, *helped) if one is not None]
    withhold(inquiries=[inquiry.pk], office=inquiry.office_id, sections=had, now=now)
    if section is not None and not routed:
        unlearn(inquiry=inquiry, section=section)
    note(inquiry=inquiry, verb="inquiry.recalled", by=admin, now=now, sections=(section, *helped), section=section)
