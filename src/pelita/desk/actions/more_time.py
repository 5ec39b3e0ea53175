"""A section asks the admin for more time; the admin moves the deadline, or does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pelita.desk.actions.moving import hold, note, require_admin, require_section, taken
from pelita.desk.actions.telling import tell
from pelita.desk.errors import InvalidError
from pelita.desk.models import Disposition, DispositionState, Holder, Inquiry, TimeRequest
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place

FURTHEST = timedelta(days=30)


@transaction.atomic
def ask_time(*, inquiry: Inquiry, until: datetime, by: Place, now: datetime) -> TimeRequest:
    """Ask for time until then. A second wish takes the place of the first as long as nobody has decided; the same
    one again (a double tap) is the first.

    Raises InvalidError for a moment that gains nothing, TakenError when the matter has left the section.
    """
    officer = require_section(by, inquiry)
    hold(inquiry)
    disposition = _open_disposition(inquiry)
    if until <= max(now, disposition.due_at or now):
        raise InvalidError("until", "Waktu yang diminta tidak lebih lama dari tenggat sekarang.")
    if until > now + FURTHEST:
        raise InvalidError("until", "Waktu yang diminta paling lama 30 hari.")
    earlier = TimeRequest.objects.filter(office=inquiry.office_id, disposition=disposition, decided_at__isnull=True)
    same = earlier.filter(until=until).first()
    if same is not None:
        return same
    earlier.delete()
    asked = TimeRequest.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, disposition=disposition, until=until, asked_by=officer,
        asked_at=now,
    )  # fmt: skip
    note(inquiry=inquiry, verb="time.asked", by=officer, now=now, until=until.isoformat(), section=inquiry.section_id)
    tell(
        officers=[one for one in roster_of(inquiry.office, now=now).admins if one != officer.pk],
        inquiry=inquiry, verb="time.asked", key=f"time:{asked.pk}", now=now, until=until.isoformat(),
    )  # fmt: skip
    return asked


@transaction.atomic
def decide_time(*, inquiry: Inquiry, granted: bool, by: Place, now: datetime, request: int | None = None) -> None:
    """Grant or refuse the wish that is open. ``request``: the one that the person saw, where it was seen elsewhere.

    Granting moves the section's deadline; the one towards the citizen stays. Raises TakenError when nothing is open.
    """
    admin = require_admin(by, inquiry)
    hold(inquiry)
    asked = open_request(inquiry, now=now)
    if asked is None or (request is not None and asked.pk != request):
        raise taken(inquiry)
    disposition = _open_disposition(inquiry)
    if disposition.pk != asked.disposition_id:
        raise taken(inquiry)
    asked.decided_at, asked.decided_by, asked.granted = now, admin, granted
    asked.save(update_fields=["decided_at", "decided_by", "granted"])
    if granted:
        Disposition.objects.filter(office=inquiry.office_id, pk=disposition.pk).update(due_at=asked.until)
        inquiry.due_at, inquiry.remind_at = asked.until, now  # the next rung is found from here
        inquiry.save(update_fields=["due_at", "remind_at"])
    verb = "time.granted" if granted else "time.refused"
    note(inquiry=inquiry, verb=verb, by=admin, now=now, until=asked.until.isoformat(), section=inquiry.section_id)
    tell(
        officers=[one for one in {asked.asked_by_id, *roster_of(inquiry.office, now=now).of_section(inquiry.section_id)}
                  if one != admin.pk],
        inquiry=inquiry, verb=verb, key=f"time:{asked.pk}:{granted}", now=now, until=asked.until.isoformat(),
    )  # fmt: skip


def open_request(inquiry: Inquiry, *, now: datetime) -> TimeRequest | None:
    """The wish that waits for the admin: none once the section has handed in, or when the moment has come anyway."""
    rows = TimeRequest.objects.filter(
        office=inquiry.office_id, inquiry=inquiry, decided_at__isnull=True, until__gt=now,
        disposition__state=DispositionState.OPEN, inquiry__holder=Holder.SECTION,
    )  # fmt: skip
    return rows.select_related("asked_by").order_by("-id").first()


def _open_disposition(inquiry: Inquiry) -> Disposition:
    """The hand-over on which the section works. While the admin reads its answer, another deadline runs."""
    rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN)
    rows = rows.filter(coordinating=True, inquiry__holder=Holder.SECTION)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise taken(inquiry)
    return found
