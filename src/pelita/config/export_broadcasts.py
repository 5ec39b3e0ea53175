"""Who wants to be told what, each step of that will with its proof, and what was broadcast to whom, in the export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pelita.base.text import mask_numbers
from pelita.config.export_messages import Row, Since, rows_from, when
from pelita.news.models import Broadcast, Consent, Recipient, Subscription
from pelita.offices.models import Office, Village


def subscriptions(office: Office, since: Since) -> Iterator[Row]:
    names = _villages(office)
    for row in rows_from(Subscription.objects.filter(office=office), "changed_at", since):
        yield {
            "id": row.pk, "citizen_id": row.citizen_id, "state": row.state, "topics": row.topics,
            "villages": _named(names, row.villages), "agreed_at": when(row.agreed_at),
            "stopped_at": when(row.stopped_at), "changed_at": when(row.changed_at),
        }  # fmt: skip


def consents(office: Office, since: Since) -> Iterator[Row]:
    """What was shown and what was said to it; both messages stand in ``messages``."""
    names = _villages(office)
    for row in rows_from(Consent.objects.filter(office=office), "at", since):
        yield {
            "id": row.pk, "citizen_id": row.citizen_id, "verb": row.verb, "wording": mask_numbers(row.wording),
            "topics": row.topics, "villages": _named(names, row.villages),
            "said_id": f"in-{row.inbound_id}" if row.inbound_id else None,
            "shown_id": f"out-{row.outbound_id}" if row.outbound_id else None, "at": when(row.at),
        }  # fmt: skip


def broadcasts(office: Office, since: Since) -> Iterator[Row]:
    rows = Broadcast.objects.filter(office=office).select_related("post", "made_by", "started_by", "ended_by")
    for row in rows_from(rows, "made_at", since):
        yield {
            "id": row.pk, "post": row.post.code, "state": row.state, "pause": row.pause, "recipients": row.recipients,
            "served": row.served, "made_by": row.made_by.username, "made_at": when(row.made_at),
            "started_by": row.started_by.username if row.started_by else None, "started_at": when(row.started_at),
            "ended_by": row.ended_by.username if row.ended_by else None, "ended_at": when(row.ended_at),
        }  # fmt: skip


def recipients(office: Office, since: Since) -> Iterator[Row]:
    for row in rows_from(Recipient.objects.filter(office=office), "changed_at", since):
        yield {
            "id": row.pk, "broadcast_id": row.broadcast_id, "citizen_id": row.citizen_id, "state": row.state,
            "reason": row.reason, "free": row.free,
            "message_id": f"out-{row.outbound_id}" if row.outbound_id else None,
            "served_at": when(row.served_at), "changed_at": when(row.changed_at),
        }  # fmt: skip


def _villages(office: Office) -> dict[int, str]:
    return dict(Village.objects.filter(office=office).values_list("pk", "name"))


def _named(names: dict[int, str], wanted: Sequence[int]) -> list[str]:
    return [names[pk] for pk in wanted if pk in names]
