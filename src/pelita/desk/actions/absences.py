"""Who is away and who stands in; and what the clock does when the admin does not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, Q

from pelita.desk import deadlines
from pelita.desk.actions.telling import tell
from pelita.desk.deadlines import Term
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Holder, Inquiry
from pelita.desk.queries.clockwork import clockwork
from pelita.journal import actions as journal
from pelita.journal.models import Fact
from pelita.offices.models import Absence, Duty, Office, Officer, Role
from pelita.offices.queries import roster_of
from pelita.offices.roster import Roster
from pelita.offices.rules import Place, zone
from pelita.offices.worktime import Calendar, NeverOpenError

LONGEST = 366  # days
MAX_REASON = 200
# No admin signed in or did anything for so much working time while something was late: somebody else takes over.
SILENT = Term(4, "h")
AT_ONCE = 1000  # facts of the journal that are looked through in one go
SYSTEM_REASON = "Admin tidak terlihat saat pertanyaan menunggu"


@transaction.atomic
def enter_absence(
    *,
    officer: Officer,
    starts_on: date,
    ends_on: date,
    substitute: Officer | None,
    by: Place,
    now: datetime,
    reason: str = "",
) -> Absence:
    """Say that somebody is away. The substitute has that person's duties meanwhile, and is told so.

    Everybody for themselves, a leader for all, the admin for all but the leaders: whoever stands in for a leader sees
    what is secret. Raises InvalidError beside the field.
    """
    today = now.astimezone(zone(by.office)).date()
    if officer.office_id != by.office.pk or not may_enter(by, officer, today):
        raise NotAllowedError
    if starts_on > ends_on:
        raise InvalidError("ends_on", "Hari terakhir tidak boleh sebelum hari pertama.")
    if ends_on < today:
        raise InvalidError("ends_on", "Hari-hari itu sudah lewat.")
    if (ends_on - starts_on).days > LONGEST:
        raise InvalidError("ends_on", "Paling lama satu tahun.")
    if substitute is not None and (substitute.office_id != by.office.pk or not substitute.is_active):
        raise InvalidError("substitute", "Pilih petugas kantor ini.")
    if substitute is not None and substitute.pk == officer.pk:
        raise InvalidError("substitute", "Pengganti harus orang lain.")
    Officer.objects.select_for_update().only("pk").get(pk=officer.pk)  # two forms at once
    rows = Absence.objects.filter(office=by.office, ended_at__isnull=True, automatic=False)
    rows = rows.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    if substitute is not None and rows.filter(officer=substitute).exists():
        who = substitute.full_name
        raise InvalidError("substitute", f"{who} juga tidak di kantor pada hari-hari itu. Pilih yang lain.")
    if rows.filter(officer=officer).exists():
        raise InvalidError("starts_on", "Untuk hari-hari itu sudah ada catatan. Akhiri dulu yang lama.")
    made = Absence.objects.create(
        office=by.office, officer=officer, substitute=substitute, starts_on=starts_on, ends_on=ends_on,
        reason=reason[:MAX_REASON], entered_by=by.officer, entered_at=now,
    )  # fmt: skip
    _note(made, "absence.entered", by.officer, now)
    if substitute is not None and substitute.pk != by.officer.pk:
        _tell(made, [substitute.pk], "absence.substitute", now)
    return made


@transaction.atomic
def end_absence(*, absence: Absence, by: Place, now: datetime) -> bool:
    """Take an absence back: from now on the person is there. False when it was ended before."""
    today = now.astimezone(zone(by.office)).date()
    if absence.office_id != by.office.pk or not may_enter(by, absence.officer, today):
        raise NotAllowedError
    rows = Absence.objects.filter(office=by.office, pk=absence.pk, ended_at__isnull=True, ends_on__gte=today)
    if rows.update(ended_at=now) != 1:
        return False
    _note(absence, "absence.ended", by.officer, now)
    if absence.substitute_id is not None and absence.substitute_id != by.officer.pk:
        _tell(absence, [absence.substitute_id], "absence.ended", now)
    return True


def may_enter(by: Place, officer: Officer, today: date) -> bool:
    """Whether ``by`` decides about this person's absences."""
    if by.officer.pk == officer.pk or by.is_leader:
        return True
    # Also for who becomes one meanwhile: an absence may reach so far.
    leads = Duty.objects.filter(office=by.office, officer=officer, role=Role.LEADER)
    return by.is_admin and not leads.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).exists()


def hand_over(*, now: datetime) -> int:
    """Give the admin's duties to somebody for today in offices whose admins let things lie. Returns how many.

    Something at the admin is late, and no admin has signed in or done anything for SILENT of working time. Nobody is
    missed before work begins, nor on days off.
    """
    rows = Inquiry.objects.across_offices("the clock looks for offices whose admin does not come")
    late = rows.filter(holder=Holder.ADMIN, secret=False, due_at__lt=now, state__in=deadlines.AT_ADMIN)
    handed = 0
    for found in late.values("office").annotate(first=Min("due_at")).order_by("office"):
        calendar = clockwork(found["office"], now).calendar
        since = deadlines.before(calendar, SILENT, now)
        if found["first"] <= since and _has_begun(calendar, now):
            handed += _hand_over_in(Office.objects.get(pk=found["office"]), since, now)
    return handed


def _has_begun(calendar: Calendar, now: datetime) -> bool:
    """Whether it is a working day and work has begun. Where no hours are known, every hour counts."""
    spans = calendar.spans(now.astimezone(calendar.zone).date())
    if spans:
        return spans[0][0] <= now
    try:
        calendar.next_open(now)
    except NeverOpenError:
        return True
    return False


@transaction.atomic
def _hand_over_in(office: Office, since: datetime, now: datetime) -> bool:
    Office.objects.select_for_update(no_key=True).only("pk").get(pk=office.pk)  # one worker at a time
    roster = roster_of(office, now=now)
    admins = roster.admins
    seen = Officer.objects.filter(office=office, pk__in=admins, last_login__gte=since).exists()
    if seen or _did_something(office, admins, since):
        return False
    today = roster.day
    if Absence.objects.filter(office=office, automatic=True, starts_on=today).exists():
        return False
    absent, substitute = _pair(roster)
    if substitute is None:
        return False
    made = Absence.objects.create(
        office=office, officer_id=absent, substitute_id=substitute, starts_on=today, ends_on=today,
        reason=SYSTEM_REASON, automatic=True, entered_at=now,
    )  # fmt: skip
    _note(made, "absence.handed_over", None, now)
    _tell(made, [substitute], "absence.handed_over", now)
    _tell(made, [one for one in admins if one != substitute], "absence.taken_over", now)
    return True


def _did_something(office: Office, officers: Sequence[int], since: datetime) -> bool:
    """Whether the journal knows a deed of one of these since then. From its end backwards: it is never short, and the
    moment of a fact has no index."""
    before: int | None = None
    while True:
        rows = Fact.objects.filter(office=office, **({"pk__lt": before} if before else {})).order_by("-pk")
        facts = list(rows.values_list("pk", "actor", "at")[:AT_ONCE])
        if any(actor in officers and at >= since for _, actor, at in facts):
            return True
        if len(facts) < AT_ONCE or facts[-1][2] < since:
            return False
        before = facts[-1][0]


def _pair(roster: Roster) -> tuple[int, int | None]:
    """Whose duties go to whom. An office without any admin has nothing to hand over."""
    admins = [duty.officer_id for duty in roster.duties if duty.role == Role.ADMIN]
    near = roster.beside_admins()
    return (admins[0], near[0]) if admins and near else (0, None)


def _note(absence: Absence, verb: str, by: Officer | None, now: datetime) -> None:
    journal.record(
        office=absence.office_id, verb=verb, subject=("absence", absence.pk), by=by, now=now,
        officer=absence.officer_id, substitute=absence.substitute_id, starts_on=absence.starts_on.isoformat(),
        ends_on=absence.ends_on.isoformat(),
    )  # fmt: skip


def _tell(absence: Absence, officers: list[int], verb: str, now: datetime) -> None:
    tell(
        officers=officers, inquiry=None, office=absence.office_id, verb=verb, key=f"{verb}:{absence.pk}", now=now,
        who=absence.officer.full_name, starts_on=absence.starts_on.isoformat(), ends_on=absence.ends_on.isoformat(),
    )  # fmt: skip
