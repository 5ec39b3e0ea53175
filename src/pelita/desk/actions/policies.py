"""An office says how long things may take. Rows are dated: a new one ends the former."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from pelita.catalog.models import Service
from pelita.desk.deadlines import Term
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Clock, Deadline, InquiryKind, Policy, ReminderRule
from pelita.desk.queries.clockwork import forget, practice
from pelita.journal import actions as journal
from pelita.offices.models import Office, Section
from pelita.offices.rules import Place, zone

LONGEST = 400  # of any unit
DAY = timedelta(days=1)
# What runs before any section has it: one that names a section would never hold.
BEFORE_SECTIONS = (Deadline.DISPOSITION, Deadline.FIRST)
MOST = 200  # rows that hold or will: one page shows them all


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
    """A policy as somebody wants it: ``kind`` "", ``section`` and ``service`` None for any; ``valid_from`` None for
    today."""

    deadline: str
    term: str
    kind: str = ""
    section: Section | None = None
    service: Service | None = None
    clock: str = Clock.WORKING
    valid_from: date | None = None
    source: str = ""


@transaction.atomic
def set_policy(*, wanted: Wanted, by: Place, now: datetime) -> Policy:
    """From a day on this much time holds; the row that held before ends the day before, and one that is planned for
    later still begins on its day.

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
        office=by.office, deadline=wanted.deadline, kind=wanted.kind, section=wanted.section, service=wanted.service
    )
    same.filter(valid_from=start).delete()
    if Policy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), office=by.office).count() >= MOST:
        raise InvalidError("deadline", f"Sudah ada {MOST} aturan. Hapus dulu yang tidak dipakai.")
    following = same.filter(valid_from__gt=start).order_by("valid_from").first()
    before = same.filter(valid_from__lt=start)
    before.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=start)).update(valid_to=start - DAY)
    made = Policy.objects.create(
        office=by.office, deadline=wanted.deadline, kind=wanted.kind, section=wanted.section, service=wanted.service,
        clock=wanted.clock, term=wanted.term, valid_from=start, source=wanted.source, verified=True,
        valid_to=following.valid_from - DAY if following else None,
    )  # fmt: skip
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb="policy.set", subject=("policy", made.pk), by=by.officer, now=now,
        deadline=wanted.deadline, kind=wanted.kind, term=wanted.term, clock=wanted.clock,
        valid_from=start.isoformat(), section=wanted.section.pk if wanted.section else None,
        service=wanted.service.pk if wanted.service else None,
    )  # fmt: skip
    return made


@transaction.atomic
def end_policy(*, row: str, by: Place, now: datetime) -> None:
    """What speaks of some inquiries only ends, and the general one holds; what has not begun is taken away, and what it
    would have ended goes on. ``row``: Policy.name.

    Raises InvalidError when there is no such row, and for the general one that holds: nothing may be without a
    deadline.
    """
    if not by.sees_all:
        raise NotAllowedError
    today = now.astimezone(zone(by.office)).date()
    seed_deadlines(office=by.office)
    found = _named(row, by, today)
    if found is None:
        raise InvalidError("row", "Aturan itu sudah tidak ada. Muat ulang halamannya.")
    if not found.special and found.valid_from <= today:
        raise InvalidError("row", "Aturan umum tidak bisa dihapus. Ubah lamanya.")
    if found.valid_from < today:
        Policy.objects.filter(office=by.office, pk=found.pk).update(valid_to=today - DAY)
    else:
        same = Policy.objects.filter(
            office=by.office, deadline=found.deadline, kind=found.kind, section=found.section_id,
            service=found.service_id,
        )  # fmt: skip
        same.filter(pk=found.pk).delete()
        if found.valid_from > today:
            same.filter(valid_to=found.valid_from - DAY).update(valid_to=found.valid_to)
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb="policy.ended", subject=("policy", found.pk), by=by.officer, now=now,
        deadline=found.deadline, kind=found.kind, section=found.section_id, service=found.service_id,
    )  # fmt: skip


def _named(row: str, by: Place, today: date) -> Policy | None:
    """The row of that name, among those that are not over. Practice has become rows by now."""
    rows = Policy.objects.select_for_update(of=("self",)).filter(office=by.office)
    found = list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)))
    if row.endswith(":"):
        return next((one for one in found if one.name.startswith(row) and one.valid_from <= today), None)
    return next((one for one in found if one.name == row), None)


def _check(wanted: Wanted, by: Place) -> None:
    if wanted.deadline not in Deadline.values:
        raise InvalidError("deadline", "Pilih tenggat yang diatur.")
    if wanted.kind and wanted.kind not in InquiryKind.values:
        raise InvalidError("kind", "Pilih jenis pertanyaan.")
    if wanted.section is not None and wanted.section.office_id != by.office.pk:
        raise InvalidError("section", "Pilih seksi kantor ini.")
    if wanted.section is not None and wanted.deadline in BEFORE_SECTIONS:
        raise InvalidError("section", "Saat itu seksinya belum ditentukan. Pilih semua seksi.")
    if wanted.service is not None and wanted.service.office_id != by.office.pk:
        raise InvalidError("service", "Pilih layanan kantor ini.")
    try:
        if Term.parse(wanted.term).count <= LONGEST:
            return
    except ValueError:
        pass
    raise InvalidError("count", f"Tulis lamanya dengan angka 1 sampai {LONGEST}.")


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
