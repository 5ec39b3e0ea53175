"""What an office says about time, for its screen."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from pelita.desk.models import Deadline, InquiryKind, Policy, ReminderRule
from pelita.desk.queries.clockwork import usual_policies, usual_reminders
from pelita.offices.models import Office


def policies(office: Office, today: date) -> list[Policy]:
    """Those that hold or will, by deadline from the general to the special. By practice while there are none.

    At most one row for each deadline, kind, section and service, and those that are to come: no list that grows.
    """
    found = Policy.objects.filter(office=office).select_related("section", "service")
    rows = list(found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)))
    order, kinds = list(Deadline.values), ["", *InquiryKind.values]
    return sorted(
        rows or usual_policies(),
        key=lambda one: (
            order.index(one.deadline), one.section.position if one.section else -1, kinds.index(one.kind),
            one.service.name if one.service else "", one.valid_from,
        ),
    )  # fmt: skip


def reminders(office: Office) -> list[ReminderRule]:
    """The ladder from the first rung to the last, by deadline."""
    order = list(Deadline.values)
    rows = list(ReminderRule.objects.filter(office=office)) or list(usual_reminders())
    return sorted(rows, key=lambda one: order.index(one.deadline))
