"""The port that every gateway fills: one message out, one outcome back. No Django in here, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from pelita.whatsapp.outcomes import Outcome

TEXT, READ_MARK = "text", "read_mark"
DETAILS_LIMIT = 300

_NUMBER = re.compile(r"\+?\d[\d .()/-]{6,}\d")
_USER_ID = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}\b")
_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Access:
    """What a gateway needs of a line. ``timeout``: seconds to wait for an answer, connecting not counted."""

    phone_number_id: str
    base_url: str
    api_version: str
    token: str = field(repr=False)
    timeout: float = 10.0
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for the provider. Words and addresses stay out of ``repr`` so that no log can hold them.

    ``key`` comes back in statuses; ``to_phone`` is digits, country code first; with both addresses the phone wins.
    ``reply_to`` is the wamid that is quoted (a text) or was read (a read mark).
    """

    key: str
    kind: str
    to_phone: str = field(default="", repr=False)
    to_user_id: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one call. ``code`` is the provider's; ``details`` its explanation without words and numbers."""

    outcome: Outcome
    wamid: str = ""
    http_status: int | None = None
    code: int | None = None
    details: str = ""


class Gateway(Protocol):
    """One line's connection to its provider, used by many calls at once on one event loop."""

    async def send(self, outgoing: Outgoing) -> Reply:
        """Make one call. Never raises for what the network or the provider does: that is an outcome."""
        ...

    async def aclose(self) -> None: ...


class GatewayFactory(Protocol):
    """Makes the gateway of a line, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access) -> Gateway: ...


def scrubbed(details: str, outgoing: Outgoing) -> str:
    """A provider's explanation without the message, phone numbers or user ids; at most DETAILS_LIMIT characters."""
    for private in (outgoing.text, outgoing.to_user_id, outgoing.to_phone):
        if private:
            details = details.replace(private, _HIDDEN)
    details = _USER_ID.sub(_HIDDEN, details)
    details = _NUMBER.sub(lambda found: _HIDDEN if sum(c.isdigit() for c in found[0]) >= 8 else found[0], details)
    return " ".join(details.replace("\0", " ").split())[:DETAILS_LIMIT]
