"""Policies, ladder and calendar of offices, kept for a while: every message that opens an inquiry asks for them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib import resources
from time import monotonic
from typing import Any

from pelita.desk.deadlines import Clockwork
from pelita.desk.models_deadline import Policy, ReminderRule
from pelita.offices.models import Office
from pelita.offices.queries import calendars_of

# An office that changes its hours or policies sees it in every process after this; where it was changed, at once.
KEEP = 300.0  # seconds
_PRACTICE = resources.files("pelita.desk") / "data" / "deadlines.json"
_kept: dict[tuple[int, int], tuple[float, Clockwork]] = {}


def clockworks(offices: Iterable[int], now: datetime) -> dict[int, Clockwork]:
    """By office id. Six queries for all offices that are not kept, none when all are."""
    wanted, year, fresh = set(offices), now.year, monotonic() - KEEP
    found = {}
    for office in wanted:
        at, one = _kept.get((office, year), (0.0, None))
        if one is not None and at > fresh:
            found[office] = one
    return found | read_anew(wanted - found.keys(), now)


def clockwork(office: int, now: datetime) -> Clockwork:
    return clockworks([office], now)[office]


def read_anew(offices: Iterable[int], now: datetime) -> dict[int, Clockwork]:
    """The same past what is kept, for whoever must not miss what another process changed. No offices: no query."""
    wanted = sorted(set(offices))
    loaded = _load(wanted, now.date()) if wanted else {}
    _kept.update({(office, now.year): (monotonic(), one) for office, one in loaded.items()})
    return loaded


def forget(office: int) -> None:
    """The office changed its hours, policies or reminders."""
    for key in [key for key in _kept if key[0] == office]:
        del _kept[key]


def _load(wanted: list[int], day: date) -> dict[int, Clockwork]:
    why = "the deadlines of a set of offices"
    offices = list(Office.objects.filter(pk__in=wanted))
    policies, rules = defaultdict(list), defaultdict(list)
    for policy in Policy.objects.across_offices(why).filter(office__in=wanted):
        policies[policy.office_id].append(policy)
    for rule in ReminderRule.objects.across_offices(why).filter(office__in=wanted):
        rules[rule.office_id].append(rule)
    calendars = calendars_of(offices, day)
    # An office that has said nothing yet goes by practice: nothing may be without a deadline.
    return {
        one.pk: Clockwork(
            policies[one.pk] or usual_policies(), rules[one.pk] or usual_reminders(), calendars[one.pk],
            (one.quiet_from, one.quiet_until),
        )
        for one in offices
    }  # fmt: skip


@cache
def practice() -> dict[str, list[dict[str, Any]]]:
    """The packaged sample values, as rows."""
    loaded: dict[str, list[dict[str, Any]]] = json.loads(_PRACTICE.read_text(encoding="utf-8"))
    return loaded


@cache
def usual_policies() -> tuple[Policy, ...]:
    """The packaged policies as rows that are not stored."""
    return tuple(Policy(valid_from=date.min, **row) for row in practice()["policies"])


@cache
def usual_reminders() -> tuple[ReminderRule, ...]:
    return tuple(ReminderRule(**row) for row in practice()["reminders"])
