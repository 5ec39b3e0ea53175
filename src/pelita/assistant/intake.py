"""The assistant listens beside the desk: in the same transaction, after every message has found its place there.

Whatever goes wrong here is undone alone, and the messages lie with the admin as if there were no assistant
(docs/decisions/0033).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from pelita.assistant import deciding
from pelita.assistant.actions import give_back
from pelita.assistant.bulletin import Bulletin, Silent
from pelita.assistant.deciding import ANSWERS, Heard, Past
from pelita.assistant.models import Reply, ReplyOutcome
from pelita.assistant.queries import pasts, wanted
from pelita.assistant.replying import Answering
from pelita.assistant.texts import Texts
from pelita.base import bulk
from pelita.desk import intake as desk
from pelita.desk import rules
from pelita.desk.actions.arriving import Placed
from pelita.desk.rules import Placement
from pelita.desk.workflow import Actor
from pelita.whatsapp import types
from pelita.whatsapp.models import Delivery, Inbound, Outbound, OutboundState
from pelita.whatsapp.trouble import is_trouble, told

log = logging.getLogger(__name__)

_FAILED = f"""
SELECT c.id, i.id FROM {bulk.given(office="bigint", outbound="bigint")}
JOIN assistant_reply r ON r.office_id = u.office AND r.outbound_id = u.outbound
JOIN desk_inquiry i ON i.office_id = u.office AND i.id = r.inquiry_id AND i.automatic AND i.state = 'delivered'
JOIN desk_conversation c ON c.office_id = u.office AND c.id = i.conversation_id
ORDER BY c.id FOR UPDATE OF c
"""  # noqa: S608 (constants)


def receive(messages: Sequence[Inbound], /, *, now: datetime, bulletin: Bulletin | None = None) -> Collection[int]:
    """The desk takes every message; what it placed may be answered at once. ``bulletin``: what the office tells."""
    bulletin = bulletin or Silent()
    placed = desk.place(messages, now=now)
    texts = wanted({message.office_id for message in messages})
    if texts:
        talks: dict[int, list[Placed]] = {}
        for one in placed:
            if one.message.office_id in texts:
                talks.setdefault(one.talk.pk, []).append(one)
        whole = [one for ones in talks.values() for one in ones]
        if not _listens(whole, texts, bulletin, now) and len(talks) > 1:
            for ones in talks.values():  # what fails in one conversation leaves nobody else without an answer
                _listens(ones, texts, bulletin, now)
    return {message.pk for message in messages}


def _listens(placed: Sequence[Placed], texts: Mapping[int, Texts], bulletin: Bulletin, now: datetime) -> bool:
    """Whether it went well. What did not is undone."""
    try:
        with transaction.atomic():
            _listen(placed, texts, bulletin, now)
    except Exception as error:
        if is_trouble(error):
            raise
        log.error("assistant failed: %s", told(error))  # noqa: TRY400 (a trace quotes the error)
        return False
    return True


def _listen(placed: Sequence[Placed], texts: Mapping[int, Texts], bulletin: Bulletin, now: datetime) -> None:
    talks = _talks(placed)
    if not talks:
        return
    known = pasts([(ones[-1].inquiry, ones[0].message.pk) for ones in talks if ones[-1].inquiry], now=now)
    _outcomes(talks, known, now)
    heard = [
        _heard(ones, known[ones[-1].talk.pk])
        for ones in talks
        if ones[-1].placement in ANSWERS and ones[-1].inquiry is not None
    ]
    Answering([one for one in heard if deciding.may_speak(one, now)], texts, bulletin, now=now).answer()


def _talks(placed: Sequence[Placed]) -> list[list[Placed]]:
    """What was said in each conversation. Left out: where a message was changed in the same set, and where one matter
    is not all that it is about."""
    found: dict[int, list[Placed]] = {}
    left: set[int] = set()
    for one in placed:
        found.setdefault(one.talk.pk, []).append(one)
        if types.of(one.message.type).decorates or one.inquiry is None:
            left.add(one.talk.pk)
    said = [[one for one in ones if one.placement is not None] for talk, ones in found.items() if talk not in left]
    return [ones for ones in said if ones and len({one.inquiry.pk for one in ones if one.inquiry}) == 1]


def _heard(ones: Sequence[Placed], past: Past) -> Heard:
    inquiry = ones[-1].inquiry
    assert inquiry is not None  # noqa: S101 (the caller looked)
    asked = [one for one in ones if one.placement in ANSWERS]
    return Heard(
        inquiry=inquiry,
        messages=tuple(one.message for one in asked),
        text="\n".join(one.message.text for one in asked).strip(),
        past=past,
        fresh=asked[0].placement in {Placement.NEW, Placement.REOPEN},
    )


def _outcomes(talks: Sequence[Sequence[Placed]], known: Mapping[int, Past], now: datetime) -> None:
    """What the citizens made of the newest replies."""
    rows = []
    for ones in talks:
        past = known[ones[0].talk.pk]
        if past.reply and past.outcome in {ReplyOutcome.OPEN, ReplyOutcome.SILENT}:
            rows.append(
                bulk.new(
                    Reply, id=past.reply, office_id=ones[0].message.office_id, outcome=_outcome(ones[0]), outcome_at=now
                )
            )
    bulk.update(sorted(rows, key=lambda row: row.pk), ["outcome", "outcome_at"])


def _outcome(one: Placed) -> ReplyOutcome:
    knocks = rules.is_knock(types.said(one.message))  # "mau tanya": the question is still to come
    if one.placement in {Placement.THANKS, Placement.ENOUGH} and not knocks:
        return ReplyOutcome.CONFIRMED
    return ReplyOutcome.NOT_ANSWERED if rules.is_not_yet(one.message.text) else ReplyOutcome.WENT_ON


def deliveries_changed(outbounds: Sequence[Outbound], /, *, now: datetime) -> None:
    """An automatic answer that did not arrive is none: its question waits for the admin again, where it was."""
    failed = [one for one in outbounds if one.state == OutboundState.FAILED or one.delivery == Delivery.FAILED]
    if not failed:
        return
    found = bulk.run(_FAILED, [[one.office_id for one in failed], [one.pk for one in failed]])
    give_back(inquiries={inquiry for _, inquiry in found}, actor=Actor.WIRE, verb="inquiry.reopened", now=now)
