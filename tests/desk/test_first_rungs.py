"""Offices with a ladder of their own from before the first response had rungs."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from pelita.desk.actions.policies import seed_deadlines
from pelita.desk.models import Inquiry, ReminderRule
from pelita.desk.queries.clockwork import practice
from tests.desk.conftest import World
from tests.desk.test_reminding import wib

NAME = "0029_first_rungs"


@pytest.fixture
def moment() -> datetime:
    return wib(25, 9)


@pytest.mark.parametrize("kept", ["none", "one of its own", "no row at all"])
def test_they_hear_of_the_first_response_as_well(world: World, kept: str) -> None:
    inquiry = Inquiry.objects.filter(office=world.office, pk=world.asks().pk)
    inquiry.update(remind_at=None)
    rows = ReminderRule.objects.filter(office=world.office)
    seed_deadlines(office=world.office)
    (rows if kept == "no row at all" else rows.filter(deadline="first")).delete()
    if kept == "one of its own":
        ReminderRule.objects.create(office=world.office, deadline="first", when="before", term="1h", to="admin")
    apps = MigrationLoader(connection).project_state([("desk", NAME)]).apps
    import_module(f"pelita.desk.migrations.{NAME}").add_first(apps, None)
    found = [(one.when, one.term, one.to) for one in rows.filter(deadline="first")]
    usual = [
        (one["when"], one.get("term", ""), one["to"]) for one in practice()["reminders"] if one["deadline"] == "first"
    ]
    assert found == {"none": usual, "one of its own": [("before", "1h", "admin")], "no row at all": []}[kept]
    assert (inquiry.get().remind_at is not None) == (kept == "none")
