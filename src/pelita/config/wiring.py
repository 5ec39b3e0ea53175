"""Who hears of what: the one place where rooms that may not know each other are joined."""

from __future__ import annotations

from collections.abc import Mapping

from pelita.desk import intake
from pelita.whatsapp.gateways.base import GatewayFactory
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.ports import DeliveryHandler, InboundHandler

# In order; the first that answers True has taken the message. The desk takes everything, so it stands last.
INBOUND_HANDLERS: tuple[InboundHandler, ...] = (intake.receive,)

# All of them hear of every change.
DELIVERY_HANDLERS: tuple[DeliveryHandler, ...] = (intake.delivery_changed,)

# By `Line.gateway`.
GATEWAYS: Mapping[str, GatewayFactory] = {"meta_cloud": MetaCloudGateway}
