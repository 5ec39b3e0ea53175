"""What somebody types on the office's phone to an officer: it makes no citizen of the officer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from pelita.desk.models import Conversation, Identity, IdentityKind, OfficerMessage, OfficerPhone, Purpose
from pelita.desk.officers import phones
from pelita.whatsapp.models import Outbound


def set_aside(office: int, echoes: Sequence[Outbound], *, now: datetime) -> set[int]:
    """Those of these messages that went to an officer's own phone, by pk. They are kept with what office and officer
    write to each other. Whoever has a thread as a citizen gets them there, for there the question may stand.

    One query when none went to an officer.
    """
    numbers = {echo.to_phone for echo in echoes} - {""}
    ids = {echo.to_user_id for echo in echoes} - {""}
    rows = OfficerPhone.objects.filter(office=office, confirmed_at__isnull=False, officer__is_active=True)
    found = list(rows.filter(Q(wa_id__in=numbers) | Q(user_id__in=ids)).select_related("line", "officer"))
    if not found:
        return set()
    theirs = {echo.pk: phone for echo in echoes if (phone := _reached(found, echo, now)) is not None}
    kept = OfficerMessage.objects.filter(office=office, outbound__in=theirs)
    known = set(kept.values_list("outbound", flat=True))
    new = [echo for echo in echoes if echo.pk in theirs and echo.pk not in known and not _has_thread(echo)]
    OfficerMessage.objects.bulk_create(
        OfficerMessage(
            office_id=office, officer_id=theirs[echo.pk].officer_id, outbound=echo, purpose=Purpose.WORD,
            created_at=now,
        )
        for echo in new
    )  # fmt: skip
    return known | {echo.pk for echo in new}


def let_go(office: int, rows: Sequence[Outbound]) -> None:
    """These turned out to be messages of ours, which are kept with the officer already."""
    kept = OfficerMessage.objects.filter(office=office, outbound__in=[row.pk for row in rows])
    found = list(kept.values_list("pk", flat=True))
    if found:
        OfficerMessage.objects.filter(office=office, about__in=found).update(about=None)
        kept.delete()


def _reached(found: Sequence[OfficerPhone], echo: Outbound, now: datetime) -> OfficerPhone | None:
    for phone in found:
        if echo.to_user_id and phone.user_id == echo.to_user_id:
            return phone
    for phone in found:
        if echo.to_phone and phone.wa_id == echo.to_phone:
            held = phones.held_by(phone, echo.to_user_id, line=echo.line, at=echo.created_at)
            if held:
                return phone
            phones.number_went_on(phone, at=echo.created_at, now=now)
    return None


def _has_thread(echo: Outbound) -> bool:
    names = Q(kind=IdentityKind.WA_ID, value=echo.to_phone) | Q(kind=IdentityKind.USER_ID, value=echo.to_user_id)
    rows = Conversation.objects.filter(office=echo.office_id, line=echo.line_id)
    owners = Identity.objects.filter(names, office=echo.office_id, retired_at=None).exclude(value="")
    return rows.filter(citizen__in=owners.values("citizen")).exists()
