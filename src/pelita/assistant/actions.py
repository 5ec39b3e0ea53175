"""Writes of the assistant: its switch, and the office's own texts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.assistant.models import Assistant, AssistantText
from pelita.assistant.texts import BY_KEY, objection
from pelita.base import bulk
from pelita.base.errors import InvalidError, NotAllowedError
from pelita.desk.actions.gathering import Gathering
from pelita.desk.models import Inquiry
from pelita.desk.workflow import Actor, Move
from pelita.journal import actions as journal
from pelita.offices.models import Office
from pelita.offices.rules import Place

_HELD = "WHERE t.id = ANY(%b::bigint[]) AND t.automatic AND t.state = 'delivered' ORDER BY t.id FOR UPDATE"


def may_write(place: Place) -> bool:
    """The admin answers for what the number says."""
    return place.is_admin


def may_read(place: Place) -> bool:
    return place.is_admin or place.is_leader


def begin(*, office: Office, now: datetime) -> None:
    """A new office has the assistant, unless somebody has decided already. Safe to repeat."""
    Assistant.objects.get_or_create(office=office, defaults={"changed_at": now})


def give_back(*, inquiries: Collection[int], actor: Actor, verb: str, now: datetime) -> int:
    """Questions that the assistant alone answered, without help to anybody, wait for the admin again at their place in
    the queue. The caller holds their conversations. Returns how many; those that somebody took meanwhile stay.
    """
    if not inquiries:
        return 0
    held = bulk.load(Inquiry, _HELD, [sorted(inquiries)])
    gathering = Gathering(now)
    gathering.held(held)
    for inquiry in held:
        since = inquiry.waiting_since or inquiry.opened_at
        if gathering.move(inquiry, Move.REOPEN, actor, waiting_since=since, section_id=None, due_at=None):
            gathering.note(inquiry, verb)
    gathering.save()
    return len(held)


@transaction.atomic
def switch(*, active: bool, by: Place, now: datetime) -> None:
    """Let the number speak by itself, or only people. What has been said stays."""
    if not may_write(by):
        raise NotAllowedError
    row, made = Assistant.objects.select_for_update().get_or_create(
        office=by.office, defaults={"active": active, "changed_by": by.officer, "changed_at": now}
    )
    if not made and row.active == active:
        return
    Assistant.objects.filter(office=by.office).update(active=active, changed_by=by.officer, changed_at=now)
    verb = "assistant.switched_on" if active else "assistant.switched_off"
    journal.record(office=by.office, verb=verb, subject=("assistant", row.pk), by=by.officer, now=now)


@transaction.atomic
def write(*, key: str, text: str, active: bool, by: Place, now: datetime) -> None:
    """The office's own version of a text and whether it is said. Empty, or as packaged: the packaged one.

    The words themselves stand in the journal, so that every version can be read again. Raises InvalidError.
    """
    if not may_write(by):
        raise NotAllowedError
    template = BY_KEY.get(key)
    if template is None:
        raise InvalidError("key", _("Teks itu tidak ada."))
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    problem = objection(template, text) if text else ""
    if problem:
        raise InvalidError("text", problem)
    own = "" if text == str(template.text) else text
    row, made = AssistantText.objects.select_for_update().get_or_create(
        office=by.office, key=key,
        defaults={"text": own, "active": active, "changed_by": by.officer, "changed_at": now},
    )  # fmt: skip
    if not made and (row.text, row.active) == (own, active):
        return
    AssistantText.objects.filter(office=by.office, pk=row.pk).update(
        text=own, active=active, changed_by=by.officer, changed_at=now
    )
    journal.record(
        office=by.office, verb="assistant.text", subject=("assistanttext", row.pk), by=by.officer, now=now, key=key,
        words=own or str(template.text), active=active,
    )  # fmt: skip
