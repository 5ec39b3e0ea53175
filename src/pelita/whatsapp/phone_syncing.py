"""The worker's side of asking for what the office's phone holds."""

from __future__ import annotations

from collections.abc import Mapping

from pelita.base import clock
from pelita.whatsapp.actions import phone_sync
from pelita.whatsapp.gateways.management import PhoneGateway, PhoneGatewayFactory
from pelita.whatsapp.models import PhoneSync
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.wishes import outcomes_of


def sync(*, line_id: int, gateways: Mapping[str, PhoneGatewayFactory]) -> int:
    """Make the line's requests that are due. Returns how many were made, whatever came of them."""
    rows = phone_sync.begin(line_id=line_id, now=clock.now())
    if not rows:
        return 0
    line = rows[0].line
    outcomes = outcomes_of(line, rows, gateways[line.gateway], _ask, what="phone sync")
    for row, outcome in zip(rows, outcomes, strict=True):
        phone_sync.finish(row=row, outcome=outcome, now=clock.now())
    return len(rows)


async def _ask(gateway: PhoneGateway, row: PhoneSync) -> Outcome:
    return await gateway.request_sync(row.kind)
