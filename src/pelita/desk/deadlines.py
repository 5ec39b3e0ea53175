"""How long things may take: decisions on policies, deadlines and the ladder of reminders, pure but for extensions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Self, TypedDict, Unpack

from django.utils.translation import gettext as _

from pelita.desk import workflow
from pelita.desk.extensions import extended
from pelita.desk.models import Inquiry, InquiryState
from pelita.desk.models_deadline import TERM, Audience, Clock, Deadline, Policy, ReminderRule, When
from pelita.desk.workflow import Spot
from pelita.offices.rules import may_disturb_at
from pelita.offices.worktime import Calendar, NeverOpenError

REMEMBERED = 1000
# So long after an answer without a reaction most matters end (docs/decisions/0004); moments are whole minutes.
A_DAY = timedelta(days=1, minutes=1)
# Whose turn it is at a place, as far as it is anybody's in the office.
TURNS: dict[Spot, Deadline] = {
    workflow.NEW: Deadline.DISPOSITION,
    workflow.REOPENED: Deadline.DISPOSITION,
    workflow.REFUSED: Deadline.DISPOSITION,
    workflow.AT_SECTION: Deadline.SECTION,
    workflow.TO_REVISE: Deadline.SECTION,
    workflow.TO_REVIEW: Deadline.REVIEW,
}
# States in which the admin may be the one who must act.
AT_ADMIN = (InquiryState.NEW, InquiryState.REOPENED, InquiryState.RETURNED, InquiryState.ANSWERED)
# The citizen has an answer, or nothing is wanted any more.
ANSWERED = (workflow.DELIVERED, workflow.CLOSED, workflow.MERGED, workflow.SPAM)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of time: ``120m``, ``4h``, ``3d``. Days of working time are whole ones: until work ends on the n-th
    working day after today (Calendar.add_days)."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for anything else than a number and a unit."""
        if not re.fullmatch(TERM, text):
            raise ValueError("not a term")
        return cls(int(text[:-1]), text[-1])

    @property
    def delta(self) -> timedelta:
        return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[self.unit]: self.count})


class About(TypedDict, total=False):
    """What policies are told apart by; what is left out is not known."""

    kind: str
    section: int | None
    service: int | None


def about(inquiry: Inquiry, section: int | None = None) -> About:
    """The inquiry, as far as policies are concerned, when ``section`` has it."""
    return {"kind": inquiry.kind, "section": section, "service": inquiry.service_id}


def choose(
    policies: Iterable[Policy],
    deadline: str,
    day: date,
    *,
    kind: str = "",
    service: int | None = None,
    section: int | None = None,
) -> Policy | None:
    """The policy that holds: what names the service wins, then the section, then the kind; among equals the newest."""
    fits = [
        one
        for one in policies
        if one.deadline == deadline
        and one.valid_from <= day
        and (one.valid_to is None or day <= one.valid_to)
        and one.kind in {"", kind}
        and one.service_id in {None, service}
        and one.section_id in {None, section}
    ]
    return max(
        fits,
        key=lambda one: (one.service_id is not None, one.section_id is not None, bool(one.kind), one.valid_from),
        default=None,
    )


def after(calendar: Calendar, clock: str, term: Term, start: datetime) -> datetime:
    """The moment at which the term has passed since ``start``.

    An office whose tables hold no working time is counted by the calendar: a deadline that never comes helps nobody.
    """
    if clock == Clock.WORKING:
        try:
            return calendar.add_days(start, term.count) if term.unit == "d" else calendar.add(start, term.delta)
        except NeverOpenError:
            pass
    return start + term.delta


def before(calendar: Calendar, term: Term, end: datetime) -> datetime:
    """The moment from which the term passes until ``end``, in working time: a day before is that day's end of work."""
    try:
        return calendar.add_days(end, -term.count) if term.unit == "d" else calendar.add(end, -term.delta)
    except NeverOpenError:
        return end - term.delta


@dataclass(frozen=True, slots=True)
class Step:
    """One rung at its moment. ``sign`` names it in keys: the same rung of the same deadline is told once."""

    at: datetime
    deadline: str
    when: str
    term: str
    to: str
    urgent: bool
    due: datetime

    @property
    def sign(self) -> str:
        return f"{self.deadline}:{self.due:%Y%m%d%H%M}:{self.when}{self.term}"


@dataclass(eq=False, slots=True)
class Clockwork:
    """An office's policies, ladder and calendar together. Answers are remembered: a set asks the same many times."""

    policies: Sequence[Policy]
    rules: Sequence[ReminderRule]
    calendar: Calendar
    quiet: tuple[time, time] = (time(), time())
    _due: dict[tuple[Any, ...], datetime | None] = field(default_factory=dict)
    _ladder: dict[tuple[str, datetime], list[Step]] = field(default_factory=dict)

    def policy(self, deadline: str, start: datetime, **about: Unpack[About]) -> Policy | None:
        """The policy of the day on which something begins."""
        return choose(self.policies, deadline, start.astimezone(self.calendar.zone).date(), **about)

    def speaks_of(self, *services: int | None) -> bool:
        """Whether any policy names one of these services."""
        return any(one.service_id in services for one in self.policies if one.service_id)

    def due(self, deadline: str, start: datetime, **about: Unpack[About]) -> datetime | None:
        """When ``deadline`` is due for what begins at ``start``; None when no policy speaks of it.

        Counted from the next whole minute: nobody reads seconds, and what begins in one minute is counted once.
        """
        if start.second or start.microsecond:
            start = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
        key = (deadline, start, about.get("kind", ""), about.get("section"), about.get("service"))
        if key not in self._due:
            policy = self.policy(deadline, start, **about)
            found = after(self.calendar, policy.clock, Term.parse(policy.term), start) if policy else None
            self._room()
            self._due[key] = found
        return self._due[key]

    def steps(self, deadline: str, due: datetime) -> list[Step]:
        """The ladder of one deadline, in the order of time."""
        key = (deadline, due)
        if key not in self._ladder:
            self._room()
            self._ladder[key] = _steps(self.rules, self.calendar, deadline, due)
        return self._ladder[key]

    def may_disturb_at(self, at: datetime) -> datetime:
        """When people may be disturbed: at once, or after the quiet hours."""
        return may_disturb_at(at, self.calendar, *self.quiet)

    def next_step(self, now: datetime, *deadlines: tuple[str, datetime | None]) -> datetime | None:
        """The first moment after ``now`` at which somebody has to be told of one of these deadlines."""
        moments = [step.at for name, due in deadlines if due for step in self.steps(name, due) if step.at > now]
        return min(moments, default=None)

    def _room(self) -> None:
        for known in (self._due, self._ladder):
            if len(known) > REMEMBERED:
                known.clear()


def _steps(rules: Iterable[ReminderRule], calendar: Calendar, deadline: str, due: datetime) -> list[Step]:
    found = []
    for rule in rules:
        if rule.deadline != deadline or not rule.active:
            continue
        at = due
        if rule.when == When.BEFORE:
            at = before(calendar, Term.parse(rule.term), due)
        elif rule.when == When.AFTER:
            at = after(calendar, Clock.WORKING, Term.parse(rule.term), due)
        found.append(Step(at, deadline, rule.when, rule.term, rule.to, rule.urgent, due))
    return sorted(found, key=lambda step: step.at)


def running(inquiry: Inquiry) -> tuple[tuple[Deadline, datetime | None], ...]:
    """What may come late of an inquiry, as far as somebody of the office can still help it."""
    turn = TURNS.get(workflow.spot_of(inquiry.state, inquiry.holder))
    return _running(turn, inquiry.due_at, inquiry.answer_due_at, inquiry.first_due_at, inquiry.first_response_at)


def _running(
    turn: Deadline | None,
    due: datetime | None,
    answer: datetime | None,
    first: datetime | None,
    responded: datetime | None,
) -> tuple[tuple[Deadline, datetime | None], ...]:
    if turn is None:
        return ()
    return (turn, due), (Deadline.ANSWER, answer), (Deadline.FIRST, None if responded else first)


def opened(clockwork: Clockwork, inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    """Deadlines of an inquiry that begins now. It counts from when the office has it: nobody can act before."""
    known = about(inquiry)
    return _with_next(
        clockwork, inquiry, now,
        due_at=clockwork.due(Deadline.DISPOSITION, now, **known),
        first_due_at=clockwork.due(Deadline.FIRST, now, **known),
        answer_due_at=clockwork.due(Deadline.ANSWER, now, **known),
    )  # fmt: skip


def moved(
    clockwork: Clockwork, inquiry: Inquiry, target: Spot, changes: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """What a move to ``target`` does to the deadlines. ``inquiry`` is as before it, ``changes`` what else it changes.

    A deadline that a person chose (``changes["due_at"]``) stays; otherwise the policy of whoever holds it now says
    it. A section with a promise of its own brings it along. While the citizen must act everything stands still, and
    afterwards the promise is shifted by the working time that passed. What begins anew after an answer has a new one.
    """
    section = _section_after(inquiry, changes)
    known = about(inquiry, section)
    found: dict[str, Any] = {"due_at": None, "paused_since": None, "closes_at": None}
    turn = TURNS.get(target)
    if turn:
        found["due_at"] = changes.get("due_at") or clockwork.due(turn, now, **known)
    came_from = workflow.spot_of(inquiry.state, inquiry.holder)
    if target == workflow.WAITING:
        found["paused_since"] = inquiry.paused_since or now
    elif inquiry.paused_since and inquiry.answer_due_at:
        passed = clockwork.calendar.between(inquiry.paused_since, now)
        found["answer_due_at"] = _shift(clockwork.calendar, inquiry.answer_due_at, passed)
    elif target == workflow.REOPENED and came_from in ANSWERED:
        found["answer_due_at"] = clockwork.due(Deadline.ANSWER, now, **known)
    elif turn and section != inquiry.section_id:
        found |= _promised(clockwork, inquiry, section)
    if target == workflow.DELIVERED:
        found["closes_at"] = clockwork.due(Deadline.CLOSING, now, **known)
    spoken = target in {workflow.ON_ITS_WAY, workflow.WAITING, workflow.DELIVERED} and not changes.get("automatic")
    if spoken and inquiry.first_response_at is None:
        found["first_response_at"] = now
    return _with_next(clockwork, inquiry, now, target=target, **found)


def _section_after(inquiry: Inquiry, changes: dict[str, Any]) -> int | None:
    """The section that has it after the move; None where it is taken from one."""
    if "section" in changes:
        return changes["section"].pk if changes["section"] else None
    found: int | None = changes.get("section_id", inquiry.section_id)
    return found


def _promised(clockwork: Clockwork, inquiry: Inquiry, section: int | None) -> dict[str, Any]:
    """The promise as another section makes it; nothing where both go by the same policy."""
    start, known = _asked(inquiry), about(inquiry, section)
    if clockwork.policy(Deadline.ANSWER, start, **known) is clockwork.policy(
        Deadline.ANSWER, start, **about(inquiry, inquiry.section_id)
    ):
        return {}
    promise = clockwork.due(Deadline.ANSWER, start, **known)
    return {"answer_due_at": extended(clockwork.calendar, inquiry, promise, since=start)}


def _asked(inquiry: Inquiry) -> datetime:
    """When what is unanswered now was asked: the beginning, or the citizen's word that opened it again."""
    return max(inquiry.opened_at, inquiry.waiting_since or inquiry.opened_at)


def recounted(clockwork: Clockwork, inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    """Deadlines of an inquiry that turned out to be another matter (``kind``, ``service_id``), from its beginning.

    What a section has by the admin's choice stays; a promise that stands still is not touched. What would have come by
    now is told at once: its moments lie behind, and nobody else would hear of it.
    """
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    known = about(inquiry)
    found: dict[str, Any] = {"due_at": inquiry.due_at}
    turn = TURNS.get(spot)
    if turn == Deadline.DISPOSITION:
        found["due_at"] = clockwork.due(turn, inquiry.held_since, **known)
    if turn and inquiry.paused_since is None:
        start = _asked(inquiry)
        promise = clockwork.due(Deadline.ANSWER, start, **about(inquiry, inquiry.section_id))
        found["answer_due_at"] = extended(clockwork.calendar, inquiry, promise, since=start)
    if turn and inquiry.first_response_at is None:
        found["first_due_at"] = clockwork.due(Deadline.FIRST, inquiry.opened_at, **known)
    return _with_next(clockwork, inquiry, now, target=spot, **found)


def ends_when_read(clockwork: Clockwork, inquiry: Inquiry, now: datetime) -> bool:
    """Whether an answer that was read ends the matter: not where the policy leaves the citizen longer than a day for a
    reaction (a complaint has ten working days, PermenPANRB 62/2018)."""
    if inquiry.closes_at is not None and inquiry.delivered_at is not None:
        return inquiry.closes_at - inquiry.delivered_at <= A_DAY
    closes = clockwork.due(Deadline.CLOSING, now, **about(inquiry, inquiry.section_id))
    return closes is None or closes - now <= A_DAY


def _shift(calendar: Calendar, due: datetime, passed: timedelta) -> datetime:
    try:
        return calendar.add(due, passed)
    except NeverOpenError:
        return due + passed


def _with_next(
    clockwork: Clockwork, inquiry: Inquiry, now: datetime, target: Spot = workflow.NEW, **found: Any
) -> dict[str, Any]:
    """The same, with the moment at which somebody has to be told next.

    At once, where a deadline came to lie behind by being counted anew, and for what the clock has not told yet. A
    promise that stood still was late before, or is not now.
    """
    turn = TURNS.get(target)
    if turn is None:
        return {**found, "remind_at": None}
    names = ("due_at", "answer_due_at", "first_due_at", "first_response_at")
    due, answer, first, responded = (found.get(name, getattr(inquiry, name)) for name in names)
    runs = _running(turn, due, answer, first, responded)
    known = {inquiry.due_at, inquiry.answer_due_at, inquiry.first_due_at}
    anew = [] if inquiry.paused_since else [at for _name, at in runs if at not in known]
    late = [at for at in (inquiry.remind_at, *anew) if at is not None and at <= now]
    return {**found, "remind_at": min(late) if late else clockwork.next_step(now, *runs)}


# Told of, these are an escalation: it stands in the inquiry's journey.
ESCALATIONS = (Audience.DEPUTY, Audience.LEADER)


@dataclass(frozen=True, slots=True)
class Tidings:
    """Who is told what of one inquiry: the rung and whom it names. Of several that were missed the last one speaks."""

    step: Step
    officers: tuple[int, ...]


def passed(clockwork: Clockwork, since: datetime, now: datetime, *deadlines: tuple[str, datetime | None]) -> list[Step]:
    """The rungs whose moment came from ``since`` until ``now``, the newest first; of one moment a warning last, then in
    the order of ``deadlines``. Nobody is warned of what is late."""
    steps = [step for name, due in deadlines if due for step in clockwork.steps(name, due)]
    fresh = [one for one in steps if since <= one.at <= now and not (one.when == When.BEFORE and one.due <= now)]
    return sorted(fresh, key=lambda step: (step.at, step.when != When.BEFORE), reverse=True)


def share(steps: Sequence[Step], named: Callable[[str], Sequence[int]]) -> list[Tidings]:
    """Each officer hears of the newest of these rungs that names them, and of nothing older. ``steps``: newest first.

    ``named`` gives the officers of an audience (:class:`Audience`).
    """
    heard: set[int] = set()
    found = []
    for step in steps:
        officers = tuple(one for one in dict.fromkeys(named(step.to)) if one not in heard)
        heard.update(officers)
        if officers:
            found.append(Tidings(step, officers))
    return found


def more_time(calendar: Calendar, now: datetime, due: datetime | None) -> list[tuple[str, datetime]]:
    """What a section may ask for with one tap, each with its name: two hours of work, the next morning, two days.

    Counted from the deadline, or from now when it has passed. What comes to the same moment is offered once.
    """
    start = max(now, due or now)
    morning = datetime.combine(start.astimezone(calendar.zone).date() + timedelta(days=1), time(), tzinfo=calendar.zone)
    two = Term(2, "h")
    offered = [
        (_("2 jam kerja"), after(calendar, Clock.WORKING, two, start)),
        (_("Pagi berikutnya"), after(calendar, Clock.WORKING, two, morning)),
        (_("2 hari kerja"), after(calendar, Clock.WORKING, Term(2, "d"), start)),
    ]
    moments = [until for _name, until in offered]
    return [one for number, one in enumerate(offered) if one[1] not in moments[:number]]
