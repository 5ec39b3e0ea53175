"""What one officer was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from pelita.desk import deadlines
from pelita.desk.models import Holder, Inquiry, Notice
from pelita.desk.queries.access import visible
from pelita.offices.rules import Place

PAGE = 30
COUNTED = 100
# Told when the inquiry leaves the officer's sight: without them a draft would vanish with nobody knowing why.
FAREWELLS = ("inquiry.recalled", "help.withdrawn")
# These ask for a deed, and for no less while the inquiry lies where it lay: they do not grow old.
DEEDS = (
    "inquiry.dispositioned", "answer.returned", "help.asked", "answer.submitted", "time.asked", "section.unattended",
)  # fmt: skip
REMINDERS = "reminder."
# What a channel could not bring for so long since it might be told is history, and stands in the list. The morning's
# summary is worth nothing in the afternoon.
LIVES, DIGEST_LIVES = timedelta(days=3), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice. ``inquiry`` is None when it is about none, or about one that the officer may not open (any more)."""

    notice: Notice
    inquiry: Inquiry | None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first, and the cursor of what follows (empty at the end)."""

    rows: list[Told]
    cursor: str


def left(notice: Notice, inquiry: Inquiry | None, now: datetime) -> timedelta:
    """How long a channel may still bring it; nothing or less for what is over or history.

    Counted from when it might be told: after a long weekend or a long night it is as new as in its first minute.
    ``inquiry``: as the officer sees it.
    """
    if notice.verb.startswith(REMINDERS) and not _still_due(notice, inquiry):
        return timedelta(0)
    if notice.verb in DEEDS and inquiry is not None and inquiry.holder in {Holder.ADMIN, Holder.SECTION}:
        return LIVES
    lives = DIGEST_LIVES if notice.verb == "digest" else LIVES
    return lives - (now - max(notice.created_at, notice.tell_at))


def _still_due(notice: Notice, inquiry: Inquiry | None) -> bool:
    """Whether the deadline of which it speaks is still running, or missed: nobody is reminded of what is done."""
    dues = [due for _, due in deadlines.running(inquiry)] if inquiry is not None else []
    return datetime.fromisoformat(notice.data["due"]) in dues


def own(place: Place) -> QuerySet[Notice]:
    """The officer's notices about inquiries that the officer may see. Here they stand at once, whatever the hour."""
    rows = Notice.objects.filter(office=place.office, officer=place.officer)
    # One look for each notice. As a set it would hold every inquiry of the office, on every page that counts.
    seen = Exists(visible(place).filter(pk=OuterRef("inquiry")))
    return rows.filter(Q(inquiry__isnull=True) | seen | Q(verb__in=FAREWELLS, inquiry__secret=False))


def unread_count(place: Place) -> int:
    """How many are unread; ``COUNTED`` stands for that many or more."""
    return unread(place).count()


def unread(place: Place) -> QuerySet[Notice]:
    """Those that are unread, at most ``COUNTED`` of them, in no order."""
    return own(place).filter(read_at__isnull=True)[:COUNTED]


def page(place: Place, *, after: str = "") -> Page:
    """One page, two queries. ``after`` is the id after which to go on; a broken one starts from the beginning."""
    rows = own(place).order_by("-id")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    shown, more = found[:PAGE], len(found) > PAGE
    wanted = {one.inquiry_id for one in shown if one.inquiry_id}
    inquiries = {one.pk: one for one in visible(place).filter(pk__in=wanted)}
    told = [Told(one, inquiries.get(one.inquiry_id) if one.inquiry_id else None) for one in shown]
    return Page(told, str(shown[-1].pk) if more else "")


def one(place: Place, notice: int) -> Told | None:
    """One of the officer's own notices, None when it is not there for this person."""
    found = own(place).filter(pk=notice).first()
    if found is None:
        return None
    return Told(found, visible(place).filter(pk=found.inquiry_id).first() if found.inquiry_id else None)
