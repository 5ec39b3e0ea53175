"""Items that nobody took are driven again by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.journal.models import Fact
from pelita.offices.models import Office, Officer
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.whatsapp import parse
from pelita.whatsapp.actions import revive
from pelita.whatsapp.actions.revive import revive_item, revive_items
from pelita.whatsapp.errors import NoHandlerError, NotAllowedError, NotLeftError
from pelita.whatsapp.models import Body, Item
from tests.whatsapp.outbox.support import World, build, line_of


@pytest.fixture
def world(db: None) -> World:
    return build()


def left(world: World, *, state: str = "dead", number: str = "351600000000001", known: bool = True) -> Item:
    body = Body.objects.create(received_at=world.now, app=world.app, raw=b"{}", state="done")
    return Item.objects.create(
        office=world.office if known else None, line=world.line if known else None, body=body, kind="message",
        field="messages", key=f"k{body.pk}", state=state, attempts=8, error="ValueError", next_at=world.now,
        payload={
            "entry_id": "351600000000000", "field": "messages", "metadata": {"phone_number_id": number},
            "item": {"id": f"wamid.{body.pk}", "from": "6281234567890", "type": "text", "text": {"body": "halo"}},
        },
    )  # fmt: skip


def place(world: World, *roles: str, office: Office | None = None) -> Place:
    admin = place_of(Officer.objects.select_related("office").get(username="admin"), now=world.now)
    return Place(admin.officer, office or world.office, frozenset(roles), frozenset())


@pytest.mark.parametrize("state", ["dead", "kept"])
def test_it_is_taken_in_as_if_it_had_just_come(world: World, state: str) -> None:
    item = left(world, state=state)
    later = world.now + timedelta(hours=1)
    revive_item(item=item, by=place(world, "operator"), now=later)
    found = Item.objects.get(pk=item.pk)
    assert (found.state, found.attempts, found.error, found.next_at) == ("pending", 0, "", later)
    fact = Fact.objects.filter(office=world.office, verb="item.revived").get()
    assert (fact.subject_id, fact.data) == (item.pk, {"was": state})


def test_a_number_that_was_registered_since(world: World) -> None:
    Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    item = left(world, state="kept", number="351600000000777", known=False)
    with pytest.raises(NoHandlerError):
        revive_item(item=item, by=None, now=world.now)
    line = line_of(world.office, world.app, phone_number_id="351600000000777", now=world.now)
    revive_item(item=item, by=None, now=world.now)
    found = Item.objects.get(pk=item.pk)
    assert (found.state, found.office_id, found.line_id) == ("pending", world.office.pk, line.pk)


def test_what_nobody_takes_in_stays(world: World) -> None:
    item = left(world, state="kept")
    Item.objects.filter(pk=item.pk).update(kind="update", field="something_new")
    item.refresh_from_db()
    with pytest.raises(NoHandlerError):
        revive_item(item=item, by=None, now=world.now)
    assert Item.objects.get(pk=item.pk).state == "kept"


def test_of_two_people_one_is_told(world: World) -> None:
    item = left(world)
    revive_item(item=item, by=None, now=world.now)
    with pytest.raises(NotLeftError):
        revive_item(item=item, by=None, now=world.now)
    assert Fact.objects.filter(office=world.office, verb="item.revived").count() == 1


def test_who_may(world: World) -> None:
    item = left(world)
    elsewhere = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    for nobody in (place(world, "officer"), place(world, "admin", office=elsewhere)):
        with pytest.raises(NotAllowedError):
            revive_item(item=item, by=nobody, now=world.now)
    assert Item.objects.get(pk=item.pk).state == "dead"


@pytest.mark.parametrize("apart", ["app{app}!k", "k#{digest}"])
def test_what_lies_beside_the_true_one_is_for_the_eye_alone(world: World, apart: str) -> None:
    item = left(world, state="kept")
    digest = parse.digest_of(item.payload["item"])[:16]
    Item.objects.filter(pk=item.pk).update(key=apart.format(app=world.app.pk, digest=digest))
    item.refresh_from_db()
    with pytest.raises(NoHandlerError):
        revive_item(item=item, by=None, now=world.now)


SORT = {"field": "messages", "kind": "message", "type": "text"}


def test_a_whole_sort_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revive, "BATCH", 2)
    items = [left(world) for _ in range(3)]
    kept = left(world, state="kept")
    operator = place(world, "operator")
    later = world.now + timedelta(hours=1)
    assert revive_items(**{**SORT, "type": "image"}, by=operator, now=later) == 0
    assert [revive_items(**SORT, by=operator, now=later) for _ in range(3)] == [2, 1, 0]
    found = Item.objects.filter(pk__in=[item.pk for item in items]).values_list("state", "attempts", "next_at")
    assert set(found) == {("pending", 0, later)}
    assert Item.objects.get(pk=kept.pk).state == "kept"
    facts = Fact.objects.filter(office=world.office, verb="items.revived").order_by("id")
    assert [fact.data["count"] for fact in facts] == [2, 1]


def test_who_may_try_a_sort_again(world: World) -> None:
    item = left(world)
    elsewhere = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    with pytest.raises(NotAllowedError):
        revive_items(**SORT, by=place(world, "leader"), now=world.now)
    assert revive_items(**SORT, by=place(world, "admin", office=elsewhere), now=world.now) == 0
    assert Item.objects.get(pk=item.pk).state == "dead"
