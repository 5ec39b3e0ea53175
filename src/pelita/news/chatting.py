"""What the number says to somebody who subscribes, chooses, agrees or stops. Pure.

Every list is numbered in its text as well: an old phone answers with digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from pelita.base.text import one_line
from pelita.news import chat_words as chat
from pelita.news.chat_words import PREFIX, Wish
from pelita.news.models_states import PostKind
from pelita.whatsapp.limits import ROW_TITLE
from pelita.whatsapp.messages import Buttons, Choice, Group, Menu, Text

VILLAGES_A_PAGE = 8  # beside "semua desa" and "berikutnya"
Names = Sequence[tuple[int, str]]  # the office's villages by name: id and name


def deed(verb: str, about: object = "") -> str:
    return f"{PREFIX}{verb}:{about}" if about != "" else f"{PREFIX}{verb}"


def ask_topics(office: str, *, active: bool) -> Menu:
    """Which kinds of news."""
    about = {
        PostKind.ACTIVITY: _("Yang dikerjakan kecamatan dan desa"),
        PostKind.ANNOUNCEMENT: _("Bantuan, pendaftaran, perubahan layanan"),
        PostKind.AGENDA: _("Acara dan jadwal mendatang"),
        PostKind.EMERGENCY: _("Banjir, jalan ditutup, bencana"),
    }
    rows = [Choice(deed(chat.TOPIC, chat.ALL), _("Semua kabar"))]
    rows += [Choice(deed(chat.TOPIC, kind.value), str(kind.label), about[kind]) for kind in PostKind]
    head = _("Anda sudah berlangganan. Pilih lagi untuk mengubahnya.") if active else ""
    body = _(
        "Kabar apa dari {office} yang ingin Anda terima? Ketuk Pilih, atau balas dengan angkanya. Boleh lebih dari "
        "satu, misalnya 2 5."
    ).format(office=office)
    return Menu("\n\n".join(filter(None, (head, body, _numbered(rows)))), _("Pilih"), [Group(rows)])


def ask_villages(names: Names, page: int = 0) -> Menu:
    """Of which villages, some of them a page."""
    last = max(0, (len(names) - 1) // VILLAGES_A_PAGE)
    page = min(max(page, 0), last)
    start = page * VILLAGES_A_PAGE
    shown = names[start : start + VILLAGES_A_PAGE]
    rows = [Choice(deed(chat.VILLAGE, pk), one_line(name, ROW_TITLE)) for pk, name in shown]
    if page == 0:
        rows.insert(0, Choice(deed(chat.VILLAGE, chat.ALL), _("Semua desa")))
    if page < last:
        rows.append(Choice(deed(chat.PAGE, page + 1), _("Desa berikutnya")))
    body = _(
        "Kabar desa mana? Ketuk Pilih, atau balas dengan nama desanya, misalnya {example}. Kabar untuk seluruh "
        "kecamatan tetap Anda terima."
    ).format(example=", ".join(name for _pk, name in names[:2]))
    numbered = [f"{start + at + (1 if page == 0 else 2)}. {row.title}" for at, row in enumerate(rows)]
    if page < last:
        numbered.pop()
    return Menu("\n\n".join((body, "\n".join(numbered))), _("Pilih"), [Group(rows)])


def consent_words(office: str, wish: Wish, names: Names, cap: int) -> str:
    """What the citizen agrees to. Kept with the agreement, word for word. Whoever did not choose emergencies is not
    promised them."""
    urgent = _("; kabar darurat selalu dikirim") if PostKind.EMERGENCY in wish.topics else ""
    topics, villages = topic_words(wish.topics), village_words(wish.villages, names)
    return _(
        "Anda akan menerima {topics} untuk {villages} dari {office} lewat WhatsApp ini, paling banyak {cap} kali "
        "sepekan{urgent}. Nomor dan pilihan Anda disimpan untuk itu saja.\n\nBalas YA untuk setuju. Anda bisa "
        "berhenti kapan saja dengan membalas BERHENTI."
    ).format(topics=topics, villages=villages, office=office, cap=cap, urgent=urgent)


def ask_consent(words: str) -> Buttons:
    return Buttons(words, [Choice(deed(chat.YES), _("Ya, setuju")), Choice(deed(chat.NO), _("Batal"))])


def agreed(wish: Wish, names: Names) -> Text:
    return Text(
        _(
            "Terima kasih. Anda berlangganan {topics} untuk {villages}. Balas LANGGANAN untuk mengubah, BERHENTI untuk "
            "berhenti."
        ).format(topics=topic_words(wish.topics), villages=village_words(wish.villages, names))
    )


def cancelled(*, active: bool) -> Text:
    if active:
        return Text(_("Baik, langganan Anda tetap seperti semula."))
    return Text(_("Baik, Anda tidak berlangganan. Balas LANGGANAN bila berubah pikiran."))


def stopped() -> Text:
    return Text(
        _("Baik, kami tidak mengirim kabar lagi. Pertanyaan Anda tetap kami jawab. Balas LANGGANAN bila ingin lagi.")
    )


def refused() -> Text:
    return Text(
        _("Anda mematikan siaran dari nomor ini di WhatsApp. Nyalakan lagi di profil nomor ini, lalu kirim LANGGANAN.")
    )


def topic_words(topics: Iterable[str]) -> str:
    chosen = set(topics)
    if chosen >= set(PostKind.values):
        return _("semua kabar")
    return listed([str(kind.label).lower() for kind in PostKind if kind.value in chosen])


def village_words(villages: Iterable[int], names: Names) -> str:
    chosen = set(villages)
    if not chosen:
        return _("semua desa")
    return listed([_("Desa {name}").format(name=name) for pk, name in names if pk in chosen])


def listed(parts: Sequence[str]) -> str:
    """ "a", "a dan b", "a, b, dan c"."""
    if len(parts) < 3:
        return _(" dan ").join(parts)
    return _("{most}, dan {last}").format(most=", ".join(parts[:-1]), last=parts[-1])


def _numbered(rows: Sequence[Choice]) -> str:
    return "\n".join(f"{at}. {row.title}" for at, row in enumerate(rows, 1))
