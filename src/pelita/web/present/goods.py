"""The office's services as items of WhatsApp's catalogue: the worker brings them there, the screens show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.catalog import drawings, items
from pelita.offices.models import Office
from pelita.web import words
from pelita.whatsapp.goods import MAX_DESCRIPTION, MAX_TITLE, Good, cut
from pelita.whatsapp.models import GoodsItem, GoodsState, GoodsSync, Line
from pelita.whatsapp.outcomes import words_of

Tone = Literal["ok", "wait", "late"]
ICONS: dict[Tone, str] = {"ok": "circle-check", "wait": "clock", "late": "alert-circle"}
TONES: dict[str, Tone] = {GoodsState.THERE: "ok", GoodsState.REFUSED: "late"}
SLOW = timedelta(minutes=10)
# Where the sentence about messages would mislead.
TROUBLE = {
    "permission": gettext_lazy(
        "Kunci akses belum punya izin catalog_management, atau katalog ini tidak tersambung ke akun WhatsApp kantor."
    ),
    "rejected": gettext_lazy("WhatsApp menolak permintaan ini. Periksa ID katalognya."),
    "uncertain": gettext_lazy("WhatsApp tidak menjawab; dicoba lagi sebentar lagi."),
}


def goods_of(line: Line) -> list[Good]:
    """What the line's catalogue should hold, with addresses that WhatsApp can reach (PELITA_PUBLIC_URL)."""
    return [good_of(line.office, one) for one in items.shown(line.office)]


def good_of(office: Office, one: items.Shown) -> Good:
    """One service as an item. Its picture has another address when it looks otherwise, so that WhatsApp fetches it."""
    page = reverse("kantor-layanan-satu", args=[office.code, one.code])
    picture = picture_address(office, one)
    return Good(one.code, one.title, one.text, f"{settings.PUBLIC_URL}{page}", f"{settings.PUBLIC_URL}{picture}")


def picture_address(office: Office, one: items.Shown) -> str:
    """Where the picture of a service stands on the public pages."""
    return f"{reverse('kantor-layanan-gambar', args=[office.code, one.code])}?v={one.picture}"


@dataclass(frozen=True, slots=True)
class SyncView:
    """How a number's catalogue fares, in words. ``off``: nothing is sent; ``trouble``: why the last try stopped."""

    title: str
    words: str
    tone: Tone
    icon: str
    counts: list[tuple[str, int]]
    off: bool
    trouble: str = ""
    answered_at: datetime | None = None


def sync_view(sync: GoodsSync | None, counts: Mapping[str, int], now: datetime) -> SyncView:
    """What the head of the screen says. A number without a catalogue is off, and no failure."""
    shown = [(GoodsState(state).label, number) for state, number in counts.items() if number]
    if sync is None or not sync.on:
        said = _("Layanan kantor tidak dikirim ke katalog WhatsApp.")
        return SyncView(_("Belum dipakai"), said, "wait", "minus", [(str(a), b) for a, b in shown], off=True)
    title, said, tone = _standing(sync, counts, now)
    return SyncView(
        title, said, tone, ICONS[tone], [(str(a), b) for a, b in shown], off=False,
        trouble=sync.details if sync.error else "", answered_at=sync.answered_at,
    )  # fmt: skip


def _standing(sync: GoodsSync, counts: Mapping[str, int], now: datetime) -> tuple[str, str, Tone]:
    if sync.error:
        said = str(TROUBLE.get(sync.error) or f"{words_of(sync.error, failed=True)}.")
        return _("Belum bisa dikirim"), said, "late"
    if counts[GoodsState.WAITING] or counts[GoodsState.SENT] or sync.answered_at is None:
        slow = sync.handed_at is not None and now - sync.handed_at > SLOW
        said = _("WhatsApp masih memproses; ini bisa lama.") if slow else _("Perubahan sedang dikirim ke WhatsApp.")
        return _("Sedang dikirim"), said, "wait"
    if counts[GoodsState.REFUSED]:
        said = _("Sebagian layanan ditolak WhatsApp. Alasannya ada di daftar.")
        return _("Ada yang ditolak"), said, "late"
    return _("Sama dengan yang terbit"), _("Warga melihat layanan yang sama di katalog WhatsApp."), "ok"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in the list. ``goes``: it is being taken out."""

    code: str
    title: str
    state: str
    tone: Tone
    icon: str
    error: str
    picture: str
    goes: bool


def row(one: GoodsItem) -> ItemRow:
    """State in words, with the drawing of the service: its whole picture is large and made for WhatsApp."""
    tone = TONES.get(one.state, "wait")
    goes = not one.wanted
    picture = "" if goes else drawings.address(one.code)
    state = _("Sedang dihapus di WhatsApp") if goes else str(GoodsState(one.state).label)
    return ItemRow(one.code, one.title, state, tone, ICONS[tone], one.error, picture, goes)


@dataclass(frozen=True, slots=True)
class LeafView:
    """One service on the sheet for the app's catalogue, with the names of its buttons for who cannot see them."""

    code: str
    title: str
    text: str
    number: int
    drawing: str
    picture: str
    done: bool
    state: str
    copy_title: str
    copy_text: str
    get_picture: str
    tick: str
    untick: str


def leaf(office: Office, one: items.Leaf, now: datetime, zone: tzinfo) -> LeafView:
    """What is copied, within the app's limits, and who did it when."""
    title, text = cut(one.item.title, MAX_TITLE), cut(one.item.text, MAX_DESCRIPTION)
    state = _("Belum disalin")
    if one.copied is not None:
        when = words.moment_words(one.copied.copied_at, now, zone)
        said = _("Berubah sejak disalin {who}, {when}") if one.changed else _("Disalin {who}, {when}")
        state = said.format(who=one.copied.copied_by.full_name, when=when)
    return LeafView(
        code=one.item.code, title=title, text=text, number=one.item.version,
        drawing=drawings.address(one.item.code), picture=picture_address(office, one.item),
        done=one.copied is not None and not one.changed, state=state,
        copy_title=_("Salin judul {name}").format(name=title),
        copy_text=_("Salin keterangan {name}").format(name=title),
        get_picture=_("Unduh gambar {name}").format(name=title),
        tick=_("Sudah disalin: {name}").format(name=title),
        untick=_("Batalkan tanda {name}").format(name=title),
    )  # fmt: skip
