"""What the office can send, one small class for each kind. ``actions.enqueue`` takes them, ``limits`` checks them.

None of them shows its words in ``repr``, so that no log can hold them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from pelita.whatsapp import patterns
from pelita.whatsapp.content import Location, OutboundContent, Person
from pelita.whatsapp.models import Media, OutboundKind, Template

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """``loose``: it may leave as one message with loose texts of its thread that still wait (docs/decisions/0010)."""

    body: str
    loose: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class File:
    """A stored file; its kind decides the message's. Voice messages and stickers have no caption.

    ``filename`` is what a document is called on the citizen's phone; empty: the file's own name.
    """

    media: Media
    caption: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Choice:
    """A reply button or a row of a list. ``description`` is a row's only. ``id`` comes back when it is tapped."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Buttons:
    """Up to three reply buttons under a text."""

    body: str
    buttons: Sequence[Choice]
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """A section of a menu; one alone needs no title."""

    rows: Sequence[Choice]
    title: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Menu:
    """A list that opens with one tap on ``button``; up to ten rows in all groups together."""

    body: str
    button: str
    groups: Sequence[Group]
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LocationRequest:
    body: str


@dataclass(frozen=True, slots=True, repr=False)
class ContactRequest:
    """Asks a citizen whose number is hidden to share it."""

    body: str


@dataclass(frozen=True, slots=True, repr=False)
class FromTemplate:
    """An approved template with its values, each list in the order of the variables.

    ``button_values``: one for each button that has any, in the order of the buttons, "" for a button without: the
    payload of a quick reply, the end of an address, the code to copy. ``media``: the file of a header that is one.
    """

    template: Template
    values: Sequence[str] = ()
    header_values: Sequence[str] = ()
    button_values: Sequence[str] = ()
    media: Media | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Product:
    """One item of the line's catalogue, by its retailer id."""

    product: str
    body: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Shelf:
    products: Sequence[str]
    title: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ProductList:
    """Up to thirty items of the line's catalogue on up to ten shelves. WhatsApp wants a header here."""

    header: str
    body: str
    shelves: Sequence[Shelf]
    footer: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Catalog:
    """The whole catalogue; ``product`` is the item whose picture it shows, empty for the first."""

    body: str
    product: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """Degrees (WGS 84)."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Contacts:
    people: Sequence[Person]


@dataclass(frozen=True, slots=True, repr=False)
class Reaction:
    """On a citizen's message; an empty emoji takes it back."""

    wamid: str
    emoji: str


Message = (
    Text | File | Buttons | Menu | LocationRequest | ContactRequest | FromTemplate | Product | ProductList | Catalog
    | Place | Contacts | Reaction
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Columns:
    """A message as the outbox stores it."""

    kind: OutboundKind
    text: str = ""
    content: OutboundContent | None = None
    media: Media | None = None
    template: Template | None = None


def clean(value: T) -> T:
    """The same without what a database cannot hold: NUL, and halves of surrogate pairs."""
    found: Any = value
    if isinstance(value, str):
        found = value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    elif isinstance(value, dict):
        found = {key: clean(part) for key, part in value.items()}
    elif isinstance(value, list | tuple):
        found = type(value)(clean(part) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{part.name: clean(getattr(value, part.name)) for part in fields(value)})
    return found  # type: ignore[no-any-return]  # of the type that came in, which mypy cannot follow


def columns(message: Message) -> Columns:  # noqa: PLR0911  # one line a kind
    """How a checked message is stored (shapes in content.py)."""
    match message:
        case Text(body, loose):
            return Columns(OutboundKind.TEXT, body, {"loose": True} if loose else None)
        case File(media, caption, filename):
            name = filename or media.filename
            named = media.kind == OutboundKind.DOCUMENT and name
            return Columns(OutboundKind(media.kind), caption, {"filename": name} if named else None, media)
        case LocationRequest(body):
            return Columns(OutboundKind.LOCATION_REQUEST, body)
        case ContactRequest(body):
            return Columns(OutboundKind.CONTACT_REQUEST, body)
        case FromTemplate():
            return _template(message)
        case Place():
            return _place(message)
        case Contacts(people):
            names = ", ".join(person.get("name", "") for person in people)
            return Columns(OutboundKind.CONTACTS, names, {"people": list(people)})
        case Reaction(_, emoji):
            return Columns(OutboundKind.REACTION, "", {"emoji": emoji})
        case _:
            return _interactive(message)


def _interactive(message: Buttons | Menu | Product | ProductList | Catalog) -> Columns:
    content: dict[str, Any] = _given(footer=message.footer, header=getattr(message, "header", ""))
    match message:
        case Buttons(buttons=buttons):
            content["buttons"] = [{"id": one.id, "title": one.title} for one in buttons]
            kind = OutboundKind.BUTTONS
        case Menu(button=button, groups=groups):
            content["button"] = button
            content["sections"] = [
                {**_given(title=group.title), "rows": [_row(row) for row in group.rows]} for group in groups
            ]
            kind = OutboundKind.LIST
        case Product(product=product):
            content["products"] = [["", product]]
            kind = OutboundKind.PRODUCT
        case ProductList(shelves=shelves):
            content["products"] = [[shelf.title, *shelf.products] for shelf in shelves]
            kind = OutboundKind.PRODUCT_LIST
        case Catalog(product=product):
            content["products"] = [["", product]] if product else []
            kind = OutboundKind.CATALOG
    return Columns(kind, message.body, content)  # type: ignore[arg-type]  # built key by key


def _place(message: Place) -> Columns:
    where: Location = {"latitude": message.latitude, "longitude": message.longitude}
    if message.name:
        where["name"] = message.name
    if message.address:
        where["address"] = message.address
    return Columns(OutboundKind.LOCATION, "\n".join(filter(None, (message.name, message.address))), {"location": where})


def _template(message: FromTemplate) -> Columns:
    content: dict[str, Any] = _given(
        values=list(message.values),
        header_values=list(message.header_values),
        button_values=list(message.button_values),
    )
    words = patterns.words(message.template.components, message.values, message.header_values)
    return Columns(OutboundKind.TEMPLATE, words, content, message.media, message.template)  # type: ignore[arg-type]


def _row(row: Choice) -> dict[str, str]:
    return {"id": row.id, "title": row.title, **_given(description=row.description)}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
