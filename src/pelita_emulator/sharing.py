"""Another app on the office's phone shares files to WhatsApp, as the Android share sheet does it.

What was shared waits on the phone until somebody chooses where to: "Status saya" or a chat. One at a time: what comes
later takes its place, as on a phone.
"""

from typing import TYPE_CHECKING

from .citizens import BadRequestError
from .clock import iso
from .content.files import real_type
from .ids import new_number
from .multipart import Part, all_parts
from .office_phone import write
from .records import Json
from .settings import Line
from .shelf import OFFICE
from .statuses import CAPTION_LENGTH, SHARE, check_app, check_file, post

if TYPE_CHECKING:
    from .world import World

MOST_FILES = 30
TO_STATUS = "status"


def _key(line: Line) -> str:
    return f"share/{line.phone_number_id}"


def waiting(world: "World", line: Line) -> Json | None:
    """{"id", "at", "text", "files": [{"id", "type", "mime_type", "size", "filename"}]}, None when nothing waits."""
    found: Json | None = world.store.fact(_key(line), None)
    return found


def receive(world: "World", line: Line, content_type: str, body: bytes) -> Json:
    """The share target's form: `title`, `text`, `url` and any number of `files`. Nothing is kept when one is wrong."""
    check_app(world, line)
    parts = all_parts(content_type, body)
    files = [part for _, part in parts if part.filename is not None]
    fields = {name: part.text.strip() for name, part in parts if part.filename is None}
    if not files or len(files) > MOST_FILES:
        raise BadRequestError(f"Bagikan satu sampai {MOST_FILES} berkas, sebagai formulir dengan bagian “files”.")
    kinds = [_kind(part) for part in files]
    kept: list[Json] = []
    for part, kind in zip(files, kinds, strict=True):
        file = world.shelf.add(OFFICE, line.phone_number_id, part.content, real_type(part.content), part.filename)
        about = {"id": file.id, "type": kind, "mime_type": file.mime_type, "size": file.size, "sha256": file.sha256}
        kept.append({**about, "filename": part.filename})
    # Android hands the address over at the end of the words; the title is for mail.
    text = " ".join(filter(None, (fields.get("text"), fields.get("url"))))[:CAPTION_LENGTH]
    share = {"id": new_number(), "at": iso(world.clock.now()), "text": text, "files": kept}
    _keep(world, line, share)
    return share


def _kind(part: Part) -> str:
    kind = real_type(part.content).partition("/")[0]
    if kind not in ("image", "video"):
        raise BadRequestError(f"WhatsApp tidak menerima {part.filename} sebagai status: bukan foto atau video.")
    check_file(kind, real_type(part.content), part.content)
    return kind


def send(world: "World", line: Line, wish: Json) -> Json:
    """Choose where it goes: `to` is status or a citizen's id. {"statuses": [id]} or {"messages": [wamid]}.

    `captions` are those that somebody typed, one for each file; left alone, the shared words stand under the first.
    """
    share = waiting(world, line)
    if share is None:
        raise BadRequestError("Tidak ada yang sedang dibagikan ke WhatsApp.")
    captions = wish.get("captions", [share["text"]])
    if not isinstance(captions, list) or not all(isinstance(one, str) for one in captions):
        raise BadRequestError("“captions” harus daftar teks, satu untuk setiap berkas.")
    citizen = world.people.get(wish.get("to")) if isinstance(wish.get("to"), str) else None
    if citizen is None and wish.get("to") != TO_STATUS:
        raise BadRequestError("“to” harus status, atau id seorang warga.")
    captions = [*captions, *[""] * len(share["files"])]
    messages = [
        {"type": file["type"], file["type"]: {"id": file["id"], **({"caption": caption} if caption.strip() else {})}}
        for file, caption in zip(share["files"], captions, strict=False)
    ]
    if citizen is None:
        with world.store.transaction():
            made = {"statuses": [post(world, line, message, SHARE).id for message in messages]}
    else:
        made = {"messages": [write(world, line, citizen, message) for message in messages]}
    _keep(world, line, None)
    return made


def cancel(world: "World", line: Line) -> None:
    _keep(world, line, None)


def _keep(world: "World", line: Line, share: Json | None) -> None:
    world.store.keep_fact(_key(line), share)
    world.hub.publish("share", line=line.phone_number_id, waiting=share is not None)
