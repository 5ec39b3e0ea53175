"""Messages of the assistant within WhatsApp's limits: text with buttons, or a list, and always digits for old phones.

Pure. Whatever does not fit is cut between words. Limits: whatsapp/limits.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pelita.base.text import cut, one_line
from pelita.desk.rules import ENOUGH, NOT_YET
from pelita.whatsapp.limits import (
    BUTTON_TITLE,
    BUTTONS,
    INTERACTIVE_BODY,
    LIST_BODY,
    ROW_DESCRIPTION,
    ROW_TITLE,
    ROWS,
)
from pelita.whatsapp.messages import Buttons, Choice, Group, Menu, Text

PREFIX = "asisten:"
# What a tap or a digit asks for.
SERVICE, SECTION, MENU, HUMAN, HOURS, TRACK, YES, NO = (
    "layanan", "seksi", "menu", "petugas", "jam", "kode", "sudah", "belum",
)  # fmt: skip
SERVICES_A_PAGE = 7  # beside "berikutnya", "menu" and "petugas"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose. ``deed`` comes back when it is tapped; ``line`` is how the numbered text says it."""

    deed: str
    title: str
    line: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and the deeds that a citizen may ask for by its digits, in their order."""

    message: Text | Buttons | Menu
    offered: tuple[str, ...] = ()


def deed(name: str, about: str = "", page: int = 0) -> str:
    """What a button or row carries: ``asisten:layanan:KTP-HILANG``."""
    return ":".join(filter(None, (PREFIX.rstrip(":"), name, about, str(page) if page else "")))


def parsed(text: str) -> tuple[str, str, int]:
    """Name, what about and page of what :func:`deed` made; three empty values for anything else."""
    if not text.startswith(PREFIX):
        return "", "", 0
    name, about, page = (*text.removeprefix(PREFIX).split(":"), "", "")[:3]
    return name, about, int(page) if page.isdecimal() and len(page) < 4 else 0


def joined(*parts: str) -> str:
    """Paragraphs, the empty ones left out."""
    return "\n\n".join(part for part in parts if part.strip())


def plain(body: str) -> Said:
    return Said(Text(cut(body, LIST_BODY)))


def asking(body: str, question: str) -> Said:
    """A text with the two buttons under it; a list where it is too long for buttons."""
    whole = joined(body, question)
    yes, no = deed(YES), deed(NO)
    if len(whole) <= INTERACTIVE_BODY:
        return Said(Buttons(whole, [Choice(yes, ENOUGH), Choice(no, NOT_YET)]))
    rows = [Choice(yes, ENOUGH), Choice(no, NOT_YET, _("Petugas membaca pertanyaan Anda"))]
    room = LIST_BODY - len(question) - 2
    return Said(Menu(joined(cut(body, room), question), _("Sudah menjawab?"), [Group(rows)]))


def choosing(body: str, offers: Sequence[Offer], after: str = "") -> Said:
    """Up to three as buttons when their names fit there, else a list; numbered in the text in any case."""
    none = Offer(deed(HUMAN), _("Bukan itu"), more=_("Petugas yang menjawab"))
    short = [*offers, none][:BUTTONS]
    whole = joined(body, numbered(short), after)
    titles = {one.title for one in short}  # WhatsApp refuses two buttons that say the same
    fits = max(map(len, titles)) <= BUTTON_TITLE and len(whole) <= INTERACTIVE_BODY and len(titles) == len(short)
    if len(offers) <= BUTTONS and fits:
        return Said(Buttons(whole, [Choice(one.deed, one.title) for one in short]), tuple(one.deed for one in short))
    return listing(body, [*offers, none], after)


def listing(body: str, offers: Sequence[Offer], after: str = "") -> Said:
    """A list that opens with one tap, at most ten rows."""
    offers = offers[:ROWS]
    rows = [Choice(one.deed, cut(one.title, ROW_TITLE), cut(_rest(one), ROW_DESCRIPTION)) for one in offers]
    whole = joined(body, numbered(offers), after)
    return Said(Menu(cut(whole, LIST_BODY), _("Pilih"), [Group(rows)]), tuple(one.deed for one in offers))


def numbered(offers: Sequence[Offer]) -> str:
    return "\n".join(f"{at}. {one.line or one.title}" for at, one in enumerate(offers, 1))


def _rest(offer: Offer) -> str:
    """Beside a title that had to be cut stands the whole of it."""
    return offer.more or (offer.title if len(offer.title) > ROW_TITLE else "")


def sections_menu(body: str, sections: Sequence[tuple[str, str, Sequence[str]]]) -> Said:
    """The whole menu: sections as code, short name and the names of their services; then what is no service."""
    rest = [
        Offer(deed(HOURS), _("Jam buka dan alamat")),
        Offer(deed(TRACK), _("Sampai mana"), more=_("Pertanyaan Anda sedang di mana")),
        Offer(deed(HUMAN), _("Petugas"), more=_("Ditulis dan dijawab orang")),
    ]
    offers = [
        Offer(deed(SECTION, code), name, f"{name}: {cut(', '.join(services), 60)}", cut(", ".join(services), 72))
        for code, name, services in sections[: ROWS - len(rest)]
    ]
    return listing(body, [*offers, *rest])


def services_page(body: str, section: str, services: Sequence[tuple[str, str]], page: int) -> Said:
    """One page of a section's services (code, short name), the way on, the menu, and a person."""
    start = page * SERVICES_A_PAGE
    shown = services[start : start + SERVICES_A_PAGE]
    offers = [Offer(deed(SERVICE, code), one_line(name, 60)) for code, name in shown]
    if start + SERVICES_A_PAGE < len(services):
        offers.append(Offer(deed(SECTION, section, page + 1), _("Berikutnya")))
    offers += [Offer(deed(MENU), _("Menu")), Offer(deed(HUMAN), _("Petugas"))]
    return listing(body, offers)
