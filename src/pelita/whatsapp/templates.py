"""Template messages: those that the product itself uses, and what WhatsApp takes when a new one is handed in. Pure.

Limits: Meta's "Message templates", components and categories.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.whatsapp import patterns
from pelita.whatsapp.errors import BadTemplateError
from pelita.whatsapp.models import TemplateState

NAME, BODY, HEADER, FOOTER, BUTTON, BUTTONS = 512, 1024, 60, 60, 25, 10
# Meta refuses texts that are hardly more than variables; it asks for about three words a variable.
WORDS_A_VARIABLE = 3

ANSWER_READY = "answer_ready"
OFFICER_WAITING = "officer_waiting"
NEWS = "news"
PURPOSES = {
    ANSWER_READY: gettext_lazy("Memberi tahu bahwa jawaban sudah ada"),
    OFFICER_WAITING: gettext_lazy("Memberi tahu petugas bahwa ada yang menunggu"),
    NEWS: gettext_lazy("Siaran kabar ke pelanggan"),
}
# How many variables each has in its text.
_VARIABLES = {ANSWER_READY: 1, OFFICER_WAITING: 2, NEWS: 3}

CATEGORIES = {
    "UTILITY": gettext_lazy("Pelayanan"),
    "MARKETING": gettext_lazy("Promosi"),
    "AUTHENTICATION": gettext_lazy("Kode masuk"),
}
# Those that an office here writes in; WhatsApp knows no Javanese.
LANGUAGES = {"id": gettext_lazy("Indonesia"), "en": gettext_lazy("Inggris"), "ms": gettext_lazy("Melayu")}

_NAME = re.compile(r"[a-z0-9_]+")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A template as a person writes it. ``examples``: one for each variable of the body; ``buttons``: quick replies."""

    name: str
    language: str
    category: str
    body: str
    examples: Sequence[str] = ()
    header: str = ""
    footer: str = ""
    buttons: Sequence[str] = ()
    purpose: str = ""


# Those that the product cannot do without: outside the reply window they announce an answer to a citizen, and what
# waits for an officer to that officer's own phone.
OWN: tuple[Draft, ...] = (
    Draft(
        name="pelita_jawaban_siap",
        language="id",
        category="UTILITY",
        body="Jawaban untuk pertanyaan {{1}} sudah ada.",
        examples=("KML-4F7Q",),
        buttons=("Lihat jawaban",),
        purpose=ANSWER_READY,
    ),
    Draft(
        name="pelita_disposisi",
        language="id",
        category="UTILITY",
        body="Perkara {{1}} menunggu Anda: {{2}}. Ketuk tombol di bawah ini untuk melihatnya.",
        examples=("KML-4F7Q", "disposisi untuk seksi Anda, tenggat besok pukul 10.00"),
        buttons=("Lihat",),
        purpose=OFFICER_WAITING,
    ),
)

# What an office may hand in when it wants to broadcast. WhatsApp counts it as marketing; nobody gets it unasked.
PROPOSAL = Draft(
    name="pelita_kabar",
    language="id",
    category="MARKETING",
    body=(
        "Kabar untuk Anda yang berlangganan:\n\n*{{1}}*\n{{2}}\n\nSelengkapnya: {{3}}\n\nKetuk Berhenti bila tidak "
        "ingin menerima kabar lagi."
    ),
    examples=(
        "Kerja bakti membersihkan saluran",
        "Warga dan perangkat desa membersihkan saluran air sepanjang 400 meter.",
        "https://example.go.id/kantor/kemlagi/berita/k7f2qd",
    ),
    buttons=("Berhenti",),
    purpose=NEWS,
)


def components_of(draft: Draft) -> list[dict[str, Any]]:
    """The draft as Meta's list of components. Raises BadTemplateError for what WhatsApp would refuse."""
    _check_name(draft.name)
    _check_body(draft)
    _length("header", draft.header, HEADER, _("Judul"))
    _length("footer", draft.footer, FOOTER, _("Catatan kaki"))
    for field, text in (("header", draft.header), ("footer", draft.footer)):
        if _VARIABLE.search(text):
            raise BadTemplateError(field, _("Isian seperti {{1}} hanya boleh di isi pesan."))
    _check_buttons(draft.buttons)
    found: list[dict[str, Any]] = []
    if draft.header:
        found.append({"type": "HEADER", "format": "TEXT", "text": draft.header})
    body: dict[str, Any] = {"type": "BODY", "text": draft.body}
    if draft.examples:
        body["example"] = {"body_text": [list(draft.examples)]}
    found.append(body)
    if draft.footer:
        found.append({"type": "FOOTER", "text": draft.footer})
    if draft.buttons:
        quick = [{"type": "QUICK_REPLY", "text": text} for text in draft.buttons]
        found.append({"type": "BUTTONS", "buttons": quick})
    if draft.purpose and not serves(found, draft.purpose):
        wanted = {
            ANSWER_READY: _("Untuk memberi tahu jawaban, isi pesan perlu satu isian {{1}} (kode) dan satu tombol."),
            NEWS: _(
                "Untuk siaran, isi pesan perlu tiga isian, {{1}} (judul), {{2}} (isi singkat), {{3}} (alamat), dan "
                "satu tombol."
            ),
            OFFICER_WAITING: _(
                "Untuk memberi tahu petugas, isi pesan perlu dua isian, {{1}} (kode) dan {{2}} (apa), dan satu tombol."
            ),
        }
        raise BadTemplateError("purpose", wanted[draft.purpose])
    return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadTemplateError("name", _("Nama hanya boleh huruf kecil, angka, dan garis bawah, misalnya info_loket."))
    _length("name", name, NAME, _("Nama"))


def _check_body(draft: Draft) -> None:
    body = draft.body
    if not body.strip():
        raise BadTemplateError("body", _("Tulis isi pesannya dulu."))
    _length("body", body, BODY, _("Isi pesan"))
    names = patterns.variables(body)
    if names != [str(number) for number in range(1, len(names) + 1)]:
        raise BadTemplateError("body", _("Isian ditulis berurutan: {{1}}, lalu {{2}}, dan seterusnya."))
    if "{" in _VARIABLE.sub("", body) or "}" in _VARIABLE.sub("", body):
        raise BadTemplateError("body", _("Ada kurung kurawal yang belum lengkap. Isian ditulis seperti {{1}}."))
    bare = body.strip().strip(".!?,")
    if names and (_VARIABLE.match(bare) or re.search(r"\}\}$", bare)):
        raise BadTemplateError(
            "body", _("Isian tidak boleh di awal atau di akhir pesan. Tambahkan kata di sekitarnya.")
        )
    if len(_VARIABLE.sub(" ", body).split()) < WORDS_A_VARIABLE * len(names):
        raise BadTemplateError("body", _("Terlalu banyak isian untuk pesan sependek ini. Tambahkan kata-katanya."))
    given = [one for one in draft.examples if one.strip()]
    if len(given) != len(names):
        raise BadTemplateError(
            "examples",
            _("Pesan ini punya {wanted} isian; tulis {wanted} contoh, satu per baris.").format(wanted=len(names)),
        )


def _check_buttons(buttons: Sequence[str]) -> None:
    if len(buttons) > BUTTONS:
        raise BadTemplateError("buttons", _("Paling banyak {most} tombol.").format(most=BUTTONS))
    if len(set(buttons)) < len(buttons):
        raise BadTemplateError("buttons", _("Ada dua tombol yang sama. Bedakan tulisannya."))
    for text in buttons:
        _length("buttons", text, BUTTON, _("Tombol “{text}”").format(text=text[:BUTTON]))
        if _VARIABLE.search(text):
            raise BadTemplateError("buttons", _("Isian seperti {{1}} hanya boleh di isi pesan."))


def _length(field: str, text: str, most: int, what: str) -> None:
    if len(text) > most:
        raise BadTemplateError(
            field,
            _("{what} kelebihan {over} huruf. Paling banyak {most}.").format(
                what=what, over=len(text) - most, most=most
            ),
        )


def serves(components: Sequence[Mapping[str, Any]], purpose: str) -> bool:
    """Whether a template of this shape can be used for the purpose: its variables in the text, one button to tap."""
    buttons = patterns.buttons(components)
    return (
        len(patterns.variables(patterns.text_of(components, "BODY"))) == _VARIABLES.get(purpose)
        and not patterns.variables(patterns.header_text(components))
        and not patterns.file_kind(components)
        and [patterns.button_type(one) for one in buttons] == ["QUICK_REPLY"]
    )


def purpose_of(name: str, components: Sequence[Mapping[str, Any]]) -> str:
    """The purpose of a template that WhatsApp lists and we have not seen: ours by name, if it still has the shape."""
    known = next((own.purpose for own in (*OWN, PROPOSAL) if own.name == name), "")
    return known if known and serves(components, known) else ""


# Words of message_template_status_update that are not states, and the state that follows from them.
_EVENTS = {"REINSTATED": "APPROVED", "UNPAUSED": "APPROVED", "PENDING_REVIEW": "PENDING", "LIMIT_EXCEEDED": "DISABLED"}


def state_of(word: str) -> TemplateState:
    """WhatsApp's word for a state or an event as our state. ``FLAGGED`` is a warning; the template still works."""
    found = _EVENTS.get(word.upper(), word.upper())
    if found == "FLAGGED":
        return TemplateState.APPROVED
    return TemplateState(found) if found in set(TemplateState) else TemplateState.UNKNOWN
