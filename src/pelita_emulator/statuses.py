"""The office's Status: posted on its phone, by another app's share, or by a linked device; seen by mutual contacts.

A Status goes to those who stand in the phone's address book at that moment, and shows on the phones of those among
them who saved the office's number. It stands 24 hours of the emulator's clock.
"""

import re
from typing import TYPE_CHECKING

from .citizens import BadRequestError
from .clock import iso
from .content.files import FILES, MB, bare, real_type
from .ids import new_wamid
from .office_phone import opened
from .records import Citizen, Json
from .settings import Line
from .shelf import File
from .statusposts import LIFE_SECONDS, StatusPost
from .ties import SAVED
from .writing import write

if TYPE_CHECKING:
    from .world import World

PHONE, SHARE, LINKED = "phone", "share", "linked"
TYPES = ("text", "image", "video")
TEXT_LENGTH, CAPTION_LENGTH = 700, 1024
MOST_STANDING = 100
MOST_RECIPIENTS = 100
# It stands in addresses of the control API.
LINKED_ID = re.compile(r"[A-Za-z0-9._=-]{1,128}")


def check_app(world: "World", line: Line) -> None:
    """Status lives in the app, so the number must live there. Being cut off from the Cloud API does not matter."""
    if not world.lines.state(line.phone_number_id).coexistence:
        raise BadRequestError('Nomor ini belum hidup di HP kantor. Nyalakan dahulu: {"coexistence": true}.')


def contacts_of(world: "World", line: Line) -> list[Citizen]:
    """Citizens in the address book of the office's phone."""
    rows = world.store.db.execute("SELECT phone FROM address_book WHERE line = ?", (line.phone_number_id,))
    phones = {row["phone"] for row in rows}
    return [citizen for citizen in world.people if citizen.phone in phones]


def post(world: "World", line: Line, wish: Json, origin: str = PHONE) -> StatusPost:
    """Somebody posts a Status on the office's phone: {"type": "image", "image": {"id", "caption"}} or a text."""
    check_app(world, line)
    with world.store.transaction():
        made = _keep(world, line, wish, origin, new_wamid(line.display_phone))
        world.statuses.send(made, contacts_of(world, line))
        opened(world, line)
    world.tell_statuses(line.phone_number_id)
    return made


def post_linked(world: "World", line: Line, wish: Json) -> StatusPost:
    """A linked device posts to a list of `recipients` (phones). The same `id` again only adds recipients."""
    check_app(world, line)
    recipients, wanted = wish.get("recipients"), wish.get("id")
    if not isinstance(recipients, list) or not all(isinstance(phone, str) for phone in recipients) or not recipients:
        raise BadRequestError("“recipients” harus daftar nomor telepon.")
    if len(recipients) > MOST_RECIPIENTS:
        raise BadRequestError(f"Penerima paling banyak {MOST_RECIPIENTS} sekali kirim. Bagi menjadi beberapa kiriman.")
    if wanted is not None and (not isinstance(wanted, str) or not LINKED_ID.fullmatch(wanted)):
        raise BadRequestError("“id” harus huruf dan angka, paling panjang 128.")
    made = world.statuses.get(wanted) if wanted else None
    if made is not None and (made.line, made.origin) != (line.phone_number_id, LINKED):
        raise BadRequestError("“id” itu sudah dipakai status lain.")
    phones = {phone.removeprefix("+").partition("@")[0] for phone in recipients}
    with world.store.transaction():
        if made is None:
            made = _keep(world, line, wish, LINKED, wanted or new_wamid(line.display_phone))
        world.statuses.send(made, [one for one in contacts_of(world, line) if one.phone in phones])
    world.tell_statuses(line.phone_number_id)
    return made


def _keep(world: "World", line: Line, wish: Json, origin: str, name: str) -> StatusPost:
    type_, text, file = _content(world, wish)
    if len(standing(world, line)) >= MOST_STANDING:
        raise BadRequestError(f"Sudah ada {MOST_STANDING} status. Hapus salah satu dahulu.")
    media = file.id if file is not None else None
    made = StatusPost(name, line.phone_number_id, type_, text, media, origin, world.clock.now())
    world.statuses.add(made)
    return made


def _content(world: "World", wish: Json) -> tuple[str, str, File | None]:
    """Type, words and file of a Status; raises BadRequestError."""
    type_ = wish.get("type")
    content = wish.get(type_) if type_ in TYPES else None
    if not isinstance(content, dict):
        raise BadRequestError('Status harus teks, foto, atau video: {"type": "image", "image": {"id": "…"}}.')
    text = content.get("body" if type_ == "text" else "caption") or ""
    most = TEXT_LENGTH if type_ == "text" else CAPTION_LENGTH
    if not isinstance(text, str) or len(text) > most or (type_ == "text" and not text.strip()):
        raise BadRequestError(f"Tulisan status harus teks, paling panjang {most} huruf.")
    if type_ == "text":
        return "text", text.strip(), None
    file = world.shelf.get(str(content.get("id")))
    if file is None:
        raise BadRequestError("Berkas itu tidak ada di HP. Unggah dahulu lewat /control/media.")
    check_file(str(type_), file.mime_type, world.shelf.read(file))
    return str(type_), text.strip(), file


def check_file(type_: str, mime_type: str, content: bytes) -> None:
    """What WhatsApp takes as the picture or film of a Status, judged by its bytes; raises BadRequestError."""
    most = FILES[type_].types.get(real_type(content))
    if most is None or bare(mime_type) != real_type(content):
        raise BadRequestError("Berkas itu bukan foto (JPEG, PNG) atau video (MP4, 3GP) yang dikenal WhatsApp.")
    if len(content) > most:
        raise BadRequestError(f"Berkas terlalu besar: paling banyak {most // MB} MB.")


def standing(world: "World", line: Line) -> list[StatusPost]:
    return world.statuses.since(line.phone_number_id, world.clock.now() - LIFE_SECONDS)


def shown(world: "World", citizen: Citizen, line: Line) -> list[tuple[StatusPost, float | None]]:
    """What the citizen's phone shows of this number, oldest first; nothing while it is off or has not saved it."""
    if not citizen.online or not world.ties.has(SAVED, line.phone_number_id, citizen.id):
        return []
    return world.statuses.sent_to(line.phone_number_id, world.clock.now() - LIFE_SECONDS, citizen)


def one_shown(world: "World", citizen: Citizen, line: Line, post_id: str) -> StatusPost:
    found = next((post for post, _ in shown(world, citizen, line) if post.id == post_id), None)
    if found is None:
        raise BadRequestError("Status itu tidak tampil di HP warga ini.")
    return found


def view(world: "World", citizen: Citizen, line: Line, post_id: str) -> None:
    """The citizen looks at a Status; the office's phone learns who and when."""
    world.statuses.see(one_shown(world, citizen, line, post_id), citizen, world.clock.now())
    world.tell_statuses(line.phone_number_id)


def reply(world: "World", citizen: Citizen, line: Line, post_id: str, text: object) -> str:
    """A reply is a message of the chat that quotes the Status; its wamid.

    Meta documents no reply to a Status. That `context.id` is the id of the Status is this emulator's guess.
    """
    post_ = one_shown(world, citizen, line, post_id)
    message = {"type": "text", "text": {"body": text}, "context": {"message_id": post_.id}}
    return write(world, citizen, line, message)


def remove(world: "World", post_: StatusPost) -> None:
    """Taken back on the office's phone: gone from every phone at once."""
    with world.store.transaction():
        world.statuses.remove(post_)
    world.tell_statuses(post_.line)


def plain(world: "World", post_: StatusPost) -> Json:
    """A Status as every phone knows it."""
    item: Json = {
        "id": post_.id,
        "type": post_.type,
        "text": post_.text,
        "at": iso(post_.at),
        "until": iso(post_.until),
    }
    file = world.shelf.get(post_.media, expired=True) if post_.media else None
    if file is not None:
        item |= {"media": file.id, "mime_type": file.mime_type, "sha256": file.sha256}
    return item


def office_item(world: "World", post_: StatusPost) -> Json:
    """A Status as the office's phone knows it, with who saw it and when."""
    sent, seen = world.statuses.audience(post_)
    people = [(world.people.get(citizen), at) for citizen, at in seen]
    viewers = [{"citizen": citizen.id, "name": citizen.name, "at": iso(at)} for citizen, at in people if citizen]
    return plain(world, post_) | {"origin": post_.origin, "recipients": sent, "viewers": viewers}
