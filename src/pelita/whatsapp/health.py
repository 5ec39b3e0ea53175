"""How a line fares: for the health tile, the alarm and the operator's check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from pelita.offices.models import Office
from pelita.whatsapp.models import Body, Line, LineState, LinkState, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome, words_of

# An alarm speaks of the last messages: what failed before them has been seen or has mended.
RECENT = 200
# A queue that is older than this although the line is active needs somebody to look.
SLOW = timedelta(minutes=5)

# Coexistence: WhatsApp cuts a number off whose phone was not opened for about 14 days (Meta, "Onboarding business app
# users"). We see only what is typed or changed there, so the reminder comes early and promises nothing.
PHONE_REMINDER, PHONE_LIMIT = timedelta(days=10), timedelta(days=14)

ALARMING = frozenset(outcome.value for outcome in Outcome if outcome.alarms)


@dataclass(frozen=True, slots=True)
class PhoneHealth:
    """The app on the office's phone that shares the number. ``seen_at`` None: no sign of it yet."""

    seen_at: datetime | None
    link: LinkState

    @property
    def connected(self) -> bool:
        return self.link == LinkState.CONNECTED

    def quiet_days(self, now: datetime) -> int:
        """Whole days since the last sign; 0 when there was none yet."""
        return (now - self.seen_at).days if self.seen_at else 0

    def needs_opening(self, now: datetime) -> bool:
        """Whether somebody should open WhatsApp there, before WhatsApp cuts the number off."""
        return self.connected and self.seen_at is not None and now - self.seen_at >= PHONE_REMINDER


def phone_health(line: Line) -> PhoneHealth | None:
    """None for a number that lives here alone. No query."""
    return PhoneHealth(line.phone_seen_at, LinkState(line.link)) if line.coexistence else None


@dataclass(frozen=True, slots=True)
class LineHealth:
    """``reason`` is the stored outcome that stopped the line, ``words`` its sentence. ``alarms``: outcomes among
    the recent messages that concern the number as a whole. Counts are of open messages, read marks included."""

    line_id: int
    stopped: bool
    reason: str
    words: str
    waiting: int
    oldest_waiting: datetime | None
    uncertain: int
    alarms: tuple[str, ...]
    last_heard: datetime | None
    phone: PhoneHealth | None = None

    def needs_attention(self, now: datetime) -> bool:
        late = self.oldest_waiting is not None and now - self.oldest_waiting > SLOW
        phone = self.phone is not None and (not self.phone.connected or self.phone.needs_opening(now))
        return self.stopped or late or phone or bool(self.alarms)


def line_health(office: Office) -> list[LineHealth]:
    """The health of each line of the office, by number. Three queries a line; the indexes of open messages serve."""
    lines = Line.objects.filter(office=office).defer("token").order_by("display_phone")
    return [_health(line) for line in lines]


def _health(line: Line) -> LineHealth:
    mine = Outbound.objects.filter(office=line.office_id, line=line)
    waiting = Q(state=OutboundState.QUEUED)
    found = mine.filter(state__in=["queued", "sending", "unknown"]).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        uncertain=Count("pk", filter=Q(state=OutboundState.UNKNOWN)),
    )
    return LineHealth(
        line_id=line.pk,
        stopped=line.state == LineState.STOPPED,
        reason=line.stop_reason,
        words=words_of(line.stop_reason),
        waiting=found["waiting"],
        oldest_waiting=found["oldest"],
        uncertain=found["uncertain"],
        alarms=_alarms(mine.order_by("-id").values_list("outcome", flat=True)[:RECENT]),
        last_heard=Body.objects.filter(app=line.app_id).order_by("-id").values_list("received_at", flat=True).first(),
        phone=phone_health(line),
    )


def _alarms(outcomes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(outcomes) & ALARMING))
