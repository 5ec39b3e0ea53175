"""Template messages as the screens show them: state, what to do, and how they look on the citizen's phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import phone
from pelita.web.ui import Bubble
from pelita.whatsapp import patterns
from pelita.whatsapp.models import Line, Template, TemplateState, TemplateSync
from pelita.whatsapp.outcomes import words_of
from pelita.whatsapp.templates import CATEGORIES, LANGUAGES, PURPOSES, Draft

S = TemplateState
Tone = Literal["ok", "wait", "late"]

TONES: dict[str, Tone] = {
    S.APPROVED: "ok", S.DRAFT: "wait", S.PENDING: "wait", S.IN_APPEAL: "wait", S.PENDING_DELETION: "wait",
}  # fmt: skip
ICONS: dict[Tone, str] = {"ok": "circle-check", "wait": "clock", "late": "alert-circle"}

ADVICE: dict[str, str | Promise] = {
    S.DRAFT: gettext_lazy("Sedang diajukan ke WhatsApp."),
    S.PENDING: gettext_lazy("Biasanya beberapa menit, paling lama sehari. Tidak ada yang perlu dilakukan."),
    S.REJECTED: gettext_lazy("Buat templat baru dengan nama lain dan perbaiki menurut alasannya."),
    S.PAUSED: gettext_lazy("Banyak warga memblokir atau melaporkannya. WhatsApp membukanya lagi sendiri."),
    S.DISABLED: gettext_lazy("Tidak bisa dipakai lagi. Buat templat baru dengan nama lain."),
    S.IN_APPEAL: gettext_lazy("WhatsApp memeriksa banding Anda. Tidak ada yang perlu dilakukan."),
    S.PENDING_DELETION: gettext_lazy("Sedang dihapus di WhatsApp."),
    S.UNKNOWN: gettext_lazy("Lihat keadaannya di WhatsApp Manager."),
}
# WhatsApp's reasons, in words that say what to do.
REASONS: dict[str, str | Promise] = {
    "INCORRECT_CATEGORY": gettext_lazy("Jenisnya tidak sesuai dengan isinya"),
    "TAG_CONTENT_MISMATCH": gettext_lazy("Bahasa yang dipilih tidak sesuai dengan isinya"),
    "INVALID_FORMAT": gettext_lazy("Isian {{…}} atau susunannya tidak benar"),
    "ABUSIVE_CONTENT": gettext_lazy("Isinya dianggap tidak pantas"),
    "PROMOTIONAL": gettext_lazy("Isinya dianggap promosi"),
    "SCAM": gettext_lazy("Isinya dianggap penipuan"),
    "FIRST_PAUSE": gettext_lazy("Dihentikan 3 jam karena mutunya rendah"),
    "SECOND_PAUSE": gettext_lazy("Dihentikan 6 jam karena mutunya rendah"),
    "RATE_LIMITING_PAUSE": gettext_lazy("Dihentikan sementara karena mutunya rendah"),
}
QUALITIES = {
    "GREEN": gettext_lazy("baik"),
    "YELLOW": gettext_lazy("sedang"),
    "RED": gettext_lazy("rendah"),
}


@dataclass(frozen=True, slots=True)
class TemplateView:
    """One template in the list. ``advice`` says what to do, ``reason`` why; both may be empty."""

    template: Template
    state: str
    tone: Tone
    icon: str
    language: str
    category: str
    quality: str
    reason: str
    advice: str
    purpose: str
    text: str
    refused: bool


def view(template: Template) -> TemplateView:
    """State words, language, category and what to do about it."""
    refused = template.state == S.DRAFT and bool(template.reason)
    tone: Tone = "late" if refused else TONES.get(template.state, "late")
    advice = ADVICE.get(template.state, "")
    if refused:
        advice = _("WhatsApp tidak menerimanya. Ajukan lagi, atau hapus dan buat yang baru.")
    return TemplateView(
        template=template,
        state=_("Belum diterima WhatsApp") if refused else template.get_state_display(),
        tone=tone,
        icon=ICONS[tone],
        language=str(LANGUAGES.get(template.language, template.language)),
        category=str(CATEGORIES.get(template.category, template.category.capitalize())),
        quality=str(QUALITIES.get(template.quality, "")),
        reason=str(REASONS.get(template.reason, template.reason)),
        advice=str(advice),
        purpose=str(PURPOSES.get(template.purpose, "")),
        text=patterns.words(template.components, _examples(template)),
        refused=refused,
    )


def _examples(template: Template) -> Sequence[str]:
    """The examples that were handed in, so that the preview reads like a message."""
    example = patterns.part(template.components, "BODY").get("example")
    rows = example.get("body_text") if isinstance(example, dict) else None
    first = rows[0] if isinstance(rows, list) and rows else []
    return [str(one) for one in first] if isinstance(first, list) else []


def bubble(template: Template, clock: str) -> Bubble:
    """The message on the citizen's phone, with the examples in place of the variables."""
    buttons = [str(one.get("text", "")) for one in patterns.buttons(template.components)]
    words = [patterns.words(template.components, _examples(template)), patterns.text_of(template.components, "FOOTER")]
    return Bubble(side="out", time=clock, text="\n\n".join(filter(None, words)), buttons=buttons)


def draft_bubble(draft: Draft, clock: str) -> Bubble:
    """The same of one that is still being written; nothing about it need be right yet."""
    parts = (draft.header, patterns.filled(draft.body, draft.examples), draft.footer)
    return Bubble(side="out", time=clock, text="\n\n".join(filter(None, parts)), buttons=list(draft.buttons))


@dataclass(frozen=True, slots=True)
class SyncView:
    """How current a number's list is."""

    number: str
    busy: bool
    at: TemplateSync | None
    trouble: str


def sync_view(line: Line, sync: TemplateSync | None) -> SyncView:
    """Busy until the answer to the last asking is there."""
    busy = sync is None or sync.answered_at is None or sync.asked_at > sync.answered_at
    trouble = words_of(sync.error, failed=True) if sync is not None and sync.error else ""
    return SyncView(phone.local(line.display_phone), busy, sync, trouble)
