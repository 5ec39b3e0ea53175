"""A citizen edits, takes back or marks a message: what the queue says of the inquiry follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from pelita.desk import rules
from pelita.desk.actions import waiting
from pelita.desk.actions.arriving import reopen
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.moving import note
from pelita.desk.models import Entry, Holder, Inquiry, InquiryState
from pelita.desk.rules import Placement
from pelita.whatsapp import types
from pelita.whatsapp.actions.decorate import same_sender
from pelita.whatsapp.models import Inbound

VERBS = {"reaction": "message.reacted", "edit": "message.edited", "revoke": "message.revoked"}


def follow(messages: Sequence[Inbound], *, now: datetime) -> None:
    """Bring inquiries in line with what these messages changed. Runs after they stand in their threads.

    Asks nothing when none of them changes another message, which is nearly always. The conversations are locked.
    A change that the phone's history brought (``quiet``) is shown, but opens nothing again.
    """
    for message in messages:
        if types.of(message.type).decorates and message.supported:
            _follow(message, now)


def _follow(change: Inbound, now: datetime) -> None:
    wamid = change.target_wamid
    # In the thread of who sent it: nobody changes what stands in somebody else's.
    thread = Entry.objects.filter(office=change.office_id, inbound=change).values("conversation")
    found = Entry.objects.filter(
        Q(inbound__wamid=wamid) | Q(outbound__wamid=wamid), office=change.office_id, conversation__in=thread
    ).select_related("inbound", "inquiry__office", "inquiry__conversation")
    entry = found.first()
    if entry is None or entry.inquiry is None:
        return
    if entry.inbound is not None and not same_sender(entry.inbound, change):
        return
    inquiry = entry.inquiry
    # The section that sees the message must see its change, whatever the citizen's latest inquiry is.
    Entry.objects.filter(office=change.office_id, inbound=change).update(inquiry=inquiry)
    if entry.inbound is not None and change.type != "reaction":
        _restate(inquiry, entry, entry.inbound, change, now)
    note(inquiry=inquiry, verb=VERBS[change.type], by=None, now=now, inbound=change.pk)


def _restate(inquiry: Inquiry, entry: Entry, message: Inbound, change: Inbound, now: datetime) -> None:
    """The summary of a changed question, and a new version for the admin who had the old words on the screen."""
    if not change.quiet and _reconsider(inquiry, message, min(change.sent_at, now), now):
        return
    mine = Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk)
    mine.filter(holder=Holder.ADMIN).update(version=F("version") + 1)
    if inquiry.question_id != message.pk:
        return
    changes: dict[str, Any] = {"summary": types.summary(message)}
    heir = _heir(inquiry, entry) if message.revoked_at is not None else None
    if heir is not None and heir.inbound is not None:
        changes = {"question": heir.inbound, "summary": types.summary(heir.inbound)}
        if inquiry.waiting_since is not None:
            changes["waiting_since"] = heir.at
    mine.filter(question=message).update(**changes)


def _reconsider(inquiry: Inquiry, message: Inbound, at: datetime, now: datetime) -> bool:
    """Whether an edit after the office's last word opened the inquiry again: those words nobody has read.

    The same rule as for a message of its own, so thanks and agreement change nothing.
    """
    waits = inquiry.waiting_since is not None and not inquiry.automatic
    if message.revoked_at is not None or waits or not types.speaks(message):
        return False
    latest = rules.latest_of(inquiry)
    if rules.place_message(latest, types.said(message), True, now) is not Placement.REOPEN:  # noqa: FBT003  # quotes
        return False
    if inquiry.state == InquiryState.WAITING_CITIZEN:
        waiting.take_back(inquiry=inquiry, now=now)
        return False
    gathering = Gathering(now)
    gathering.held([inquiry])
    reopen(gathering, inquiry, message, at)
    gathering.save()
    return True


def _heir(inquiry: Inquiry, entry: Entry) -> Entry | None:
    """The next message of the inquiry that still waits, once its question is gone."""
    later = Entry.objects.filter(
        office=inquiry.office_id, inquiry=inquiry, at__gt=entry.at, inbound__isnull=False, inbound__revoked_at=None
    )
    silent = [name for name, row in types.TYPES.items() if not row.speaks]
    rows = later.exclude(inbound__type__in=silent).select_related("inbound")
    return rows.order_by("at", "id").first()
