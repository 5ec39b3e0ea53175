"""An officer's own WhatsApp number: registered, proved with a code from that phone, taken away."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from pelita.base import phone as numbers
from pelita.desk.actions.telling import tell
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import OfficerPhone
from pelita.desk.rules import RECYCLED_AFTER
from pelita.journal import actions as journal
from pelita.journal import queries as facts
from pelita.offices.models import Office, Officer, Role
from pelita.offices.queries import place_of, roster_of
from pelita.offices.rules import Place
from pelita.whatsapp.models import Inbound, Line
from pelita.whatsapp.ports import IdentityChange

CODE_LIVES = timedelta(minutes=15)
TRIES = 5
SALT = "pelita.desk.officers.code"


@transaction.atomic
def register(*, officer: Officer, number: str, by: Place, now: datetime) -> str:
    """Note the number and return the code that the officer must send from it within 15 minutes.

    Whatever was confirmed before ends. Raises NotAllowedError, and InvalidError for what is no number or another's.
    """
    if not may_register(by, officer, now=now):
        raise NotAllowedError
    digits = numbers.digits(number)
    if digits is None:
        raise InvalidError("number", "Tulis nomor HP lengkap, misalnya 0812-3456-7890.")
    if OfficerPhone.objects.filter(office=by.office, wa_id=digits).exclude(officer=officer).exists():
        raise InvalidError("number", "Nomor ini sudah dipakai petugas lain di kantor ini.")
    code = f"{secrets.randbelow(1_000_000):06}"
    OfficerPhone.objects.filter(office=by.office).update_or_create(
        office=by.office, officer=officer,
        defaults={
            "number": digits, "wa_id": "", "user_id": "", "line": None, "code": _hash(officer.pk, code),
            "code_ends_at": now + CODE_LIVES, "tries": 0, "confirmed_at": None, "last_inbound_at": None,
        },
        create_defaults={
            "number": digits, "code": _hash(officer.pk, code), "code_ends_at": now + CODE_LIVES, "created_at": now,
        },
    )  # fmt: skip
    _known(officer, "")
    _fact(officer, "officer.phone_named", by=by.officer, now=now)
    return code


@transaction.atomic
def forget(*, officer: Officer, by: Place, now: datetime) -> None:
    """Take the number away: nothing is sent there any more, and what comes from there is a citizen's."""
    if by.office.pk != officer.office_id or not (by.officer.pk == officer.pk or by.keeps_line):
        raise NotAllowedError
    if OfficerPhone.objects.filter(office=by.office, officer=officer).delete()[0]:
        _known(officer, "")
        _fact(officer, "officer.phone_removed", by=by.officer, now=now)


@transaction.atomic
def want(*, by: Place, wanted: bool, now: datetime) -> None:
    """Whether the officer wants to be told on the own phone. Answering from it goes on."""
    if OfficerPhone.objects.filter(office=by.office, officer=by.officer).update(wanted=wanted):
        _fact(by.officer, "officer.phone_wanted", by=by.officer, now=now, wanted=wanted)


def confirm(message: Inbound, code: str, *, now: datetime) -> OfficerPhone | None:
    """The registration that this message proves, brought up to date; None when it proves none.

    A hidden phone has only the code to show, so a wrong one counts against every code that is awaited in the office:
    after five nobody can guess on.
    """
    awaited = OfficerPhone.objects.filter(
        office=message.office_id, officer__is_active=True, code_ends_at__gt=now, tries__lt=TRIES
    ).exclude(code="")
    if message.wa_id:
        awaited = awaited.filter(number=message.wa_id)
    rows = list(awaited.select_for_update(of=("self",)).select_related("officer__office").order_by("id"))
    found = next((row for row in rows if constant_time_compare(row.code, _hash(row.officer_id, code))), None)
    if found is None:
        wrong = OfficerPhone.objects.filter(office=message.office_id, pk__in=[row.pk for row in rows])
        wrong.update(tries=F("tries") + 1)
        return None
    if _taken(found, message):
        return None
    found.wa_id, found.user_id, found.line_id = message.wa_id, message.user_id, message.line_id
    found.code, found.code_ends_at, found.tries = "", None, 0
    found.confirmed_at, found.last_inbound_at, found.unreached_at = now, message.sent_at, None
    found.save()
    _known(found.officer, found.wa_id)
    _fact(found.officer, "officer.phone_confirmed", by=found.officer, now=now)
    return found


def ids_changed(changes: Sequence[IdentityChange], *, now: datetime) -> None:
    """WhatsApp says that ids changed. A number that changed hands, or was set up anew, must be proved again."""
    for change in changes:
        rows = OfficerPhone.objects.filter(office=change.office_id, confirmed_at__isnull=False).select_related(
            "officer"
        )
        phone = rows.filter(user_id=change.old_user_id).exclude(user_id="").first()
        by_id = phone is not None
        if phone is None:
            # Also of an id from another Meta account: there the person has another one.
            phone = rows.filter(wa_id=change.old_wa_id).exclude(wa_id="").first()
        if phone is None:
            continue
        same = change.kind == "user_id" and change.new_user_id and change.new_wa_id in {"", phone.wa_id}
        if same and (by_id or not phone.user_id) and not rows.filter(user_id=change.new_user_id).exists():
            rows.filter(pk=phone.pk).update(user_id=change.new_user_id)
            continue
        doubt(phone, now=now)


def held_by(phone: OfficerPhone, user_id: str, *, line: Line, at: datetime) -> bool:
    """Whether whoever has the officer's number now, under that id, is still the officer.

    An id is one person's within one Meta account and another's in another. There the number alone speaks, as long as
    nobody else can have got it (docs/decisions/0021).
    """
    if not user_id or phone.user_id in ("", user_id):
        return True
    if phone.line is None or phone.line.business_account_id == line.business_account_id:
        return False
    return phone.last_inbound_at is not None and at - phone.last_inbound_at < RECYCLED_AFTER


def number_went_on(phone: OfficerPhone, *, at: datetime, now: datetime) -> None:
    """Somebody else has the officer's number, as a message of that moment shows: nothing is sent there any more."""
    if phone.confirmed_at is not None and at > phone.confirmed_at:
        doubt(phone, now=now)


def numbers_given_out(office: int, number: str, former_ids: Collection[str], *, now: datetime) -> None:
    """A number went from a person with these ids to another; so did it for an officer who was that person."""
    rows = OfficerPhone.objects.filter(office=office, confirmed_at__isnull=False, wa_id=number)
    for phone in rows.filter(user_id__in=["", *former_ids]).exclude(wa_id="").select_related("officer"):
        doubt(phone, now=now)


def doubt(phone: OfficerPhone, *, now: datetime) -> None:
    """The phone must be proved again. Nothing arrives there until then, so its officer and the admins are told."""
    rows = OfficerPhone.objects.filter(office=phone.office_id, pk=phone.pk, confirmed_at__isnull=False)
    if not rows.update(confirmed_at=None, wa_id="", user_id=""):
        return
    _known(phone.officer, "")
    _fact(phone.officer, "officer.phone_doubted", by=None, now=now)
    office = Office.objects.get(pk=phone.office_id)
    said: dict[str, Any] = {
        "inquiry": None,
        "office": office,
        "now": now,
        "key": f"doubted:{phone.pk}:{now.timestamp():.0f}",
    }
    tell(officers=[phone.officer_id], verb="officer.doubted", **said)
    admins = [one for one in roster_of(office, now=now).admins if one != phone.officer_id]
    tell(officers=admins, verb="officer.doubted_of", who=phone.officer.full_name, number_of=phone.officer_id, **said)


def _taken(phone: OfficerPhone, message: Inbound) -> bool:
    """Whether another officer of the office has proved the same phone before."""
    others = OfficerPhone.objects.filter(office=phone.office_id).exclude(pk=phone.pk)
    by_number = bool(message.wa_id) and others.filter(wa_id=message.wa_id).exists()
    return by_number or (bool(message.user_id) and others.filter(user_id=message.user_id).exists())


def may_register(by: Place, officer: Officer, *, now: datetime) -> bool:
    """Everybody for oneself; the admin for others too, who see no more than the admin does: whoever has the code may
    speak as that officer."""
    if by.officer.pk == officer.pk:
        return True
    return by.office.pk == officer.office_id and by.is_admin and not place_of(officer, now=now).is_leader


def sight(phone: OfficerPhone, *, now: datetime) -> Place:
    """What is told to this phone and done from it: the officer's duties of the moment, without a leader's where
    somebody else registered the number, perhaps before the officer came to lead or to stand in."""
    place = place_of(phone.officer, now=now)
    if not place.is_leader:
        return place
    named = facts.of_subject(place.office, "officer", phone.officer_id).filter(verb="officer.phone_named").last()
    if named is None or named.actor_id == phone.officer_id:
        return place
    return replace(place, roles=place.roles - {Role.LEADER})


def _known(officer: Officer, wa_id: str) -> None:
    Officer.objects.filter(office=officer.office_id, pk=officer.pk).update(wa_number=wa_id)


def _hash(officer: int, code: str) -> str:
    return salted_hmac(SALT, f"{officer}:{code}", algorithm="sha256").hexdigest()


def _fact(officer: Officer, verb: str, *, by: Officer | None, now: datetime, **data: Any) -> None:
    journal.record(office=officer.office_id, verb=verb, subject=("officer", officer.pk), by=by, now=now, **data)
