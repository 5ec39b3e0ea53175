"""WhatsApp says that a person's ids changed, or two citizens turn out to be one: the person stays one citizen.

No change opens an inquiry, and nothing is written to an id that was given up. Notices and messages may come in any
order; the end is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from pelita.desk import rules
from pelita.desk.actions import joining, waiting
from pelita.desk.actions.moving import hearers
from pelita.desk.models import Citizen, Conversation, Entry, Identity, IdentityKind, Inquiry
from pelita.journal import actions as journal
from pelita.whatsapp.actions import readdress
from pelita.whatsapp.ports import IdentityChange

BATCH = 100
# Whoever used a number this long before its new owner got it is somebody else. WhatsApp's clock and ours differ.
SLACK = timedelta(days=1)


def identities_changed(changes: Sequence[IdentityChange], *, now: datetime) -> None:
    """Give each person the new ids and retire the old ones. Such notices are rare: one after the other.

    ``identity`` (the phone was set up anew) changes no id; the thread shows the notice itself.
    """
    for change in changes:
        if change.kind != "identity":
            _change(change, now)


@transaction.atomic
def _change(change: IdentityChange, now: datetime) -> None:
    old = _owner(change.office_id, change.old_user_id, change.old_wa_id, live=False)
    _take_over(change, old, now)
    new = _owner(change.office_id, change.new_user_id, change.new_wa_id, live=True)
    owner = old or new
    if owner is None:
        return  # Nobody whom we know; a message of that person will say who it is.
    retired = _retire(owner, change, now)
    added = _add(owner, {IdentityKind.USER_ID: change.new_user_id, IdentityKind.WA_ID: change.new_wa_id}, now)
    readdress.follow(
        office_id=change.office_id,
        threads=list(Conversation.objects.filter(office=change.office_id, citizen=owner).values_list("pk", flat=True)),
        old_phone=change.old_wa_id,
        old_user_id=change.old_user_id,
        new_phone=change.new_wa_id,
        new_user_id=change.new_user_id,
    )
    if new is None or new.pk == owner.pk:
        # A message under the new id may have been taken in while this waited for it, and made somebody of it.
        new = _owner(change.office_id, change.new_user_id, change.new_wa_id, live=True)
    if new is not None and new.pk != owner.pk:
        merge(one=owner, other=new, now=now)
    elif retired or added:
        _tell("citizen.readdressed", owner, now, change=change.kind)


def _owner(office: int, user_id: str, wa_id: str, *, live: bool) -> Citizen | None:
    """Whose these ids are, the business-scoped one first. ``live``: an id that somebody gave up is nobody's."""
    for kind, value in ((IdentityKind.USER_ID, user_id), (IdentityKind.WA_ID, wa_id)):
        rows = Identity.objects.filter(office=office, kind=kind, value=value).select_related("citizen")
        found = (rows.filter(retired_at=None) if live else rows).first() if value else None
        if found is not None:
            return found.citizen
    return None


def _take_over(change: IdentityChange, owner: Citizen | None, now: datetime) -> None:
    """Numbers are given out again: one that another person used long before the change is not a second self."""
    if owner is None or not change.new_wa_id:
        return
    rows = Identity.objects.filter(office=change.office_id, kind=IdentityKind.WA_ID, value=change.new_wa_id)
    taken = rows.exclude(citizen=owner).filter(first_seen__lt=change.at - SLACK)
    taken.update(citizen=owner, first_seen=now, last_seen=now, retired_at=None)


def _retire(owner: Citizen, change: IdentityChange, now: datetime) -> bool:
    """Nothing goes to the old ids any more. A new business-scoped id comes with a new number (Meta, "Business-scoped
    user IDs"), so a number that the notice does not confirm is no longer certain either."""
    old = {IdentityKind.WA_ID: change.old_wa_id} if change.old_wa_id != change.new_wa_id else {}
    if change.new_user_id and change.old_user_id != change.new_user_id:
        old[IdentityKind.USER_ID] = change.old_user_id
    known = Identity.objects.filter(office=owner.office_id, kind=IdentityKind.USER_ID, value=change.old_user_id)
    met = list(known.values_list("first_seen", flat=True))
    # Kept also when nobody knew them, so that a message that was written before and comes late finds the person.
    Identity.objects.filter(office=owner.office_id).bulk_create(
        [
            Identity(
                office_id=owner.office_id, citizen=owner, kind=kind, value=value, first_seen=change.at,
                last_seen=change.at, retired_at=change.at,
            )
            for kind, value in old.items()
            if value
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    gone = Q(pk=None)
    for kind, value in old.items():
        gone |= Q(kind=kind, value=value)
    if change.new_user_id and not change.new_wa_id:
        # A number that we learned with the old id, or long before the change. A younger one came with the change.
        gone |= Q(kind=IdentityKind.WA_ID, first_seen__lte=max([change.at - SLACK, *met]))
    rows = Identity.objects.filter(office=owner.office_id, citizen=owner, retired_at=None)
    return bool(rows.filter(gone).update(retired_at=min(change.at, now)))


def _add(owner: Citizen, names: dict[IdentityKind, str], now: datetime) -> bool:
    """Ids that are the owner's from now on. One that somebody else uses stays there: that is a merge's to settle."""
    changed = False
    for kind, value in names.items():
        if not value:
            continue
        row, made = Identity.objects.get_or_create(
            office_id=owner.office_id, kind=kind, value=value,
            defaults={"citizen": owner, "first_seen": now, "last_seen": now},
        )  # fmt: skip
        changed |= made
        if row.retired_at is not None:
            # Given up once by this person or another, and in use again.
            Identity.objects.filter(office=owner.office_id, pk=row.pk).update(
                citizen=owner, retired_at=None, first_seen=now, last_seen=now
            )
            changed = True
    return changed


@transaction.atomic
def identify(*, citizen: Citizen, kind: IdentityKind, value: str, now: datetime) -> Citizen:
    """``value`` is this citizen's too, as the person says. Whoever had it before turns out to be the same person.

    Not when WhatsApp knows the two apart, nor by a number that was only told (PHONE), which a household may share:
    then it stays where it is. Returns the citizen that remains.
    """
    if not _add(citizen, {kind: value}, now):
        rows = Identity.objects.select_related("citizen").filter(office=citizen.office_id)
        holder = rows.get(kind=kind, value=value).citizen
        if holder.pk != citizen.pk and kind != IdentityKind.PHONE and not known_apart(citizen, holder):
            return merge(one=citizen, other=holder, now=now)
    return citizen


def known_apart(one: Citizen, other: Citizen) -> bool:
    """Whether both have a business-scoped id in use: such an id is one person's alone."""
    sure = Identity.objects.filter(office=one.office_id, kind=IdentityKind.USER_ID, retired_at=None)
    return len(set(sure.filter(citizen__in=[one, other]).values_list("citizen", flat=True))) == 2


@transaction.atomic
def merge(*, one: Citizen, other: Citizen, now: datetime) -> Citizen:
    """Make two citizens of an office one: who was known first remains and is returned. Again changes nothing."""
    office = one.office_id
    keep, gone = sorted(
        # Identities first, as a message does that comes in meanwhile; then conversations and inquiries.
        Citizen.objects.select_for_update().filter(office=office, pk__in=[one.pk, other.pk]),
        key=lambda citizen: citizen.pk,
    )
    if gone.merged_into_id is not None or keep.merged_into_id is not None:
        return keep
    list(Identity.objects.select_for_update().filter(office=office, citizen__in=[keep, gone]).order_by("pk"))
    newest = Identity.objects.filter(office=office, citizen__in=[keep, gone]).order_by("-last_seen", "-pk").first()
    Identity.objects.filter(office=office, citizen=gone).update(citizen=keep)
    _bring_together(keep, gone, now)
    by_freshness = [gone, keep] if newest is not None and newest.citizen_id == gone.pk else [keep, gone]
    Citizen.objects.filter(office=office, pk=keep.pk).update(
        name=next((who.name for who in by_freshness if who.name), ""),
        book_name=next((who.book_name for who in by_freshness if who.book_name), ""),
        village=keep.village_id or gone.village_id,
        blocked_at=keep.blocked_at or gone.blocked_at,
    )
    Citizen.objects.filter(office=office, pk=gone.pk).update(merged_into=keep)
    _tell("citizen.merged", keep, now, merged=gone.pk)
    keep.refresh_from_db()
    return keep


def _bring_together(keep: Citizen, gone: Citizen, now: datetime) -> None:
    """One conversation for each line, with the windows and the unread messages of both, and every inquiry."""
    office = keep.office_id
    rows = Conversation.objects.select_for_update().filter(office=office, citizen__in=[keep, gone]).order_by("pk")
    by_line: dict[int | None, list[Conversation]] = {}
    for conversation in rows:
        by_line.setdefault(conversation.line_id, []).append(conversation)
    for found in by_line.values():
        if len(found) == 1:
            Conversation.objects.filter(office=office, pk=found[0].pk).update(citizen=keep)
        else:
            theirs, mine = sorted(found, key=lambda one: one.citizen_id != keep.pk)
            _pour(mine, theirs, now)
    Inquiry.objects.filter(office=office, citizen=gone).update(citizen=keep)


def _pour(mine: Conversation, theirs: Conversation, now: datetime) -> None:
    """Everything of one conversation into the other; the empty one goes."""
    office = mine.office_id
    opened = max(filter(None, (mine.last_inbound_at, theirs.last_inbound_at)), default=None)
    # What waited in either for the citizen to write leaves through the one that stays, if its window is open now.
    left = rules.window_open(opened, now) and waiting.release({mine.pk: theirs, theirs.pk: theirs}, now=now)
    joining.join_questions(mine, theirs, now=now)
    Entry.objects.filter(office=office, conversation=mine).update(conversation=theirs)
    Inquiry.objects.filter(office=office, conversation=mine).update(
        conversation=theirs, citizen=theirs.citizen_id, version=F("version") + 1
    )
    readdress.move_thread(office_id=office, old=mine.pk, new=theirs.pk)
    Conversation.objects.filter(office=office, pk=theirs.pk).update(
        last_inbound_at=opened,
        last_entry_at=max(mine.last_entry_at, theirs.last_entry_at, *([now] if left else [])),
        unread=F("unread") + mine.unread,
    )
    Conversation.objects.filter(office=office, pk=mine.pk).delete()


def _tell(verb: str, citizen: Citizen, now: datetime, **data: object) -> None:
    """One fact. It names the newest inquiry, so that whoever has it open sees the change."""
    newest = Inquiry.objects.filter(office=citizen.office_id, citizen=citizen).order_by("-id").first()
    journal.record(
        office=citizen.office_id,
        verb=verb,
        subject=("citizen", citizen.pk),
        by=None,
        now=now,
        audience=hearers(newest),
        code=newest.code if newest else "",
        **data,
    )


def mend(*, now: datetime) -> int:
    """Bring home what a message began for a citizen who was merged away in the same moment. Returns how many."""
    stray = (
        Conversation.objects.across_offices("a merge may meet a message of any office")
        .filter(citizen__merged_into__isnull=False)
        .select_related("citizen__merged_into")
        .order_by("pk")[:BATCH]
    )
    for conversation in stray:
        keep = conversation.citizen.merged_into
        if keep is not None:
            with transaction.atomic():
                Identity.objects.filter(office=keep.office_id, citizen=conversation.citizen).update(citizen=keep)
                _bring_together(keep, conversation.citizen, now)
    return len(stray)
