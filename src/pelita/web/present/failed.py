"""Failed messages and what came in without being taken in, as their pages tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import phone
from pelita.desk import workflow
from pelita.desk.queries.dead_letters import DeadLetter
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.present import people
from pelita.web.present.lines import number_words
from pelita.whatsapp.models import Outbound, OutboundKind
from pelita.whatsapp.outcomes import Outcome, words_of

# What to do, by the outcome of a message that may be sent again from the list.
ADVICE: Mapping[str, str | Promise] = {
    Outcome.WINDOW_CLOSED.value: gettext_lazy("Tunggu warga menulis lagi, lalu kirim ulang."),
    Outcome.UNDELIVERABLE.value: gettext_lazy("Sesudah itu, tandai sudah diurus."),
    Outcome.PHONE_NEEDED.value: gettext_lazy("Minta nomor HP warga dari percakapannya."),
    Outcome.MEDIA.value: gettext_lazy("Kirim berkas lain dari percakapannya, lalu tandai sudah diurus."),
    Outcome.TEMPLATE.value: gettext_lazy("Sesudah templatnya diperbaiki, kirim ulang."),
    Outcome.PAYMENT.value: gettext_lazy("Lengkapi cara pembayaran di WhatsApp Manager, lalu kirim ulang."),
    Outcome.ACCOUNT_RESTRICTED.value: gettext_lazy("Baca pembatasannya di WhatsApp Manager, lalu kirim ulang."),
    Outcome.MARKETING_HELD.value: gettext_lazy("Tunggu sampai besok, atau tandai sudah diurus."),
    Outcome.MARKETING_STOPPED.value: gettext_lazy("Jangan kirim lagi. Tandai sudah diurus."),
    Outcome.REJECTED.value: gettext_lazy("Kirim ulang sekali. Bila gagal lagi, hubungi teknisi."),
    Outcome.UNCERTAIN.value: gettext_lazy("Tanyakan dulu kepada penerima, supaya tidak menerima dua kali."),
}


@dataclass(frozen=True, slots=True)
class LetterView:
    """One failed message. ``href`` leads to the desk, empty for who may not go there. ``unsure``: it may have
    arrived, so sending it again is asked twice. ``done``: this person may take it off the list."""

    pk: int
    what: str
    who: str
    code: str
    href: str
    line: str
    at: datetime | None
    why: str
    advice: str
    resend: bool
    unsure: bool
    done: bool = True


def letter(found: DeadLetter, place: Place, *, several: bool) -> LetterView:
    """One row. ``several``: the office has more than one number, so each row names its own."""
    sent, inquiry = found.outbound, found.inquiry
    if found.secret and not place.is_leader:
        return _secret(found)
    return LetterView(
        pk=sent.pk,
        what=_what(found),
        who=_who(found, place),
        code=inquiry.code if inquiry else "",
        href=_href(found, place),
        line=phone.local(sent.line.display_phone) if several else "",
        at=sent.failed_at,
        why=words_of(sent.outcome, failed=True),
        advice=_advice(found, place),
        resend=not found.of_desk,
        unsure=sent.outcome == Outcome.UNCERTAIN.value,
    )


def _secret(found: DeadLetter) -> LetterView:
    """Of a secret matter nothing but that something failed, so that the count above the list stays true."""
    return LetterView(
        pk=found.outbound.pk, what=_("Pesan rahasia"), who="", code="", href="", line="", at=found.outbound.failed_at,
        why="", advice=_("Camat dan Sekcam mengurusnya."), resend=False, unsure=False, done=False,
    )  # fmt: skip


def count_words(count: int, limit: int) -> str:
    """``limit`` stands for that many or more."""
    return number_words(limit) + "+" if count >= limit else number_words(count)


def _what(found: DeadLetter) -> str:
    if found.citizen is None and found.outbound.thread < 0:
        return _("Pesan uji")
    if found.answer is not None:
        return _("Pemberitahuan jawaban") if found.announces else _("Jawaban")
    return str(OutboundKind(found.outbound.kind).label)


def _who(found: DeadLetter, place: Place) -> str:
    """The name for who sees the desk anyway; others, who only mend, get the masked number."""
    if found.citizen is not None and place.sees_all:
        return people.name(found.citizen, people.known(found.citizen))
    return _number(found.outbound)


def _number(sent: Outbound) -> str:
    masked = words.masked_phone(sent.to_phone)
    return masked[:1].upper() + masked[1:]


def _at_review(found: DeadLetter) -> bool:
    inquiry = found.inquiry
    return inquiry is not None and workflow.spot_of(inquiry.state, inquiry.holder) == workflow.TO_REVIEW


def _href(found: DeadLetter, place: Place) -> str:
    if found.inquiry is None or not place.sees_all:
        return ""
    reviewing = _at_review(found) and place.is_admin
    return reverse("periksa" if reviewing else "percakapan", args=[found.inquiry.code])


def _advice(found: DeadLetter, place: Place) -> str:
    if not found.of_desk:
        return str(ADVICE.get(found.outbound.outcome, _("Gangguannya biasanya sudah lewat. Kirim ulang.")))
    if not _at_review(found):
        return _("Pertanyaannya sudah berjalan lagi di meja. Bila cukup, tandai sudah diurus.")
    if place.is_admin:
        return _("Menunggu Anda di Siap dikirim. Kirim dari sana, supaya warga tidak menerima dua kali.")
    return _("Menunggu Admin di Siap dikirim.")
