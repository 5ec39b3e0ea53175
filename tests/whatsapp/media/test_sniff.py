"""What a file is, by its bytes: nothing becomes harmless by its name."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelita.whatsapp.media import sniff
from pelita.whatsapp.media.checking import RejectedError, check, hexadecimal
from pelita.whatsapp.media.limits import KINDS, most_received
from tests.whatsapp.media.support import (
    DRAWING,
    MP4,
    OGG,
    PAGE,
    PDF,
    PROGRAM,
    archive,
    base64_digest,
    picture,
)

DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
APK = archive("AndroidManifest.xml", "classes.dex")
OPEN_XML = "application/vnd.openxmlformats-officedocument."

TYPES: list[tuple[str, bytes, str, str]] = [
    ("jpeg", picture(), "", "image/jpeg"),
    ("png", picture("PNG"), "", "image/png"),
    ("webp", picture("WEBP"), "", "image/webp"),
    ("gif", picture("GIF"), "", "image/gif"),
    ("pdf", PDF, "", "application/pdf"),
    ("ogg", OGG, "", "audio/ogg"),
    ("amr", b"#!AMR\n" + bytes(40), "", "audio/amr"),
    ("mp3", b"ID3\x03\x00" + bytes(40), "", "audio/mpeg"),
    ("mp3 without a tag", b"\xff\xfb\x90\x64" + bytes(40), "", "audio/mpeg"),
    ("aac", b"\xff\xf1\x50\x80" + bytes(40), "", "audio/aac"),
    ("m4a", b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00" + bytes(40), "", "audio/mp4"),
    ("mp4", MP4, "", "video/mp4"),
    ("3gp", b"\x00\x00\x00\x20ftyp3gp4\x00\x00\x02\x00" + bytes(40), "", "video/3gpp"),
    ("mov", b"\x00\x00\x00\x20ftypqt  \x00\x00\x02\x00" + bytes(40), "", "video/quicktime"),
    ("docx", DOCX, "surat.docx", OPEN_XML + "wordprocessingml.document"),
    ("xlsx", XLSX, "data.xlsx", OPEN_XML + "spreadsheetml.sheet"),
    ("zip", archive("a.txt"), "a.zip", "application/zip"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "surat.doc", "application/msword"),
    ("text", "Nama: Sulastri, desa Mojogebang — ngoko".encode(), "a.txt", "text/plain"),
    ("long text cut inside a letter", "é".encode() * 5000, "a.txt", "text/plain"),
    ("page", PAGE, "a.pdf", "text/html"),
    ("page behind blanks", b"\xef\xbb\xbf \n\t" + PAGE, "a.jpg", "text/html"),
    ("page after a comment", b"<!-- x -->" + PAGE, "", "text/html"),
    ("drawing", DRAWING, "a.jpg", "image/svg+xml"),
    ("program", PROGRAM, "foto.jpg", sniff.PROGRAM),
    ("elf", b"\x7fELF" + bytes(60), "", sniff.PROGRAM),
    ("script", b"#!/bin/sh\nrm -rf ~\n", "", sniff.PROGRAM),
    ("script by its name", b"WScript.Echo 1", "undangan.vbs", sniff.PROGRAM),
    ("apk", APK, "Surat Tilang.pdf", sniff.APK),
    ("apk by its name", archive("a"), "Undangan Pernikahan.APK", sniff.PROGRAM),
    ("jar", archive("META-INF/MANIFEST.MF"), "", sniff.PROGRAM),
    ("nothing known", bytes(range(1, 9)) * 30, "", sniff.UNKNOWN),
]


@pytest.mark.parametrize(("content", "name", "wanted"), [row[1:] for row in TYPES], ids=[row[0] for row in TYPES])
def test_real_type(content: bytes, name: str, wanted: str) -> None:
    assert sniff.real_type(io.BytesIO(content), len(content), name) == wanted


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_have_a_type(content: bytes, name: str) -> None:
    assert sniff.real_type(io.BytesIO(content), len(content), name)


def looked(content: bytes, kind: str, claimed: str = "", name: str = "") -> str:
    """The type that is stored, or why it is not."""
    try:
        return check(io.BytesIO(content), kind=kind, claimed_type=claimed, filename=name).real_type
    except RejectedError as error:
        return error.reason


@pytest.mark.parametrize(
    ("content", "kind", "claimed", "wanted"),
    [
        (picture(), "image", "image/jpeg", "image/jpeg"),
        (picture("PNG"), "image", "image/jpeg", "image/png"),  # harmless: a browser shows either
        (PAGE, "image", "image/jpeg", "mismatch"),
        (DRAWING, "image", "image/svg+xml", "mismatch"),
        (PROGRAM, "image", "image/jpeg", "program"),
        (picture()[:300], "image", "image/jpeg", "broken_picture"),
        (b"", "image", "image/jpeg", "empty"),
        (picture("WEBP"), "sticker", "image/webp", "image/webp"),
        (picture(), "sticker", "image/webp", "mismatch"),
        (OGG, "audio", "audio/ogg; codecs=opus", "audio/ogg"),
        (MP4, "audio", "audio/mp4", "audio/mp4"),  # sound alone in the same container
        (PAGE, "audio", "audio/ogg", "mismatch"),
        (MP4, "video", "video/mp4", "video/mp4"),
        (PDF, "document", "application/pdf", "application/pdf"),
        (PAGE, "document", "application/pdf", "mismatch"),
        (PAGE, "document", "text/html", "text/html"),  # kept, and served as a download only
        (PAGE, "document", "image/png", "mismatch"),
        (picture(), "document", "image/jpeg", "image/jpeg"),
        (picture()[:300], "document", "image/jpeg", "image/jpeg"),  # kept without a small copy
        (APK, "document", "application/pdf", "program"),
        (DOCX, "document", OPEN_XML + "wordprocessingml.document", OPEN_XML + "wordprocessingml.document"),
    ],
)
def test_what_is_kept(content: bytes, kind: str, claimed: str, wanted: str) -> None:
    assert looked(content, kind, claimed) == wanted


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_byte_too_many(kind: str) -> None:
    limit = most_received(kind)
    assert looked(PDF + bytes(limit - len(PDF)), kind, "") != "too_large"
    assert looked(PDF + bytes(limit - len(PDF) + 1), kind, "") == "too_large"


def test_digests_in_both_writings() -> None:
    content = b"isi"
    hexed = hexadecimal(base64_digest(content))
    assert len(hexed) == 64
    assert hexadecimal(hexed.upper()) == hexed
    assert hexadecimal(base64_digest(content).rstrip("=")) == hexed
    for nothing in ("", "x", "abc=", "é" * 44, base64_digest(content) + "AAAA"):
        assert hexadecimal(nothing) == ""
