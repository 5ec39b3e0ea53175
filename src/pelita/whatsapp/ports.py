"""What the rooms above may plug in, and the shapes that cross the border."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pelita.whatsapp.models import Inbound, Outbound


class InboundHandler(Protocol):
    """Takes in one message inside the transaction that created it. True ends the list: the message is taken."""

    def __call__(self, message: Inbound, *, now: datetime) -> bool: ...


class DeliveryHandler(Protocol):
    """Hears that an outgoing message's ``state`` or ``delivery`` changed, inside that transaction."""

    def __call__(self, outbound: Outbound, *, now: datetime) -> None: ...
