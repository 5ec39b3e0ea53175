"""What WhatsApp's statuses make of a message. Pure."""

from __future__ import annotations

from pelita.whatsapp.models import Delivery

# The order of certainty, and with it of time: whatever order statuses come in, the highest one holds. `failed`
# stands below `delivered`: it is final unless the message arrived after all.
_RANK = {Delivery.NONE: 0, Delivery.SENT: 1, Delivery.FAILED: 2, Delivery.DELIVERED: 3, Delivery.READ: 4}

# WhatsApp's words for ours. A voice message that was played was read.
_MEANING = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}

# The columns that a stage fills; a later stage implies the earlier ones that its message must have passed.
_STAGES = {
    Delivery.SENT: ("sent_at",),
    Delivery.DELIVERED: ("sent_at", "delivered_at"),
    Delivery.READ: ("sent_at", "delivered_at", "read_at"),
    Delivery.FAILED: ("failed_at",),
}


def meaning(status: str) -> Delivery:
    """Our word for a status; NONE for one that WhatsApp invented since."""
    return _MEANING.get(status, Delivery.NONE)


def next_delivery(current: Delivery, status: str) -> Delivery:
    """Where a message stands after a status (WhatsApp's word). Does not depend on the order of arrival."""
    return max(current, meaning(status), key=_RANK.__getitem__)


def stamps(status: str) -> tuple[str, ...]:
    """The columns of a message that a status may fill when they are empty."""
    return _STAGES.get(meaning(status), ())
