"""Citizens appear, change, switch on their phones and read their chats."""

from typing import TYPE_CHECKING, Any

from .chats import NEWEST
from .ids import USERNAME, BadPhoneError, new_bsuid, new_citizen_id, new_parent_bsuid, new_phone, normal_phone
from .people import FLAGS
from .records import IN, Citizen, Json

if TYPE_CHECKING:
    from .world import World


class BadRequestError(ValueError):
    """The caller can mend it; the text says how, in Indonesian."""


def add_citizen(world: "World", wish: Json) -> tuple[Citizen, bool]:
    """The citizen and whether it is new: the same phone is the same person."""
    name = wish.get("name")
    if not isinstance(name, str) or not name.strip():
        raise BadRequestError("Nama warga belum diisi.")
    phone = phone_of(wish.get("phone"))
    username = _username(wish.get("username"))
    flags = _flags(wish)
    if phone is not None and (known := world.people.at(phone)):
        return known, False
    while phone is None:  # of some thousand numbers by chance two are the same
        other = new_phone()
        phone = other if world.people.at(other) is None else None
    citizen = Citizen(
        id=new_citizen_id(),
        name=name.strip()[:80],
        phone=phone,
        user_id=new_bsuid(phone),
        username=username,
        created=world.clock.now(),
        parent_user_id=new_parent_bsuid(phone) if world.options.parent_ids else "",
        **flags,
    )
    world.people.add(citizen)
    world.tell_citizen(citizen.id)
    return citizen, True


def change_citizen(world: "World", citizen: Citizen, wish: Json) -> Citizen:
    """Name, username, hide_phone, online, auto_read; others are left as they are."""
    values: Json = dict(_flags(wish))
    if "name" in wish:
        if not isinstance(wish["name"], str) or not wish["name"].strip():
            raise BadRequestError("Nama warga belum diisi.")
        values["name"] = wish["name"].strip()[:80]
    if "username" in wish:
        values["username"] = _username(wish["username"])
    changed = world.people.change(citizen, values) if values else citizen
    if changed.online and not citizen.online:
        world.journey.online(changed)
    if changed.auto_read and not citizen.auto_read:
        for line in world.lines:
            read_chat(world, changed, line.phone_number_id, None)
    world.tell_citizen(citizen.id)
    return changed


def remove_citizen(world: "World", citizen: Citizen) -> None:
    world.people.remove(citizen)
    world.chats.forget_windows(citizen.id)
    world.ties.forget(citizen.id)
    world.hub.publish("gone", citizen=citizen.id)


def read_chat(world: "World", citizen: Citizen, line: str, wamid: str | None) -> int:
    """The citizen saw everything up to this message (all when None); how many became read."""
    newest = NEWEST
    if wamid is not None:
        message = world.chats.get(wamid)
        if message is None or message.citizen != citizen.id:
            raise BadRequestError("Pesan itu tidak ada di HP warga ini.")
        newest = message.seq
    unread = world.chats.up_to(citizen.id, line, IN, ("delivered",), newest)
    world.journey.read(unread)
    return len(unread)


def play(world: "World", citizen: Citizen, wamid: Any) -> None:
    """Listen to a voice message: it becomes played."""
    message = world.chats.get(wamid) if isinstance(wamid, str) else None
    if message is None or message.citizen != citizen.id or message.direction != IN or message.type != "audio":
        raise BadRequestError("Pesan suara itu tidak ada di HP warga ini.")
    world.journey.played(message)


def phone_of(value: Any) -> str | None:
    """Digits, or None for nothing given."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return normal_phone(value)
        except BadPhoneError:
            pass
    raise BadRequestError("Nomor telepon tidak dikenali. Contoh: 0812-3456-7890.")


def _username(value: Any) -> str | None:
    if value is None or value == "":
        return None
    name = value.removeprefix("@").lower() if isinstance(value, str) else ""
    if not USERNAME.match(name):
        raise BadRequestError("Nama pengguna harus 3 sampai 30 huruf kecil, angka, titik, atau garis bawah.")
    return name


def _flags(wish: Json) -> dict[str, bool]:
    flags = {name: wish[name] for name in FLAGS if name in wish}
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise BadRequestError(f"“{name}” harus true atau false.")
    return flags
