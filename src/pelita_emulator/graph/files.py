"""Files up and down, as /media and the objects of media ids do it."""

from starlette.responses import Response

from pelita_emulator.content.files import ALL_TYPES, MB, MOST_BYTES, bare, most_bytes
from pelita_emulator.multipart import Part, parts_of
from pelita_emulator.records import Json
from pelita_emulator.shelf import OFFICE, File

from .calls import Call
from .errors import GraphError, refusal, required, unknown_object

FAULTS = ("media_fails", "media_wrong_bytes", "media_url_expired")


def upload(call: Call) -> Json:
    """POST /{phone_number_id}/media: {"id"}. The parts are messaging_product, file and perhaps type."""
    parts = parts_of(call.request.headers.get("content-type", ""), call.raw)
    if "messaging_product" not in parts or parts["messaging_product"].text != "whatsapp":
        raise required("messaging_product")
    if "file" not in parts:
        raise required("file")
    part = parts["file"]
    mime_type = _type_of(part, parts)
    if len(part.content) > (most_bytes(mime_type) or MOST_BYTES):
        most = (most_bytes(mime_type) or MOST_BYTES) / MB
        raise refusal(131053, f"Media file size too big. Max file size we currently support: {most:.1f}MB.")
    if not part.content:
        raise refusal(131053, "Media file is empty.")
    file = call.world.shelf.add(OFFICE, call.line.phone_number_id, part.content, mime_type, part.filename)
    return {"id": file.id}


def about(call: Call) -> Json:
    """GET /{media_id}: an address for five minutes, and what is known of the file."""
    file = _file(call)
    return {
        "messaging_product": "whatsapp",
        "url": call.world.shelf.address(file),
        "mime_type": file.mime_type,
        "sha256": file.sha256,
        "file_size": file.size,
        "id": file.id,
    }


def remove(call: Call) -> Json:
    call.world.shelf.remove(_file(call).id)
    return {"success": True}


def download(call: Call) -> Response:
    """The bytes of /media/{id}?ext=…&hash=…; an address that is over or was never ours is answered with 404."""
    shelf, query = call.world.shelf, call.request.query_params
    media_id = call.request.path_params["id"]
    fault = call.world.faults.take(FAULTS, {"citizen": None, "type": "*"})
    expired = fault is not None and fault.kind == "media_url_expired"
    file = shelf.get(media_id)
    if expired or file is None or not shelf.opens(media_id, query.get("ext", ""), query.get("hash", "")):
        raise GraphError(404, {"message": "URL signature expired", "type": "OAuthException", "code": 1})
    if not _visible(call, file):
        raise unknown_object(media_id)
    if fault is not None and fault.kind == "media_fails":
        raise refusal(1, None, fault.status or 500)
    content = shelf.read(file)
    if fault is not None:
        content = bytes([content[0] ^ 0xFF]) + content[1:]
    return Response(content, media_type=file.mime_type)


def _file(call: Call) -> File:
    file = call.world.shelf.get(call.object_id)
    wanted = call.query("phone_number_id")
    if file is None or not _visible(call, file) or (wanted and file.line not in ("", wanted)):
        raise unknown_object(call.object_id)
    return file


def _visible(call: Call, file: File) -> bool:
    """A file belongs to the number that it came to or was uploaded for."""
    return not file.line or any(line.phone_number_id == file.line for line in call.lines)


def _type_of(part: Part, parts: dict[str, Part]) -> str:
    """The file's own type, else that of the form's field `type`; refused when WhatsApp does not take it."""
    given = part.mime_type or (parts["type"].text if "type" in parts else "")
    if bare(given) not in ALL_TYPES:
        known = ", ".join(ALL_TYPES)
        raise refusal(
            100, f"Param file must be a file with one of the following types: {known}. Received file of type '{given}'."
        )
    return bare(given)
