"""An office says how long things may take. Rows are dated: a new one ends the former."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from pelita.desk.actions.reminding import look_again
from pelita.desk.deadlines import Term
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Clock, Deadline, InquiryKind, Policy, ReminderRule
from pelita.desk.queries.clockwork import forget, practice
from pelita.journal import actions as journal
from pelita.offices.models import Office, Section
from pelita.offices.rules import Place, zone

LONGEST = 400  # of any unit


@transaction.atomic
def seed_deadlines(*, office: Office) -> None:
    """Give an office the packaged practice, unverified, unless it has any of its own: until then it goes by it."""
    if not Policy.objects.filter(office=office).exists():
        Policy.objects.bulk_create(
            Policy(office=office, valid_from=date(2026, 1, 1), **row) for row in practice()["policies"]
        )
    if not ReminderRule.objects.filter(office=office).exists():
        ReminderRule.objects.bulk_create(ReminderRule(office=office, **row) for row in practice()["reminders"])
    forget(office.pk)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A policy as somebody wants it: ``kind`` "" and ``section`` None for any; ``valid_from`` None for today."""

    deadline: str
    term: str
    kind: str = ""
    section: Section | None = None
    clock: str = Clock.WORKING
    valid_from: date | None = None
    source: str = ""


@transaction.atomic
def set_policy(*, wanted: Wanted, by: Place, now: datetime) -> Policy:
    """From a day on this much time holds; the row that held before ends the day before.

    Admin and leaders may. What already has a deadline keeps it. Raises InvalidError beside the field.
    """
    if not by.sees_all:
        raise NotAllowedError
    today = now.astimezone(zone(by.office)).date()
    start = wanted.valid_from or today
    _check(wanted, by)
    if start < today:
        raise InvalidError("valid_from", "Tanggal mulai paling awal hari ini.")
    seed_deadlines(office=by.office)  # what held until now becomes rows that everybody sees
    same = Policy.objects.filter(
        office=by.office, deadline=wanted.deadline, kind=wanted.kind, section=wanted.section, service_code=""
    )
    same.filter(valid_from__gte=start).delete()  # nothing was counted by what has not begun
    same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=start)).update(valid_to=start - timedelta(days=1))
    made = Policy.objects.create(
        office=by.office, deadline=wanted.deadline, kind=wanted.kind, section=wanted.section, clock=wanted.clock,
        term=wanted.term, valid_from=start, source=wanted.source, verified=True,
    )  # fmt: skip
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb="policy.set", subject=("policy", made.pk), by=by.officer, now=now,
        deadline=wanted.deadline, kind=wanted.kind, term=wanted.term, clock=wanted.clock,
        valid_from=start.isoformat(), section=wanted.section.pk if wanted.section else None,
    )  # fmt: skip
    return made


def _check(wanted: Wanted, by: Place) -> None:
    if wanted.deadline not in Deadline.values:
        raise InvalidError("deadline", "Pilih tenggat yang diatur.")
    if wanted.kind and wanted.kind not in InquiryKind.values:
        raise InvalidError("kind", "Pilih jenis pertanyaan.")
    if wanted.section is not None and wanted.section.office_id != by.office.pk:
        raise InvalidError("section", "Pilih seksi kantor ini.")
    try:
        if Term.parse(wanted.term).count <= LONGEST:
            return
    except ValueError:
        pass
    raise InvalidError("count", f"Tulis lamanya dengan angka 1 sampai {LONGEST}.")


@transaction.atomic
def set_reminder(*, rung: str, active: bool, urgent: bool, by: Place, now: datetime) -> None:
    """Switch one rung of the ladder on or off, and whether it may disturb at night. ``rung``: ReminderRule.name.

    Raises InvalidError when there is no such rung.
    """
    if not by.sees_all:
        raise NotAllowedError
    seed_deadlines(office=by.office)
    rules = ReminderRule.objects.select_for_update().filter(office=by.office)
    rule = next((one for one in rules if one.name == rung), None)
    if rule is None:
        raise InvalidError("rung", "Pengingat itu tidak ada lagi. Muat ulang halamannya.")
    ReminderRule.objects.filter(office=by.office, pk=rule.pk).update(active=active, urgent=urgent)
    look_again(by.office, now=now)
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb="reminder.set", subject=("reminder", rule.pk), by=by.officer, now=now, active=active,
        urgent=urgent,
    )  # fmt: skip


@transaction.atomic
def set_quiet_hours(*, quiet_from: time, quiet_until: time, by: Place, now: datetime) -> None:
    """When nobody is disturbed. The same two times: never."""
    if not by.sees_all:
        raise NotAllowedError
    Office.objects.filter(pk=by.office.pk).update(quiet_from=quiet_from, quiet_until=quiet_until)
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb="office.quiet_hours", subject=("office", by.office.pk), by=by.officer, now=now,
        quiet_from=quiet_from.isoformat("minutes"), quiet_until=quiet_until.isoformat("minutes"),
    )  # fmt: skip
