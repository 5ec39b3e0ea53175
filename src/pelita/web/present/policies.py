"""What an office says about time, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.desk.deadlines import Term
from pelita.desk.models import Clock, Deadline, InquiryKind, Policy, ReminderRule
from pelita.desk.models_deadline import Audience, When
from pelita.web.present.told import days_words

WORKING = {
    "m": gettext_lazy("{n} menit kerja"),
    "h": gettext_lazy("{n} jam kerja"),
    "d": gettext_lazy("{n} hari kerja"),
}
CALENDAR = {"m": gettext_lazy("{n} menit"), "h": gettext_lazy("{n} jam"), "d": gettext_lazy("{n} hari")}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """For whom, how long, since or from when, and on what it rests. ``row`` names it in the form that ends it; empty
    for the general one."""

    row: str
    scope: str
    term: str
    dates: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One rung in words. ``rung`` names it in the form."""

    rung: str
    words: str
    to: str
    active: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class DeadlineGroup:
    """One deadline with its policies and its ladder."""

    key: str
    label: str
    policies: list[PolicyRow]
    reminders: list[ReminderRow]


def groups(policies: list[Policy], reminders: list[ReminderRule], today: date) -> list[DeadlineGroup]:
    return [
        DeadlineGroup(
            deadline.value,
            str(deadline.label),
            [_policy(one, today) for one in policies if one.deadline == deadline],
            [_reminder(one) for one in reminders if one.deadline == deadline],
        )
        for deadline in Deadline
    ]


def term_words(text: str, clock: str) -> str:
    """``2 jam kerja``, ``3 hari``."""
    term = Term.parse(text)
    return str((WORKING if clock == Clock.WORKING else CALENDAR)[term.unit]).format(n=term.count)


def _policy(policy: Policy, today: date) -> PolicyRow:
    kind = str(InquiryKind(policy.kind).label) if policy.kind else ""
    section = policy.section.short_name if policy.section else ""
    service = policy.service.name if policy.service else ""
    return PolicyRow(
        row=policy.name if policy.special or policy.valid_from > today else "",
        scope=", ".join(filter(None, (kind, section, service))) or _("Semua"),
        term=term_words(policy.term, policy.clock),
        dates=_dates(policy, today),
        source=policy.source,
        verified=policy.verified,
    )


def _dates(policy: Policy, today: date) -> str:
    """Only what is not yet, or no longer for long."""
    if policy.valid_from > today:
        return _("mulai {day}").format(day=days_words(policy.valid_from, policy.valid_from))
    if policy.valid_to:
        return _("sampai {day}").format(day=days_words(policy.valid_to, policy.valid_to))
    return ""


def _reminder(rule: ReminderRule) -> ReminderRow:
    when = str(When(rule.when).label)
    said = f"{term_words(rule.term, Clock.WORKING)} {when}" if rule.term else when
    return ReminderRow(rule.name, said, str(Audience(rule.to).label), rule.active, rule.urgent)
