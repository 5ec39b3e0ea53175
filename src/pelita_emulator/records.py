"""What the store keeps, as the rest of the emulator sees it."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Direction as the citizen sees it: "out" was written by the citizen, "in" came from the office.
OUT = "out"
IN = "in"

# Who wrote an office message: the Cloud API, or the office's own phone (coexistence).
API = "api"
PHONE = "phone"

# An office message reaches the phone at "delivered". "held" was accepted and will never be delivered.
REACHED = ("delivered", "read", "played")
MOVING = ("accepted", "sent", "delivered")


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
    parent_user_id: str = ""

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

    `citizen` is None for an address that is nobody; `recipient` then holds what the business wrote. `marks` is what
    happened to it later: {"edited": true, "deleted": true, "reactions": {"citizen": "👍", "office": "🙏"}}.
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
    marks: Json | None = None
    origin: str = API


@dataclass
class Update:
    """One item waiting for the business's webhook. `kind` is message, status or change.

    `item` and `contact` are JSON texts, made once: the item of `messages` or `statuses` with its contact, or a whole
    change object. `lane` keeps the updates of one citizen in order; `created` and `next_at` are emulator time.
    """

    seq: int
    line: str
    lane: str
    kind: str
    event: str
    item: str
    created: float
    contact: str | None = None
    wamid: str | None = None
    attempts: int = 0
    next_at: float = 0.0
    solo: bool = field(default=False, compare=False)
