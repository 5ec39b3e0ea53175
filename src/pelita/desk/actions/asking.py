"""Asking a citizen whose number is hidden for it, and keeping what comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import phone
from pelita.desk import rules
from pelita.desk.actions import merging, outgoing
from pelita.desk.actions.contacts import citizens_of
from pelita.desk.actions.moving import hearers, hold_conversation, require_admin
from pelita.desk.actions.people import contact_of
from pelita.desk.errors import InvalidError
from pelita.desk.models import Citizen, Identity, IdentityKind, Inquiry
from pelita.desk.queries.phone import asked_number_at, known_number
from pelita.journal import actions as journal
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue
from pelita.whatsapp.content import Person
from pelita.whatsapp.messages import ContactRequest
from pelita.whatsapp.models import Inbound, Outbound

ASK_AGAIN = timedelta(hours=24)
REQUEST = (
    "Bolehkah kami mengetahui nomor HP Anda, supaya petugas bisa menghubungi Anda tentang {code}? Nomor disimpan "
    "bersama percakapan Anda. Tekan tombol di bawah ini bila berkenan."
)


@transaction.atomic
def ask_number(*, inquiry: Inquiry, by: Place, now: datetime) -> Outbound:
    """Send WhatsApp's request for the number, with its button. Raises InvalidError with what is the matter."""
    admin = require_admin(by, inquiry)
    conversation = hold_conversation(inquiry)
    if known_number(inquiry):
        raise InvalidError("number", "Nomor warga ini sudah diketahui.")
    if not rules.window_open(conversation.last_inbound_at, now):
        raise InvalidError("number", "Jendela balas tertutup. Nomor bisa diminta setelah warga menulis lagi.")
    asked = asked_number_at(inquiry)
    if asked is not None and now - asked < ASK_AGAIN:
        raise InvalidError("number", "Nomor sudah diminta. Tunggu jawaban warga dulu.")
    to_phone, to_user_id = outgoing.address(conversation)
    outbound = enqueue(
        line=conversation.wire, thread=conversation.pk, to_phone=to_phone, to_user_id=to_user_id,
        message=ContactRequest(REQUEST.format(code=inquiry.code)), now=now,
    )  # fmt: skip
    outgoing.stand(inquiry=inquiry, conversation=conversation, outbound=outbound, by=admin, now=now)
    journal.record(
        office=inquiry.office_id, verb="citizen.number_asked", subject=("citizen", inquiry.citizen_id), by=admin,
        now=now, audience=hearers(inquiry), code=inquiry.code, outbound=outbound.pk,
    )  # fmt: skip
    return outbound


def take_numbers(messages: Sequence[Inbound], *, now: datetime) -> Collection[int]:
    """Keep the numbers that citizens share of themselves. Takes no message: the desk shows it like any other."""
    cards = [message for message in messages if message.type == "contacts"]
    # Only the button of our request gives the own number. Anybody can quote the request with somebody else's card.
    for message in cards:
        number = _number(message) if message.content.get("own_contact") else None
        if number is not None:
            kind, value = number
            citizen = citizens_of(message.office_id, [contact_of(message)], now=now)[0]
            citizen = merging.identify(citizen=citizen, kind=kind, value=value, now=now)
            if Identity.objects.filter(office=citizen.office_id, citizen=citizen, kind=kind, value=value).exists():
                _given(citizen, message, now)
    return ()


def _number(message: Inbound) -> tuple[IdentityKind, str] | None:
    """The number of the one card: known to WhatsApp, or only told. The button sends one card alone."""
    people: list[Person] = message.content.get("people", [])
    card = people[0] if len(people) == 1 else Person()
    known = [found for raw in card.get("wa_ids", []) if (found := phone.digits(raw))]
    if known:
        return IdentityKind.WA_ID, known[0]
    told = [found for raw in card.get("phones", []) if (found := phone.digits(raw))]
    return (IdentityKind.PHONE, told[0]) if told else None


def _given(citizen: Citizen, message: Inbound, now: datetime) -> None:
    newest = Inquiry.objects.filter(office=citizen.office_id, citizen=citizen).order_by("-id").first()
    journal.record(
        office=citizen.office_id, verb="citizen.number_given", subject=("citizen", citizen.pk), by=None, now=now,
        audience=hearers(newest), code=newest.code if newest else "",
        inbound=message.pk,
    )  # fmt: skip
