"""Reads of the assistant: what offices want said, what was said in conversations, and the screen of its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pelita.assistant.deciding import CHATTY, MOST, PERSON_SPOKE, Past
from pelita.assistant.models import Assistant, AssistantText, Reply
from pelita.assistant.texts import TEXTS, Own, Template, Texts
from pelita.base import bulk
from pelita.catalog import queries as catalog
from pelita.catalog.models import ServiceVersion
from pelita.desk.models import Inquiry
from pelita.offices.models import Office

WRITING = timedelta(minutes=1)

_WANTED = """
SELECT a.office_id, t.key, t.text, t.active FROM assistant_assistant a
LEFT JOIN assistant_assistanttext t ON t.office_id = a.office_id
WHERE a.office_id = ANY(%b::bigint[]) AND a.active
"""
# One row for each conversation: its newest reply, and who else spoke or acted.
_PAST = f"""
SELECT u.talk,
    EXISTS (SELECT FROM desk_entry e LEFT JOIN whatsapp_outbound o ON o.id = e.outbound_id
        WHERE e.office_id = u.office AND e.conversation_id = u.talk
            AND (e.outbound_id IS NOT NULL OR e.inbound_id < u.first)),
    EXISTS (SELECT FROM desk_entry e JOIN whatsapp_outbound o ON o.id = e.outbound_id
        WHERE e.office_id = u.office AND e.conversation_id = u.talk AND e.at > u.spoke
            AND (e.author_id IS NOT NULL OR o.source <> 'system'))
        OR EXISTS (SELECT FROM desk_presence p WHERE p.office_id = u.office AND p.inquiry_id = u.inquiry
            AND p.doing = 'typing' AND p.at > u.writing),
    coalesce((SELECT r.at > u.chatty FROM assistant_reply r WHERE r.office_id = u.office
        AND r.conversation_id = u.talk ORDER BY r.id DESC OFFSET {MOST - 1} LIMIT 1), false),
    EXISTS (SELECT FROM desk_citizen c WHERE c.office_id = u.office AND c.id = u.citizen AND c.blocked_at IS NOT NULL)
        OR EXISTS (SELECT FROM desk_inquiry i WHERE i.office_id = u.office AND i.conversation_id = u.talk
            AND i.state = 'spam'),
    EXISTS (SELECT FROM desk_disposition d WHERE d.office_id = u.office AND d.inquiry_id = u.inquiry
        AND (d.given_by_id IS NOT NULL OR d.read_at IS NOT NULL OR d.accepted_at IS NOT NULL))
        OR EXISTS (SELECT FROM desk_answer a WHERE a.office_id = u.office AND a.inquiry_id = u.inquiry)
        OR EXISTS (SELECT FROM desk_entry e JOIN whatsapp_outbound o ON o.id = e.outbound_id
            WHERE e.office_id = u.office AND e.inquiry_id = u.inquiry
                AND (e.author_id IS NOT NULL OR o.source <> 'system'))
        OR EXISTS (SELECT FROM journal_fact f WHERE f.office_id = u.office AND f.subject_type = 'inquiry'
            AND f.subject_id = u.inquiry AND f.actor_id IS NOT NULL
            AND f.verb IN ('inquiry.opened', 'inquiry.resumed', 'inquiry.taken_back', 'inquiry.absorbed')),
    EXISTS (SELECT FROM assistant_reply r WHERE r.office_id = u.office AND r.inquiry_id = u.inquiry
        AND r.kind IN ('person', 'emergency')),
    EXISTS (SELECT FROM assistant_reply r WHERE r.office_id = u.office AND r.inquiry_id = u.inquiry
        AND r.kind = 'repeat'),
    coalesce(last.id, 0), coalesce(last.kind, ''), last.at, last.offered, coalesce(last.outcome, ''),
    CASE WHEN last.inquiry_id = u.inquiry THEN last.versions END
FROM {bulk.given(
    office="bigint", talk="bigint", inquiry="bigint", citizen="bigint", first="bigint", spoke="timestamptz",
    writing="timestamptz", chatty="timestamptz",
)}
LEFT JOIN LATERAL (
    SELECT r.id, r.kind, r.at, r.offered, r.outcome, r.inquiry_id, r.versions FROM assistant_reply r
    WHERE r.office_id = u.office AND r.conversation_id = u.talk ORDER BY r.id DESC LIMIT 1
) AS last ON true
"""  # noqa: S608 (constants)  # fmt: skip


def wanted(offices: Iterable[int]) -> dict[int, Texts]:
    """The texts of those offices that have the assistant switched on. One query."""
    own: dict[int, dict[str, Own]] = {}
    for office, key, text, active in bulk.run(_WANTED, [sorted(set(offices))]):
        found = own.setdefault(office, {})
        if key is not None:
            found[key] = Own(text, active)
    return {office: Texts(found) for office, found in own.items()}


def pasts(inquiries: Sequence[tuple[Inquiry, int]], *, now: datetime) -> dict[int, Past]:
    """What is known of the conversations of these inquiries (each with the id of the first message of this set there),
    by conversation. One query."""
    rows = bulk.run(
        _PAST,
        [
            [one.office_id for one, _ in inquiries], [one.conversation_id for one, _ in inquiries],
            [one.pk for one, _ in inquiries], [one.citizen_id for one, _ in inquiries],
            [first for _, first in inquiries], [now - PERSON_SPOKE] * len(inquiries), [now - WRITING] * len(inquiries),
            [now - CHATTY] * len(inquiries),
        ],
    )  # fmt: skip
    return {
        talk: Past(
            known=known, spoke=spoke, chatty=chatty, blocked=blocked, taken=taken, told=told, repeated=repeated,
            reply=reply, kind=kind, at=at, offered=tuple(offered or ()), outcome=outcome,
            versions=tuple(versions or ()),
        )
        for (
            talk, known, spoke, chatty, blocked, taken, told, repeated, reply, kind, at, offered, outcome, versions,
        ) in rows
    }  # fmt: skip


def own_inquiries(office: int, citizens: Collection[int]) -> dict[int, list[Inquiry]]:
    """Matters of these citizens, the newest first, with their sections. One query."""
    found: dict[int, list[Inquiry]] = defaultdict(list)
    rows = Inquiry.objects.filter(office=office, citizen__in=citizens).select_related("section", "merged_into__section")
    for one in rows.order_by("-id")[: 50 * max(1, len(citizens))]:
        found[one.citizen_id].append(one)
    return found


def versions(office: Office, codes: Collection[str]) -> dict[str, ServiceVersion]:
    """What is published of these services, by code. One query."""
    rows = catalog.published(office).filter(service__code__in=codes).select_related("service")
    return {one.service.code: one for one in rows}


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text on the screen: what is packaged and what the office made of it."""

    template: Template
    text: str
    active: bool
    own: bool


def switch(office: Office) -> Assistant | None:
    return Assistant.objects.filter(office=office).select_related("changed_by").first()


def text_rows(office: Office) -> list[TextRow]:
    """Every text of the office. One query."""
    own = {one.key: one for one in AssistantText.objects.filter(office=office)}
    texts = Texts({key: Own(one.text, one.active) for key, one in own.items()})
    return [
        TextRow(one, texts.written(one.key), texts.active(one.key), bool(own.get(one.key) and own[one.key].text))
        for one in TEXTS
    ]


def newest_reply(inquiry: Inquiry) -> Reply | None:
    return Reply.objects.filter(office=inquiry.office_id, inquiry=inquiry).order_by("-id").first()
