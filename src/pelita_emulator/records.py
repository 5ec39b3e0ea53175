"""What the store keeps, as the rest of the emulator sees it."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Direction as the citizen sees it: "out" was written by the citizen, "in" came from the office.
OUT = "out"
IN = "in"

# Rank of a message's state. An office message reaches the phone at "delivered".
RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 9}
REACHED = ("delivered", "read")


@dataclass(frozen=True)
class Citizen:
    """A person with a phone. `phone` is in digits; a hidden one never reaches the business."""

    id: str
    name: str
    phone: str
    user_id: str
    username: str | None = None
    hide_phone: bool = False
    online: bool = True
    auto_read: bool = False
    created: float = 0.0

    @property
    def wa_id(self) -> str | None:
        return None if self.hide_phone else self.phone

    @property
    def address(self) -> str:
        """The one address that the business may know for certain."""
        return self.user_id if self.hide_phone else self.phone


@dataclass(frozen=True)
class Message:
    """One message of a chat. `body` is the message object without its envelope keys.

    `citizen` is None for an address that is nobody; `recipient` then holds what the business wrote.
    """

    seq: int
    wamid: str
    line: str
    citizen: str | None
    direction: str
    type: str
    body: Json
    status: str
    at: float
    context_id: str | None = None
    opaque: str | None = None
    recipient: str | None = None
    error: Json | None = None
    pricing: Json | None = None


@dataclass
class Update:
    """One item waiting for the business's webhook. `kind` is message, status or raw change.

    `lane` keeps the updates of one citizen in order; `next_at` is real time in unix seconds.
    """

    seq: int
    line: str
    lane: str
    kind: str
    event: str
    payload: Json
    created: float
    wamid: str | None = None
    attempts: int = 0
    next_at: float = 0.0
    solo: bool = field(default=False, compare=False)
