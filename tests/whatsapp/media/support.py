"""Files to send about, and a keeper of files that answers as Meta does or as it is told."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PIL import Image

from tests.whatsapp.scripted import Answer, Deed, Request, Server, accept, refusal

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(80)
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(80)
PAGE = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
DRAWING = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + bytes(200)
PLACE = 0x8825  # EXIF's pointer to GPS


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (1200, 800), *, turned: bool = False, place: bool = False
) -> bytes:
    """A photo; ``turned`` as a phone held upright writes it, ``place`` with GPS in its EXIF."""
    image = Image.new("RGB", size, (30, 120, 90))
    image.paste((200, 40, 30), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    if place:
        exif.get_ifd(PLACE).update({1: "S", 2: (7.0, 24.0, 0.0), 3: "E", 4: (112.0, 24.0, 0.0)})
    out = io.BytesIO()
    image.save(out, kind, **({"exif": exif, "comment": b"Sulastri"} if kind == "JPEG" else {}))
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "isi")
    return out.getvalue()


def base64_digest(content: bytes) -> str:
    """As webhooks carry it."""
    import base64  # noqa: PLC0415  # for this one line

    return base64.b64encode(hashlib.sha256(content).digest()).decode()


_ids = count(1)


@dataclass
class Keeper:
    """The script of a scripted server: files by id, and deeds that come before them, the next first."""

    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    uploads: list[Request] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    url: Callable[[str], str] | None = None
    server: Server | None = None

    def keep(self, content: bytes, mime: str = "image/jpeg") -> str:
        name = str(9000000000000 + next(_ids))
        self.files[name], self.types[name] = content, mime
        return name

    def __call__(self, request: Request) -> Deed:
        if self.deeds:
            return self.deeds.pop(0)
        name = request.path.rsplit("/", 1)[-1]
        if name == "messages":
            self.sent.append(request.json)
            return accept(request)
        if request.method == "POST":
            self.uploads.append(request)
            return Answer(body=json.dumps({"id": self.keep(b"")}).encode())
        if name not in self.files:
            return refusal(100, 400)
        if request.path.startswith("/unduh/"):
            return Answer(body=self.files[name], kind=self.types[name])
        assert self.server is not None
        url = self.url(name) if self.url else f"{self.server.url}/unduh/{name}"
        content = self.files[name]
        document = {
            "messaging_product": "whatsapp", "id": name, "url": url, "mime_type": self.types[name],
            "file_size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        return Answer(body=json.dumps(document).encode())
