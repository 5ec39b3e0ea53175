"""Words on a card: which signs can be drawn, how wide they are, where a line ends."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from PIL import ImageFont

from pelita.base import typeface
from pelita.base.typeface import Weight

ELLIPSIS = "…"
_PANGKON = "\ua9c0"  # joins the consonant that follows it to the one before
_JOINERS = "\u200c\u200d"
# What the typeface draws; other signs (emoji, Chinese) are left out, for a box says nothing.
_LATIN = re.compile(r"[ -~\u00a0-\u024f\u2010-\u2015\u2018-\u201e\u2022\u2026\u20ac]")
_LONELY = re.compile(r"(?<![\ua980-\ua9df])[\u200c\u200d]+")  # joiners that join no letters of Java
_RUNS = re.compile(r"[\ua980-\ua9df\u200c\u200d]+|[^\ua980-\ua9df\u200c\u200d]+")
_JAVA = re.compile(r"[\ua980-\ua9cd\ua9cf-\ua9d9\ua9de\ua9df]")
# Latin letters in the dress that people paste from elsewhere (𝗠𝘂𝘀𝗿𝗲𝗻𝗯𝗮𝗻𝗴, Ｄｅｓａ) are letters all the same.
_DRESSED = re.compile(r"[\U0001d400-\U0001d7ff\uff01-\uff5e]")


def shown(text: str) -> str:
    """The text in signs that can be drawn, in one line."""
    plain = _DRESSED.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    signs = unicodedata.normalize("NFC", plain)
    kept = "".join(sign if sign.isspace() or drawable(sign) or sign in _JOINERS else "" for sign in signs)
    return " ".join(_LONELY.sub("", kept).split())


def drawable(sign: str) -> bool:
    """Whether one of the two typefaces has the sign. NBSP and soft hyphens are no signs to see."""
    if _JAVA.match(sign):
        return True
    return bool(_LATIN.match(sign)) and _known(sign)


@lru_cache(maxsize=1024)
def _known(sign: str) -> bool:
    """A sign that the file lacks is drawn as the box, so it looks like one that surely is missing."""
    font = _font(700, 40)
    return sign == " " or bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=64)
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface.file_of(weight), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16)
def _java(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface.JAVANESE, size, layout_engine=ImageFont.Layout.BASIC)


def javanese(text: str) -> bool:
    """Whether letters of Java stand in it: they reach further up and down."""
    return bool(_JAVA.search(text))


def runs(text: str) -> list[str]:
    """The text in pieces of one script each."""
    return _RUNS.findall(text)


def wide(text: str, size: int, weight: Weight, spacing: float = 0) -> float:
    """Width in pixels. For the letters of Java an upper bound: stacked ones are counted side by side."""
    total = spacing * len(text)
    for run in runs(text):
        font = _java(size) if javanese(run) else _font(weight, size)
        total += font.getlength(run)
    return total


def clusters(word: str) -> list[str]:
    """What may not be torn apart: a letter with the marks on it, and Javanese consonants that are stacked."""
    found: list[str] = []
    for sign in word:
        joined = found and (unicodedata.category(sign).startswith("M") or sign in _JOINERS or found[-1][-1] == _PANGKON)
        if joined:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def wrapped(text: str, size: int, weight: Weight, room: float, spacing: float = 0) -> list[str]:
    """Lines that fit into ``room``; a word wider than a line is cut."""
    lines: list[str] = []
    for word in text.split():
        for at, piece in enumerate(_pieces(word, size, weight, room, spacing)):
            longer = f"{lines[-1]} {piece}" if lines and at == 0 else piece
            if lines and at == 0 and wide(longer, size, weight, spacing) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, size: int, weight: Weight, room: float, spacing: float) -> list[str]:
    found = [""]
    for cluster in clusters(word):
        if found[-1] and wide(found[-1] + cluster, size, weight, spacing) > room:
            found.append("")
        found[-1] += cluster
    return found


def ended(text: str, size: int, weight: Weight, room: float, spacing: float = 0) -> str:
    """As much as fits into a line, with an ellipsis where some is missing."""
    if wide(text, size, weight, spacing) <= room:
        return text
    kept = clusters(text)
    while kept and wide("".join(kept).rstrip() + ELLIPSIS, size, weight, spacing) > room:
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS


def cut(lines: list[str], most: int, size: int, weight: Weight, room: float, spacing: float = 0) -> list[str]:
    """At most so many lines; the last one says when there was more."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], ended(" ".join(lines[most - 1 :]), size, weight, room, spacing)]
