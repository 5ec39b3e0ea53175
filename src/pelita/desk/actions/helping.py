"""Sections that help another one with its answer, and the stamps of every hand-over (docs/decisions/0019)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pelita.desk.actions.moving import hold, hold_conversation, note, require_admin, taken
from pelita.desk.actions.noting import stand_note
from pelita.desk.actions.telling import tell, tell_unattended
from pelita.desk.actions.withholding import withhold
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Disposition, DispositionState, Holder, Inquiry, Note, NoteKind
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.models import Officer, Section
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place

MAX_PART = 4000
COORDINATES_NOW = "Menjadi penanggung jawab."


def hand_to_helpers(
    *, inquiry: Inquiry, sections: Sequence[Section], instruction: str, due_at: datetime | None, by: Officer,
    now: datetime,
) -> None:  # fmt: skip
    """Ask sections for their part, inside the caller's transaction. Those that have the matter already are left out."""
    rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN)
    busy = set(rows.values_list("section", flat=True))
    for section in dict.fromkeys(sections):
        if section.office_id != inquiry.office_id or not section.active:
            raise InvalidError("helpers", "Pilih seksi yang membantu.")
        if section.pk not in busy:
            made = Disposition.objects.create(
                office_id=inquiry.office_id, inquiry=inquiry, section=section, instruction=instruction.strip(),
                due_at=due_at, given_by=by, given_at=now, coordinating=False,
            )  # fmt: skip
            note(inquiry=inquiry, verb="help.asked", by=by, now=now, disposition=made.pk, section=section.pk)
            _tell(inquiry, "help.asked", made.pk, [section.pk], by, now)
            tell_unattended(inquiry=inquiry, section=section, roster=roster_of(inquiry.office, now=now), now=now)


def _tell(
    inquiry: Inquiry, verb: str, pk: int, sections: Sequence[int | None], by: Officer, now: datetime, *,
    admins: bool = False,
) -> None:  # fmt: skip
    """A notice to everybody of these sections, and to the admins, but for whoever did it."""
    roster = roster_of(inquiry.office, now=now)
    officers = [*(roster.admins if admins else []), *(one for pk in sections for one in roster.of_section(pk))]
    tell(officers=[one for one in officers if one != by.pk], inquiry=inquiry, verb=verb, key=f"{verb}:{pk}", now=now)


def stop_helping(*, inquiry: Inquiry, section: Section, by: Officer, now: datetime) -> None:
    """The section is about to coordinate: its open help ends, so that it has the matter once."""
    Disposition.objects.filter(
        office=inquiry.office_id, inquiry=inquiry, section=section, coordinating=False, state=DispositionState.OPEN
    ).update(state=DispositionState.WITHDRAWN, reason=COORDINATES_NOW, ended_by=by, ended_at=now)


@transaction.atomic
def ask_help(*, inquiry: Inquiry, sections: Sequence[Section], by: Place, now: datetime, instruction: str = "") -> None:
    """Bring further sections in while one coordinates. Raises TakenError when no section holds the inquiry any more."""
    admin = require_admin(by, inquiry)
    if not sections:
        raise InvalidError("helpers", "Pilih seksi yang membantu.")
    hold(inquiry)
    fresh = Inquiry.objects.get(office=inquiry.office_id, pk=inquiry.pk)
    if fresh.holder != Holder.SECTION or fresh.secret:
        raise taken(inquiry)
    hand_to_helpers(inquiry=inquiry, sections=sections, instruction=instruction, due_at=fresh.due_at, by=admin, now=now)


@transaction.atomic
def call_off(*, inquiry: Inquiry, section: Section, by: Place, now: datetime) -> None:
    """The help of this section is not needed any more. Raises TakenError when it has ended."""
    admin = require_admin(by, inquiry)
    hold(inquiry)
    ended = _end(inquiry, [section.pk], DispositionState.WITHDRAWN, admin, now)
    withhold(inquiries=[inquiry.pk], office=inquiry.office_id, sections=[section.pk], now=now)
    note(
        inquiry=inquiry, verb="help.withdrawn", by=admin, now=now, sections=(section.pk,), section=section.pk,
        disposition=ended.pk,
    )  # fmt: skip
    _tell(inquiry, "help.withdrawn", ended.pk, [section.pk], admin, now)


@transaction.atomic
def contribute(*, inquiry: Inquiry, text: str, by: Place, now: datetime, section: int | None = None) -> Note:
    """A helping section's part, for whoever writes the answer; its task is done with that.

    ``section``: which one writes, for an officer of several. Raises InvalidError, and TakenError when nothing is open.
    """
    text = text.strip()
    if not text:
        raise InvalidError("text", "Tulis bahannya dulu.")
    if len(text) > MAX_PART:
        raise InvalidError("text", f"Bahan kelebihan {len(text) - MAX_PART} huruf.")
    conversation = hold_conversation(inquiry)
    ended = _end(inquiry, _speaking(by, section), DispositionState.ANSWERED, by.officer, now)
    written = Note.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, kind=NoteKind.CONTRIBUTION, author=by.officer,
        section=ended.section, text=text, created_at=now,
    )  # fmt: skip
    stand_note(written=written, conversation=conversation, now=now)
    note(
        inquiry=inquiry, verb="help.given", by=by.officer, now=now, section=ended.section_id, note=written.pk,
        disposition=ended.pk,
    )  # fmt: skip
    _tell(inquiry, "help.given", written.pk, [inquiry.section_id], by.officer, now, admins=True)
    return written


@transaction.atomic
def decline(*, inquiry: Inquiry, reason: str, by: Place, now: datetime, section: int | None = None) -> None:
    """ "Bukan tupoksi kami" of a helping section: the inquiry stays where it is. ``section`` as with contribute."""
    reason = with_reason(reason)
    hold(inquiry)
    ended = _end(inquiry, _speaking(by, section), DispositionState.REFUSED, by.officer, now, reason=reason)
    note(
        inquiry=inquiry, verb="help.refused", by=by.officer, now=now, sections=(ended.section_id,),
        section=ended.section_id, disposition=ended.pk,
    )  # fmt: skip
    _tell(inquiry, "help.refused", ended.pk, [], by.officer, now, admins=True)


def with_reason(reason: str) -> str:
    """Why a section gives something back, or InvalidError."""
    reason = reason.strip()[:1000]
    if not reason:
        raise InvalidError("reason", "Tulis alasannya, supaya admin tahu ke mana meneruskan.")
    return reason


def _speaking(by: Place, section: int | None) -> frozenset[int]:
    return by.section_ids if section is None else by.section_ids & {section}


def _end(
    inquiry: Inquiry, sections: Sequence[int] | frozenset[int], state: DispositionState, by: Officer, now: datetime, *,
    reason: str = "",
) -> Disposition:  # fmt: skip
    """Close the open help of one of these sections, or raise TakenError."""
    rows = Disposition.objects.select_related("section").filter(
        office=inquiry.office_id, inquiry=inquiry, section__in=sorted(sections), coordinating=False,
        state=DispositionState.OPEN, inquiry__state__in=OPEN_STATES, inquiry__secret=False,
    )  # fmt: skip
    found = rows.select_for_update(of=("self",)).order_by("id").first()
    if found is None:
        raise taken(inquiry)
    found.state, found.ended_by, found.ended_at, found.reason = state, by, now, reason
    found.save(update_fields=["state", "ended_by", "ended_at", "reason"])
    return found


@transaction.atomic
def mark_read(*, inquiry: Inquiry, by: Place, now: datetime) -> bool:
    """Stamp the first opening by somebody of the section. True when it was the first. Cheap when it was not."""
    return _stamp(inquiry, by, now, "read")


@transaction.atomic
def accept(*, inquiry: Inquiry, by: Place, now: datetime) -> None:
    """ "Kami kerjakan": the section says that it is at work. Raises TakenError when it has nothing open there."""
    if not _open(inquiry, by).exists():
        raise NotAllowedError if by.office.pk != inquiry.office_id else taken(inquiry)
    _stamp(inquiry, by, now, "accepted")


def _open(inquiry: Inquiry, by: Place) -> QuerySet[Disposition]:
    return Disposition.objects.filter(
        office=by.office, inquiry=inquiry, section__in=sorted(by.section_ids), state=DispositionState.OPEN,
        inquiry__secret=False,
    )  # fmt: skip


def _stamp(inquiry: Inquiry, by: Place, now: datetime, what: str) -> bool:
    rows = _open(inquiry, by).filter(**{f"{what}_at": None}).values_list("pk", "section")
    done = False
    for pk, section in rows:
        mine = Disposition.objects.filter(office=by.office, pk=pk, **{f"{what}_at": None})
        if mine.update(**{f"{what}_at": now, f"{what}_by": by.officer}):
            note(inquiry=inquiry, verb=f"disposition.{what}", by=by.officer, now=now, section=section, disposition=pk)
            done = True
    return done
