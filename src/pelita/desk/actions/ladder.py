"""An office says who is reminded when: rungs of the ladder are added, switched and taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk.actions.policies import LONGEST, seed_deadlines
from pelita.desk.actions.reminding import look_again
from pelita.desk.deadlines import ESCALATIONS, TURNS, Term
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Deadline, ReminderRule
from pelita.desk.models_deadline import Audience, When
from pelita.desk.queries.clockwork import forget
from pelita.journal import actions as journal
from pelita.offices.rules import Place

MOST = 12  # rungs of one deadline
# What the clock closes by itself reminds nobody.
REMINDED = tuple(one for one in Deadline if one != Deadline.CLOSING)


@transaction.atomic
def add_reminder(
    *, deadline: str, when: str, term: str, to: str, urgent: bool, by: Place, now: datetime
) -> ReminderRule:  # fmt: skip
    """One more rung. ``term``: how long before or after, in working time; ignored at the deadline itself.

    Raises InvalidError beside the field for a rung that is there already, and beyond MOST of them.
    """
    if not by.sees_all:
        raise NotAllowedError
    if deadline not in REMINDED:
        raise InvalidError("deadline", "Pilih tenggat yang diingatkan.")
    if when not in When.values or to not in Audience.values:
        raise InvalidError("when", "Pilih kapan dan siapa.")
    term = "" if when == When.AT else _checked(term)
    seed_deadlines(office=by.office)
    rows = list(ReminderRule.objects.select_for_update().filter(office=by.office, deadline=deadline))
    if any((one.when, one.term, one.to) == (when, term, to) for one in rows):
        raise InvalidError("to", "Pengingat itu sudah ada. Nyalakan yang ada bila sedang mati.")
    if len(rows) >= MOST:
        raise InvalidError("deadline", f"Paling banyak {MOST} pengingat. Hapus dulu yang tidak dipakai.")
    made = ReminderRule.objects.create(
        office=by.office, deadline=deadline, when=when, term=term, to=to, urgent=urgent
    )  # fmt: skip
    _changed(made, "reminder.added", by, now)
    return made


@transaction.atomic
def set_reminder(*, rung: str, active: bool, urgent: bool, by: Place, now: datetime) -> None:
    """Switch one rung of the ladder on or off, and whether it may disturb at night. ``rung``: ReminderRule.name.

    Raises InvalidError when there is no such rung, and when nobody above would hear any more of what lies too long.
    """
    rule = _rung(rung, by)
    if not active and rule.deadline in TURNS.values() and rule.to in ESCALATIONS and not _others_climb(rule):
        raise InvalidError("rung", "Paling sedikit satu pengingat ke Sekcam atau Camat harus tetap menyala.")
    rule.active, rule.urgent = active, urgent
    ReminderRule.objects.filter(office=by.office, pk=rule.pk).update(active=active, urgent=urgent)
    _changed(rule, "reminder.set", by, now)


@transaction.atomic
def drop_reminder(*, rung: str, by: Place, now: datetime) -> None:
    """Take a rung away that is switched off. Raises InvalidError for another one, and when there is none."""
    rule = _rung(rung, by)
    if rule.active:
        raise InvalidError("rung", "Matikan dulu pengingatnya, baru hapus.")
    ReminderRule.objects.filter(office=by.office, pk=rule.pk).delete()
    _changed(rule, "reminder.dropped", by, now)


def _rung(name: str, by: Place) -> ReminderRule:
    if not by.sees_all:
        raise NotAllowedError
    seed_deadlines(office=by.office)
    rules = ReminderRule.objects.select_for_update().filter(office=by.office)
    rule = next((one for one in rules if one.name == name), None)
    if rule is None:
        raise InvalidError("rung", "Pengingat itu tidak ada lagi. Muat ulang halamannya.")
    return rule


def _others_climb(rule: ReminderRule) -> bool:
    """Whether another rung still brings the deadline upward."""
    rows = ReminderRule.objects.filter(office=rule.office_id, deadline=rule.deadline, to__in=ESCALATIONS, active=True)
    return rows.exclude(pk=rule.pk).exists()


def _checked(term: str) -> str:
    try:
        if Term.parse(term).count <= LONGEST:
            return term
    except ValueError:
        pass
    raise InvalidError("count", f"Tulis lamanya dengan angka 1 sampai {LONGEST}.")


def _changed(rule: ReminderRule, verb: str, by: Place, now: datetime) -> None:
    look_again(by.office, now=now)
    transaction.on_commit(lambda: forget(by.office.pk))
    journal.record(
        office=by.office, verb=verb, subject=("reminder", rule.pk), by=by.officer, now=now, rung=rule.name,
        active=rule.active, urgent=rule.urgent,
    )  # fmt: skip
