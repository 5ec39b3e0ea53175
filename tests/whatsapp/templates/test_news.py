"""What WhatsApp says about templates by itself, from the body to the row."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.actions.places import lines_of
from pelita.whatsapp.models import App, Body, Item, Line, Template, TemplateSync
from pelita.whatsapp.templates import OWN, components_of
from tests.whatsapp.inbox.support import ACCOUNT, World, build

ABOUT = {"message_template_id": 594425479261596, "message_template_name": "info", "message_template_language": "id"}
LATER = timedelta(minutes=5)


@pytest.fixture
def world(db: None, moment: datetime) -> World:
    made = build(moment)
    Template.objects.create(
        office=made.office, line=made.line, name="info", language="id", category="UTILITY", state="PENDING",
        components=components_of(OWN[0]), created_at=moment, changed_at=moment,
    )  # fmt: skip
    TemplateSync.objects.create(
        office=made.office, line=made.line, asked_at=moment, next_at=moment + timedelta(hours=6)
    )
    return made


def news(world: World, field: str, *, at: timedelta = LATER, **said: Any) -> Template:
    entry = {"id": ACCOUNT, "time": int((world.now + at).timestamp())}
    change = {"field": field, "value": {**ABOUT, **said}}
    world.take_in(
        {"object": "whatsapp_business_account", "entry": [{**entry, "changes": [change]}]}, now=world.now + LATER
    )
    assert Item.objects.get(field=field).state == "done"
    Item.objects.all().delete()
    return Template.objects.get(office=world.office)


def test_states_follow(world: World) -> None:
    found = news(world, "message_template_status_update", event="REJECTED", reason="INCORRECT_CATEGORY")
    assert (found.state, found.reason) == ("REJECTED", "INCORRECT_CATEGORY")
    found = news(world, "message_template_status_update", event="APPROVED", reason="NONE", at=2 * LATER)
    assert (found.state, found.reason) == ("APPROVED", "")
    paused = {"event": "PAUSED", "reason": None, "other_info": {"title": "FIRST_PAUSE", "description": "x"}}
    found = news(world, "message_template_status_update", **paused, at=3 * LATER)
    assert (found.state, found.reason) == ("PAUSED", "FIRST_PAUSE")
    assert Fact.objects.filter(office=world.office, verb="template.changed").count() == 3


def test_quality_and_category_follow(world: World) -> None:
    found = news(world, "message_template_quality_update", previous_quality_score="GREEN", new_quality_score="RED")
    assert found.quality == "RED"
    found = news(world, "template_category_update", previous_category="UTILITY", new_category="MARKETING")
    assert found.category == "MARKETING"
    found = news(world, "template_category_update", new_category="UTILITY", correct_category="MARKETING")
    assert found.category == "MARKETING"


def test_every_piece_of_news_asks_for_the_list(world: World) -> None:
    before = Template.objects.get(office=world.office)
    found = news(world, "message_template_components_update", message_template_element="Teks lain")
    assert (found.components, found.state) == (before.components, before.state)
    assert TemplateSync.objects.get(office=world.office).next_at == world.now + LATER


def test_old_news_change_nothing_but_ask(world: World) -> None:
    found = news(world, "message_template_status_update", event="REJECTED", reason="NONE", at=-LATER)
    assert found.state == "PENDING"
    assert TemplateSync.objects.get(office=world.office).next_at == world.now + LATER


def test_another_account_is_another_matter(world: World) -> None:
    Line.objects.filter(office=world.office).update(business_account_id="999")
    entry = {"id": ACCOUNT, "time": int(world.now.timestamp())}
    change = {"field": "message_template_status_update", "value": {**ABOUT, "event": "APPROVED"}}
    world.take_in({"object": "whatsapp_business_account", "entry": [{**entry, "changes": [change]}]})
    assert Template.objects.get(office=world.office).state == "PENDING"


def neighbour(world: World, *, number: str = "200", **fields: Any) -> Line:
    """A line of another office, on the same account unless told otherwise, with a template of the same name."""
    office, _ = Office.objects.get_or_create(
        code="b", defaults={"name": "B", "regency": "M", "region_code": "2", "code_prefix": "BBB"}
    )
    values = {"app": world.app, "business_account_id": ACCOUNT, "display_phone": "62", "token": "t", **fields}
    line = Line.objects.create(office=office, phone_number_id=number, **values)
    Template.objects.create(
        office=office, line=line, name="info", language="id", category="UTILITY", state="PENDING",
        components=components_of(OWN[0]), created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    return line


def posted(world: World, app: App, account: str = ACCOUNT, **value: Any) -> None:
    """News of a template, signed by this application."""
    change = {"field": "message_template_status_update", "value": {**ABOUT, "event": "APPROVED", **value}}
    entry = {"id": account, "time": int((world.now + LATER).timestamp()), "changes": [change]}
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    Body.objects.create(received_at=world.now + LATER, app=app, raw=json.dumps(body).encode())
    world.take_in(now=world.now + LATER)


def state_at(line: Line) -> str:
    return Template.objects.get(office=line.office_id, line=line).state


def test_offices_that_share_an_account_hear_the_same(world: World) -> None:
    other = neighbour(world)
    posted(world, world.app)
    assert (state_at(world.line), state_at(other)) == ("APPROVED", "APPROVED")
    assert Item.objects.get().state == "done"


def test_another_applications_secret_says_nothing_of_an_account(world: World) -> None:
    """Neither with a number of its own in the news nor after its office wrote down the account as its own."""
    forger = App.objects.create(app_id="2", name="Lain", app_secret="lain", verify_token="lain")
    claimed = neighbour(world, app=forger)
    neighbour(world, app=forger, number="201", business_account_id="9")
    posted(world, forger, metadata={"phone_number_id": "201"})
    assert (state_at(world.line), state_at(claimed)) == ("PENDING", "APPROVED")
    posted(world, forger, event="DISABLED")
    assert (state_at(world.line), state_at(claimed)) == ("PENDING", "DISABLED")
    # The forged news came first and does not stand in the way of the true one.
    posted(world, world.app, event="DISABLED")
    assert state_at(world.line) == "DISABLED"


def test_queries_do_not_grow_with_the_offices_of_an_account(world: World, django_assert_num_queries: Any) -> None:
    for number in range(3):
        posted(world, world.app, account="9", message_template_name=f"info{number}")
        neighbour(world, number=f"20{number}")
    items = list(Item.objects.all())
    with django_assert_num_queries(2):
        assert set(lines_of(items)) == {item.pk for item in items}
