"""The worker's side of blocking: one call a wish, outside any transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from pelita.base import clock
from pelita.whatsapp.actions import blocking
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.gateways.management import BlockGatewayFactory
from pelita.whatsapp.models import Block
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.sending import access_of

logger = logging.getLogger(__name__)


def tell(*, line_id: int, gateways: Mapping[str, BlockGatewayFactory]) -> int:
    """Tell WhatsApp the line's wishes that are due. Returns how many, whatever came of them."""
    rows = blocking.begin(line_id=line_id, now=clock.now())
    if not rows:
        return 0
    line = rows[0].line
    try:
        outcomes = asyncio.run(_tell(gateways[line.gateway], access_of(line), rows))
    except BadLineError:
        logger.warning("blocking: line %s cannot be used", line.pk)
        outcomes = [Outcome.PERMISSION] * len(rows)
    for row, outcome in zip(rows, outcomes, strict=True):
        blocking.finish(row=row, outcome=outcome, now=clock.now())
    return len(rows)


async def _tell(factory: BlockGatewayFactory, access: Access, rows: Sequence[Block]) -> list[Outcome]:
    gateway = factory(access)
    try:
        return [await gateway.block(phone=row.phone, user_id=row.user_id, wanted=row.wanted) for row in rows]
    finally:
        await gateway.aclose()
