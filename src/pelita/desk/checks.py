"""What an answer should not say by accident: somebody's numbers, an empty promise, a place left blank. Pure.

The rules warn and never forbid: the person confirms what was found, once. They are modest on purpose; a warning that is
wrong too often is read by nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from pelita.base import phone
from pelita.base.text import mask_numbers, mobile_numbers, one_line, sixteen_digits, words
from pelita.desk.errors import DeskError


class Kind(StrEnum):
    """``identity``: NIK or KK number; ``phone``: a person's; ``promise``: of a date that nobody named; ``blank``."""

    IDENTITY = "identity"
    PHONE = "phone"
    PROMISE = "promise"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to confirm. ``excerpt`` is what was found, numbers covered, fit for the screen."""

    kind: Kind
    excerpt: str


# What matters wherever a text becomes public: a promise there is the office's word, and somebody decides on it anyway.
OF_POSTS = frozenset({Kind.IDENTITY, Kind.PHONE, Kind.BLANK})


class UnconfirmedError(DeskError):
    """The text holds something that nobody has confirmed yet."""

    def __init__(self, findings: Collection[Finding]) -> None:
        super().__init__("Periksa dulu yang ditandai, lalu kirim lagi.")
        self.findings = tuple(findings)


_SENTENCE = re.compile(r"[.!?\n](?=\s|$)|\n")
# {nama}, [isi tanggal], a row of dots or underscores, and an ellipsis that stands where a word should.
_BLANK = re.compile(
    r"\{[^{}\n]{0,40}\}|\[[^\[\]\n]{1,40}\]|_{3,}|\.{4,}|(?:(?<=\s)|(?<=:)|^)(?:…+|\.{3})(?=\s|[.,;]|$)", re.MULTILINE
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Indonesian and Javanese (ngoko and krama), as the office's people write them.
_SURE = _set("pasti dipastikan dijamin jamin menjamin mesti mesthi tamtu tentu")
_DONE = _set(
    "jadi selesai rampung cair dicairkan keluar terbit turun beres kelar dados rampung dibayar diterima dikirim siap "
    "diperbaiki dibantu ditangani diproses ditindaklanjuti dikabari dihubungi dipunproses ditanggapi dijawab didandani"
)
_DAY = _set(
    "besok sesuk mbenjing benjing benjang lusa nanti mengko mangke sore siang malam pagi sonten dinten hari minggu "
    "pekan bulan wulan secepatnya segera"
)
_SOON = _set("segera secepatnya sesegera secepat-cepatnya enggal inggal gelis cepet")
_SOON_PAIRS = (("dalam", "waktu", "dekat"), ("sebentar", "lagi"), ("sedelok", "maneh"), ("waktu", "dekat"))
_IF = _set("bila jika kalau kalo apabila asal asalkan menawi yen nek selama setelah sesudah sawise saksampune")
# Whoever is asked to hurry is promised nothing.
_ASKED = _set("mohon silakan silahkan harap dimohon tolong monggo nyuwun sumangga sebaiknya agar supaya jangan")
_WE = _set("kami kita akan bakal badhe arep tak kulo kula petugas segera kantor")
_NAMED = re.compile(
    r"\b(?:pukul|jam|tanggal|tgl)\s*\d|\b\d{1,2}[.:]\d{2}\b|\b\d+\s*(?:jam|menit|hari|dinten|minggu)\b"
    r"|\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu depan|besok|lusa|sesuk|mbenjing|hari ini|dinten niki)\b"
    r"|\b\d{1,2}\s+(?:jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|des)",
    re.IGNORECASE,
)


def _promises(text: str) -> list[str]:
    """Sentences that promise an end without a condition, or a "soon" without a day."""
    found = []
    for sentence in _SENTENCE.split(text):
        said = words(sentence)
        there = set(said)
        if not there & _DONE or there & _IF:
            continue
        asked = there & _ASKED
        sure = there & _SURE and there & _DAY
        soon = there & _SOON or any(_has(said, pair) for pair in _SOON_PAIRS)
        vague = soon and not asked and there & _WE and not _NAMED.search(sentence)
        if (sure and not asked) or vague:
            found.append(sentence.strip())
    return found


def _has(said: list[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(said[at : at + len(phrase)]) == phrase for at in range(len(said)))


def check(text: str, *, own: Collection[str] = (), kinds: Collection[Kind] = tuple(Kind)) -> list[Finding]:
    """Everything in the text that should be confirmed, kind by kind. ``own``: the office's numbers, digits."""
    found = [Finding(Kind.IDENTITY, mask_numbers(number)) for number in sixteen_digits(text)]
    people = [number for number in mobile_numbers(text) if phone.digits(number) not in own]
    found += [Finding(Kind.PHONE, mask_numbers(number)) for number in people]
    found += [Finding(Kind.PROMISE, one_line(mask_numbers(sentence), 90)) for sentence in _promises(text)]
    found += [Finding(Kind.BLANK, one_line(blank.group(), 44)) for blank in _BLANK.finditer(text)]
    return [one for one in dict.fromkeys(found) if one.kind in kinds]


def seal(text: str, findings: Collection[Finding]) -> str:
    """What a person confirms: these findings in this text's own words. Another number needs another confirmation."""
    if not findings:
        return ""
    numbers = [*sixteen_digits(text), *mobile_numbers(text)]
    told = [f"{one.kind}:{one.excerpt}" for one in findings]
    return hashlib.sha256("\n".join([*told, *numbers]).encode()).hexdigest()[:24]


def insist(text: str, *, confirmed: str, own: Collection[str] = (), kinds: Collection[Kind] = tuple(Kind)) -> None:
    """Raise UnconfirmedError when the text holds something that ``confirmed`` (a seal) does not cover."""
    findings = check(text, own=own, kinds=kinds)
    if findings and seal(text, findings) != confirmed:
        raise UnconfirmedError(findings)
