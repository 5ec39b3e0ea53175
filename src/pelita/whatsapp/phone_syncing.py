"""The worker's side of asking for what the office's phone holds: one call a request, outside any transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from pelita.base import clock
from pelita.whatsapp.actions import phone_sync
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.gateways.management import PhoneGatewayFactory
from pelita.whatsapp.models import PhoneSync
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.sending import access_of

logger = logging.getLogger(__name__)


def sync(*, line_id: int, gateways: Mapping[str, PhoneGatewayFactory]) -> int:
    """Make the line's requests that are due. Returns how many were made, whatever came of them."""
    rows = phone_sync.begin(line_id=line_id, now=clock.now())
    if not rows:
        return 0
    line = rows[0].line
    try:
        outcomes = asyncio.run(_ask(gateways[line.gateway], access_of(line), rows))
    except BadLineError:
        logger.warning("phone sync: line %s cannot be used", line.pk)
        outcomes = [Outcome.PERMISSION] * len(rows)
    for row, outcome in zip(rows, outcomes, strict=True):
        phone_sync.finish(row=row, outcome=outcome, now=clock.now())
    return len(rows)


async def _ask(factory: PhoneGatewayFactory, access: Access, rows: Sequence[PhoneSync]) -> list[Outcome]:
    gateway = factory(access)
    try:
        return [await gateway.request_sync(row.kind) for row in rows]
    finally:
        await gateway.aclose()
