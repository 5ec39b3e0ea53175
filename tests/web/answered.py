"""Automatic replies as the quality pages list them, stored as the assistant stores them."""

from __future__ import annotations

from itertools import count

from pelita.assistant.models import Reply, ReplyKind
from pelita.desk.models import Inquiry
from pelita.whatsapp.models import Outbound
from tests.web.conftest import World

THREADS = count(700_000)


def replied(world: World, inquiry: Inquiry, kind: ReplyKind = ReplyKind.PERSON, **fields: object) -> Reply:
    """What the number said to an inquiry's question."""
    said = Outbound.objects.create(
        office=world.office, line=world.line, thread=next(THREADS), to_phone="6281298765432", text="Baik", state="sent",
        next_at=world.now, created_at=world.now,
    )  # fmt: skip
    return Reply.objects.create(
        office=world.office, conversation=inquiry.conversation, inquiry=inquiry, inbound=inquiry.message, outbound=said,
        kind=kind, at=world.now, **fields,
    )  # fmt: skip
