"""The port that every gateway fills: one message out, one outcome back. No Django in here, no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pelita.whatsapp.gateways.files import FileGateway
from pelita.whatsapp.outcomes import Outcome

# Kinds of messages; the values are those of OutboundKind, which a gateway cannot import.
TEXT, READ_MARK, REACTION, TEMPLATE = "text", "read_mark", "reaction", "template"
IMAGE, VIDEO, AUDIO, DOCUMENT, STICKER = "image", "video", "audio", "document", "sticker"
LOCATION, CONTACTS, LOCATION_REQUEST, CONTACT_REQUEST = "location", "contacts", "location_request", "contact_request"
BUTTONS, LIST, PRODUCT, PRODUCT_LIST, CATALOG = "buttons", "list", "product", "product_list", "catalog"
FILES = (IMAGE, VIDEO, AUDIO, DOCUMENT, STICKER)
DETAILS_LIMIT = 300

_NUMBER = re.compile(r"\+?\d[\d .()/-]{6,}\d")
_USER_ID = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}\b")
_HIDDEN = "•••"
# Shorter words of a message say nothing about anybody, and replacing them would spoil the explanation.
SHORTEST_PRIVATE = 3


@dataclass(frozen=True, slots=True)
class Access:
    """What a gateway needs of a line. ``timeout``: seconds to wait for an answer, connecting not counted.

    ``api_version`` and ``auth_scheme`` may be empty: partners who pass the Cloud API through leave them out.
    """

    phone_number_id: str
    base_url: str
    api_version: str
    token: str = field(repr=False)
    timeout: float = 10.0
    connections: int = 16
    auth_header: str = "Authorization"
    auth_scheme: str = "Bearer"


@dataclass(frozen=True, slots=True)
class Pattern:
    """The template of a message. ``components`` as the provider keeps them (patterns.py reads them)."""

    name: str
    language: str
    components: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for the provider. Words and addresses stay out of ``repr`` so that no log can hold them.

    ``key`` comes back in statuses; ``to_phone`` is digits, country code first; with both addresses the phone wins.
    ``reply_to`` is the wamid that is quoted, was read (a read mark) or is reacted to (a reaction). ``content`` has the
    shapes of ``OutboundContent``. ``media_id``: the provider's id of the uploaded file. ``catalog_id``: the line's.
    """

    key: str
    kind: str
    to_phone: str = field(default="", repr=False)
    to_user_id: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    reply_to: str = ""
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    media_id: str = field(default="", repr=False)
    template: Pattern | None = field(default=None, repr=False)
    catalog_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one call. ``code`` is the provider's; ``details`` its explanation without words and numbers."""

    outcome: Outcome
    wamid: str = ""
    http_status: int | None = None
    code: int | None = None
    details: str = ""


class Gateway(FileGateway, Protocol):
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
    ours = (outgoing.text, outgoing.to_user_id, outgoing.to_phone, *_words(outgoing.content))
    for private in sorted({word for word in ours if len(word) >= SHORTEST_PRIVATE}, key=len, reverse=True):
        details = details.replace(private, _HIDDEN)
    details = _USER_ID.sub(_HIDDEN, details)
    details = _NUMBER.sub(lambda found: _HIDDEN if sum(c.isdigit() for c in found[0]) >= 8 else found[0], details)
    return " ".join(details.replace("\0", " ").split())[:DETAILS_LIMIT]


def _words(content: Any) -> Iterator[str]:
    """Every text in a message's content."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for part in content.values():
            yield from _words(part)
    elif isinstance(content, list | tuple):
        for part in content:
            yield from _words(part)
