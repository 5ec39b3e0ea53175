"""Takes a webhook body apart: every entry, change, message, status, echo, error and account event becomes one item.

Pure, and without trust: any JSON gives a list, never an exception. What has a shape that nobody expected is kept
as an ``update`` item instead of being dropped. Shapes: Meta's "Webhooks notification payload reference".
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_KEY, MAX_FIELD, MAX_ID = 200, 60, 40
MAX_BITS = 10_000  # a longer number cannot be written in decimal (Python's limit is 4,300 digits)
EARLIEST, LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100; outside it a timestamp is a mistake

# The lists of a change's value whose entries are items of their own, and what each entry is.
LISTS = {"messages": "message", "statuses": "status", "message_echoes": "echo", "errors": "error"}
# Said of every change, or told by the items themselves.
EXPECTED = {*LISTS, "metadata", "contacts", "messaging_product"}

HISTORY = "history"  # the field of a phone's old messages, and the list of chunks in it

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """One item. ``key`` together with ``kind`` is the same whenever WhatsApp delivers the item again.

    ``payload``: ``{entry_id, entry_time, field, metadata, contact, item}``, storable as PostgreSQL jsonb.
    """

    kind: str
    field: str
    key: str
    phone_number_id: str | None
    entry_id: str | None
    occurred_at: datetime | None
    payload: dict[str, Any]


def explode(envelope: Any, *, clean: bool = False) -> list[Found]:
    """All items of a body, in the body's order. ``clean``: it is known to be :func:`storable` as it is."""
    try:
        return _envelope(envelope if clean else storable(envelope))
    except RecursionError:
        # Nested deeper than any message. The raw body stays; this item says where to look.
        return [_found("update", "unknown", "deep:" + _digest_of_deep(envelope), _Around(), {"too_deep": True})]


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds an item: its entry, field, metadata and contact."""

    entry_id: Any = None
    entry_time: Any = None
    field: str = "unknown"
    metadata: Any = None

    @property
    def phone_number_id(self) -> str | None:
        found = text_of(self.metadata.get("phone_number_id")) if isinstance(self.metadata, dict) else ""
        return found if 0 < len(found) <= MAX_ID else None


def _envelope(envelope: Any) -> list[Found]:
    entries = envelope.get("entry") if isinstance(envelope, dict) else None
    if not isinstance(entries, list) or not entries:
        return [_leftover(envelope, _Around())]
    found: list[Found] = []
    for entry in entries:
        found += _entry(entry)
    extra = {name: value for name, value in envelope.items() if name not in {"object", "entry"}}
    if extra or envelope.get("object") != "whatsapp_business_account":
        found.append(_leftover({**extra, "object": envelope.get("object")}, _Around()))
    return found


def _entry(entry: Any) -> list[Found]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list) or not changes:
        return [_leftover(entry, _Around(*_entry_marks(entry)))]
    found: list[Found] = []
    for change in changes:
        found += _change(change, *_entry_marks(entry))
    extra = {name: value for name, value in entry.items() if name not in {"id", "time", "changes"}}
    if extra:
        found.append(_leftover(extra, _Around(*_entry_marks(entry))))
    return found


def _entry_marks(entry: Any) -> tuple[Any, Any]:
    return (entry.get("id"), entry.get("time")) if isinstance(entry, dict) else (None, None)


def _change(change: Any, entry_id: Any, entry_time: Any) -> list[Found]:
    if not isinstance(change, dict):
        return [_leftover(change, _Around(entry_id, entry_time))]
    value = change.get("value")
    metadata = value.get("metadata") if isinstance(value, dict) else None
    around = _Around(entry_id, entry_time, text_of(change.get("field")) or "unknown", metadata)
    lists = {name: _items(value[name]) for name in LISTS if isinstance(value, dict) and some(value.get(name))}
    chunks = _chunks(value, around)
    if not (lists or chunks) or not isinstance(value, dict):
        return [_leftover(value if set(change) <= {"field", "value"} else change, around)]
    people = _People(value.get("contacts"))
    found = [
        _item(LISTS[name], item, around, people.contact_of(item), value, position)
        for name, items in lists.items()
        for position, item in enumerate(items)
    ]
    for chunk in chunks:
        found += _chunk(chunk, around, people)
    rest = _rest(change, value, people)
    if chunks:
        rest.pop(HISTORY, None)
    if rest:
        found.append(_leftover(rest, around))
    return found


class _People:
    """The contacts of a change, found by any id that an item shares with them."""

    def __init__(self, contacts: Any) -> None:
        self.contacts = contacts
        self.known = [one for one in contacts if isinstance(one, dict)] if isinstance(contacts, list) else []
        self.by_id = {text_of(one.get(name)): one for one in reversed(self.known) for name in ("wa_id", "user_id")}
        self.by_id.pop("", None)
        self.used: set[int] = set()

    def contact_of(self, item: Any) -> dict[str, Any] | None:
        """The contact that an item speaks of, or the only one there is."""
        found = self.known[0] if len(self.known) == 1 else None
        if found is None and isinstance(item, dict):
            names = ("from_user_id", "recipient_user_id", "to_user_id", "from", "recipient_id", "to")
            found = next(
                (self.by_id[one] for one in (text_of(item.get(name)) for name in names) if one in self.by_id), None
            )
        if found is not None:
            self.used.add(id(found))
        return found

    def unused(self) -> bool:
        """Whether some contact went along with no item."""
        if not isinstance(self.contacts, list):
            return some(self.contacts)
        return any(id(one) not in self.used for one in self.contacts)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rest(change: dict[str, Any], value: dict[str, Any], people: _People) -> dict[str, Any]:
    """What of a change went into none of its items.

    An item of its own and not a part of the first item: that one may be a repetition that is thrown away.
    """
    rest = {name: inner for name, inner in value.items() if name not in EXPECTED}
    if people.unused():
        rest["contacts"] = value["contacts"]
    if value.get("messaging_product", "whatsapp") != "whatsapp":
        rest["messaging_product"] = value["messaging_product"]
    rest |= {name: inner for name, inner in change.items() if name not in {"field", "value"}}
    return rest


def _item(kind: str, item: Any, around: _Around, contact: Any, value: dict[str, Any], position: int) -> Found:
    own = text_of(item.get("id")) if isinstance(item, dict) else ""
    number = around.phone_number_id or ""
    if not isinstance(item, dict):
        kind, key = "update", _hash_key([kind, item, position], around)
    elif kind == "error":
        # The same error may strike twice; only the whole change tells a repetition from a second one.
        key = _hash_key([value, position], around)
    elif not own:
        key = _hash_key(item, around)
    elif kind == "status":
        key = ":".join([number, own, text_of(item.get("status")), *_participant(item)])
    elif around.field == HISTORY:
        # Apart from messages that came when they were written. A placeholder and the file behind it share an id.
        context = item.get("history_context")
        fared = text_of(context.get("status")) if isinstance(context, dict) else ""
        key = ":".join([HISTORY, number, own, text_of(item.get("type")), fared])
    else:
        key = f"{number}:{own}"
    return _found(kind, around.field, key, around, item, contact)


def _participant(status: dict[str, Any]) -> list[str]:
    """In a group each member reads for himself; everywhere else (wamid, status) is one event."""
    if status.get("recipient_type") != "group":
        return []
    names = ("recipient_participant_user_id", "recipient_participant_id", "recipient_user_id", "recipient_id")
    return [next((text_of(status[name]) for name in names if text_of(status.get(name))), "")]


def _chunks(value: Any, around: _Around) -> list[Any]:
    """The chunks of a phone's history (coexistence)."""
    told = around.field == HISTORY and isinstance(value, dict) and some(value.get(HISTORY))
    return _items(value[HISTORY]) if told else []


def _chunk(chunk: Any, around: _Around, people: _People) -> list[Found]:
    """Every message of a chunk, and the chunk itself as an ``update`` with how many messages came with it."""
    threads = _items(chunk["threads"]) if isinstance(chunk, dict) and some(chunk.get("threads")) else []
    found: list[Found] = []
    for thread in threads:
        messages = thread.get("messages") if isinstance(thread, dict) else None
        if not isinstance(messages, list) or not messages:
            found.append(_leftover({"thread": thread}, around))
            continue
        about = {name: inner for name, inner in thread.items() if name != "messages"}
        for position, message in enumerate(messages):
            item = _item("message", message, around, people.contact_of(message), message, position)
            item.payload["thread"] = about
            found.append(item)
    if not isinstance(chunk, dict):
        return [_leftover(chunk, around)]
    about = {name: inner for name, inner in chunk.items() if name != "threads"} | {"messages": len(found)}
    # The same chunk may come again on another day; then it is no second one.
    key = "chunk:" + digest_of([around.phone_number_id, about])
    return [*found, _found("update", around.field, key, around, about)]


def _leftover(what: Any, around: _Around) -> Found:
    return _found("update", around.field, _hash_key(what, around), around, what)


def _found(kind: str, field: str, key: str, around: _Around, item: Any, contact: Any = None) -> Found:
    payload = {
        "entry_id": around.entry_id,
        "entry_time": around.entry_time,
        "field": around.field,
        "metadata": around.metadata,
        "contact": contact,
        "item": item,
    }
    occurred = moment_of(item.get("timestamp")) if isinstance(item, dict) else None
    return Found(
        kind=kind,
        field=field[:MAX_FIELD],
        key=key if len(key) <= MAX_KEY else "long:" + _digest(key),
        phone_number_id=around.phone_number_id,
        entry_id=text_of(around.entry_id)[:MAX_ID] or None,
        occurred_at=occurred or moment_of(around.entry_time),
        payload=payload,
    )


def _hash_key(what: Any, around: _Around) -> str:
    marks = [around.entry_id, around.entry_time, around.field, around.metadata]
    return "hash:" + digest_of([what, *marks])


def digest_of(value: Any) -> str:
    """A hash of a JSON value that does not depend on the order of names."""
    return _digest(json.dumps(value, sort_keys=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_of_deep(value: Any) -> str:
    """A hash of the content without recursion."""
    digest, waiting = hashlib.sha256(), [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        else:
            digest.update(repr(one).encode(errors="replace"))
        digest.update(type(one).__name__.encode())
    return digest.hexdigest()


def some(value: Any) -> bool:
    """Whether there is anything at all; a zero or an empty text in the place of a list is something."""
    return value is not None and value != []


def text_of(value: Any) -> str:
    """A string as it is, a whole number as its digits, everything else as nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40 else ""


def moment_of(value: Any) -> datetime | None:
    """Unix seconds, as text or number; None when it is none or lies outside this century."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds < LATEST else None


def storable(value: Any) -> Any:
    """The same JSON as PostgreSQL's jsonb takes it: no NUL, no lone surrogates, no NaN, infinity or endless number."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(str(name)): storable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return hex(value)
    return value
