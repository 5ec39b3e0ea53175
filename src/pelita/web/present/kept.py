"""What came from WhatsApp and no part of the product took, in words, and its content with people's data covered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers, one_line
from pelita.web.present.lines import number_words
from pelita.whatsapp import types
from pelita.whatsapp.models import Item, ItemKind, ItemState
from pelita.whatsapp.queries.kept import KeptGroup, KeptRow
from pelita.whatsapp.receive import NOT_JSON, NOT_OBJECT

KINDS: Mapping[str, str | Promise] = {
    ItemKind.MESSAGE: gettext_lazy("Pesan"),
    ItemKind.STATUS: gettext_lazy("Kabar pengiriman"),
    ItemKind.ECHO: gettext_lazy("Pesan dari HP kantor"),
    ItemKind.ERROR: gettext_lazy("Galat dari WhatsApp"),
    ItemKind.UPDATE: gettext_lazy("Kabar akun"),
}
# Fields of account news (Meta, "Webhooks: WhatsApp Business Account") that an operator may have subscribed to.
FIELDS: Mapping[str, str | Promise] = {
    "account_alerts": gettext_lazy("peringatan akun"),
    "account_review_update": gettext_lazy("peninjauan akun"),
    "account_update": gettext_lazy("perubahan akun"),
    "business_capability_update": gettext_lazy("batas akun"),
    "calls": gettext_lazy("panggilan"),
    "flows": gettext_lazy("formulir"),
    "history": gettext_lazy("riwayat HP"),
    "message_template_status_update": gettext_lazy("keadaan templat"),
    "payment_configuration_update": gettext_lazy("cara bayar"),
    "phone_number_name_update": gettext_lazy("nama nomor"),
    "phone_number_quality_update": gettext_lazy("mutu nomor"),
    "security": gettext_lazy("keamanan nomor"),
    "smb_app_state_sync": gettext_lazy("buku alamat HP"),
    "user_preferences": gettext_lazy("pilihan warga"),
}
STATUSES: Mapping[str, str | Promise] = {
    "sent": gettext_lazy("terkirim"),
    "delivered": gettext_lazy("sampai"),
    "read": gettext_lazy("dibaca"),
    "failed": gettext_lazy("gagal"),
}


@dataclass(frozen=True, slots=True)
class GroupView:
    """One sort in words. ``technical`` is WhatsApp's own name for it; the last three name it in forms."""

    title: str
    technical: str
    why: str
    dead: bool
    count: str
    newest: datetime | None
    href: str
    field: str
    kind: str
    type: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item. ``error`` is the name of what went wrong, for dead ones; ``content`` JSON without people's data."""

    pk: int
    title: str
    technical: str
    dead: bool
    error: str
    at: datetime
    why: str = ""
    content: str = ""
    attempts: int = 0


def group(found: KeptGroup) -> GroupView:
    """One sort for the list of sorts."""
    sort = {"keadaan": found.state, "bidang": found.field, "jenis": found.kind, "tipe": found.type}
    sort["asing"] = "1" if found.unknown else "0"
    return GroupView(
        title=title(found.kind, found.field, found.type),
        technical=_technical(found.field, found.type),
        why=_why(found.state, unknown=found.unknown),
        dead=found.state == ItemState.DEAD,
        count=number_words(found.count),
        newest=found.newest,
        href=f"{reverse('tersimpan-daftar')}?{urlencode(sort)}",
        field=found.field,
        kind=found.kind,
        type=found.type,
    )


def row(found: KeptRow) -> ItemView:
    """One item of a sort."""
    return ItemView(
        pk=found.pk,
        title=title(found.kind, found.field, found.type),
        technical=_technical(found.field, found.type),
        dead=found.state == ItemState.DEAD,
        error=found.error,
        at=found.occurred_at or found.received_at,
    )


def item(found: Item) -> ItemView:
    """One item with its content."""
    inner = found.payload.get("item")
    named = inner if isinstance(inner, dict) else {}
    kind = next((str(named[name]) for name in ("type", "status") if isinstance(named.get(name), str)), "")
    unknown = found.line_id is None and found.kind in {ItemKind.MESSAGE, ItemKind.STATUS, ItemKind.ECHO}
    return ItemView(
        pk=found.pk,
        title=title(found.kind, found.field, kind),
        technical=_technical(found.field, kind),
        dead=found.state == ItemState.DEAD,
        error=found.error,
        at=found.occurred_at or found.body.received_at,
        why=_why(found.state, unknown=unknown),
        content=covered_json(found.payload),
        attempts=found.attempts,
    )


def title(kind: str, field: str, type: str) -> str:  # noqa: A002  # the item's own word for it
    """What it is, in words; WhatsApp's word where we have none."""
    label, more = str(KINDS.get(kind, kind)), ""
    if kind == ItemKind.MESSAGE:
        known = types.TYPES.get(type)
        more = str(known.label).lower() if known and not known.plain else ("" if known else _("jenis baru"))
    elif kind == ItemKind.STATUS:
        more = str(STATUSES.get(type, _("jenis baru")))
    elif kind == ItemKind.UPDATE:
        more = str(FIELDS.get(field, _("jenis baru")))
    return f"{label}: {more}" if more else label


def _technical(field: str, type: str) -> str:  # noqa: A002  # as above
    return mask_numbers(one_line(" · ".join(filter(None, (field, type))), 80))


def _why(state: str, *, unknown: bool) -> str:
    if state == ItemState.DEAD:
        return _("Gagal diolah delapan kali. Sesudah sebabnya diperbaiki, coba lagi.")
    if unknown:
        return _("Nomor tujuannya belum disambungkan di sini. Begitu disambungkan, masuk sendiri.")
    return _("Belum ada bagian sistem yang mengolahnya. Isinya disimpan utuh.")


NOTES: Mapping[str, str | Promise] = {
    NOT_JSON: gettext_lazy("Bukan JSON"),
    NOT_OBJECT: gettext_lazy("JSON, tetapi bukan objek"),
}


def quarantined(reasons: Sequence[tuple[str, int, datetime]]) -> list[tuple[str, str, datetime]]:
    """Why bodies cannot be read, in words where we have them: (words, how many, newest)."""
    return [(str(NOTES.get(note, note)), number_words(count), newest) for note, count, newest in reasons]


# -- content without people's data ---------------------------------------------------------------------------------

# Names whose values are WhatsApp's own vocabulary; everything else may be a citizen's.
VOCABULARY = frozenset(
    {
        "type", "status", "field", "event", "event_type", "messaging_product", "timestamp", "code", "error_code",
        "recipient_type", "category", "pricing_model", "billable", "decision", "current_limit", "old_limit", "quality",
        "new_quality_score", "previous_quality_score", "language", "message_template_language", "mime_type", "phase",
        "progress", "chunk_order", "animated", "voice", "entry_time", "origin", "version", "action",
        "status_code", "too_deep", "source_type", "media_type", "forwarded", "frequently_forwarded",
    }
)  # fmt: skip
# A citizen's own words, whatever they look like.
WORDS = frozenset({"body", "caption", "name", "text", "title", "username"})
_PLAIN = re.compile(r"[A-Za-z0-9_./:+-]{1,60}")
_SHOUTED = re.compile(r"[A-Z]+(_[A-Z]+)+")
_LONG_NUMBER = re.compile(r"\d{7}")
_MOMENT = re.compile(r"\d{10}")
COVER = "••••"
MAX_LIST, MAX_DEPTH, MAX_PARTS = 30, 12, 2000


def covered_json(payload: Any) -> str:
    """The payload as JSON that shows its structure and WhatsApp's own words; texts, names, numbers are covered."""
    return json.dumps(_Cover().value("", payload, 0), indent=2, ensure_ascii=False)


class _Cover:
    """Counts what it hands out, so that a payload of any size makes a page of bearable length."""

    def __init__(self) -> None:
        self.left = MAX_PARTS

    def value(self, name: str, found: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return "…"
        if isinstance(found, dict):
            shown = list(found.items())[:MAX_LIST]
            rest = {"…": _("{n} lagi").format(n=len(found) - MAX_LIST)} if len(found) > MAX_LIST else {}
            return {self._name(one): self.value(one, inner, depth + 1) for one, inner in shown} | rest
        if isinstance(found, list):
            listed = [self.value("", inner, depth + 1) for inner in found[:MAX_LIST]]
            return [*listed, _("… dan {n} lagi").format(n=len(found) - MAX_LIST)] if len(found) > MAX_LIST else listed
        return self._leaf(name, found)

    @staticmethod
    def _name(found: str) -> str:
        """Names are WhatsApp's, but what nobody knows may hold anything."""
        return found if _PLAIN.fullmatch(found) and not _LONG_NUMBER.search(found) else COVER

    @staticmethod
    def _leaf(name: str, found: Any) -> Any:
        if found is None or isinstance(found, bool):
            return found
        text = str(found)
        moment = name in {"timestamp", "entry_time"} and _MOMENT.fullmatch(text)
        plain = name in VOCABULARY and _PLAIN.fullmatch(text) and not _LONG_NUMBER.search(text)
        if moment or plain or (name not in WORDS and _SHOUTED.fullmatch(text)):
            return found
        if isinstance(found, str):
            return _("{cover} ({n} huruf)").format(cover=COVER, n=len(found))
        return COVER
