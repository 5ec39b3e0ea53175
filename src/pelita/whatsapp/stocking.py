"""The worker's side of WhatsApp's catalogue: hand over what differs, ask what became of it.

Like the outbox: the network is called outside any transaction, and whatever is interrupted is found again. Writing an
item twice changes nothing, so what nobody is sure of is written again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from pelita.base import clock
from pelita.whatsapp import goods
from pelita.whatsapp.actions import goods as actions
from pelita.whatsapp.calling import Calls
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.goods import GoodsGateway, GoodsGatewayFactory
from pelita.whatsapp.goods import Change, Good
from pelita.whatsapp.models import GoodsSync, Line
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.sending import access_of

logger = logging.getLogger(__name__)
Stop = tuple[str, str]  # the outcome that stopped the round and the provider's explanation; empty words for none
GOES_ON: Stop = ("", "")


def sync(
    *, line_id: int, gateways: Mapping[str, GoodsGatewayFactory], source: Callable[[Line], Sequence[Good]]
) -> bool:
    """One round for a line, when it is due and nobody else is at it. ``source``: the items that it should have.
    False when there was nothing to do."""
    begun = clock.now()
    row = actions.begin(line_id=line_id, now=begun)
    if row is None:
        return False
    stop: Stop = (Outcome.REJECTED.value, "")
    try:
        actions.want(sync=row, wanted=source(row.line), now=begun)
        factory, line = gateways[row.line.gateway], row.line
        with Calls(lambda: factory(access_of(line), line.catalog_id)) as network:
            stop = _round(row, network)
    except BadLineError:
        logger.warning("catalogue: line %s cannot be used", row.line_id)
    finally:
        actions.finish(sync=row, begun=begun, error=stop[0], details=stop[1], now=clock.now())
    return True


def _round(row: GoodsSync, network: Calls[GoodsGateway]) -> Stop:
    if row.handle:
        stop = _ask(row, network)
        if stop != GOES_ON or row.handle:
            return stop
    if row.shown_at is None:
        outcome = network.run(lambda gateway: gateway.show())
        if outcome is not Outcome.ACCEPTED:
            return outcome.value, ""
        actions.shown(sync=row, now=clock.now())
    return _hand_over(row, network)


def _ask(row: GoodsSync, network: Calls[GoodsGateway]) -> Stop:
    """What became of the batch. Empty words with a handle that is still there: WhatsApp works at it."""
    codes = actions.in_batch(row)
    progress = network.run(lambda gateway: gateway.ask(row.handle))
    now = clock.now()
    late = row.handed_at is not None and now - row.handed_at > actions.GIVEN_UP
    if progress.finished:
        actions.finished(sync=row, errors=goods.refused_ids(progress.errors, codes), now=now)
    elif progress.lost or late:
        actions.lost(sync=row)
    elif progress.outcome is not Outcome.ACCEPTED:
        return progress.outcome.value, progress.details
    return GOES_ON


def _hand_over(row: GoodsSync, network: Calls[GoodsGateway]) -> Stop:
    items = actions.to_hand_over(row)
    if not items:
        return GOES_ON
    changes = [Change(one.code, one.payload) for one in items]
    actions.handing(sync=row, items=items)
    taken = network.run(lambda gateway: gateway.write(changes))
    if taken.outcome is not Outcome.ACCEPTED:
        return taken.outcome.value, taken.details
    errors = goods.refused_ids(taken.errors, [one.code for one in items])
    actions.handed(sync=row, items=items, handle=taken.handle, errors=errors, now=clock.now())
    return GOES_ON
