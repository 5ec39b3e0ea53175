"""What a citizen's phone has set about a number of the office: saved among the contacts, marketing stopped."""

from typing import TYPE_CHECKING, Any

from .payloads import contact, given, metadata
from .records import Citizen, Json
from .settings import Line
from .store import Store

if TYPE_CHECKING:
    from .world import World

MARKETING = "marketing"
SAVED, STOPPED = "saved", "stopped"
KINDS = (SAVED, STOPPED)


class Ties:
    """Rows of `ties`, all of them in memory too: each sending and each look at a Status asks for them."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._known = {(row["kind"], row["line"], row["citizen"]) for row in self._db.execute("SELECT * FROM ties")}

    def has(self, kind: str, line: str, citizen: str) -> bool:
        return (kind, line, citizen) in self._known

    def lines(self, kind: str, citizen: str, lines: list[str]) -> list[str]:
        """Those of the numbers to which the citizen has the tie."""
        return [line for line in lines if self.has(kind, line, citizen)]

    def put(self, kind: str, line: str, citizen: str, *, held: bool) -> bool:
        """Whether anything changed."""
        key = (kind, line, citizen)
        if held == (key in self._known):
            return False
        if held:
            self._known.add(key)
            self._db.execute("INSERT INTO ties VALUES (?, ?, ?)", key)
        else:
            self._known.discard(key)
            self._db.execute("DELETE FROM ties WHERE kind = ? AND line = ? AND citizen = ?", key)
        return True

    def forget(self, citizen: str) -> None:
        """The citizen is gone, and the rows with it."""
        self._known = {key for key in self._known if key[2] != citizen}

    def clear(self) -> None:
        self._known.clear()


def save_number(world: "World", citizen: Citizen, line: Line, *, saved: bool) -> None:
    """The citizen keeps the office's number among the own contacts, or no longer. Nobody is told, as in WhatsApp."""
    if world.ties.put(SAVED, line.phone_number_id, citizen.id, held=saved):
        world.tell_citizen(citizen.id)
        world.tell_statuses(line.phone_number_id)


def choose_marketing(world: "World", citizen: Citizen, line: Line, *, stop: bool) -> None:
    """Stop the number's marketing messages, or let them come again; told as `user_preferences`.

    Nothing is told when it is already so.
    """
    if not world.ties.put(STOPPED, line.phone_number_id, citizen.id, held=stop):
        return
    word = "stop" if stop else "resume"
    item: Json = {
        **given("wa_id", citizen.wa_id),
        "user_id": citizen.user_id,
        "detail": f"User requested to {word} marketing messages",
        "category": "marketing_messages",
        "value": word,
        "timestamp": int(world.clock.now()),
    }
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": metadata(line),
        "contacts": [contact(citizen)],
        "user_preferences": [item],
    }
    world.announce(line, "user_preferences", value)
    world.tell_citizen(citizen.id)
