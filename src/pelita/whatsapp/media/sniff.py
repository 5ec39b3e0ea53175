"""What a file really is, by its bytes. Pure; never trusts a name or a claimed type to make something harmless."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO

import puremagic

HEAD, TAIL = 4096, 1024 * 1024
UNKNOWN = "application/octet-stream"

# Programs. An "undangan.apk" or "surat tilang.apk" is how bank accounts are emptied by WhatsApp.
PROGRAM = "application/x-executable"
APK = "application/vnd.android.package-archive"
PAGE, DRAWING = "text/html", "image/svg+xml"
_MACH_O = (b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_PROGRAMS = (b"MZ", b"\x7fELF", b"dex\n", *_MACH_O)
_SHORTCUT = b"L\x00\x00\x00\x01\x14\x02\x00"
PROGRAM_NAMES = frozenset(
    {
        *("apk", "apks", "xapk", "bat", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "jar", "js", "jse", "lnk"),
        *("msi", "pif", "ps1", "reg", "scr", "sh", "vbe", "vbs", "wsf", "wsh"),
    }
)

_FIXED = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_INSIDE = (
    (b"word/", _OPEN_XML + "wordprocessingml.document"),
    (b"xl/", _OPEN_XML + "spreadsheetml.sheet"),
    (b"ppt/", _OPEN_XML + "presentationml.presentation"),
)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|meta|title|img|style)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f]*")


def extension(filename: str) -> str:
    """In small letters, without the dot."""
    return PurePath(filename).suffix.lower().lstrip(".")


def real_type(file: BinaryIO, size: int, filename: str = "") -> str:
    """The MIME type by content; UNKNOWN for bytes that say nothing. Reads the beginning, and the end of an archive.

    A name that Windows or Android would run makes a PROGRAM out of anything: a script has no signature.
    """
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(_PROGRAMS) or head.startswith(_SHORTCUT) or extension(filename) in PROGRAM_NAMES:
        return PROGRAM
    steps: tuple[Callable[[], str], ...] = (
        lambda: next((found for start, found in _FIXED if head.startswith(start)), ""),
        lambda: _container(head),
        lambda: "application/pdf" if b"%PDF-" in head[:1024] else "",
        lambda: _archive(file, size, head) if head.startswith(b"PK\x03\x04") else "",
        lambda: _OFFICE.get(extension(filename), "application/x-ole-storage") if head.startswith(_OLE) else "",
        lambda: _words(head),
        lambda: _guess(head),
    )
    return next((found for step in steps if (found := step())), UNKNOWN)


def _container(head: bytes) -> str:
    """RIFF, ISO media and bare streams of sound."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand, "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else "video/mp4")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    return ""


def _archive(file: BinaryIO, size: int, head: bytes) -> str:
    """A ZIP by the names in its directory, which stands at the end. The directory is searched, not parsed: one that is
    made to lie could list millions of entries."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    if b"AndroidManifest.xml" in tail or b"classes.dex" in tail:
        return APK
    if b"META-INF/MANIFEST.MF" in tail:
        return PROGRAM
    if head[30:38] == b"mimetype":
        named = re.match(rb"application/vnd\.oasis\.opendocument\.[a-z-]+", head[38:])
        return named[0].decode() if named else "application/zip"
    return next((found for name, found in _INSIDE if name in tail), "application/zip")


def _words(head: bytes) -> str:
    """Text of one of the kinds that a browser would act on, or plain text."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00\x0c")
    found = _MARKUP.search(start[:1024])
    if found and (found.start() == 0 or start.startswith((b"<", b"<?xml"))):
        return DRAWING if found[0].lower() == b"<svg" else PAGE
    if head.startswith(b"#!"):
        return PROGRAM
    try:
        # Not the end of the file, so its last character may be cut in the middle.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except ValueError:
        return ""
    return "text/plain" if text and _PLAIN.fullmatch(text) else ""


def _guess(head: bytes) -> str:
    """What puremagic makes of the beginning, best first; "" when it cannot tell."""
    try:
        found = puremagic.magic_stream(io.BytesIO(head))
    except (puremagic.PureError, ValueError):
        return ""
    return next((one.mime_type for one in found if one.mime_type), "")


def harmful(found: str) -> bool:
    """Whether this may not be kept at all."""
    return found in {PROGRAM, APK}
