"""The worker's side of blocking."""

from __future__ import annotations

from collections.abc import Mapping

from pelita.base import clock
from pelita.whatsapp.actions import blocking
from pelita.whatsapp.gateways.management import BlockGateway, BlockGatewayFactory
from pelita.whatsapp.models import Block
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.wishes import outcomes_of


def tell(*, line_id: int, gateways: Mapping[str, BlockGatewayFactory]) -> int:
    """Tell WhatsApp the line's wishes that are due. Returns how many, whatever came of them."""
    rows = blocking.begin(line_id=line_id, now=clock.now())
    if not rows:
        return 0
    line = rows[0].line
    outcomes = outcomes_of(line, rows, gateways[line.gateway], _tell, what="blocking")
    for row, outcome in zip(rows, outcomes, strict=True):
        blocking.finish(row=row, outcome=outcome, now=clock.now())
    return len(rows)


async def _tell(gateway: BlockGateway, row: Block) -> Outcome:
    return await gateway.block(phone=row.phone, user_id=row.user_id, wanted=row.wanted)
