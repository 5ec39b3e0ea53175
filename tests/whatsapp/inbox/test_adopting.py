"""Items that came before their number was registered are taken in afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp import parse
from pelita.whatsapp.actions import adopting
from pelita.whatsapp.actions.adopting import adopt_due
from pelita.whatsapp.actions.lines import ensure_app, ensure_line
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import App, Body, Inbound, Item, Line, StatusEvent
from pelita.whatsapp.ports import Handlers
from tests.whatsapp.inbox.support import Heard, World, change, envelope, message, status

NEW = "777"


@pytest.fixture
def two(world: World) -> World:
    """Two offices, so that what names nobody's number belongs to nobody."""
    office(world)
    return world


def office(world: World) -> Office:
    found = Office.objects.filter(code="jetis").first()
    return found or Office.objects.create(
        code="jetis", name="Jetis", regency="M", region_code="35.16.14", code_prefix="JTS"
    )


def register(world: World, *, at: Office, app: App | None = None, account: str = "9") -> Line:
    return ensure_line(
        office=at, app=app or world.app, phone_number_id=NEW, business_account_id=account,
        display_phone="6281111111111", base_url="http://127.0.0.1:9", api_version="v26.0", token="t", now=world.now,
    )  # fmt: skip


def for_new(*items: dict[str, Any], **lists: Any) -> dict[str, Any]:
    """A body for the number that is not registered yet."""
    return envelope(change(NEW, messages=list(items)) if items else change(NEW, **lists))


def run(world: World) -> Heard:
    """The chore, then the inbox."""
    heard = Heard()
    adopt_due(now=world.now)
    process_items(now=world.now, handlers=Handlers(inbound=(heard,)))
    return heard


def states() -> list[str]:
    return list(Item.objects.order_by("id").values_list("state", flat=True))


def test_a_number_registered_later_gets_its_messages_in_order(two: World) -> None:
    world = two
    first, second = message("pertama", at=1795489000), message("kedua", at=1795489001)
    world.take_in(for_new(second, first), for_new(statuses=[status("wamid.x")]))
    assert states() == ["kept", "kept", "kept"]
    line = register(world, at=office(world))
    heard = run(world)
    assert heard.texts == ["pertama", "kedua"]
    assert states() == ["done", "done", "done"]
    assert set(Item.objects.values_list("office", "line")) == {(office(world).pk, line.pk)}
    assert Inbound.objects.filter(office=office(world)).count() == 2
    assert StatusEvent.objects.filter(office=office(world)).count() == 1
    fact = Fact.objects.get(office=office(world), verb="items.adopted")
    assert fact.data == {"count": 3, "driven": 3}


def test_the_only_office_gets_them_too(world: World) -> None:
    world.take_in(for_new(message("halo")))
    assert Item.objects.get().office == world.office
    register(world, at=world.office)
    assert run(world).texts == ["halo"]


def test_nothing_of_other_numbers_is_touched(two: World) -> None:
    world = two
    world.take_in(envelope(change("888", messages=[message("bukan untuk kami")])), for_new(message("untuk kami")))
    register(world, at=office(world))
    assert run(world).texts == ["untuk kami"]
    assert states() == ["kept", "done"]


def test_again_changes_nothing(two: World) -> None:
    world = two
    world.take_in(for_new(message("halo")))
    register(world, at=office(world))
    assert run(world).texts == ["halo"]
    assert run(world).texts == []
    assert register(world, at=office(world)).pk  # nothing differs
    assert Inbound.objects.filter(office=office(world)).count() == 1


def test_what_another_application_signed_stays_kept(two: World) -> None:
    world = two
    other = ensure_app(app_id="2", name="Lain", app_secret="x", verify_token="y")
    register(world, at=office(world), app=other)
    # Signed by the first application, which does not serve that number: not believed, then or later.
    world.take_in(for_new(message("palsu")))
    run(world)
    Line.objects.filter(office=office(world), phone_number_id=NEW).update(app=world.app, adopting_since=world.now)
    assert run(world).texts == []
    assert states() == ["kept"]


def test_a_second_version_of_a_message_stays_kept(two: World) -> None:
    world = two
    one = message("asli")
    world.take_in(for_new(one), for_new({**one, "text": {"body": "lain"}}))
    register(world, at=office(world))
    assert run(world).texts == ["asli"]
    assert states() == ["done", "kept"]


def test_what_nobody_handles_belongs_to_the_number_afterwards(two: World) -> None:
    world = two
    world.take_in(for_new(message("halo", group_id="g")))
    line = register(world, at=office(world))
    run(world)
    item = Item.objects.get()
    assert (item.state, item.line_id) == ("kept", line.pk)


def news(field: str = "message_template_status_update") -> dict[str, Any]:
    """Something about the new number's account."""
    value = {"event": "FLAGGED", "message_template_id": 1, "message_template_name": "x"}
    change = {"field": field, "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [change]}]}


def test_news_of_an_account_that_offices_share_reaches_both(two: World) -> None:
    world = two
    world.take_in(news())
    Line.objects.filter(office=world.office, pk=world.line.pk).update(business_account_id="9")
    register(world, at=office(world))
    run(world)
    assert [(item.office_id, item.state) for item in Item.objects.all()] == [(None, "done")]


def test_news_that_nobody_handles_can_be_seen_by_its_office(two: World) -> None:
    world = two
    world.take_in(news("security"))
    register(world, at=office(world))
    run(world)
    assert [(item.office_id, item.state) for item in Item.objects.all()] == [(office(world).pk, "kept")]


def test_news_of_the_account_finds_its_office(two: World) -> None:
    world = two
    world.take_in(news())
    assert [item.office_id for item in Item.objects.all()] == [None]
    register(world, at=office(world))
    run(world)
    assert [(item.office_id, item.state) for item in Item.objects.all()] == [(office(world).pk, "done")]


def test_batches_meet(two: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adopting, "BATCH", 2)
    world = two
    world.take_in(for_new(*(message(str(number), at=1795489000 + number) for number in range(5))))
    register(world, at=office(world))
    assert run(world).texts == ["0", "1", "2", "3", "4"]


def test_what_was_being_stored_at_that_moment_is_found(two: World) -> None:
    """A body taken apart beside the registration is stored after the first look."""
    world = two
    line = register(world, at=office(world))
    run(world)
    body = Body.objects.create(received_at=world.now, app=world.app, raw=b"{}", state="done")
    [late] = parse.explode(for_new(message("terselip")))
    Item.objects.create(
        body=body, kind=late.kind, field=late.field, key=late.key, payload=late.payload, state="kept", next_at=world.now
    )
    assert run(world).texts == ["terselip"]
    world.now += timedelta(minutes=2)
    run(world)
    assert Line.objects.get(office=office(world), pk=line.pk).adopting_since is None


def test_a_change_of_the_line_meanwhile_is_looked_after(two: World) -> None:
    world = two
    line = register(world, at=office(world))
    later = world.now + timedelta(minutes=5)
    seen = Line.objects.get(office=office(world), pk=line.pk).adopting_since
    Line.objects.filter(office=office(world), pk=line.pk).update(adopting_since=later)
    assert seen != later
    adopt_due(now=later + timedelta(seconds=1))
    assert Line.objects.get(office=office(world), pk=line.pk).adopting_since == later
