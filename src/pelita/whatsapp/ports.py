"""What the rooms above may plug in, and the shapes that cross the border.

Every handler takes a set, inside the transaction that stored it, and asks the database a fixed number of things for
all of it. Sets come in the order in which people wrote; they mix offices, so each row names its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pelita.whatsapp.models import AddressBookEntry, Inbound, Media, Outbound


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """WhatsApp says that a person's ids on a line changed. Ids as stored (digits, BSUID), empty when not told.

    ``kind``: another phone number, another business-scoped id, or ``identity`` (the phone was set up anew; the
    ids stay). ``at``: when, by WhatsApp.
    """

    office_id: int
    line_id: int
    kind: Literal["number", "user_id", "identity"]
    old_wa_id: str
    old_user_id: str
    new_wa_id: str
    new_user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preference:
    """Somebody switched marketing messages of a number off (``stop``) or on again, in WhatsApp itself. ``at``: when."""

    office_id: int
    line_id: int
    wa_id: str
    user_id: str
    stop: bool
    at: datetime


class InboundHandler(Protocol):
    """Takes messages in and returns the pks of those that it took; the next handler gets the others."""

    def __call__(self, messages: Sequence[Inbound], /, *, now: datetime) -> Collection[int]: ...


class DeliveryHandler(Protocol):
    """Hears of outgoing messages whose ``state`` or ``delivery`` changed, each once a set."""

    def __call__(self, outbounds: Sequence[Outbound], /, *, now: datetime) -> None: ...


class EchoHandler(Protocol):
    """Hears of messages that were typed on the office's phone (``source`` phone), just stored or changed."""

    def __call__(self, echoes: Sequence[Outbound], /, *, now: datetime) -> None: ...


class FoldHandler(Protocol):
    """Hears of rows of the phone that are messages of ours, each with the row that it turned out to be.

    The first of each pair is deleted afterwards.
    """

    def __call__(self, pairs: Sequence[tuple[Outbound, Outbound]], /, *, now: datetime) -> None: ...


class IdentityHandler(Protocol):
    """Hears that people's ids changed."""

    def __call__(self, changes: Sequence[IdentityChange], /, *, now: datetime) -> None: ...


class FileHandler(Protocol):
    """Hears of files of messages that were fetched, or could not be: their ``state`` is another one now."""

    def __call__(self, files: Sequence[Media], /, *, now: datetime) -> None: ...


class HistoryHandler(Protocol):
    """Hears of old messages of one office that were just imported, both ways, in no order. They cause nothing."""

    def __call__(self, received: Sequence[Inbound], sent: Sequence[Outbound], /, *, now: datetime) -> None: ...


class PhonebookHandler(Protocol):
    """Hears of rows of the phone's address book that are new or changed."""

    def __call__(self, entries: Sequence[AddressBookEntry], /, *, now: datetime) -> None: ...


class PreferenceHandler(Protocol):
    """Hears that people switched marketing messages off or on, in the order in which they did."""

    def __call__(self, preferences: Sequence[Preference], /, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Handlers:
    """All that the rooms above plugged in (config/wiring.py), each list in order."""

    inbound: tuple[InboundHandler, ...] = ()
    delivery: tuple[DeliveryHandler, ...] = ()
    echo: tuple[EchoHandler, ...] = ()
    folded: tuple[FoldHandler, ...] = ()
    identity: tuple[IdentityHandler, ...] = ()
    files: tuple[FileHandler, ...] = ()
    history: tuple[HistoryHandler, ...] = ()
    phonebook: tuple[PhonebookHandler, ...] = ()
    preferences: tuple[PreferenceHandler, ...] = ()
