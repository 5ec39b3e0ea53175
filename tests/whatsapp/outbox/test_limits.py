"""Every limit at its edge and one beyond: what fits passes, what does not is refused in words that help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from pelita.whatsapp import limits
from pelita.whatsapp.errors import (
    BadMessageError,
    EmptyMessageError,
    MessageTooLongError,
    MissingPartError,
    TooLongError,
    TooManyError,
    WireError,
)
from pelita.whatsapp.messages import (
    Buttons,
    Catalog,
    Choice,
    ContactRequest,
    Contacts,
    File,
    FromTemplate,
    Group,
    LocationRequest,
    Menu,
    Message,
    Place,
    Product,
    ProductList,
    Reaction,
    Shelf,
    Text,
)
from pelita.whatsapp.models import Media, Template


def x(length: int) -> str:
    return "é" * length


def rows(count: int, **first: str) -> list[Choice]:
    found = [Choice(f"r{number}", f"Baris {number}") for number in range(count)]
    return [Choice(**{"id": "r0", "title": "Baris", **first}), *found[1:]] if first else found


def more_rows(count: int) -> list[Choice]:
    return [Choice(f"z{number}", "Lagi") for number in range(count)]


def menu(*, body: str = "Pilih", button: str = "Buka", header: str = "", footer: str = "", **row: str) -> Menu:
    return Menu(body, button, [Group(rows(2, **row))], header, footer)


def buttons(count: int = 1, *, body: str = "Pilih", header: str = "", footer: str = "", **first: str) -> Buttons:
    found = [Choice(f"b{number}", f"Tombol {number}") for number in range(count)]
    found[:1] = [Choice(**{"id": "b0", "title": "Ya", **first})]
    return Buttons(body, found, header, footer)


def file(caption: str = "", *, kind: str = "image", filename: str = "", **more: Any) -> File:
    return File(Media(**{"kind": kind, "incoming": False, "state": "stored", **more}), caption, filename)


def shelves(products: int, count: int = 1, title: str = "Surat") -> ProductList:
    parts: list[list[str]] = [[] for _ in range(count)]
    for number in range(products):
        parts[number % count].append(f"p{number}")
    return ProductList("Layanan", "Pilih", [Shelf(part, title) for part in parts])


COMPONENTS = [
    {"type": "HEADER", "format": "TEXT", "text": "Surat {{1}}"},
    {"type": "BODY", "text": "Jawaban untuk {{1}} dari {{2}} sudah ada."},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Lihat"},
            {"type": "URL", "text": "Buka", "url": "https://kemlagi.example/{{1}}"},
            {"type": "PHONE_NUMBER", "text": "Telepon", "phone_number": "+620"},
        ],
    },
]


def template(
    values: Sequence[str] = ("KML-4F7Q", "Pelayanan"),
    header: Sequence[str] = ("KK",),
    button_values: Sequence[str] = ("jawaban:1", "a"),
    **more: Any,
) -> FromTemplate:
    made = Template(**{"name": "siap", "language": "id", "state": "APPROVED", "components": COMPONENTS, **more})
    return FromTemplate(made, values, header, button_values)


# What is measured, the largest that fits, and a maker of the message with that size.
LENGTHS: list[tuple[str, int, Any]] = [
    ("text", 4096, lambda n: Text(x(n))),
    ("caption", 1024, lambda n: file(x(n))),
    ("filename", 240, lambda n: file(kind="document", filename=x(n))),
    ("buttons body", 1024, lambda n: buttons(body=x(n))),
    ("buttons header", 60, lambda n: buttons(header=x(n))),
    ("buttons footer", 60, lambda n: buttons(footer=x(n))),
    ("button title", 20, lambda n: buttons(title=x(n))),
    ("button id", 256, lambda n: buttons(id=x(n))),
    ("list body", 4096, lambda n: menu(body=x(n))),
    ("list header", 60, lambda n: menu(header=x(n))),
    ("list footer", 60, lambda n: menu(footer=x(n))),
    ("list button", 20, lambda n: menu(button=x(n))),
    ("row title", 24, lambda n: menu(title=x(n))),
    ("row description", 72, lambda n: menu(description=x(n))),
    ("row id", 200, lambda n: menu(id=x(n))),
    ("section title", 24, lambda n: Menu("Pilih", "Buka", [Group(rows(1), x(n))])),
    ("location request", 1024, lambda n: LocationRequest(x(n))),
    ("contact request", 1024, lambda n: ContactRequest(x(n))),
    ("product body", 1024, lambda n: Product("kk", x(n))),
    ("product id", 100, lambda n: Product(x(n))),
    ("products header", 60, lambda n: ProductList(x(n), "Pilih", [Shelf(["kk"])])),
    ("products body", 1024, lambda n: ProductList("Layanan", x(n), [Shelf(["kk"])])),
    ("shelf title", 24, lambda n: shelves(2, 2, x(n))),
    ("catalog body", 1024, lambda n: Catalog(x(n))),
    ("catalog footer", 60, lambda n: Catalog("Lihat", footer=x(n))),
    ("reaction", 32, lambda n: Reaction("wamid.1", x(n))),
    ("template payload", 128, lambda n: template(button_values=(x(n), "a"))),
    ("template value", 1024, lambda n: template((x(n), "b"))),
]
COUNTS: list[tuple[str, int, Any]] = [
    ("buttons", 3, buttons),
    ("rows", 10, lambda n: Menu("Pilih", "Buka", [Group(rows(n))])),
    ("rows of two groups", 10, lambda n: Menu("P", "B", [Group(rows(9), "a"), Group(more_rows(n - 9), "b")])),
    ("groups", 10, lambda n: Menu("P", "B", [Group([Choice(f"r{i}", "R")], f"{i}") for i in range(n)])),
    ("products", 30, shelves),
    ("shelves", 10, lambda n: shelves(n, n)),
    ("people", 257, lambda n: Contacts([{"name": "Bu Sulastri"}] * n)),
    ("template buttons", 3, lambda n: template(button_values=["a", "b", *[""] * (n - 2)])),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "made"), [case[1:] for case in LENGTHS], ids=[case[0] for case in LENGTHS])
def test_length(limit: int, made: Any) -> None:
    limits.check(made(limit))
    with pytest.raises(TooLongError) as caught:
        limits.check(made(limit + 1))
    assert (caught.value.length, caught.value.limit) == (limit + 1, limit)
    assert f"{limit:,}".replace(",", ".") in str(caught.value)
    assert x(2) not in str(caught.value), "a message's words are not quoted"


@pytest.mark.parametrize(("limit", "made"), [case[1:] for case in COUNTS], ids=[case[0] for case in COUNTS])
def test_count(limit: int, made: Any) -> None:
    limits.check(made(limit))
    with pytest.raises(TooManyError) as caught:
        limits.check(made(limit + 1))
    assert (caught.value.count, caught.value.limit) == (limit + 1, limit)


def test_the_sentence_says_which_part_how_much_and_what_to_do() -> None:
    with pytest.raises(TooLongError) as caught:
        limits.check(Buttons("Pilih", [Choice("a", "Ya"), Choice("b", x(25))]))
    assert str(caught.value) == (
        "Tulisan tombol ke-2 terlalu panjang: 25 huruf, paling banyak 20. Pendekkan 5 huruf lagi."
    )
    with pytest.raises(TooManyError) as many:
        limits.check(buttons(5))
    assert str(many.value) == "Tombol terlalu banyak: 5, paling banyak 3. Kurangi 2 lagi."
    with pytest.raises(MessageTooLongError, match=re.escape("4.097")):
        limits.check(Text(x(4097)))


EMPTY: list[tuple[Message, type[WireError]]] = [
    (Text(" \n"), EmptyMessageError),
    (Buttons(" ", [Choice("a", "A")]), MissingPartError),
    (Buttons("Pilih", []), MissingPartError),
    (Buttons("Pilih", [Choice("a", " ")]), MissingPartError),
    (Buttons("Pilih", [Choice("", "A")]), MissingPartError),
    (Menu("Pilih", "", [Group(rows(1))]), MissingPartError),
    (Menu("Pilih", "Buka", []), MissingPartError),
    (Menu("Pilih", "Buka", [Group([])]), MissingPartError),
    (Menu("Pilih", "Buka", [Group(rows(1)), Group([Choice("z", "Z")], "b")]), MissingPartError),
    (LocationRequest(""), MissingPartError),
    (ProductList("", "Pilih", [Shelf(["kk"])]), MissingPartError),
    (ProductList("Layanan", "Pilih", [Shelf([])]), MissingPartError),
    (Product(""), MissingPartError),
    (Contacts([]), MissingPartError),
    (Contacts([{"phones": ["+62812"]}]), MissingPartError),
    (Reaction("", "👍"), MissingPartError),
    (template(("KML-4F7Q", " ")), MissingPartError),
    (template(button_values=("jawaban", "")), MissingPartError),
]
BAD: list[Message] = [
    Buttons("Pilih", [Choice("a", "Ya"), Choice("a", "Tidak")]),
    Buttons("Pilih", [Choice("a", "Ya"), Choice("b", "Ya")]),
    Menu("Pilih", "Buka", [Group([Choice("a", "A"), Choice("a", "B")])]),
    file("keterangan", kind="audio"),
    file("keterangan", kind="sticker"),
    file(state="rejected"),
    file(state="expired"),
    file(incoming=True),
    Place(91, 0),
    Place(0, -181),
    template(("KML-4F7Q",)),
    template(("a", "b", "c")),
    template(header=()),
    template(("dua\nbaris", "b")),
    template(("dua\tkolom", "b")),
    template(("jauh    sekali", "b")),
    template(button_values=("a", "b", "c")),
    template(state="PAUSED"),
    template(state="PENDING"),
    template(header=(), components=[{"type": "HEADER", "format": "IMAGE"}, *COMPONENTS[1:]]),
]


@pytest.mark.parametrize(("message", "error"), EMPTY, ids=range(len(EMPTY)))
def test_what_is_missing(message: Message, error: type[WireError]) -> None:
    with pytest.raises(error):
        limits.check(message)


@pytest.mark.parametrize("message", BAD, ids=range(len(BAD)))
def test_what_whatsapp_would_refuse(message: Message) -> None:
    with pytest.raises(BadMessageError) as caught:
        limits.check(message)
    assert len(str(caught.value).split(".")) >= 2, "it says what is wrong and what to do"


GOOD: list[Message] = [
    Product("kk"),
    file(kind="audio"),
    Reaction("wamid.1", ""),
    Place(-7.4, 112.4),
    template(),
    template(("tiga   spasi", "b")),
    template(button_values=("", "a")),
    template((), (), (), components=[{"type": "BODY", "text": "Tanpa isian"}]),
    FromTemplate(
        Template(state="APPROVED", components=[{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "a"}]),
        media=Media(kind="image"),
    ),
]


@pytest.mark.parametrize("message", GOOD, ids=range(len(GOOD)))
def test_what_passes(message: Message) -> None:
    limits.check(message)
