"""Citizens, their identities and their conversations, as messages bring them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from pelita.desk.models import Citizen, Conversation, Identity, IdentityKind
from pelita.whatsapp.models import Inbound

# A business-scoped id is the surest name, a username the weakest: it can pass to somebody else.
_MATCHING = (IdentityKind.USER_ID, IdentityKind.WA_ID, IdentityKind.PARENT_USER_ID)


def _names(message: Inbound) -> dict[IdentityKind, str]:
    found = {
        IdentityKind.USER_ID: message.user_id,
        IdentityKind.WA_ID: message.wa_id,
        IdentityKind.PARENT_USER_ID: message.parent_user_id,
        IdentityKind.USERNAME: message.username,
    }
    return {kind: value for kind, value in found.items() if value}


def citizen_of(message: Inbound, *, now: datetime) -> Citizen:
    """The citizen who wrote, found by identity or made. Adds identities that are new, freshens those seen again."""
    names = _names(message)
    for _ in range(2):
        rows = list(
            Identity.objects.filter(
                office=message.office_id, kind__in=names.keys(), value__in=names.values()
            ).select_related("citizen")
        )
        known = {IdentityKind(row.kind): row for row in rows if names.get(IdentityKind(row.kind)) == row.value}
        owner = next((known[kind].citizen for kind in _MATCHING if kind in known), None)
        try:
            with transaction.atomic():
                return _remember(owner, known, names, message, now)
        except IntegrityError:
            # Another worker met this person in the same moment; look again and find what it wrote.
            continue
    raise IntegrityError("identity appears and disappears")


def _remember(
    owner: Citizen | None,
    known: dict[IdentityKind, Identity],
    names: dict[IdentityKind, str],
    message: Inbound,
    now: datetime,
) -> Citizen:
    office = message.office_id
    if owner is None:
        owner = Citizen.objects.create(office_id=office, name=message.profile_name, created_at=now)
    elif message.profile_name and message.profile_name != owner.name:
        owner.name = message.profile_name
        Citizen.objects.filter(office=office, pk=owner.pk).update(name=owner.name)
    Identity.objects.filter(office=office, pk__in=[row.pk for row in known.values()]).update(last_seen=now)
    Identity.objects.bulk_create(
        Identity(office_id=office, citizen=owner, kind=kind, value=value, first_seen=now, last_seen=now)
        for kind, value in names.items()
        if kind not in known
    )
    return owner


def conversation_of(citizen: Citizen, message: Inbound, *, now: datetime) -> Conversation:
    """The citizen's conversation on the message's line, locked until the transaction ends."""
    Conversation.objects.filter(office=message.office_id).bulk_create(
        [Conversation(office_id=message.office_id, citizen=citizen, line_id=message.line_id, last_entry_at=now)],
        ignore_conflicts=True,
    )
    return Conversation.objects.select_for_update().get(office=message.office_id, citizen=citizen, line=message.line_id)
