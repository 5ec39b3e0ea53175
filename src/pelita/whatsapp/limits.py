"""What WhatsApp takes and what not, checked before a message is queued. Pure.

Figures: Meta's Cloud API reference, "Messages" and "Templates". Each refusal is a WireError whose sentence says which
part it is, by how much it is too long, and what to do. Parts are named by their place and never quoted.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from pelita.whatsapp import patterns
from pelita.whatsapp.errors import (
    BadMessageError,
    EmptyMessageError,
    MessageTooLongError,
    MissingPartError,
    TooLongError,
    TooManyError,
)
from pelita.whatsapp.messages import (
    Buttons,
    Catalog,
    Choice,
    ContactRequest,
    Contacts,
    File,
    FromTemplate,
    LocationRequest,
    Menu,
    Message,
    Place,
    Product,
    ProductList,
    Reaction,
    Text,
)
from pelita.whatsapp.models import MediaState, TemplateState
from pelita.whatsapp.rules import TEXT_LIMIT

# Characters.
TEXT, INTERACTIVE_BODY, LIST_BODY, CAPTION, HEADER, FOOTER = TEXT_LIMIT, 1024, 4096, 1024, 60, 60
BUTTON_TITLE, BUTTON_ID, LIST_BUTTON = 20, 256, 20
ROW_TITLE, ROW_DESCRIPTION, ROW_ID, SECTION_TITLE = 24, 72, 200, 24
PRODUCT_ID, OPAQUE, EMOJI, FILENAME, PAYLOAD, COUPON = 100, 512, 32, 240, 128, 15
# How many.
BUTTONS, SECTIONS, ROWS, PRODUCTS, SHELVES, PEOPLE = 3, 10, 10, 30, 10, 257
# Spaces in a row that a template's value may not have.
SPACES = " " * 4

WITHOUT_CAPTION = ("audio", "sticker")


def check(message: Message) -> None:
    """Raises the WireError of the first part that WhatsApp would refuse."""
    match message:
        case Text(body):
            _text(body)
        case File():
            _file(message)
        case Buttons() | Menu() | Product() | ProductList() | Catalog():
            _interactive(message)
        case LocationRequest(body) | ContactRequest(body):
            _words(_("Isi pesan"), body, INTERACTIVE_BODY)
        case FromTemplate():
            _template(message)
        case Place():
            _place(message)
        case Contacts(people):
            _count(_("Kontak"), len(people), PEOPLE)
            for number, person in enumerate(people, 1):
                _words(_("Nama kontak ke-%s") % number, person.get("name", ""), TEXT)
        case Reaction(wamid, emoji):
            _words(_("Pesan yang diberi reaksi"), wamid, OPAQUE)
            _length(_("Reaksi"), emoji, EMOJI)


def _text(body: str) -> None:
    if not body.strip():
        raise EmptyMessageError
    if len(body) > TEXT:
        raise MessageTooLongError(len(body), TEXT)


def _file(message: File) -> None:
    media = message.media
    # One that is still being uploaded is fine: its message waits for it in the outbox.
    if media.incoming or media.state in {MediaState.REJECTED, MediaState.EXPIRED}:
        raise BadMessageError(_("Berkas ini belum siap dikirim. Pilih berkasnya sekali lagi."))
    if message.caption and media.kind in WITHOUT_CAPTION:
        raise BadMessageError(
            _("Pesan suara dan stiker tidak bisa diberi keterangan. Kirim keterangannya sebagai pesan sendiri.")
        )
    _length(_("Keterangan berkas"), message.caption, CAPTION)
    _length(_("Nama berkas"), message.filename or media.filename, FILENAME)


def _interactive(message: Buttons | Menu | Product | ProductList | Catalog) -> None:
    optional = isinstance(message, Product)
    if message.body.strip() or not optional:
        _words(_("Isi pesan"), message.body, LIST_BODY if isinstance(message, Menu) else INTERACTIVE_BODY)
    _length(_("Catatan kaki"), message.footer, FOOTER)
    match message:
        case Buttons(buttons=buttons, header=header):
            _length(_("Judul pesan"), header, HEADER)
            _buttons(buttons)
        case Menu(header=header):
            _length(_("Judul pesan"), header, HEADER)
            _menu(message)
        case ProductList(header=header):
            _words(_("Judul pesan"), header, HEADER)
            _products(message)
        case Product(product=product):
            _words(_("Kode layanan"), product, PRODUCT_ID)
        case Catalog(product=product):
            _length(_("Kode layanan"), product, PRODUCT_ID)


def _buttons(buttons: Sequence[Choice]) -> None:
    _count(_("Tombol"), len(buttons), BUTTONS)
    for number, button in enumerate(buttons, 1):
        _words(_("Tulisan tombol ke-%s") % number, button.title, BUTTON_TITLE)
        _words(_("Kode tombol ke-%s") % number, button.id, BUTTON_ID)
    _unique(_("Tulisan tombol"), [button.title for button in buttons])
    _unique(_("Kode tombol"), [button.id for button in buttons])


def _menu(message: Menu) -> None:
    _words(_("Tulisan tombol daftar"), message.button, LIST_BUTTON)
    _count(_("Bagian daftar"), len(message.groups), SECTIONS)
    _titles([group.title for group in message.groups])
    for number, group in enumerate(message.groups, 1):
        if not group.rows:
            raise MissingPartError(_("Bagian daftar ke-%s") % number)
    rows = [row for group in message.groups for row in group.rows]
    _count(_("Baris daftar"), len(rows), ROWS)
    for number, row in enumerate(rows, 1):
        _words(_("Judul baris ke-%s") % number, row.title, ROW_TITLE)
        _length(_("Penjelasan baris ke-%s") % number, row.description, ROW_DESCRIPTION)
        _words(_("Kode baris ke-%s") % number, row.id, ROW_ID)
    _unique(_("Kode baris"), [row.id for row in rows])


def _products(message: ProductList) -> None:
    _count(_("Bagian katalog"), len(message.shelves), SHELVES)
    _titles([shelf.title for shelf in message.shelves])
    products = [product for shelf in message.shelves for product in shelf.products]
    _count(_("Layanan dari katalog"), len(products), PRODUCTS)
    for number, shelf in enumerate(message.shelves, 1):
        if not shelf.products:
            raise MissingPartError(_("Bagian katalog ke-%s") % number)
    for number, product in enumerate(products, 1):
        _words(_("Kode layanan ke-%s") % number, product, PRODUCT_ID)


def _titles(titles: Sequence[str]) -> None:
    """Sections need titles as soon as there are two of them."""
    for number, title in enumerate(titles, 1):
        if len(titles) > 1:
            _words(_("Judul bagian ke-%s") % number, title, SECTION_TITLE)
        _length(_("Judul bagian ke-%s") % number, title, SECTION_TITLE)


def _place(message: Place) -> None:
    if not (-90 <= message.latitude <= 90 and -180 <= message.longitude <= 180):
        raise BadMessageError(_("Letak pada peta tidak ada di bumi. Pilih tempatnya sekali lagi."))
    _length(_("Nama tempat"), message.name, TEXT)
    _length(_("Alamat tempat"), message.address, TEXT)


def _template(message: FromTemplate) -> None:
    template = message.template
    if template.state != TemplateState.APPROVED:
        raise BadMessageError(
            _("Templat ini belum disetujui WhatsApp atau sedang dihentikan. Pilih templat lain atau periksa daftarnya.")
        )
    components = template.components
    _values(_("isi templat"), patterns.variables(patterns.text_of(components, "BODY")), message.values)
    _values(_("judul templat"), patterns.variables(patterns.header_text(components)), message.header_values)
    wanted = patterns.file_kind(components)
    if wanted != (message.media.kind if message.media else ""):
        raise BadMessageError(
            _("Templat ini memerlukan berkas pada judulnya. Pilih berkas yang jenisnya sesuai.")
            if wanted
            else _("Templat ini tidak memuat berkas. Kirim tanpa berkas, atau pilih templat lain.")
        )
    _button_values(patterns.buttons(components), message.button_values)


def _values(where: str, names: Sequence[str], values: Sequence[str]) -> None:
    if len(names) != len(values):
        raise BadMessageError(
            _("Bagian %(where)s memerlukan %(wanted)s isian, yang ada %(found)s. Lengkapi isiannya.")
            % {"where": where, "wanted": len(names), "found": len(values)}
        )
    for number, value in enumerate(values, 1):
        what = _("Isian ke-%(number)s dari %(where)s") % {"number": number, "where": where}
        _words(what, value, INTERACTIVE_BODY)
        _one_line(what, value)


def _one_line(what: str, value: str) -> None:
    """Meta: "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"."""
    if any(sign in value for sign in ("\n", "\r", "\t", SPACES)):
        raise BadMessageError(
            _("%s harus satu baris, tanpa tab dan tanpa deretan spasi. Tulis ulang dalam satu baris.") % what
        )


def _button_values(buttons: Sequence[patterns.Component], values: Sequence[str]) -> None:
    _count(_("Isian tombol templat"), len(values), len(buttons), least=0)
    for number, button in enumerate(buttons, 1):
        value = values[number - 1] if number <= len(values) else ""
        what = _("Isian tombol ke-%s dari templat") % number
        if value and not patterns.takes_value(button):
            raise BadMessageError(_("Tombol ke-%s dari templat tidak memerlukan isian. Kosongkan.") % number)
        if patterns.wants_value(button) and not value.strip():
            raise MissingPartError(what)
        _length(what, value, COUPON if patterns.button_type(button) == "COPY_CODE" else PAYLOAD)


def _words(what: str, text: str, limit: int) -> None:
    if not text.strip():
        raise MissingPartError(what)
    _length(what, text, limit)


def _length(what: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLongError(what, len(text), limit)


def _count(what: str, count: int, most: int, *, least: int = 1) -> None:
    if count < least:
        raise MissingPartError(what)
    if count > most:
        raise TooManyError(what, count, most)


def _unique(what: str, values: Sequence[str]) -> None:
    if len(set(values)) < len(values):
        raise BadMessageError(_("%s ada yang sama. Buat semuanya berbeda.") % what)
