"""Reads of broadcasts: whom one would reach and at what price, where each stands, the fate of each recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from pelita.base import bulk
from pelita.desk.rules import WINDOW
from pelita.news import queries, rules_broadcast
from pelita.news.models import Post, PostState, Publication, PublicationState, Way
from pelita.news.models_broadcast import Broadcast, Fate, Recipient, Skip
from pelita.news.rules_broadcast import Person, Terms
from pelita.offices.models import Office
from pelita.offices.rules import Place
from pelita.whatsapp import quota
from pelita.whatsapp.models import Line, Outbound, OutboundKind, OutboundState, Template
from pelita.whatsapp.queries import costs, line_of, templates
from pelita.whatsapp.templates import NEWS

PAGE = 50
MARKETING = "marketing"
SAMPLE = 20  # of posts that may be broadcast

# Everything by which one broadcast's recipients are decided about, without locks.
_PEOPLE = f"""
SELECT c.id, coalesce(s.state, ''), coalesce(s.topics, '{{}}'), coalesce(s.villages, '{{}}'),
    coalesce((SELECT i.value FROM desk_identity i WHERE i.office_id = u.office AND i.citizen_id = c.id
        AND i.kind = 'wa_id' AND i.retired_at IS NULL ORDER BY i.last_seen DESC LIMIT 1), ''),
    coalesce((SELECT i.value FROM desk_identity i WHERE i.office_id = u.office AND i.citizen_id = c.id
        AND i.kind = 'user_id' AND i.retired_at IS NULL ORDER BY i.last_seen DESC LIMIT 1), ''),
    c.blocked_at IS NOT NULL,
    (SELECT count(*) FROM news_recipient r WHERE r.citizen_id = c.id AND r.served_at > %b
        AND r.state NOT IN ('skipped', 'stopped', 'failed')),
    EXISTS (SELECT FROM news_recipient r WHERE r.citizen_id = c.id AND r.served_at > %b
        AND r.reason = 'marketing_held' AND r.changed_at > %b),
    coalesce(t.last_inbound_at > %b, false)
FROM {bulk.given(office="bigint", citizen="bigint")}
JOIN desk_citizen c ON c.office_id = u.office AND c.id = u.citizen
LEFT JOIN news_subscription s ON s.office_id = u.office AND s.citizen_id = c.id
LEFT JOIN desk_conversation t ON t.office_id = u.office AND t.citizen_id = c.id AND t.line_id = %b
"""  # noqa: S608 (constants)
AUDIENCE = """
FROM news_subscription s JOIN desk_citizen c ON c.id = s.citizen_id AND c.merged_into_id IS NULL
WHERE s.office_id = %b AND s.state = 'active' AND %b::text = ANY(s.topics)
    AND (%b::bigint IS NULL OR s.villages = '{}' OR %b::bigint = ANY(s.villages))
"""


def audience_of(post: Post) -> list[object]:
    """The parameters of AUDIENCE."""
    return [post.office_id, post.kind, post.village_id, post.village_id]


def people(office: int, line: int, citizens: Collection[int], now: datetime) -> dict[int, Person]:
    """What is known of these citizens, by id. One query."""
    chosen = sorted(citizens)
    since = now - rules_broadcast.HELD
    # In the order in which they stand in the statement.
    ahead = [now - rules_broadcast.WEEK, since - rules_broadcast.HELD, since, now - WINDOW]
    rows = bulk.run(_PEOPLE, [*ahead, [office] * len(chosen), chosen, line])
    return {row[0]: Person(*row) for row in rows}


def terms(post: Post, office: Office, template: Template | None) -> Terms:
    return Terms(
        kind=post.kind, village=post.village_id, cap=queries.policy(office).broadcast_cap,
        urgent=rules_broadcast.urgent(post), templated=template is not None,
    )  # fmt: skip


def news_template(line: Line) -> Template | None:
    """The approved template for broadcasts outside the reply window."""
    return templates.usable(line, NEWS)


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a broadcast would reach now. ``amount`` None: a price that is needed is not known; ``missing`` names it."""

    total: int
    free: int
    templated: int
    skipped: dict[Skip, int]
    amount: Decimal | None
    missing: tuple[str, ...]
    line: Line
    template: Template | None

    @property
    def reached(self) -> int:
        return self.free + self.templated


def preview(post: Post, office: Office, now: datetime) -> Preview | None:
    """The same decisions as the sending makes, for everybody at once; None without a number. Some eight queries."""
    line = line_of(office)
    if line is None:
        return None
    template = news_template(line)
    citizens = [pk for (pk,) in bulk.run(f"SELECT s.citizen_id {AUDIENCE}", audience_of(post))]
    held = terms(post, office, template)
    skipped: Counter[Skip] = Counter()
    free = templated = 0
    for person in people(office.pk, line.pk, citizens, now).values():
        why = rules_broadcast.why_not(person, held)
        if why is not None:
            skipped[why] += 1
        elif person.open:
            free += 1
        else:
            templated += 1
    amount, missing = _cost(line, free, templated, now)
    return Preview(len(citizens), free, templated, dict(skipped), amount, missing, line, template)


def _cost(line: Line, free: int, templated: int, now: datetime) -> tuple[Decimal | None, tuple[str, ...]]:
    """What the office would pay: replies beyond the month's free ones, and every template."""
    month = quota.month_of(now)
    left = max(0, line.free_messages - costs.service_count(line, month))
    wanted = {quota.SERVICE: max(0, free - left), MARKETING: templated}
    prices = costs.prices_of(line.office_id, now.date())
    missing = tuple(name for name, count in wanted.items() if count and name not in prices)
    if missing:
        return None, missing
    return sum((prices[name] * count for name, count in wanted.items() if count), Decimal(0)), ()


def queued(line: Line, now: datetime) -> int:
    """Messages of a number that wait and could leave now, whoever they belong to. One step into an index."""
    rows = Outbound.objects.filter(office=line.office_id, line=line, state=OutboundState.QUEUED, next_at__lte=now)
    return rows.exclude(kind=OutboundKind.READ_MARK)[: max(1, line.number_rate)].count()


@dataclass(frozen=True, slots=True)
class BroadcastPage:
    """Newest first; ``after`` begins the next page and is empty at the end."""

    rows: list[Broadcast]
    after: str = ""


def page(office: Office, *, after: str = "") -> BroadcastPage:
    """The office's broadcasts. One query. Served by ``broadcast_list``."""
    rows = Broadcast.objects.filter(office=office).select_related("post__village", "made_by", "started_by")
    if _is_id(after):
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    return BroadcastPage(shown, str(shown[-1].pk) if len(found) > PAGE else "")


def one(place: Place, pk: int) -> Broadcast | None:
    """A broadcast for those who may send one."""
    if not rules_broadcast.may_broadcast(place):
        return None
    rows = Broadcast.objects.filter(office=place.office, pk=pk)
    return (
        rows.select_related(
            "post__village", "post__section", "post__office", "line", "made_by", "started_by", "ended_by"
        )
        .defer("line__token")
        .first()
    )


def ready(office: Office) -> list[Post]:
    """Published posts that are to be broadcast and are not yet, newest first."""
    begun = Broadcast.objects.filter(office=office).values("post")
    wanted = Publication.objects.filter(office=office, way=Way.BROADCAST, state=PublicationState.HAND).values("post")
    rows = Post.objects.filter(office=office, state=PostState.PUBLISHED, pk__in=wanted).exclude(pk__in=begun)
    return list(rows.select_related("village").order_by("-published_at", "-id")[:SAMPLE])


def sums(broadcasts: Sequence[Broadcast]) -> dict[int, dict[str, int]]:
    """How many recipients of each broadcast (of one office) there are, by fate. One query."""
    found: dict[int, dict[str, int]] = {one.pk: dict.fromkeys(Fate.values, 0) for one in broadcasts}
    if broadcasts:
        rows = Recipient.objects.filter(office=broadcasts[0].office_id, broadcast__in=list(found))
        for broadcast, state, count in rows.values_list("broadcast", "state").annotate(Count("pk")):
            found[broadcast][state] = count
    return found


def reasons(broadcast: Broadcast, state: str) -> list[tuple[str, int]]:
    """Why recipients were skipped or failed, the most frequent first. One query."""
    rows = Recipient.objects.filter(office=broadcast.office_id, broadcast=broadcast, state=state)
    return sorted(rows.values_list("reason").annotate(Count("pk")), key=lambda row: -row[1])


@dataclass(frozen=True, slots=True)
class RecipientPage:
    rows: list[Recipient]
    after: str = ""


def recipients(broadcast: Broadcast, *, state: str = "", after: str = "") -> RecipientPage:
    """Recipients in the order of their turn, of one fate or all. One query; ``recipient_list``, ``recipient_state``."""
    rows = Recipient.objects.filter(office=broadcast.office_id, broadcast=broadcast)
    if state in Fate.values:
        rows = rows.filter(state=state)
    if _is_id(after):
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.select_related("citizen").order_by("id")[: PAGE + 1])
    shown = found[:PAGE]
    return RecipientPage(shown, str(shown[-1].pk) if len(found) > PAGE else "")


def unsettled(broadcast: Broadcast, *states: Fate) -> bool:
    """Whether anybody is in one of these states."""
    return (
        Recipient.objects.filter(office=broadcast.office_id, broadcast=broadcast).filter(Q(state__in=states)).exists()
    )


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
