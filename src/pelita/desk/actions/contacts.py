"""Who is behind a set of addresses: citizens found or made, and their conversations, a few queries for all of them.

A business-scoped id is the surest name, then the number, then the parent's id. An id that was given up still leads to
its former owner for what was written before; afterwards it is whoever's who uses it next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from pelita.desk.actions import merging
from pelita.desk.actions.book import take_names
from pelita.desk.models import Citizen, Conversation, Identity, IdentityKind
from pelita.desk.rules import still_theirs

CHUNK = 1000
MATCHING = (IdentityKind.USER_ID, IdentityKind.WA_ID, IdentityKind.PARENT_USER_ID)
Name = tuple[IdentityKind, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """What a message tells of the citizen at the other end; absent is empty. ``at``: when it was written.

    ``notice``: WhatsApp wrote it, about ids that the person may have given up already.
    """

    at: datetime
    user_id: str = ""
    wa_id: str = ""
    parent_user_id: str = ""
    username: str = ""
    profile_name: str = ""
    notice: bool = False

    def names(self) -> dict[IdentityKind, str]:
        found = {
            IdentityKind.USER_ID: self.user_id,
            IdentityKind.WA_ID: self.wa_id,
            IdentityKind.PARENT_USER_ID: self.parent_user_id,
            IdentityKind.USERNAME: self.username,
        }
        return {kind: value for kind, value in found.items() if value}


@dataclass(slots=True)
class _Book:
    """The identities of one office that a set of contacts speaks of, and what has to be written."""

    office: int
    now: datetime
    rows: dict[Name, Identity] = field(default_factory=dict)
    made: list[Citizen] = field(default_factory=list)
    new: list[Identity] = field(default_factory=list)
    seen: dict[int, Identity] = field(default_factory=dict)
    moved: dict[int, Identity] = field(default_factory=dict)
    named: dict[int, Citizen] = field(default_factory=dict)
    twins: list[tuple[Citizen, Identity]] = field(default_factory=list)

    def owner(self, contact: Contact) -> Citizen:
        names = contact.names()
        known = [(kind, self.rows.get((kind, names[kind]))) for kind in MATCHING if kind in names]
        live = [row for _, row in known if row and (contact.notice or still_theirs(row.retired_at, contact.at))]
        if live:
            found = live[0].citizen
        else:
            found = Citizen(office_id=self.office, name=contact.profile_name, created_at=min(contact.at, self.now))
            self.made.append(found)
        if contact.profile_name and contact.profile_name != found.name:
            found.name = contact.profile_name
            self.named[id(found)] = found
        for kind, value in names.items():
            self._keep(found, kind, value, contact)
        return found

    def _keep(self, owner: Citizen, kind: IdentityKind, value: str, contact: Contact) -> None:
        at = min(contact.at, self.now)
        row = self.rows.get((kind, value))
        if row is None:
            row = Identity(office_id=self.office, citizen=owner, kind=kind, value=value, first_seen=at, last_seen=at)
            self.rows[(kind, value)] = row
            self.new.append(row)
            return
        if contact.notice:
            return
        if row.retired_at is not None and not still_theirs(row.retired_at, contact.at):
            row.citizen, row.retired_at, row.first_seen = owner, None, at
            self.moved[id(row)] = row
        elif row.citizen is not owner and kind == IdentityKind.USERNAME:
            row.citizen, row.first_seen = owner, at
            self.moved[id(row)] = row
        elif row.citizen is not owner and kind == IdentityKind.WA_ID:
            self.twins.append((owner, row))
        row.last_seen = max(row.last_seen, at)
        self.seen[id(row)] = row


def citizens_of(office: int, contacts: Sequence[Contact], *, now: datetime) -> list[Citizen]:
    """The citizen of each contact, in their order; identities added, freshened and, when given up, taken over.

    A number that comes with one citizen's business-scoped id and was known as another's makes the two one, unless
    that other has a business-scoped id of the own: then the number has changed hands.
    """
    for _ in range(2):
        try:
            with transaction.atomic():
                return _citizens_of(office, contacts, now)
        except IntegrityError:
            continue  # Another worker met one of these people in the same moment: look again and find what it wrote.
    raise IntegrityError("identity appears and disappears")


def _citizens_of(office: int, contacts: Sequence[Contact], now: datetime) -> list[Citizen]:
    book = _Book(office, now, _known(office, contacts))
    owners = [book.owner(contact) for contact in contacts]
    Citizen.objects.filter(office=office).bulk_create(book.made, batch_size=CHUNK)
    fresh = {id(one) for one in book.made}
    Citizen.objects.filter(office=office).bulk_update(
        [one for key, one in book.named.items() if key not in fresh], ["name"], batch_size=CHUNK
    )
    added = {id(row) for row in book.new}
    old = [row for key, row in {**book.seen, **book.moved}.items() if key not in added]
    Identity.objects.filter(office=office).bulk_create(book.new, batch_size=CHUNK)
    Identity.objects.filter(office=office).bulk_update(
        sorted(old, key=lambda row: row.pk), ["citizen", "first_seen", "last_seen", "retired_at"], batch_size=CHUNK
    )
    if book.made:
        take_names(office, {contact.wa_id for contact in contacts}, {contact.user_id for contact in contacts})
    for one, row in book.twins:
        owners = _settle(owners, one, row, now)
    return owners


def _known(office: int, contacts: Sequence[Contact]) -> dict[Name, Identity]:
    wanted: dict[IdentityKind, set[str]] = {}
    for contact in contacts:
        for kind, value in contact.names().items():
            wanted.setdefault(kind, set()).add(value)
    values = set().union(*wanted.values())
    rows = Identity.objects.filter(office=office, kind__in=wanted.keys(), value__in=values).select_related("citizen")
    # One object for each citizen, so that a name that one contact brings is seen by the next.
    people: dict[int, Citizen] = {}
    known = {}
    for row in rows:
        row.citizen = people.setdefault(row.citizen_id, row.citizen)
        known[(IdentityKind(row.kind), row.value)] = row
    return known


def _settle(owners: list[Citizen], one: Citizen, row: Identity, now: datetime) -> list[Citizen]:
    """``one`` wrote from a number that stands in another citizen's name."""
    other = row.citizen
    sure = Identity.objects.filter(office=one.office_id, kind=IdentityKind.USER_ID, retired_at=None)
    if len(set(sure.filter(citizen__in=[one, other]).values_list("citizen", flat=True))) == 2:
        Identity.objects.filter(office=one.office_id, pk=row.pk).update(citizen=one, first_seen=row.last_seen)
        return owners
    keep = merging.merge(one=one, other=other, now=now)
    return [keep if owner.pk in {one.pk, other.pk} else owner for owner in owners]


def conversations_of(
    office: int, wanted: Iterable[tuple[int, int]], *, at: datetime
) -> dict[tuple[int, int], Conversation]:
    """The conversation of each pair of line and citizen, made at ``at`` when missing, locked until the end."""
    pairs = sorted(set(wanted))
    rows = Conversation.objects.filter(office=office)
    rows.bulk_create(
        [Conversation(office_id=office, line_id=line, citizen_id=citizen, last_entry_at=at) for line, citizen in pairs],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    mine = rows.filter(line__in={line for line, _ in pairs}, citizen__in={citizen for _, citizen in pairs})
    locked = {(row.line_id, row.citizen_id): row for row in mine.select_for_update().order_by("pk")}
    return {pair: locked[pair] for pair in pairs}
