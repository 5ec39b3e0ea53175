"""News of the account: whether the office's phone still shares its number, and how the number is liked."""

from __future__ import annotations

from typing import Any

import pytest

from pelita.offices.models import Office
from pelita.whatsapp.actions import phone_sync
from pelita.whatsapp.health import line_health
from pelita.whatsapp.models import App, Line, PhoneSync
from pelita.whatsapp.outcomes import Outcome
from tests.desk.coexistence import ACCOUNT, Wire
from tests.desk.conftest import World


@pytest.fixture
def wire(world: World) -> Wire:
    Line.objects.filter(office=world.office).update(coexistence=True)
    return Wire(world)


def event(wire: Wire, name: str, **more: Any) -> None:
    wire.post("account_update", metadata=False, event=name, **more)


def idle(wire: Wire) -> None:
    event(wire, "PARTNER_REMOVED", disconnection_info={"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"})


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("PARTNER_REMOVED", "removed"),
        ("ACCOUNT_OFFBOARDED", "removed"),
        ("ACCOUNT_DELETED", "removed"),
        ("PARTNER_ADDED", "connected"),
        ("AD_ACCOUNT_LINKED", "connected"),
    ],
)
def test_an_event_says_whether_the_number_is_still_shared(wire: Wire, name: str, link: str) -> None:
    event(wire, name)
    assert wire.line.link == link
    (fact,) = wire.facts("line.account")
    assert fact.data["event"] == name
    assert wire.states() == {"done"}


def test_a_phone_that_nobody_opened(wire: Wire, world: World) -> None:
    idle(wire)
    assert wire.line.link == "inactive"
    (health,) = line_health(world.office)
    assert health.phone is not None
    assert not health.phone.connected
    assert health.needs_attention(world.now)


def test_every_line_of_the_account_hears_and_no_other_application_is_heard(wire: Wire) -> None:
    forger = App.objects.create(app_id="2", name="Lain", app_secret="lain", verify_token="lain")
    lines = []
    for number, app in enumerate((App.objects.get(app_id="app"), forger)):
        code = f"b{number}"
        office = Office.objects.create(code=code, name="B", regency="M", region_code=code, code_prefix=f"BB{number}")
        line = Line(office=office, app=app, phone_number_id=f"20{number}", business_account_id=ACCOUNT, token="t")
        line.save()
        lines.append(line)
    event(wire, "PARTNER_REMOVED")
    for line in lines:
        line.refresh_from_db()
    assert [wire.line.link, *(line.link for line in lines)] == ["removed", "removed", "connected"]
    assert wire.states() == {"done"}


def test_the_newest_event_counts(wire: Wire) -> None:
    wire.later(hours=1)
    event(wire, "ACCOUNT_RECONNECTED")
    wire.later(minutes=-30)
    idle(wire)
    assert wire.line.link == "connected"
    wire.later(hours=1)
    idle(wire)
    idle(wire)
    assert wire.line.link == "inactive"
    assert len(wire.facts("line.account")) == 3


def test_quality_and_limit(wire: Wire) -> None:
    number = "+62 851-5556-5667"
    values = {"display_phone_number": number, "event": "FLAGGED", "current_limit": "TIER_1K"}
    wire.post("phone_number_quality_update", metadata=False, **values)
    assert (wire.line.quality, wire.line.tier) == ("RED", "TIER_1K")
    wire.post("phone_number_quality_update", metadata=False, **{**values, "display_phone_number": "1", "event": "X"})
    assert len(wire.facts("line.quality")) == 1


def test_the_phone_is_asked_once_and_again_after_a_new_connection(wire: Wire, world: World) -> None:
    phone_sync.look_after(now=world.now)
    phone_sync.look_after(now=world.now)
    assert phone_sync.due(world.now) == [wire.line.pk]
    rows = phone_sync.begin(line_id=wire.line.pk, now=world.now)
    assert [row.kind for row in rows] == ["smb_app_state_sync", "history"]
    assert phone_sync.begin(line_id=wire.line.pk, now=world.now) == []
    phone_sync.finish(row=rows[0], outcome=Outcome.ACCEPTED, now=world.now)
    phone_sync.finish(row=rows[1], outcome=Outcome.REJECTED, now=world.now)
    assert set(PhoneSync.objects.filter(office=world.office).values_list("state", flat=True)) == {"asked", "refused"}
    assert phone_sync.due(world.now) == []
    idle(wire)
    wire.later(hours=1)
    event(wire, "ACCOUNT_RECONNECTED")
    assert phone_sync.due(world.now) == [wire.line.pk]


def test_a_request_that_fails_is_tried_until_the_day_is_over(wire: Wire, world: World) -> None:
    phone_sync.look_after(now=world.now)
    tries = 0
    while phone_sync.due(world.now):
        for row in phone_sync.begin(line_id=wire.line.pk, now=world.now):
            tries += 1
            phone_sync.finish(row=row, outcome=Outcome.NOT_SENT, now=world.now)
        wire.later(minutes=31)
    assert 40 < tries < 110
    assert set(PhoneSync.objects.filter(office=world.office).values_list("state", flat=True)) == {"missed"}
    assert len(wire.facts("line.sync_missed")) == 2
