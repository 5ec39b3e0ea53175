"""Letting a citizen through no more, and again. WhatsApp does it; the worker asks (whatsapp/actions/blocking.py)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions.moving import hearers, require_admin, taken
from pelita.desk.actions.outgoing import address
from pelita.desk.errors import InvalidError
from pelita.desk.models import Citizen, Conversation, Inquiry
from pelita.desk.queries.registers import still_blocked
from pelita.journal import actions as journal
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions import blocking


@transaction.atomic
def block(*, inquiry: Inquiry, by: Place, now: datetime) -> None:
    """Nothing of this citizen comes through any more. WhatsApp takes it only within a day of a message.

    Raises InvalidError when it is too late or the citizen never wrote on WhatsApp, TakenError when it is done already.
    """
    admin = require_admin(by, inquiry)
    talks = _talks(inquiry)
    if not any(rules.window_open(talk.last_inbound_at, now) for talk in talks):
        raise InvalidError("seen", "WhatsApp hanya bisa memblokir warga yang menulis dalam 24 jam terakhir.")
    rows = Citizen.objects.filter(office=inquiry.office_id, pk=inquiry.citizen_id, blocked_at=None)
    if not rows.update(blocked_at=now):
        raise taken(inquiry)
    _ask(talks, wanted=True, now=now)
    _note(inquiry, "citizen.blocked", admin, now)


@transaction.atomic
def unblock(*, inquiry: Inquiry, by: Place, now: datetime) -> None:
    """Let the citizen write again; once more when WhatsApp refused it. Raises TakenError when it is done already."""
    admin = require_admin(by, inquiry)
    talks = _talks(inquiry)
    rows = Citizen.objects.filter(office=inquiry.office_id, pk=inquiry.citizen_id, blocked_at__isnull=False)
    if not rows.update(blocked_at=None) and not still_blocked(inquiry.citizen):
        raise taken(inquiry)
    _ask(talks, wanted=False, now=now)
    _note(inquiry, "citizen.unblocked", admin, now)


def _talks(inquiry: Inquiry) -> list[Conversation]:
    rows = Conversation.objects.filter(office=inquiry.office_id, citizen=inquiry.citizen_id, line__isnull=False)
    return list(rows.select_for_update(of=("self",)).select_related("line").order_by("id"))


def _ask(talks: list[Conversation], *, wanted: bool, now: datetime) -> None:
    for talk in talks:
        phone, user_id = address(talk)
        blocking.ask(line=talk.wire, phone=phone, user_id=user_id, wanted=wanted, now=now)


def _note(inquiry: Inquiry, verb: str, by: Officer, now: datetime) -> None:
    journal.record(
        office=inquiry.office_id, verb=verb, subject=("citizen", inquiry.citizen_id), by=by, now=now,
        audience=hearers(inquiry), code=inquiry.code,
    )  # fmt: skip
