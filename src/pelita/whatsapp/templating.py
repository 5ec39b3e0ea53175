"""Comparing one line's templates with WhatsApp's list: ask, write down, hand in what is new, delete what is to go.

Like the outbox: the network is called outside any transaction, and whatever is interrupted is found again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pelita.base import clock
from pelita.whatsapp.actions import templates as actions
from pelita.whatsapp.calling import Calls
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.management import TemplateGateway, TemplateGatewayFactory
from pelita.whatsapp.models import Line, Template
from pelita.whatsapp.outcomes import NOT_THE_WISH, Outcome
from pelita.whatsapp.sending import access_of

logger = logging.getLogger(__name__)

# Of these WhatsApp, the number or the network is at fault and not the template: it stays handed in and is tried again.
_NOT_THE_TEMPLATE = NOT_THE_WISH | {Outcome.PAYMENT, Outcome.PAIR_LIMITED}


def sync(*, line_id: int, gateways: Mapping[str, TemplateGatewayFactory]) -> bool:
    """One comparison, when it is due and nobody else is at it. False when there was nothing to do."""
    begun = clock.now()
    line = actions.begin(line_id=line_id, now=begun)
    if line is None:
        return False
    error = Outcome.REJECTED.value
    try:
        factory = gateways[line.gateway]
        with Calls(lambda: factory(access_of(line), line.business_account_id)) as network:
            error = _compare(line, network)
    except BadLineError:
        logger.warning("templates: line %s cannot be used", line.pk)
    finally:
        actions.finish(line=line, begun=begun, error=error, now=clock.now())
    return True


def _compare(line: Line, network: Calls[TemplateGateway]) -> str:
    """Returns the outcome that stopped it, or an empty word."""
    listing = network.run(lambda gateway: gateway.everything())
    if listing.outcome is not Outcome.ACCEPTED:
        return str(listing.outcome.value)
    actions.take_list(line=line, listed=listing.rows, now=clock.now())
    for template in actions.to_hand_in(line):
        stopped = _hand_in(template, network)
        if stopped:
            return stopped
    for template in actions.to_delete(line):
        stopped = _delete(template, network)
        if stopped:
            return stopped
    return ""


def _delete(template: Template, network: Calls[TemplateGateway]) -> str:
    handed = network.run(lambda gateway: gateway.delete(name=template.name, provider_id=template.provider_id))
    if handed.outcome in _NOT_THE_TEMPLATE:
        return str(handed.outcome.value)
    # A refusal means that it is not there any more; the next list shows it if that is wrong.
    actions.deleted(template=template, now=clock.now())
    return ""


def _hand_in(template: Template, network: Calls[TemplateGateway]) -> str:
    handed = network.run(
        lambda gateway: gateway.hand_in(
            name=template.name, language=template.language, category=template.category,
            components=template.components,
        )
    )  # fmt: skip
    if handed.outcome in _NOT_THE_TEMPLATE:
        return str(handed.outcome.value)
    now = clock.now()
    if handed.outcome is Outcome.ACCEPTED:
        actions.handed_in(
            template=template, provider_id=handed.provider_id, status=handed.status, category=handed.category, now=now
        )
    else:
        actions.refused(template=template, reason=handed.details, now=now)
    return ""
