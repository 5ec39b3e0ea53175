"""What citizens write to subscribe, to choose, to agree and to stop. Pure.

Strict on purpose: a message is taken only when every word of it is known here. "Langganan air PDAM mati" is a question
and goes to the desk; "mau langganan berita pak" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pelita.base.text import words
from pelita.news.models_states import PostKind

MOST_WORDS = 12
PREFIX = "berita:"
# Ids of buttons and rows: berita:topik:activity, berita:desa:17, berita:desa:semua, berita:hal:1, berita:ya …
TOPIC, VILLAGE, PAGE, YES, NO, STOP, ALL = "topik", "desa", "hal", "ya", "batal", "berhenti", "semua"


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUBSCRIBE = _set("langganan berlangganan langganane lengganan lenggan langgan mlanggan nglanggan langganin subscribe")
_ENROL = _set("daftar ndaftar daftarkan ndaftarne ikut melu terima nampi nompo")
_STOP = _set("berhenti brenti brhenti berenti henti hentikan stop setop mandeg mandheg mandek unsubscribe unsub unreg")
_DONT, _SEND = _set("jangan ojo aja usah"), _set("kirim ngirim dikirim dikirimi kirimi")
_SENT, _AGAIN = _set("pesan wa whatsapp"), _set("lagi maneh malih")
_NEWS = _set("berita kabar kabare warta pawarta info informasi siaran pengumumane broadcast")
_AROUND = _set(
    "saya aku kula kulo dalem mau ingin pengin pingin pengen badhe arep minta njaluk nyuwun tolong tulung mohon bisa "
    "iso saged untuk kanggo kagem tentang soal babagan dari saking lewat wa whatsapp nomor ini iki niki sini kecamatan "
    "kantor desa pak pa bu buk bapak ibu mas mbak kak min admin ya yo nggih njih dong to ta lah kok dan lan sama karo "
    "sing ingkang yang saja wae mawon lagi maneh malih semua kabeh sedaya sekarang saiki sakniki pesan kirim ngirim "
    "dikirim dikirimi terima kasih makasih suwun matur nuwun sudah mpun sampun wis"
)
_TOPICS: Mapping[str, PostKind] = {
    word: kind
    for kind, said in {
        PostKind.ACTIVITY: "kegiatan aktivitas acara kegiyatan kegiatane",
        PostKind.ANNOUNCEMENT: "pengumuman pengumumane woro wara pengumumn",
        PostKind.AGENDA: "agenda jadwal agendane",
        PostKind.EMERGENCY: "darurat bencana banjir gawat",
    }.items()
    for word in said.split()
}
_EVERYTHING = _set("semua kabeh sedaya sadaya semuanya")
_YES = _set("ya iya iyo y yes yo setuju oke ok okay nggih njih inggih enggih gih sarujuk purun lanjut")
_NO = _set("batal tidak tdk gak nggak ngga ga enggak ora ra mboten gajadi jangan")
_POLITE = _set("saya aku kula kulo pak bu buk bapak ibu mas mbak kak min admin siap baik mau jadi dong terima kasih")
_LONG = 7  # letters from which one wrong letter is forgiven


@dataclass(frozen=True, slots=True)
class Wish:
    """``villages`` are ids; empty: all. ``topics`` empty: not chosen yet."""

    topics: tuple[str, ...] = ()
    villages: tuple[int, ...] = ()


def tapped(reply_id: str) -> tuple[str, str]:
    """What a button or row of ours asks for and about what; two empty words for anything else."""
    if not reply_id.startswith(PREFIX):
        return "", ""
    verb, _, about = reply_id.removeprefix(PREFIX).partition(":")
    return (verb, about) if verb in {TOPIC, VILLAGE, PAGE, YES, NO, STOP} else ("", "")


def subscribes(text: str) -> Wish | None:
    """What somebody wants who asks to subscribe; None for every other text."""
    found = _without_thanks(words(text))
    if not 0 < len(found) <= MOST_WORDS:
        return None
    asks = any(_like(word, _SUBSCRIBE) for word in found)
    enrols = any(word in _ENROL for word in found) and any(word in _NEWS for word in found)
    known = _NEWS | _AROUND | _ENROL | _TOPICS.keys()
    if not (asks or enrols) or any(word not in known and not _like(word, _SUBSCRIBE) for word in found):
        return None
    return Wish(topics=_topics_in(found))


def stops(text: str) -> bool:
    """Whether the text says no more than that somebody wants no more of it."""
    found = set(words(text))
    known = _NEWS | _AROUND | _SUBSCRIBE | _TOPICS.keys()
    if not 0 < len(words(text)) <= MOST_WORDS:
        return False
    if found & _STOP:
        return found <= known | _STOP
    return _wants_none(found) and found <= known | _NO | _DONT | _SEND | {"batalkan", "jadi"}


def _wants_none(found: set[str]) -> bool:
    """ "Batal langganan", "tidak mau berlangganan lagi", "jangan kirim pesan lagi"; not "tidak bisa langganan"."""
    if found & {"bisa", "iso", "saged"}:
        return False
    leaves = bool(found & (_NO | {"batalkan"}) and found & _SUBSCRIBE)
    return leaves or all(found & one for one in (_DONT, _SEND, _AGAIN, _NEWS | _SENT))


def _without_thanks(found: Sequence[str]) -> list[str]:
    """ "Terima kasih info pak" asks for nothing: that "terima" is no wish to receive."""
    return [word for at, word in enumerate(found) if word != "terima" or found[at + 1 : at + 2] != ["kasih"]]


def agrees(text: str) -> bool:
    found = words(text)
    return 0 < len(found) <= 5 and any(word in _YES for word in found) and all(word in _YES | _POLITE for word in found)


def declines(text: str) -> bool:
    found = words(text)
    return 0 < len(found) <= 5 and any(word in _NO for word in found) and all(word in _NO | _POLITE for word in found)


def may_answer(text: str) -> bool:
    """Whether it is worth a look if the sender was asked something: short, and no question."""
    return 0 < len(text.strip()) <= 120 and "?" not in text


def topics_of(text: str) -> tuple[str, ...]:
    """The topics of an answer to the list: their words, or the numbers of its rows ("1" is all). Empty: neither."""
    rows = (ALL, *PostKind.values)
    picked = _numbers(text, len(rows))
    if picked:
        return tuple(PostKind.values) if 1 in picked else tuple(rows[number - 1] for number in sorted(set(picked)))
    found = words(text)
    fit = all(word in _TOPICS or word in _AROUND or word in _NEWS for word in found)
    if not found or not fit:
        return ()
    return _topics_in(found) or (tuple(PostKind.values) if _EVERYTHING & set(found) else ())


def villages_of(text: str, names: Sequence[tuple[int, str]]) -> tuple[int, ...] | None:
    """The villages of an answer: names, or numbers of the rows, of which 1 is all. None: neither; empty: all."""
    picked = _numbers(text, len(names) + 1)
    if picked:
        return () if 1 in picked else tuple(dict.fromkeys(names[number - 2][0] for number in picked))
    if set(words(text)) & _EVERYTHING and set(words(text)) <= _EVERYTHING | _AROUND:
        return ()
    by_name = {_bare(words(name)): pk for pk, name in names}
    found = []
    for part in re.split(r"[,;/\n]|\bdan\b|\blan\b|&", text.casefold()):
        name = _bare(words(part))
        if not name:
            continue
        known = by_name.get(name) or next((pk for other, pk in by_name.items() if _near(name, other)), None)
        if known is None:
            return None
        found.append(known)
    return tuple(dict.fromkeys(found)) if found else None


def _topics_in(found: Iterable[str]) -> tuple[str, ...]:
    named = {_TOPICS[word] for word in found if word in _TOPICS}
    return tuple(kind for kind in PostKind.values if kind in named)


def _numbers(text: str, most: int) -> list[int]:
    """Numbers of rows when the text holds nothing else ("2, 4", "2 dan 4")."""
    if not re.fullmatch(r"[\d\s.,;)&+]*(?:\s*dan\s*[\d\s.,;)&+]*)*", text.strip().casefold()):
        return []
    found = [int(one) for one in re.findall(r"\d{1,3}", text)]
    return found if found and all(1 <= one <= most for one in found) else []


def _bare(found: Sequence[str]) -> str:
    return "".join(word for word in found if word not in {"desa", "ds", "dusun", "kelurahan", "kel"})


def _like(word: str, known: Iterable[str]) -> bool:
    return word in known or (len(word) >= _LONG and any(_near(word, one) for one in known if len(one) >= _LONG))


def _near(one: str, other: str) -> bool:
    """At most one letter wrong, missing, too many, or two next to each other changed; of words of some length."""
    if one == other:
        return True
    if min(len(one), len(other)) < _LONG - 1 or abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )
