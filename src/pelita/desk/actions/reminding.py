"""What the clock tells people: deadlines that come and pass, what waits in the morning, an admin who does not come.

Channels may fail; a notice is a row, and the next rung of the ladder names somebody else. Every step may be done by
many workers at once, and again after a crash: keys make it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Least

from pelita.base import bulk
from pelita.desk import deadlines, workflow
from pelita.desk.actions.moving import note
from pelita.desk.actions.referring import remind_of_referrals
from pelita.desk.actions.telling import tell
from pelita.desk.deadlines import Clockwork, Tidings
from pelita.desk.models import Deadline, Disposition, DispositionState, Inquiry
from pelita.desk.models_deadline import Audience, When
from pelita.desk.queries import queue
from pelita.desk.queries.clockwork import clockworks, read_anew
from pelita.desk.queries.queue import TaskView, View
from pelita.offices.models import Office
from pelita.offices.queries import places_today, roster_of
from pelita.offices.roster import Roster
from pelita.offices.rules import Place, zone
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

BATCH = 200
AGAIN = timedelta(minutes=5)
VERBS = {When.BEFORE: "reminder.soon", When.AT: "reminder.late", When.AFTER: "reminder.escalated"}
# The morning's summary comes when work begins, and not at all when it could not come until then.
MORNING = timedelta(hours=4)
# Inquiries whose telling failed in this process, and until when it leaves them alone: many of them would take every
# place of a round, again and again, before all others.
_failing: dict[int, datetime] = {}


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell what is due to be told. Returns how many inquiries were looked at; at most BATCH in one call."""
    rows = Inquiry.objects.across_offices("the clock looks after deadlines of every office")
    for pk in [pk for pk, until in _failing.items() if until <= now]:
        del _failing[pk]
    due = list(
        rows.filter(remind_at__lte=now)
        .exclude(pk__in=list(_failing))
        .select_related("office")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("remind_at", "id")[:BATCH]
    )
    # What is kept here may be older than the change because of which the clock looks again (look_again).
    works = read_anew({inquiry.office_id for inquiry in due}, now)
    rosters: dict[int, Roster] = {}
    helpers = _helpers(due)
    for inquiry in due:
        if inquiry.office_id not in rosters:
            rosters[inquiry.office_id] = roster_of(inquiry.office, now=now)
        hands = _Hands(inquiry, rosters[inquiry.office_id], helpers.get(inquiry.pk, ()))
        _one(hands, works[inquiry.office_id], now)
    bulk.update(due, ["remind_at"])
    return len(due)


def look_again(office: Office | int, *, now: datetime) -> None:
    """The ladder or the working time of the office changed: a rung may come earlier than the one that the clock waits
    for. What the clock has not told yet stays due."""
    rows = Inquiry.objects.filter(office=office, state__in=workflow.OPEN_STATES, due_at__isnull=False)
    rows.update(remind_at=Least("remind_at", Value(now)))  # of none and a moment, the moment


@dataclass(frozen=True, slots=True)
class _Hands:
    """An inquiry whose deadline comes, the people of its office today, and the sections whose part is awaited."""

    inquiry: Inquiry
    roster: Roster
    helpers: Sequence[int] = ()

    def named(self, audience: str) -> Sequence[int]:
        return named(self.inquiry, self.roster, audience)

    def helping(self, audience: str) -> Sequence[int]:
        """Of a rung for the section, the same people of the sections that help it."""
        own = set(self.roster.of_section(self.inquiry.section_id))
        who = {Audience.OFFICERS: self.roster.of_section, Audience.HEADS: self.roster.heads}.get(Audience(audience))
        return [one for section in self.helpers for one in who(section) if one not in own] if who else ()


def _helpers(due: Sequence[Inquiry]) -> dict[int, list[int]]:
    """Sections that were asked for their part and have not given it. No query when nothing is due."""
    found: dict[int, list[int]] = {}
    if due:
        rows = Disposition.objects.across_offices("of a set of inquiries, each of its own office")
        rows = rows.filter(office__in={one.office_id for one in due}, inquiry__in=due)
        rows = rows.filter(coordinating=False, state=DispositionState.OPEN)
        for inquiry, section in rows.order_by("id").values_list("inquiry", "section"):
            found.setdefault(inquiry, []).append(section)
    return found


def _one(hands: _Hands, clockwork: Clockwork, now: datetime) -> None:
    """One that fails stays due, and keeps no other deadline from being told."""
    inquiry, was = hands.inquiry, hands.inquiry.remind_at
    try:
        with transaction.atomic():
            _remind_of(hands, clockwork, now)
    except Exception as error:
        if is_trouble(error):
            raise
        logger.error("reminders: inquiry %d: %s", inquiry.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
        inquiry.remind_at = was
        _failing[inquiry.pk] = now + AGAIN


def _remind_of(hands: _Hands, clockwork: Clockwork, now: datetime) -> None:
    inquiry = hands.inquiry
    running = deadlines.running(inquiry)
    since, inquiry.remind_at = inquiry.remind_at or now, None
    if not running:
        return
    steps = deadlines.passed(clockwork, since, now, *running)
    for tidings in deadlines.share(steps, hands.named):
        _tell(inquiry, tidings, now)
    if running[0][0] == Deadline.SECTION and hands.helpers and not inquiry.secret:
        own = [step for step in steps if step.deadline == Deadline.SECTION]
        for tidings in deadlines.share(own, hands.helping):
            _tell(inquiry, tidings, now, help=True)
    inquiry.remind_at = clockwork.next_step(now, *running)


def _tell(inquiry: Inquiry, tidings: Tidings, now: datetime, **helps: bool) -> None:
    """``help``: to sections whose part of the answer is awaited."""
    step, sign = tidings.step, "help:" if helps else ""
    new = tell(
        officers=tidings.officers, inquiry=inquiry, verb=VERBS[When(step.when)], key=f"{sign}{step.sign}:{inquiry.pk}",
        now=now, urgent=step.urgent, deadline=step.deadline, due=step.due.isoformat(), **helps,
    )  # fmt: skip
    if new and step.to in deadlines.ESCALATIONS:
        note(inquiry=inquiry, verb="inquiry.escalated", by=None, now=now, deadline=step.deadline, to=step.to)


def named(inquiry: Inquiry, roster: Roster, audience: str) -> Sequence[int]:
    """Whom a rung names. Where nobody of them is there today, whoever stands above is told as well, and above the Camat
    whoever stands below: no deadline passes unheard. What is secret stays with the leaders."""
    if inquiry.secret:
        return roster.leaders
    ladder: dict[str, Callable[[], Sequence[int]]] = {
        Audience.OFFICERS: lambda: roster.of_section(inquiry.section_id),
        Audience.HEADS: lambda: roster.heads(inquiry.section_id),
        Audience.ADMIN: lambda: roster.admins,
        Audience.DEPUTY: lambda: roster.deputies,
        Audience.LEADER: lambda: roster.chiefs,
    }
    names = list(ladder)
    at = names.index(audience)
    told: list[int] = []
    for name in (*names[at:], *reversed(names[:at])):
        told += ladder[name]()
        if roster.somebody(told):
            break
    return told


# Offices whose summary of the day this process has made or found made.
_told_today: dict[int, date] = {}


def digest(*, now: datetime) -> int:
    """Tell everybody for whom something waits how much it is, once a day when work begins. Returns how many."""
    count = 0
    todo = [office for office in Office.objects.order_by("id") if _told_today.get(office.pk) != _day(office, now)]
    works = clockworks([office.pk for office in todo], now)
    for office in todo:
        spans = works[office.pk].calendar.spans(_day(office, now))
        if not spans or now < spans[0][0]:
            continue
        try:
            if now < spans[0][0] + MORNING:
                count += _digest_of(office, now)
        except Exception as error:
            if is_trouble(error):
                raise
            logger.error("digest: office %d: %s", office.pk, told(error))  # noqa: TRY400 (as above)
            continue
        _told_today[office.pk] = _day(office, now)
    return count


def _day(office: Office, now: datetime) -> date:
    return now.astimezone(zone(office)).date()


@transaction.atomic
def _digest_of(office: Office, now: datetime) -> int:
    count = 0
    remind_of_referrals(office, roster=roster_of(office, now=now), today=_day(office, now), now=now)
    for place in places_today(office, now=now):
        waits = waiting(place, now)
        if any(waits.values()):
            tell(
                officers=[place.officer], inquiry=None, office=office, verb="digest", key=f"digest:{_day(office, now)}",
                now=now, urgent=False, waits=waits,
            )  # fmt: skip
            count += 1
    return count


def waiting(place: Place, now: datetime) -> dict[str, int]:
    """How much waits for this person, by the views of the screens; what is late for those who answer for it."""
    found: dict[str, int] = {}
    if place.sees_all:
        counts = queue.counts(place, now=now)
        if place.is_admin:
            found |= {"dispose": counts[View.DISPOSE], "review": counts[View.REVIEW]}
        found["late"] = counts[View.LATE]
    if place.works_in_section:
        found["tasks"] = queue.task_counts(place)[TaskView.ANSWER]
    return found
