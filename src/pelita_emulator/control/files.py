"""Files of the control API: give one to a citizen's phone, look at one on the page."""

import base64
import binascii

from starlette.responses import Response

from pelita_emulator.citizens import BadRequestError
from pelita_emulator.content.files import MOST_BYTES, bare
from pelita_emulator.multipart import parts_of
from pelita_emulator.shelf import CITIZEN, clean_type

from .operations import Ask, NotThereError

Answer = tuple[int, object]
# Shown inside the page; anything else is saved, since it could be a page of its own.
INLINE = ("image/jpeg", "image/png", "image/webp", "audio/", "video/", "application/pdf")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


async def add_media(ask: Ask) -> Answer:
    """A file as raw bytes, as a form, or in base64 inside JSON."""
    content, mime_type, filename = _content(ask)
    if not content or len(content) > MOST_BYTES:
        raise BadRequestError("Berkas harus berisi, paling banyak 100 MB.")
    file = ask.world.shelf.add(CITIZEN, "", content, clean_type(mime_type), filename)
    described = ask.world.shelf.in_webhook(file)
    return 201, {**described, "size": file.size, **({"filename": filename} if filename else {})}


async def get_media(ask: Ask) -> Answer:
    """The bytes, for the page: whoever may use the control API may see every file."""
    file = ask.world.shelf.get(ask.request.path_params["id"], expired=True)
    if file is None:
        raise NotThereError("Berkas itu tidak ada.")
    inline = bare(file.mime_type).startswith(INLINE)
    headers = {**HEADERS, "Content-Disposition": "inline" if inline else "attachment"}
    return 200, Response(ask.world.shelf.read(file), media_type=file.mime_type, headers=headers)


def _content(ask: Ask) -> tuple[bytes, str, str | None]:
    kind = ask.request.headers.get("content-type", "")
    filename = ask.request.query_params.get("filename")
    if kind.startswith("multipart/form-data"):
        part = parts_of(kind, ask.raw).get("file")
        if part is None:
            raise BadRequestError("Formulir harus punya bagian “file”.")
        return part.content, part.mime_type, part.filename or filename
    if bare(kind) != "application/json":
        return ask.raw, kind, filename
    wish = ask.wish
    try:
        content = base64.b64decode(wish["data"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BadRequestError('Berkas dalam JSON: {"data": "<base64>", "mime_type": "image/png"}.') from None
    name = wish.get("filename")
    return content, str(wish.get("mime_type", "")), name if isinstance(name, str) else filename
