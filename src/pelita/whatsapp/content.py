"""What a message holds beside its text, by type: the shapes of ``Inbound.content`` and ``Outbound.content``.

Every key is optional; absent means that WhatsApp did not say. Texts are cut to sane lengths by whoever fills them in
(``parse_view`` for incoming, ``rules`` for outgoing). The words of a message (caption, place, name, title of a button)
stand in ``text`` as well, so that search and export need not know these shapes.
"""

from __future__ import annotations

from typing import TypedDict

STUB = "awaited"  # ``type`` in an Outbound's content: a change came from the phone, and its message has not yet


class Location(TypedDict, total=False):
    """Type ``location``. Degrees (WGS 84)."""

    latitude: float
    longitude: float
    name: str
    address: str
    url: str


class Person(TypedDict, total=False):
    """One card of type ``contacts``. ``phones`` as they were written; ``wa_ids`` are digits."""

    name: str
    phones: list[str]
    wa_ids: list[str]
    organization: str


class Reply(TypedDict, total=False):
    """A tapped button, list row or template button (types ``interactive`` and ``button``), and a Flow's answer.

    ``kind``: button, list, template, flow or call_permission. ``id`` is what we gave the button or row (payload for a
    template's). ``fields`` are a Flow's answers as pairs of name and plain text.
    """

    kind: str
    id: str
    title: str
    description: str
    fields: list[list[str]]


class OrderLine(TypedDict, total=False):
    product: str
    quantity: int
    price: float
    currency: str


class System(TypedDict, total=False):
    """Type ``system``. ``kind``: number, user_id, identity or other. Ids as WhatsApp wrote them."""

    kind: str
    new_wa_id: str
    new_user_id: str
    body: str


class Failure(TypedDict, total=False):
    code: int
    title: str


class InboundContent(TypedDict, total=False):
    """``forwarded``: 1 once, 2 often. ``emoji`` is a reaction's, empty when it was taken back.

    ``caption`` is the sentence under a file. ``text`` is an edit's new text, absent when it cannot be read.
    ``own_contact``: the cards are the person's own number, given by the button that asked for it. ``referral`` keeps an
    advertisement's or link's source. ``errors`` come with types that WhatsApp itself cannot hand over (131051, 131060).
    """

    caption: str
    location: Location
    people: list[Person]
    own_contact: bool
    reply: Reply
    order: list[OrderLine]
    order_note: str
    system: System
    emoji: str
    text: str
    forwarded: int
    referral: dict[str, str]
    catalog: str
    errors: list[Failure]


class Partner(TypedDict):
    """What WhatsApp said of the citizen to whom the office's phone wrote, beside the addresses; absent is empty."""

    name: str
    username: str
    parent_user_id: str


class Button(TypedDict):
    """At most 3; ``title`` at most 20 characters, ``id`` at most 256."""

    id: str
    title: str


class Row(TypedDict, total=False):
    """``title`` at most 24 characters, ``description`` 72, ``id`` 200."""

    id: str
    title: str
    description: str


class ListSection(TypedDict, total=False):
    """``title`` at most 24 characters; at most 10 rows in all sections together."""

    title: str
    rows: list[Row]


class OutboundContent(TypedDict, total=False):
    """What a kind needs beside ``text`` (its body or caption), ``media`` and ``template``.

    ``buttons``: for BUTTONS. ``button``: the word on a LIST's button (20). ``sections``: for LIST. ``values``: a
    TEMPLATE's body variables in order; ``header_values`` and ``button_values`` likewise (payloads of quick replies).
    ``products``: each a section's title ("" for PRODUCT and CATALOG) and the retailer ids in it. ``emoji``: REACTION.
    ``filename``: DOCUMENT. ``loose``: a TEXT that loose texts of its thread may join while it waits.
    """

    header: str
    footer: str
    buttons: list[Button]
    button: str
    sections: list[ListSection]
    values: list[str]
    header_values: list[str]
    button_values: list[str]
    products: list[list[str]]
    location: Location
    people: list[Person]
    emoji: str
    filename: str
    loose: bool
    type: str
    partner: Partner
