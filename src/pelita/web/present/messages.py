"""What a bubble shows of one message, by its type: words, marks above them, cards and buttons beside them.

Numbers of people and NIK are masked here as everywhere on a screen. Nothing of a deleted message is handed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.utils.translation import gettext as _

from pelita.base import phone
from pelita.base.text import mask_numbers, one_line
from pelita.web.present import media
from pelita.web.ui import Card, Mark, MediaCard, MediaKind
from pelita.whatsapp import patterns, types
from pelita.whatsapp.content import InboundContent, Location, OrderLine, OutboundContent, Person, Reply
from pelita.whatsapp.models import Inbound, Media, Outbound, OutboundKind

MEDIA_KINDS = set(media.KINDS)
ZOOM = 17  # of the map: single houses can be told apart


@dataclass(slots=True)
class Parts:
    """The content of a bubble. ``missing``: nothing of it can be shown, ``text`` says so."""

    text: str = ""
    missing: bool = False
    marks: list[Mark] = field(default_factory=list)
    media: MediaCard | None = None
    cards: list[Card] = field(default_factory=list)
    buttons: Sequence[str] = ()


def received(message: Inbound, items: Mapping[str, str]) -> Parts:
    """A citizen's message. ``items``: names of the catalogue items that it may speak of, by their ids."""
    content = cast("InboundContent", message.content)
    parts = Parts(text=mask_numbers(message.text), marks=_marks(message, content, items))
    if not message.supported:
        parts.missing = True
        parts.text = "\n".join(filter(None, (types.unreadable(message), parts.text)))
    elif message.type in MEDIA_KINDS:
        caption = content.get("caption", "")
        parts.media = _file(message.media, message.type, message.text.removeprefix(caption).strip(), from_citizen=True)
        parts.text = mask_numbers(caption)
    elif "location" in content:
        parts.cards, parts.text = [place(content["location"])], ""
    elif "people" in content:
        parts.cards, parts.text = [person(one) for one in content["people"]], ""
    elif "reply" in content:
        _reply(parts, content["reply"])
    elif message.type == "order":
        parts.cards = [_order(content.get("order", []), items)]
        parts.text = mask_numbers(content.get("order_note", ""))
    return parts


def sent(message: Outbound) -> Parts:
    """A message of the office, written here or on its phone."""
    content = cast("OutboundContent", message.content)
    parts = Parts(text=mask_numbers(message.text))
    if message.kind in MEDIA_KINDS:
        parts.media = _file(message.media, message.kind, content.get("filename", ""), from_citizen=False)
    elif "location" in content:
        parts.cards, parts.text = [place(content["location"])], ""
    elif "people" in content:
        parts.cards, parts.text = [person(one) for one in content["people"]], ""
    elif message.kind == OutboundKind.LIST:
        parts.cards = _choices(content)
    elif message.kind == OutboundKind.TEMPLATE:
        parts.marks = [Mark("message-2", _("Pesan templat"))]
    elif "products" in content:
        parts.cards = [Card("book-2", _("Dari katalog"), [("", code) for row in content["products"] for code in row])]
    elif message.kind == OutboundKind.OTHER and not parts.text:
        parts.missing, parts.text = True, _("Pesan ini hanya bisa dilihat di HP kantor.")
    parts.buttons = _buttons(message, content)
    return parts


def _buttons(message: Outbound, content: OutboundContent) -> list[str]:
    """What the citizen can tap under it."""
    if message.kind == OutboundKind.TEMPLATE and message.template is not None:
        return [str(one.get("text", "")) for one in patterns.buttons(message.template.components)]
    return {
        OutboundKind.BUTTONS.value: [one["title"] for one in content.get("buttons", [])],
        OutboundKind.LIST.value: [content.get("button") or _("Pilih")],
        OutboundKind.LOCATION_REQUEST.value: [_("Kirim lokasi")],
        OutboundKind.CONTACT_REQUEST.value: [_("Bagikan nomor HP")],
    }.get(message.kind, [])


def note(message: Inbound) -> str:
    """The sentence in the middle of the thread for what WhatsApp itself says; empty for a person's message."""
    content = cast("InboundContent", message.content)
    if message.type == "system":
        return {
            "number": _("Nomor WhatsApp warga ini berubah."),
            "user_id": _("Akun WhatsApp warga ini berubah."),
            "identity": _("Warga ini memasang WhatsApp lagi atau berganti HP."),
        }.get(content.get("system", {}).get("kind", ""), _("Ada pemberitahuan dari WhatsApp tentang warga ini."))
    reply = content.get("reply", {})
    if reply.get("kind") != "call_permission":
        return ""
    if reply.get("id") == "accept":
        return _("Warga mengizinkan kantor menelepon.")
    return _("Warga tidak ingin ditelepon.")


# -- parts ---------------------------------------------------------------------------------------------------------


def _file(found: Media | None, kind: str, name: str, *, from_citizen: bool) -> MediaCard:
    if found is not None:
        return media.card(found, from_citizen=from_citizen)
    words, detail = _("Berkasnya tidak ada di sini"), mask_numbers(name) or str(media.KINDS[kind])
    return MediaCard(cast("MediaKind", kind), "expired", words=words, detail=detail)


def _marks(message: Inbound, content: InboundContent, items: Mapping[str, str]) -> list[Mark]:
    found = []
    if content.get("forwarded"):
        often = content["forwarded"] == 2
        found.append(Mark("arrow-forward-up", _("Sering diteruskan") if often else _("Diteruskan")))
    if message.product:
        found.append(Mark("book-2", _("Bertanya tentang: {item}").format(item=_named(message.product, items))))
    referral = content.get("referral")
    if referral:
        title = mask_numbers(one_line(referral.get("headline") or referral.get("body") or "", 80))
        source = _("Datang dari iklan") if referral.get("source_type") == "ad" else _("Datang dari tautan")
        found.append(Mark("link", f"{source}: {title}" if title else source))
    return found


def _named(product: str, items: Mapping[str, str]) -> str:
    """A catalogue item's name; its id where nothing of ours has that code."""
    return items.get(product) or mask_numbers(product)


def place(found: Location) -> Card:
    """A spot on the map. The link leads to OpenStreetMap; nothing is asked there before somebody follows it."""
    title = mask_numbers(found.get("name", "")) or _("Lokasi")
    lines = [("", mask_numbers(found["address"]))] if found.get("address") else []
    if "latitude" not in found or "longitude" not in found:
        return Card("map-pin", title, lines)
    latitude, longitude = f"{found['latitude']:.6f}", f"{found['longitude']:.6f}"
    href = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map={ZOOM}/{latitude}/{longitude}"
    if not lines:
        lines = [("", f"{latitude}, {longitude}")]
    return Card("map-pin", title, lines, href=href, link=_("Buka peta"))


def person(found: Person) -> Card:
    """A contact card. Its numbers are somebody else's and stay masked."""
    numbers = found.get("phones") or found.get("wa_ids") or []
    lines = [("", found["organization"])] if found.get("organization") else []
    lines += [("", _masked(number)) for number in numbers]
    return Card("user", mask_numbers(found.get("name", "")) or _("Kontak tanpa nama"), lines)


def _masked(number: str) -> str:
    digits = phone.digits(number)
    return phone.masked(digits) if digits else "••••"


def _reply(parts: Parts, reply: Reply) -> None:
    kind = reply.get("kind")
    if kind == "flow":
        parts.text = ""
        answers = [(one[0], mask_numbers(one[1])) for one in reply.get("fields", []) if len(one) == 2]
        parts.cards.append(Card("clipboard-text", _("Isian formulir"), answers))
        return
    if kind == "list":
        parts.marks.insert(0, Mark("list", _("Memilih dari daftar")))
    else:
        parts.marks.insert(0, Mark("message-2", _("Menekan tombol")))


def _order(lines: Sequence[OrderLine], items: Mapping[str, str]) -> Card:
    return Card("shopping-bag", _("Pilihan dari katalog"), [_ordered(line, items) for line in lines])


def _ordered(line: OrderLine, items: Mapping[str, str]) -> tuple[str, str]:
    count, price = line.get("quantity"), line.get("price")
    amount = _amount(price, line.get("currency", "")) if price else ""
    product = line.get("product", "")
    return _named(product, items), " × ".join(filter(None, (str(count) if count is not None else "", amount)))


def _amount(price: float, currency: str) -> str:
    whole = f"{price:,.2f}".removesuffix(".00").replace(",", "_").replace(".", ",").replace("_", ".")
    return f"Rp{whole}" if currency == "IDR" else f"{currency} {whole}".strip()


def _choices(content: OutboundContent) -> list[Card]:
    found = []
    for section in content.get("sections", []):
        rows = [("", row["title"]) for row in section.get("rows", [])]
        found.append(Card("list", section.get("title") or _("Daftar pilihan"), rows))
    return found
