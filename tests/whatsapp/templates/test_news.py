"""What WhatsApp says about templates by itself, from the body to the row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from pelita.journal.models import Fact
from pelita.whatsapp.models import Item, Line, Template, TemplateSync
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
