"""Who is behind a set of addresses: citizens found or made, and their conversations, a few queries for all of them.

A business-scoped id is the surest name, then the number, then the parent's id. An id that was given up still leads to
its former owner for what was written before; afterwards it is whoever's who uses it next. So does a number that was
given out again without a word (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from pelita.base import bulk
from pelita.desk.actions import merging
from pelita.desk.actions.book import take_names
from pelita.desk.models import Citizen, Conversation, Identity, IdentityKind
from pelita.desk.officers import phones
from pelita.desk.rules import given_out_again, still_theirs
from pelita.journal import actions as journal
from pelita.whatsapp.actions import readdress
from pelita.whatsapp.queries import one_account_since

MATCHING = (IdentityKind.USER_ID, IdentityKind.WA_ID, IdentityKind.PARENT_USER_ID)
Name = tuple[int, str, str]  # office, kind, value
Talk = tuple[int, int, int]  # office, line, citizen
M = TypeVar("M", bound=models.Model)

# Everything by which these names' owners are known: when each was last heard of is the newest of it.
_NAMED = f"""
JOIN (
    SELECT DISTINCT n.office_id, n.citizen_id FROM desk_identity AS n
    JOIN {bulk.given(office="bigint", kind="text", value="text")}
    ON n.office_id = u.office AND n.kind = u.kind AND n.value = u.value
) AS o ON t.office_id = o.office_id AND t.citizen_id = o.citizen_id
"""  # noqa: S608 (constants)
_CITIZENS = f"JOIN {bulk.given(office='bigint', citizen='bigint')} ON t.office_id = u.office AND t.id = u.citizen"
_TALKS = f"""
JOIN {bulk.given(office="bigint", line="bigint", citizen="bigint")}
ON t.office_id = u.office AND t.line_id = u.line AND t.citizen_id = u.citizen ORDER BY t.id FOR UPDATE OF t
"""


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
    """The citizens that a set of contacts speaks of, with all their identities, and what has to be written.

    What was written before the newest word of a person or about a name, and comes late, takes nothing over.
    """

    now: datetime
    rows: dict[Name, Identity]
    made: list[Citizen] = field(default_factory=list)
    new: list[Identity] = field(default_factory=list)
    seen: dict[int, Identity] = field(default_factory=dict)
    moved: dict[int, Identity] = field(default_factory=dict)
    named: dict[int, Citizen] = field(default_factory=dict)
    twins: list[tuple[Citizen, Identity, bool]] = field(default_factory=list)  # and whether it is the latest news
    heard: dict[int, datetime] = field(default_factory=dict)  # when each citizen last said something
    lost: list[tuple[Citizen, Identity]] = field(default_factory=list)  # numbers that went on to somebody else

    def __post_init__(self) -> None:
        for row in self.rows.values():
            self._heard(row.citizen, row.last_seen)

    def owner(self, office: int, contact: Contact) -> Citizen:
        names = contact.names()
        known = [self.rows.get((office, kind, names[kind])) for kind in MATCHING if kind in names]
        live = [row for row in known if row and (contact.notice or still_theirs(row.retired_at, contact.at))]
        if live and not self._given_out_again(live, contact):
            found = live[0].citizen
        else:
            found = Citizen(office_id=office, name=contact.profile_name, created_at=min(contact.at, self.now))
            self.made.append(found)
            for row in live:
                self._pass_on(row, found, contact)
        self._name(found, contact)
        for kind, value in names.items():
            self._keep(found, kind, value, contact)
        return found

    def _given_out_again(self, live: Sequence[Identity], contact: Contact) -> bool:
        """Whether the only thing that is known of the sender is a number that had another owner until now."""
        number = live[0]
        alone = number.kind == IdentityKind.WA_ID and len(live) == 1
        if not alone or not contact.user_id or contact.notice or contact.at < number.last_seen:
            return False
        ids = [one.last_seen for one in self.rows.values() if _is_id_of(one, number.citizen)]
        # Nearly never does it come to the question.
        return bool(ids) and given_out_again(ids, contact.at, one_account_since(number.office_id))

    def _pass_on(self, row: Identity, owner: Citizen, contact: Contact) -> None:
        self.lost.append((row.citizen, row))
        row.citizen, row.first_seen = owner, min(contact.at, self.now)
        self.moved[id(row)] = row

    def _name(self, owner: Citizen, contact: Contact) -> None:
        at = min(contact.at, self.now)
        if not owner.name:
            self.heard[id(owner)] = at  # nobody has named the person since
        if contact.profile_name not in {"", owner.name} and at >= self.heard.get(id(owner), at):
            owner.name = contact.profile_name
            self.named[id(owner)] = owner
        self._heard(owner, at)

    def _heard(self, owner: Citizen, at: datetime) -> None:
        self.heard[id(owner)] = max(at, self.heard.get(id(owner), at))

    def _keep(self, owner: Citizen, kind: IdentityKind, value: str, contact: Contact) -> None:
        at = min(contact.at, self.now)
        name = (owner.office_id, str(kind), value)
        row = self.rows.get(name)
        if row is None:
            row = self.rows[name] = Identity(
                office_id=owner.office_id, citizen=owner, kind=kind, value=value, first_seen=at, last_seen=at
            )
            self.new.append(row)
            return
        if contact.notice:
            return
        if row.retired_at is not None and not still_theirs(row.retired_at, contact.at):
            row.citizen, row.retired_at, row.first_seen = owner, None, at
            self.moved[id(row)] = row
        elif row.citizen is not owner and kind == IdentityKind.USERNAME and at >= row.last_seen:
            row.citizen, row.first_seen = owner, at
            self.moved[id(row)] = row
        elif row.citizen is not owner and kind == IdentityKind.WA_ID:
            self.twins.append((owner, row, at >= row.last_seen))
        row.last_seen = max(row.last_seen, at)
        self.seen[id(row)] = row


def citizens_of(office: int, contacts: Sequence[Contact], *, now: datetime) -> list[Citizen]:
    """:func:`citizens_across` for contacts of one office."""
    return citizens_across([(office, contact) for contact in contacts], now=now)


def citizens_across(contacts: Sequence[tuple[int, Contact]], *, now: datetime) -> list[Citizen]:
    """The citizen of each contact (with its office), in their order; identities added, freshened, taken over.

    A number that comes with one citizen's business-scoped id and was known as another's makes the two one, unless
    that other has a business-scoped id of the own: then the number has changed hands.
    """
    for _ in range(2):
        try:
            with transaction.atomic():
                return _citizens(contacts, now)
        except IntegrityError:
            continue  # Another worker met one of these people in the same moment: look again and find what it wrote.
    raise IntegrityError("identity appears and disappears")


def _citizens(contacts: Sequence[tuple[int, Contact]], now: datetime) -> list[Citizen]:
    book = _Book(now, _known(contacts))
    owners = [book.owner(office, contact) for office, contact in contacts]
    fresh = {id(one) for one in book.made}
    bulk.insert(book.made)
    bulk.update(_in_order(one for key, one in book.named.items() if key not in fresh), ["name"])
    added = {id(row) for row in book.new}
    for row in (*book.new, *book.moved.values()):
        row.citizen_id = row.citizen.pk
    bulk.insert(book.new)
    seen = _in_order(row for key, row in book.seen.items() if key not in added and key not in book.moved)
    bulk.update(seen, ["last_seen"])
    moved = _in_order(row for key, row in book.moved.items() if key not in added)
    bulk.update(moved, ["citizen", "first_seen", "last_seen", "retired_at"])
    for former, row in book.lost:
        _let_go(former, row, now)
    if book.made:
        take_names([(office, contact.wa_id, contact.user_id) for office, contact in contacts])
    for one, row, latest in book.twins:
        owners = _settle(owners, one, row, latest=latest, now=now)
    return owners


def _is_id_of(row: Identity, citizen: Citizen) -> bool:
    return row.citizen is citizen and row.kind == IdentityKind.USER_ID and row.retired_at is None


def _let_go(former: Citizen, number: Identity, now: datetime) -> None:
    """What waits for the former owner of a number goes to the id alone, never to a stranger."""
    office = number.office_id
    rows = Identity.objects.filter(office=office, citizen=former, kind=IdentityKind.USER_ID, retired_at=None)
    ids = list(rows.order_by("-last_seen").values_list("value", flat=True))
    phones.numbers_given_out(office, number.value, ids, now=now)
    readdress.follow(
        office_id=office,
        threads=list(Conversation.objects.filter(office=office, citizen=former).values_list("pk", flat=True)),
        old_phone=number.value,
        old_user_id="",
        new_phone="",
        new_user_id=ids[0] if ids else "",
    )
    journal.record(
        office=office, verb="citizen.number_given_out_again", subject=("citizen", former.pk), by=None, now=now
    )


def _in_order(rows: Iterable[M]) -> list[M]:
    return sorted(rows, key=lambda row: row.pk)


def _known(contacts: Sequence[tuple[int, Contact]]) -> dict[Name, Identity]:
    wanted = {(office, str(kind), value) for office, contact in contacts for kind, value in contact.names().items()}
    rows = bulk.load(Identity, _NAMED, bulk.columns(wanted, 3))
    owners = {(row.office_id, row.citizen_id) for row in rows}
    # One object for each citizen, so that a name that one contact brings is seen by the next.
    people = {one.pk: one for one in bulk.load(Citizen, _CITIZENS, bulk.columns(owners, 2))} if owners else {}
    for row in rows:
        row.citizen = people[row.citizen_id]
    return {(row.office_id, row.kind, row.value): row for row in rows}


def _settle(owners: list[Citizen], one: Citizen, row: Identity, *, latest: bool, now: datetime) -> list[Citizen]:
    """``one`` wrote from a number that stands in another citizen's name: ``latest``, or before it went there."""
    other = row.citizen
    if merging.known_apart(one, other):
        if latest:
            Identity.objects.filter(office=one.office_id, pk=row.pk).update(citizen=one, first_seen=row.last_seen)
            _let_go(other, row, now)
        return owners
    keep = merging.merge(one=one, other=other, now=now)
    return [keep if owner.pk in {one.pk, other.pk} else owner for owner in owners]


def conversations_of(
    office: int, wanted: Iterable[tuple[int, int]], *, at: datetime
) -> dict[tuple[int, int], Conversation]:
    """:func:`talks_across` for pairs of line and citizen of one office."""
    held = talks_across([(office, line, citizen) for line, citizen in wanted], at=at)
    return {(line, citizen): row for (_, line, citizen), row in held.items()}


def talks_across(wanted: Iterable[Talk], *, at: datetime) -> dict[Talk, Conversation]:
    """These conversations, made at ``at`` when missing, locked in the order of their ids until the transaction ends."""
    talks = sorted(set(wanted))
    held = _held(talks)
    missing = [talk for talk in talks if talk not in held]
    if missing:
        rows = [
            Conversation(office_id=office, line_id=line, citizen_id=citizen, last_entry_at=at)
            for office, line, citizen in missing
        ]
        held |= _by_talk(bulk.insert(rows, unless=("office", "line", "citizen")))
        # And those that another worker made in this moment.
        held |= _held([talk for talk in missing if talk not in held])
    return held


def _held(talks: Sequence[Talk]) -> dict[Talk, Conversation]:
    return _by_talk(bulk.load(Conversation, _TALKS, bulk.columns(talks, 3))) if talks else {}


def _by_talk(rows: Iterable[Conversation]) -> dict[Talk, Conversation]:
    return {(row.office_id, row.line_id, row.citizen_id): row for row in rows if row.line_id is not None}
