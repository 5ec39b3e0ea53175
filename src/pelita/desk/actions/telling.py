"""Telling officers what they should know. A notice is a row that stays; live pages, push and WhatsApp only carry it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from pelita.base import bulk
from pelita.desk.models import Channel, DeliveryState, Holder, Inquiry, Notice, NoticeDelivery
from pelita.desk.queries.clockwork import clockwork
from pelita.journal import actions as journal
from pelita.journal.models import Fact
from pelita.offices.models import Office, Officer, Section
from pelita.offices.queries import roster_of
from pelita.offices.roster import Roster
from pelita.offices.rules import Place

# Whom a move concerns beside the one who made it. ``sections``: those that the move's fact names.
Concerned = Callable[[Roster, Sequence[int]], list[int]]


NO_WAIT = timedelta(0)


def _sections(roster: Roster, sections: Sequence[int]) -> list[int]:
    return [officer for section in sections for officer in roster.of_section(section)]


def _admins(roster: Roster, _sections: Sequence[int]) -> list[int]:
    return roster.admins


MOVES: dict[str, Concerned] = {
    "inquiry.dispositioned": _sections,
    "inquiry.recalled": _sections,
    "answer.returned": _sections,
    "answer.submitted": _admins,
    "inquiry.refused": _admins,
    "inquiry.hidden": _admins,  # it is secret by then, so the leaders
}
# With these a section has something to do; when nobody of it is there today, others must know at once.
TO_SECTION = ("inquiry.dispositioned", "answer.returned")
UNATTENDED = "section.unattended"


def tell(
    *,
    officers: Iterable[Officer | int],
    inquiry: Inquiry | None,
    verb: str,
    key: str,
    now: datetime,
    urgent: bool = False,
    office: Office | int | None = None,
    **data: Any,
) -> int:
    """Give each officer a notice, inside the caller's transaction. What has the same ``key`` is told a person once.
    Returns how many officers had not been told yet.

    ``data`` holds ids, codes and moments, never a citizen's words. ``office`` is needed only where there is no
    inquiry. It stands in the list at once; push and WhatsApp wait for the end of the quiet hours unless it is
    ``urgent``. Open pages of those who got one hear of it through one journal fact.
    """
    owner = inquiry.office_id if inquiry is not None else office
    if owner is None:
        raise ValueError("a notice without an inquiry names its office")
    office_id = owner if isinstance(owner, int) else owner.pk
    wanted = list(dict.fromkeys(one if isinstance(one, int) else one.pk for one in officers))
    if inquiry is not None:
        data = {"code": inquiry.code, **data}
    tell_at = now if urgent else clockwork(office_id, now).may_disturb_at(now)
    made = bulk.insert(
        [
            bulk.new(
                Notice, office_id=office_id, officer_id=officer, inquiry_id=inquiry.pk if inquiry else None, verb=verb,
                key=key, data=data, urgent=urgent, created_at=now, tell_at=tell_at,
            )
            for officer in wanted
        ],
        unless=["officer", "key"],
    )  # fmt: skip
    if made:
        _ring(office_id, "notice.made", made[0].pk, [one.officer_id for one in made], now)
    return len(made)


def tell_of_move(
    *, inquiry: Inquiry, verb: str, by: Officer | None, now: datetime, sections: Iterable[int] = ()
) -> None:
    """Tell those whom a move concerns. ``sections``: those whose matter it is or was.

    What is secret concerns the leaders alone.
    """
    concerned = MOVES.get(verb)
    if concerned is None:
        return
    roster = roster_of(inquiry.office, now=now)
    officers = roster.leaders if inquiry.secret else concerned(roster, list(sections))
    tell(
        officers=[one for one in officers if by is None or one != by.pk],
        inquiry=inquiry,
        verb=verb,
        key=f"{verb}:{inquiry.pk}:{inquiry.version}",
        now=now,
    )
    if verb in TO_SECTION and inquiry.section is not None and not inquiry.secret:
        tell_unattended(inquiry=inquiry, section=inquiry.section, roster=roster, now=now)


def tell_unattended(*, inquiry: Inquiry, section: Section, roster: Roster, now: datetime) -> None:
    """Say that something was handed to a section of which nobody is there today, to whoever can give it to another one:
    also to the one who just did. A deadline would be the first to tell, and that may be days away."""
    if not roster.somebody(roster.of_section(section.pk)):
        tell(
            officers=instead(roster), inquiry=inquiry, verb=UNATTENDED,
            key=f"{UNATTENDED}:{inquiry.pk}:{inquiry.version}:{section.pk}", now=now, section=section.short_name,
        )  # fmt: skip


def instead(roster: Roster) -> list[int]:
    """Who looks after what a section cannot: the admins, and where none of them is there, the leaders as well."""
    return roster.admins if roster.somebody(roster.admins) else [*roster.admins, *roster.leaders]


def tell_holders(
    inquiries: Sequence[Inquiry], *, verb: str, now: datetime, occasion: str = "", wait: timedelta = NO_WAIT
) -> None:
    """The same for many inquiries about which something came by itself, to the section or the admins who hold them: a
    fixed number of statements, and two queries for each office. What goes to a section of which nobody is there is told
    one by one beside it.

    ``occasion``: what makes two of them one (the inquiry's version); ``wait``: for more of the kind.
    """
    offices = {one.pk: one for one in Office.objects.filter(pk__in={inquiry.office_id for inquiry in inquiries})}
    rosters = {pk: roster_of(office, now=now) for pk, office in offices.items()}
    rows = [
        bulk.new(
            Notice, office_id=inquiry.office_id, officer_id=officer, inquiry_id=inquiry.pk, verb=verb,
            key=f"{verb}:{inquiry.pk}:{occasion or inquiry.version}", data={"code": inquiry.code}, created_at=now,
            tell_at=clockwork(inquiry.office_id, now).may_disturb_at(now + wait),
        )
        for inquiry in inquiries
        for officer in _holders(inquiry, verb, rosters[inquiry.office_id])
    ]  # fmt: skip
    made = bulk.insert(rows, unless=["officer", "key"])
    heard = {one.inquiry_id: one for one in reversed(made)}
    journal.record_all([
        bulk.new(
            Fact, office_id=first.office_id, at=now, verb="notice.made", subject_type="notice", subject_id=first.pk,
            data={"officers": sorted(one.officer_id for one in made if one.inquiry_id == inquiry)},
        )
        for inquiry, first in heard.items()
    ])  # fmt: skip
    for inquiry in inquiries if verb in TO_SECTION else ():
        roster = rosters[inquiry.office_id]
        if not roster.somebody(roster.of_section(inquiry.section_id)) and inquiry.section is not None:
            tell_unattended(inquiry=inquiry, section=inquiry.section, roster=roster, now=now)


def _holders(inquiry: Inquiry, verb: str, roster: Roster) -> list[int]:
    """Whose turn it is."""
    if inquiry.holder == Holder.ADMIN and verb not in TO_SECTION:
        return roster.leaders if inquiry.secret else roster.admins
    return list(roster.of_section(inquiry.section_id))


@transaction.atomic
def mark_read(
    *,
    by: Place,
    now: datetime,
    notice: int | None = None,
    inquiry: Inquiry | None = None,
    brought: Channel | None = None,
) -> int:
    """The officer has seen one of the own notices, those about an inquiry, or all. Returns how many were unread.

    ``brought``: only those that this channel has brought.
    """
    rows = Notice.objects.filter(office=by.office, officer=by.officer, read_at__isnull=True)
    if notice is not None:
        rows = rows.filter(pk=notice)
    if inquiry is not None:
        rows = rows.filter(inquiry=inquiry)
    if brought is not None:
        done = NoticeDelivery.objects.filter(office=by.office, officer=by.officer, channel=brought)
        rows = rows.filter(pk__in=done.filter(state=DeliveryState.SENT).values("notice"))
    changed = rows.update(read_at=now)
    if changed:
        _ring(by.office.pk, "notice.read", notice or 0, [by.officer.pk], now, by=by.officer)
    return changed


def _ring(
    office: int, verb: str, notice: int, officers: Iterable[int], now: datetime, *, by: Officer | None = None
) -> None:
    journal.record(office=office, verb=verb, subject=("notice", notice), by=by, now=now, officers=sorted(officers))
