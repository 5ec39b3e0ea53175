"""What the office writes to its officers on WhatsApp. Pure: the caller gives rows, `now` and the office's time zone.

Citizens' numbers are covered as on the screens (docs/decisions/0009); an answer stands as the citizen would get it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers, one_line
from pelita.base.text import words as text_words
from pelita.desk import rules
from pelita.desk.checks import Finding, Kind
from pelita.desk.models import Answer, Disposition, Inquiry, Purpose, TimeRequest
from pelita.desk.queries.asked import Asked
from pelita.whatsapp import types
from pelita.whatsapp.limits import INTERACTIVE_BODY, ROW_DESCRIPTION
from pelita.whatsapp.messages import Buttons, Choice, Group, Menu, Message, Text

PREFIX = "petugas:"
# What a button asks for.
ANSWER, REFUSE, SEND, RETURN, VIEW, YES, NO, PICK = (
    "jawab",
    "bukan",
    "kirim",
    "kembali",
    "lihat",
    "ya",
    "tidak",
    "pilih",
)
TIME, GRANT, DENY = "waktu", "setuju", "tolak"
INSTRUCTION, REASON, QUESTION, NOTE = 250, 250, 600, 250
ASKED_LEAST = 60  # signs of the question that stand in any case
CHOICES = 9
CITIZEN = "warga"
MOST_DOUBTS = 4
DOUBTS = {
    Kind.IDENTITY: gettext_lazy("nomor NIK atau KK"),
    Kind.PHONE: gettext_lazy("nomor HP seseorang"),
    Kind.PROMISE: gettext_lazy("janji tanpa tanggal atau syarat"),
    Kind.BLANK: gettext_lazy("bagian yang belum diisi"),
}

_CODE = re.compile(r"\s*(?:petugas\s+)?(\d{3})[ .-]?(\d{3})\s*", re.IGNORECASE)


def payload(token: str, deed: str, about: int = 0) -> str:
    """What a button carries and brings back when it is tapped."""
    return f"{PREFIX}{token}:{deed}" + (f":{about}" if about else "")


def tapped(content: object) -> tuple[str, str, int] | None:
    """Token, deed and number of the button that a message's content says was tapped; None when it was none of these."""
    reply = content.get("reply") if isinstance(content, dict) else None
    found = reply.get("id") if isinstance(reply, dict) else None
    if not isinstance(found, str) or not found.startswith(PREFIX):
        return None
    token, deed, about = (*found.removeprefix(PREFIX).split(":"), "", "")[:3]
    return token, deed, int(about) if about.isdecimal() and len(about) < 19 else 0


def told_code(text: str) -> str:
    """The six digits of a message that holds nothing else, by which an officer proves to have the phone; or nothing."""
    found = _CODE.fullmatch(text)
    return "".join(found.groups()) if found else ""


def as_citizen(text: str) -> bool:
    """Whether an officer writes as a citizen: the message begins with "WARGA"."""
    return text.split(maxsplit=1)[:1] != [] and text.split(maxsplit=1)[0].strip(".,:;!").casefold() == CITIZEN


def plainly_as_citizen(text: str) -> bool:
    """The same beyond doubt: "Warga silakan datang hari Senin" begins like that too, and is an answer."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    mark = first.strip(".,:;!")
    return as_citizen(text) and (mark.isupper() or mark != first or text.strip() == first)


_NODS = frozenset(
    (  # noqa: SIM905  # thirty words read better as text than as thirty strings
        "siap baik oke ok okay sip nggih njih inggih laksanakan dilaksanakan monitor diterima segera kami saya akan "
        "tindak lanjuti tindaklanjuti ditindaklanjuti kerjakan dikerjakan proses diproses cek dicek dulu pelajari "
        "dipelajari pak bu bapak ibu mas mbak admin terima kasih makasih suwun nuwun matur"
    ).split()
)
_NOD_CORES = frozenset(
    (  # noqa: SIM905  # as above
        "siap baik oke ok okay sip nggih njih inggih laksanakan dilaksanakan monitor diterima segera ditindaklanjuti "
        "tindaklanjuti dikerjakan diproses dicek cek"
    ).split()
)


def nods(text: str) -> bool:
    """Whether an officer only says that the matter was seen ("Siap Bu", "nggih", "segera kami cek", "👍"). Nobody means
    that for the citizen."""
    found = text_words(text)
    if rules.is_thanks(text):
        return True
    return 0 < len(found) <= 8 and all(word in _NODS for word in found) and any(word in _NOD_CORES for word in found)


def moment(at: datetime, now: datetime, tz: tzinfo) -> str:
    """``hari ini pukul 14.30``, ``besok pukul 10.00``, ``Jumat, 27/11 pukul 10.00``: it is read at some later time."""
    local = at.astimezone(tz)
    days = (local.date() - now.astimezone(tz).date()).days
    names = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
    day = {0: _("hari ini"), 1: _("besok")}.get(days, f"{names[local.weekday()]}, {local:%d/%m}")
    return _("{day} pukul {clock}").format(day=day, clock=f"{local:%H.%M}")


def _short_question(inquiry: Inquiry, limit: int) -> str:
    """The question's own words with numbers covered; of a message without words, what it is."""
    said = inquiry.asked.strip()
    if not said and inquiry.question is not None:
        said = types.summary(inquiry.question)
    return cut(mask_numbers(said), limit)


def _question(asked: str, limit: int) -> str:
    """What the citizen wrote. Of too much both ends stay: how it began, and what was added last."""
    if len(asked) > limit:
        asked = f"{asked[: limit // 3].rstrip()} … {asked[-(limit - limit // 3 - 3) :].lstrip()}"
    return _("Pertanyaan warga:\n“{words}”").format(words=asked)


def disposition(
    inquiry: Inquiry, given: Disposition, *, token: str, asked: Asked, returned: str, lead: str, now: datetime,
    tz: tzinfo,
) -> Buttons:  # fmt: skip
    """A matter that lies at the officer's section, or that it helps another one with. ``asked``: what the citizen
    wrote; ``returned``: why the admin gave the section's answer back; ``lead``: why it is told of once
    more (a deadline, a further message)."""
    helps = not given.coordinating
    head = [f"*{inquiry.code}* · {given.section.name}"]
    if lead:
        head.append(lead)
    if helps and inquiry.section is not None:
        head.append(_("Diminta membantu {section}.").format(section=inquiry.section.name))
    if given.due_at:
        head.append(_("Tenggat: {moment}").format(moment=moment(given.due_at, now, tz)))
    first = ["\n".join(head)]
    if returned:
        first.append(_("Jawaban dikembalikan: {words}").format(words=cut(returned, REASON)))
    tail = [_("Foto dan berkas warga bisa dibuka di meja.")] if asked.files else []
    if given.given_by_id is None:
        tail.append(given.instruction)
    elif given.instruction.strip():
        tail.append(_("Instruksi admin: {words}").format(words=cut(given.instruction, INSTRUCTION)))
    # Of a long body the question gives way: it stands at the desk too, why the answer came back only here.
    room = INTERACTIVE_BODY - len("\n\n".join([*first, _question("", QUESTION), *tail]))
    body = "\n\n".join([*first, _question(asked.words, max(ASKED_LEAST, min(QUESTION, room))), *tail])
    buttons = [
        Choice(payload(token, ANSWER), _("Tulis bahan") if helps else _("Jawab")),
        Choice(payload(token, REFUSE), _("Bukan tupoksi kami")),
    ]
    if not helps:
        buttons.append(Choice(payload(token, TIME), _("Minta waktu")))
    return Buttons(
        cut(body, INTERACTIVE_BODY), buttons,
        footer=_("Kutip pesan ini untuk menulis bahan.") if helps else _("Kutip pesan ini untuk langsung menjawab."),
    )  # fmt: skip


def review(
    inquiry: Inquiry, answer: Answer, *, token: str, question: str, lead: str = "", doubts: Sequence[Finding] = ()
) -> list[Message]:
    """A section's answer for the admin, whole: nobody sends what one has not seen. The last message has the buttons.

    ``doubts`` are what it should not say by accident: whoever taps "Kirim" under them has seen them.
    """
    section = inquiry.section.name if inquiry.section else inquiry.office.name
    head = _("*{code}*: jawaban {section} menunggu Anda.").format(code=inquiry.code, section=section)
    head = "\n".join(filter(None, [head, lead]))
    asked = _question(question, INSTRUCTION)
    note = [_("Catatan untuk Anda: {words}").format(words=cut(answer.note, NOTE))] if answer.note.strip() else []
    if doubts:
        note.append("\n".join([_("Perhatikan sebelum mengirim:"), *_doubts(doubts)]))
    buttons = [Choice(payload(token, SEND), _("Kirim")), Choice(payload(token, RETURN), _("Kembalikan"))]
    whole = "\n\n".join([head, asked, _("Jawaban:\n{words}").format(words=answer.text), *note])
    if len(whole) <= INTERACTIVE_BODY:
        return [Buttons(whole, buttons)]
    ask = _("Jawabannya ada di pesan di atas. Kirim ke warga?")
    told = "\n\n".join([head, asked, *note, ask])
    if len(told) > INTERACTIVE_BODY:
        told = cut("\n\n".join([head, *note, ask]), INTERACTIVE_BODY)
    return [Text(answer.text), Buttons(told, buttons)]


def _doubts(doubts: Sequence[Finding]) -> list[str]:
    return [f"• {DOUBTS[one.kind]}: “{one.excerpt}”" for one in doubts[:MOST_DOUBTS]]


def told_doubts(doubts: Sequence[Finding]) -> list[str]:
    """To whoever wrote the answer: what the admin is asked to look at before sending it."""
    return ["", _("Admin diminta memeriksa dulu:"), *_doubts(doubts)] if doubts else []


def prompt_answer(code: str) -> Text:
    return Text(_("Balas (kutip) pesan ini dengan jawaban untuk {code}.").format(code=code))


def prompt_part(code: str) -> Text:
    return Text(_("Balas (kutip) pesan ini dengan bahan untuk {code}.").format(code=code))


def prompt_refuse(code: str) -> Text:
    return Text(
        _("Balas (kutip) pesan ini dengan alasannya, supaya admin tahu ke mana {code} diteruskan.").format(code=code)
    )


def prompt_return(code: str) -> Text:
    return Text(_("Balas (kutip) pesan ini dengan apa yang perlu diperbaiki pada jawaban {code}.").format(code=code))


def prompt_time(code: str, choices: Sequence[tuple[str, datetime]], *, token: str, now: datetime, tz: tzinfo) -> Menu:
    """Until when? Each row carries its moment."""
    rows = []
    for name, until in choices:
        when = _("sampai {moment}").format(moment=moment(until, now, tz))
        rows.append(Choice(payload(token, TIME, int(until.timestamp())), name, when))
    return Menu(_("Minta waktu berapa lama untuk {code}?").format(code=code), _("Pilih waktu"), [Group(rows)])


def time_asked(inquiry: Inquiry, wish: TimeRequest, *, token: str, now: datetime, tz: tzinfo) -> Buttons:
    """A section's wish, for the admin to decide."""
    section = inquiry.section.name if inquiry.section else ""
    lines = [
        _("*{code}*: {section} minta waktu sampai {moment}.").format(
            code=inquiry.code, section=section, moment=moment(wish.until, now, tz)
        )
    ]
    if inquiry.due_at:
        lines.append(_("Tenggat sekarang: {moment}.").format(moment=moment(inquiry.due_at, now, tz)))
    buttons = [Choice(payload(token, GRANT), _("Setuju")), Choice(payload(token, DENY), _("Tidak"))]
    return Buttons("\n".join(lines), buttons)


def becomes(purpose: Purpose, *, helps: bool) -> str:
    """What a quotation becomes, by the message that it quotes: for the question whether it was meant so."""
    if purpose == Purpose.REFUSE_PROMPT:
        return _("menjadi alasan mengembalikan")
    if purpose == Purpose.RETURN_PROMPT:
        return _("menjadi alasan mengembalikan jawaban")
    return _("menjadi bahan untuk") if helps else _("menjadi jawaban untuk")


def confirm(code: str, what: str, *, token: str, about: int, file: bool) -> Buttons:
    """Asks whether what quotes nothing was meant for the one open matter. ``what``: what it would become."""
    asks = _("Apakah pesan Anda tadi {what} {code}?").format(what=what, code=code)
    if file:
        asks = _("Apakah berkas Anda tadi {what} {code}? Satu jawaban memuat satu berkas.").format(what=what, code=code)
    return Buttons(
        asks,
        [
            Choice(payload(token, YES, about), _("Ya, {code}").format(code=code)),
            Choice(payload(token, NO), _("Bukan")),
        ],
    )


def choose(matters: list[tuple[int, Inquiry]], *, token: str) -> Menu:
    """Asks for which of several open matters an unquoted text was meant."""
    rows = [
        Choice(payload(token, PICK, pk), inquiry.code, one_line(_short_question(inquiry, QUESTION), ROW_DESCRIPTION))
        for pk, inquiry in matters[:CHOICES]
    ]
    return Menu(
        _("Pesan Anda tadi untuk yang mana?"),
        _("Pilih"),
        [Group([*rows, Choice(payload(token, NO), _("Bukan semuanya"))])],
    )


def connected() -> str:
    return _(
        "Nomor ini sekarang terhubung dengan PELITA MASSA. Disposisi dan pemberitahuan untuk Anda dikirim ke sini, dan "
        "Anda bisa menjawab dengan mengutip pesannya."
    )


def noted(code: str, *, helps: bool) -> str:
    """After a nod. "Iya" may have been the answer to a yes-or-no question: at the prompt of the button it is one."""
    said = _(
        "Dicatat: {code} dikerjakan seksi Anda. Untuk menjawab, kutip lagi pesannya dan tulis jawaban untuk warga. "
        "Bila yang tadi itu jawabannya, ketuk Jawab lalu tulis lagi."
    )
    if helps:
        said = _(
            "Dicatat: {code} dikerjakan seksi Anda. Untuk memberi bahan, kutip lagi pesannya dan tulis bahannya. "
            "Bila yang tadi itu bahannya, ketuk Tulis bahan lalu tulis lagi."
        )
    return said.format(code=code)


def not_by_edit(code: str, *, helps: bool) -> str:
    """To whoever edits a message that is no answer (any more): an edit makes none of it."""
    said = _("Suntingan tidak terbaca sebagai jawaban. Kutip lagi pesan {code} dan tulis jawabannya.")
    if helps:
        said = _("Suntingan tidak terbaca sebagai bahan. Kutip lagi pesan {code} dan tulis bahannya.")
    return said.format(code=code)


def changed_after(code: str, *, deleted: bool, sent: bool) -> str:
    """To whoever edits or deletes on the phone what was handed in: it is no longer the officer's alone."""
    if sent:
        what = _(
            "Jawaban {code} sudah dikirim ke warga, jadi perubahan pesan Anda tidak ikut. Hubungi admin bila keliru."
        )
    elif deleted:
        what = _(
            "Jawaban {code} sudah diserahkan dan tidak ikut terhapus. Admin diminta menanyakannya kepada Anda dulu."
        )
    else:
        what = _("Jawaban {code} sudah diserahkan, jadi suntingan Anda tidak ikut. Admin diminta menanyakannya dulu.")
    return what.format(code=code)


def help_text() -> str:
    return _(
        "Untuk menjawab, kutip (balas) pesan disposisinya, lalu tulis jawaban Anda. "
        "Bila Anda bertanya sebagai warga, awali pesan dengan WARGA."
    )


def file_at_desk(code: str) -> str:
    """An answer whose file the officer's chat cannot show: a file belongs to one number of the office."""
    return _("Jawaban {code} menunggu diperiksa. Berkasnya hanya bisa dilihat di meja.").format(code=code)


def text_or_file(kind: str) -> str:
    """``kind``: what came, as screens call it ("Pesan suara")."""
    return _("{kind} belum bisa diteruskan. Tulis jawabannya, atau kirim foto atau dokumen.").format(kind=kind)


def in_words() -> str:
    return _("Untuk yang ini tulis dengan kata-kata. Berkas tidak bisa ikut.")


def without_words(kind: str) -> str:
    """The answer's text when an officer sends a file and no word with it."""
    return _("Berikut kami sampaikan fotonya.") if kind == "image" else _("Berikut kami sampaikan berkasnya.")


def one_file() -> str:
    return _(
        "Satu jawaban memuat satu berkas, jadi hanya berkas pertama yang diserahkan. Bila semuanya perlu, gabungkan "
        "menjadi satu PDF dan minta admin mengembalikan jawabannya dulu."
    )


def too_late_for_file(code: str) -> str:
    return _(
        "Jawaban {code} sudah diserahkan tanpa berkas ini. Bila berkasnya perlu, minta admin mengembalikan jawabannya "
        "dulu."
    ).format(code=code)


def goes_with_file(code: str) -> str:
    return _("Teks ini menjadi keterangan berkas Anda untuk {code}.").format(code=code)


def goes_without_file(code: str) -> str:
    return _("Berkas Anda untuk {code} belum bisa diambil, jadi teks ini diserahkan tanpa berkas.").format(code=code)


def file_under_way(code: str) -> str:
    return _("Berkas Anda untuk {code} sedang diambil. Tunggu sebentar, lalu kirim lagi.").format(code=code)


def file_slow(code: str) -> str:
    return _("Berkas sedang diambil dari WhatsApp. Jawaban {code} diserahkan begitu berkasnya ada.").format(code=code)


def file_gone(code: str) -> str:
    return _("Berkas Anda untuk {code} tidak bisa diambil dari WhatsApp. Kirim sekali lagi.").format(code=code)


def file_unsafe(code: str) -> str:
    return _(
        "Berkas Anda untuk {code} tidak bisa diterima: bukan foto atau dokumen yang aman, atau terlalu besar. Jawaban "
        "belum diserahkan."
    ).format(code=code)


def cut(text: str, limit: int) -> str:
    """The text without space around it, at most ``limit`` signs."""
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
