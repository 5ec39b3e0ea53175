"""The queues: the admin's desk by view, the section's tasks, and the figures beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.db.models import Count, Model, Prefetch, Q, QuerySet

from pelita.desk import workflow
from pelita.desk.models import Disposition, DispositionState, Holder, Identity, Inquiry, InquiryState
from pelita.desk.queries.access import helping, visible
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.models import Office
from pelita.offices.rules import Place, zone

PAGE = 40
S, H = InquiryState, Holder
# What a row shows. The rest (of the message above all) costs a list of fifty a third of its time; reading it anyway is
# one more query for each row, which tests/web/test_counts.py would see.
SHOWN = (
    "office_id", "code", "kind", "state", "holder", "held_since", "secret", "summary", "account", "due_at", "unread",
    "waiting_since", "closed_at", "version", "automatic", "routed", "section__short_name", "question__text",
    "question__revoked_at", "citizen__name", "citizen__book_name", "citizen__village__name",
)  # fmt: skip
M = TypeVar("M", bound=Model)


class View(StrEnum):
    """The tiles of the desk. ``LEADERS`` is theirs alone: what is secret and waits for them."""

    DISPOSE = "disposisi"
    SECTION = "seksi"
    REVIEW = "periksa"
    LATE = "terlambat"
    CITIZEN = "warga"
    AUTOMATIC = "otomatis"
    DONE = "selesai"
    LEADERS = "rahasia"


class Due(StrEnum):
    """Chips that narrow a list by its deadline: missed already, or still to come on the office's own day."""

    LATE = "terlambat"
    TODAY = "hari-ini"


class TaskView(StrEnum):
    """The tabs of a section."""

    ANSWER = "dijawab"
    ADMIN = "admin"
    DONE = "selesai"


# Where an inquiry of each view stands, for counting; below the same as conditions of the lists.
TO_DISPOSE = {workflow.NEW, workflow.REOPENED, workflow.REFUSED}
WITH_SECTION = {workflow.AT_SECTION, workflow.TO_REVISE}
WITH_CITIZEN = {workflow.DELIVERED, workflow.WAITING, workflow.ON_ITS_WAY}
_CLOCK_RUNS = (S.NEW, S.DISPOSITIONED, S.RETURNED, S.ANSWERED, S.REOPENED)
_HELD = Q(state__in=[S.NEW, S.REOPENED]) | Q(state=S.RETURNED, holder=H.ADMIN)
_AT_SECTION = Q(state=S.DISPOSITIONED) | Q(state=S.RETURNED, holder=H.SECTION)
_REVIEW = Q(state=S.ANSWERED, holder=H.ADMIN)
_SECRET = Q(secret=True, holder=H.ADMIN)
_CITIZEN = Q(state=S.DELIVERED, automatic=False) | Q(state=S.WAITING_CITIZEN) | Q(state=S.ANSWERED, holder=H.NOBODY)
_AUTOMATIC = Q(state=S.DELIVERED, automatic=True)


# The lists of the desk that hold open inquiries, by what they hold.
LISTS = {
    View.DISPOSE: _HELD,
    View.SECTION: _AT_SECTION,
    View.REVIEW: _REVIEW,
    View.CITIZEN: _CITIZEN,
    View.AUTOMATIC: _AUTOMATIC,
}


# By what the lists are ordered that do not go by the first unanswered message.
_KEYS = {
    View.LATE: "due_at", View.DONE: "-closed_at", View.CITIZEN: "-held_since", View.AUTOMATIC: "-held_since",
}  # fmt: skip


def _late(now: datetime) -> Q:
    return Q(due_at__lt=now, state__in=_CLOCK_RUNS)


def within(due: str, office: Office, now: datetime) -> Q:
    """Inquiries of one chip; all for none. An index serves both (inquiry_due)."""
    if due == Due.LATE:
        return _late(now)
    if due == Due.TODAY:
        ends = day_start(office, now) + timedelta(days=1)
        return Q(due_at__gte=now, due_at__lt=ends, state__in=_CLOCK_RUNS)
    return Q()


def day_start(office: Office, now: datetime) -> datetime:
    """Midnight of the office's own day."""
    return now.astimezone(zone(office)).replace(hour=0, minute=0, second=0, microsecond=0)


def counts(place: Place, *, now: datetime) -> dict[View, int]:
    """How many inquiries each view of the desk holds; what is answered automatically only where there is any. ``DONE``
    counts today's. Two queries on partial indexes."""
    rows = visible(place)
    # Grouped and added up here: six counts with a condition each are six conditions to put into words.
    standing = rows.filter(state__in=OPEN_STATES).order_by().values("state", "holder", "secret", "automatic")
    found = dict.fromkeys(View, 0)
    counted = standing.annotate(number=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    for state, holder, secret, automatic, number, overdue in counted.values_list(
        "state", "holder", "secret", "automatic", "number", "overdue"
    ):
        found[View.DISPOSE] += number * ((state, holder) in TO_DISPOSE)
        found[View.SECTION] += number * ((state, holder) in WITH_SECTION)
        found[View.REVIEW] += number * ((state, holder) == workflow.TO_REVIEW)
        found[View.AUTOMATIC if automatic else View.CITIZEN] += number * ((state, holder) in WITH_CITIZEN)
        found[View.LATE] += overdue * (state in _CLOCK_RUNS)
        found[View.LEADERS] += number * (secret and holder == H.ADMIN)
    found[View.DONE] = rows.filter(state=S.CLOSED, closed_at__gte=day_start(place.office, now)).count()
    if not place.is_leader:
        del found[View.LEADERS]
    if not found[View.AUTOMATIC]:
        del found[View.AUTOMATIC]  # many offices let only people answer
    return found


def task_counts(place: Place) -> dict[TaskView, int]:
    """How many inquiries wait for the officer's sections, and how many of theirs lie with the admin. Two queries."""
    standing = _coordinated(place).filter(state__in=OPEN_STATES).order_by().values("state", "holder")
    found = {TaskView.ANSWER: len(helps(place)), TaskView.ADMIN: 0}
    for state, holder, number in standing.annotate(number=Count("pk")).values_list("state", "holder", "number"):
        found[TaskView.ANSWER] += number * ((state, holder) in WITH_SECTION)
        found[TaskView.ADMIN] += number * ((state, holder) in WITH_CITIZEN | {workflow.TO_REVIEW})
    return found


def at_desk(place: Place) -> QuerySet[Inquiry]:
    """What lies with the admin, or with the leaders what is secret, as far as this officer is one."""
    lies = (_HELD | _REVIEW) if place.is_admin else Q()
    if place.is_leader:
        lies |= _SECRET
    return visible(place).filter(lies, state__in=OPEN_STATES) if lies else visible(place).none()


def at_section(place: Place) -> tuple[QuerySet[Inquiry], QuerySet[Disposition]]:
    """What waits for the officer's sections: to be answered, and for their part of an answer."""
    return _coordinated(place).filter(_AT_SECTION), _helps(place)


def helps(place: Place) -> list[int]:
    """Inquiries that wait for a contribution of the officer's sections: few, so the lists name them. One query."""
    return sorted(set(_helps(place).values_list("inquiry", flat=True)))


def _helps(place: Place) -> QuerySet[Disposition]:
    rows = helping(place).filter(state=DispositionState.OPEN, inquiry__secret=False, inquiry__state__in=OPEN_STATES)
    return rows.exclude(inquiry__section__in=sorted(place.section_ids))


def _coordinated(place: Place) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(office=place.office, section__in=sorted(place.section_ids), secret=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a queue and the cursor of what follows (empty at the end)."""

    rows: list[Inquiry]
    cursor: str


def desk_page(  # all by keyword: what the address names
    place: Place, view: View, *, now: datetime, after: str = "", due: str = "", size: int = 0
) -> Page:
    """One page of a desk view: by first unanswered message, the oldest first; finished ones newest first.

    ``due``: a chip. ``size``: how many rows at most when it is not ``PAGE``.
    """
    conditions = {
        **LISTS,
        View.LATE: _late(now),
        View.DONE: Q(state=S.CLOSED),
        View.LEADERS: _SECRET & Q(state__in=OPEN_STATES),
    }
    key = _KEYS.get(view, "waiting_since")
    rows = visible(place).filter(conditions[view], within(due, place.office, now))
    return _page(rows, key, after, min(size or PAGE, PAGE))


def tasks_page(place: Place, view: TaskView, *, now: datetime, after: str = "", due: str = "") -> Page:
    """One page of a section's tasks."""
    chip = within(due, place.office, now)
    if view is TaskView.DONE:
        return _page(_coordinated(place).filter(chip, state=S.CLOSED), "-closed_at", after, PAGE)
    if view is TaskView.ADMIN:
        return _page(_coordinated(place).filter(_REVIEW | _CITIZEN, chip), "-held_since", after, PAGE)
    own = Q(section__in=sorted(place.section_ids)) & _AT_SECTION
    waiting = Inquiry.objects.filter(own | Q(pk__in=helps(place)), chip, office=place.office, secret=False)
    return _page(waiting, "waiting_since", after, PAGE)


def _page(rows: QuerySet[Inquiry], key: str, after: str, size: int) -> Page:
    """Keyset paging on (key, id). A cursor is ``<microseconds>.<id>``; a broken one starts from the beginning."""
    name, descending = key.lstrip("-"), key.startswith("-")
    ordered = rows.filter(**{f"{name}__isnull": False}).order_by(key, "-id" if descending else "id")
    ordered = beyond(ordered, key, after)
    # Prefetching follows citizens that were read with their office.
    people = Identity.objects.across_offices("prefetch of scoped citizens").filter(retired_at=None)
    people = people.only("citizen_id", "kind", "value").order_by("last_seen")
    ordered = ordered.select_related("citizen__village", "section", "question").only(*SHOWN)
    found = list(ordered.prefetch_related(Prefetch("citizen__identities", queryset=people))[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, make_cursor(getattr(found[-1], name), found[-1].pk) if more else "")


def beyond(rows: QuerySet[M], key: str, cursor: str) -> QuerySet[M]:
    """Rows that follow a cursor in the order of ``key`` (``-``: newest first) and id; all of them for a broken one."""
    start = parse_cursor(cursor)
    if start is None:
        return rows
    (moment, pk), name, sign = start, key.lstrip("-"), "lt" if key.startswith("-") else "gt"
    # The first condition adds nothing but a bound that the index can use.
    rows = rows.filter(**{f"{name}__{sign}e": moment})
    return rows.filter(Q(**{f"{name}__{sign}": moment}) | Q(**{name: moment, f"id__{sign}": pk}))


def make_cursor(moment: datetime, pk: int) -> str:
    return f"{int(moment.timestamp() * 1_000_000)}.{pk}"


def parse_cursor(cursor: str) -> tuple[datetime, int] | None:
    micros, _, pk = cursor.partition(".")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) <= 17 and len(pk) <= 18):
        return None
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return epoch + timedelta(microseconds=int(micros)), int(pk)
