"""Bodies become items: each once, each found again, and no body holds up another."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import connection

from pelita.offices.models import Office
from pelita.whatsapp import queries
from pelita.whatsapp.actions import explode
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.models import App, Body, Item, Line
from tests.whatsapp.inbox.support import (
    ACCOUNT,
    NUMBER,
    World,
    change,
    envelope,
    message,
    messages,
    recorded,
    status,
    statuses,
)


def states() -> list[tuple[str, str]]:
    return list(Body.objects.order_by("id").values_list("state", "note"))


def items(**wanted: Any) -> list[Item]:
    return list(Item.objects.filter(**wanted).order_by("id"))


def test_everything_of_a_large_body_is_found_again(world: World) -> None:
    sent: list[dict[str, Any]] = []

    def lists() -> dict[str, Any]:
        found = {"messages": [message() for _ in range(3)], "statuses": [status(f"wamid.s{len(sent)}", "sent")]}
        sent.extend([*found["messages"], *found["statuses"]])
        return found

    entry = [{"id": ACCOUNT, "changes": [change(**lists()), change(**lists())]} for _ in range(2)]
    world.body({"object": "whatsapp_business_account", "entry": entry})
    assert explode_bodies(now=world.now) == 1
    assert len(sent) == 16
    assert [item.payload["item"] for item in items()] == sent
    assert {(item.office_id, item.line_id, item.state) for item in items()} == {
        (world.office.pk, world.line.pk, "pending")
    }
    assert states() == [("done", "")]


def test_item_is_taken_once_however_often_and_wherever_it_comes(world: World) -> None:
    first, second = message(), message()
    for body in (messages(first), messages(first), messages(second, first, second), messages(first, second)):
        world.body(body)
    explode_bodies(now=world.now)
    world.body(messages(second, first))
    explode_bodies(now=world.now)
    assert [item.payload["item"] for item in items()] == [first, second]


def test_statuses_are_told_apart_by_message_and_status(world: World) -> None:
    world.body(statuses(status("wamid.a", "sent"), status("wamid.a", "read"), status("wamid.b", "sent")))
    world.body(statuses(status("wamid.a", "sent")))
    explode_bodies(now=world.now)
    assert [item.key.removeprefix(f"{NUMBER}:") for item in items()] == ["wamid.a:sent", "wamid.a:read", "wamid.b:sent"]


def test_same_id_with_another_content_is_kept_beside_the_first(world: World) -> None:
    first, other = message("Halo", id="wamid.x"), message("Bukan halo", id="wamid.x")
    for body in (messages(first), messages(other, first), messages(other)):
        world.body(body)
        explode_bodies(now=world.now)
    assert [(item.payload["item"], item.state) for item in items()] == [(first, "pending"), (other, "kept")]


def test_recorded_payloads_lose_nothing(world: World) -> None:
    """Many of them share one invented wamid, so this holds only when another content is kept too."""
    payloads = recorded()
    assert len(payloads) == 74
    for _, payload in payloads:
        world.body(payload)
    while explode_bodies(now=world.now, limit=10):
        pass
    assert {state for state, _ in states()} == {"done"}
    kept = [item.payload["item"] for item in items()]
    for name, payload in payloads:
        for entry in payload["entry"]:
            for one in entry["changes"]:
                assert all(found in kept for found in parts(one["value"])), name


def parts(value: dict[str, Any]) -> list[Any]:
    names = ("messages", "statuses", "message_echoes", "errors")
    return [one for name in names for one in value.get(name, [])] or [value]


def test_bodies_that_nobody_understands_hold_up_nobody(world: World) -> None:
    bad = [b"{" + b" " * 70_000, b"[1]", b"\xff", b'{"a":' * 5000, b'{"a": 1' + b"0" * 5000 + b"}"]
    for raw in bad:
        world.body(raw)
    world.body(messages(message()))
    assert explode_bodies(now=world.now) == 6
    assert [state for state, _ in states()] == ["quarantined"] * 5 + ["done"]
    assert [note for _, note in states()][:2] == ["not JSON", "not a JSON object"]
    assert len(items()) == 1


def test_body_with_what_postgresql_cannot_store(world: World) -> None:
    world.body(messages(message("\x00 dan \ud800", id="wamid.\x00")))
    world.body({"object": "lain", "\x00": float("nan")})
    assert explode_bodies(now=world.now) == 2
    assert [state for state, _ in states()] == ["done"] * 2
    assert items()[0].payload["item"]["text"]["body"] == "\ufffd dan \ufffd"


def test_body_that_the_database_refuses_holds_up_nobody(world: World) -> None:
    """A trigger plays the database that refuses one of three."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING errcode = '54000', message = 'too long'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON whatsapp_item FOR EACH ROW"
            " WHEN (NEW.payload #>> '{item,text,body}' = 'racun') EXECUTE FUNCTION pg_temp.refuse()"
        )
    for text in ("satu", "racun", "dua"):
        world.body(messages(message(text)))
    assert explode_bodies(now=world.now) == 3
    assert states() == [("done", ""), ("quarantined", "OperationalError"), ("done", "")]
    assert [item.payload["item"]["text"]["body"] for item in items()] == ["satu", "dua"]


def test_whose_it_is(world: World) -> None:
    def body(number: str, account: str, **lists: Any) -> dict[str, Any]:
        return {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": [change(number, **lists)]}]}

    other = Office.objects.create(code="b", name="B", regency="M", region_code="2", code_prefix="BBB")
    Line.objects.create(
        office=other, app=world.app, phone_number_id="200", business_account_id="9", display_phone="62", token="t"
    )
    account_event = {"field": "account_update", "value": {"event": "ACCOUNT_DELETED"}}
    world.body(body(NUMBER, ACCOUNT, messages=[message()]))
    world.body(body("200", "9", messages=[message()]))
    world.body(body("unknown", "9", messages=[message()]))
    world.body({"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [account_event]}]})
    world.body({"object": "whatsapp_business_account", "entry": [{"id": "?", "changes": [account_event]}]})
    explode_bodies(now=world.now)
    line = Line.objects.get(office=other)
    assert [(item.office_id, item.line_id, item.state) for item in items()] == [
        (world.office.pk, world.line.pk, "pending"),
        (other.pk, line.pk, "pending"),
        (None, None, "kept"),
        (other.pk, None, "pending"),
        (None, None, "kept"),
    ]


def test_only_office_takes_what_names_nobody(world: World) -> None:
    world.body(envelope(change("unknown", messages=[message()])))
    explode_bodies(now=world.now)
    [item] = items()
    assert (item.office, item.line, item.state) == (world.office, None, "kept")


def test_another_applications_secret_speaks_for_nobody_elses_number(world: World) -> None:
    other = App.objects.create(app_id="2", name="Lain", app_secret="lain", verify_token="lain")
    true = message("Yang benar.")
    forged = {**true, "text": {"body": "Palsu."}}
    Body.objects.create(received_at=world.now, app=other, raw=json.dumps(messages(forged)).encode())
    explode_bodies(now=world.now)
    assert [(item.office, item.line, item.state) for item in items()] == [(None, None, "kept")]
    # The forged item came first and does not stand in the way of the true one.
    world.body(messages(true))
    explode_bodies(now=world.now)
    assert [item.payload["item"]["text"]["body"] for item in items(state="pending")] == ["Yang benar."]


def test_what_has_no_handler_is_kept(world: World) -> None:
    world.body(envelope(change(field="smb_message_echoes", message_echoes=[{**message(), "id": ""}])))
    world.body(envelope(change(errors=[{"code": 131000}])))
    world.body(envelope(change(field="history", history=[{"threads": []}])))
    world.body(messages(message(group_id="grup")))
    explode_bodies(now=world.now)
    assert [(item.kind, item.state) for item in items()] == [
        ("echo", "kept"),
        ("error", "kept"),
        ("update", "kept"),
        ("message", "kept"),
    ]


def test_items_are_due_in_the_order_of_writing(world: World) -> None:
    at = int(world.now.timestamp())
    for moment in (at - 10, at - 20, at + 999, at - 30):
        world.body(messages(message(at=moment)))
    explode_bodies(now=world.now)
    due = [item.next_at - world.now for item in items()]
    assert due == [timedelta(seconds=one) for one in (-10, -20, 0, -30)]


def test_large_bodies_are_taken_a_few_at_a_time(world: World) -> None:
    for _ in range(3):
        world.body(json.dumps({"fill": "x" * (explode.BATCH_BYTES * 2 // 5)}).encode())
    world.body(json.dumps({"fill": "y" * explode.BATCH_BYTES * 2}).encode())
    assert [explode_bodies(now=world.now) for _ in range(4)] == [2, 1, 1, 0]


def test_figures_of_the_inbox(world: World) -> None:
    world.body(b"x")
    world.body(messages(message(), message()))
    explode_bodies(now=world.now)
    world.body(b"{}")
    figures = queries.inbox_figures()
    assert (figures.bodies_waiting, figures.bodies_quarantined, figures.oldest) == (1, 1, world.now)
    assert (figures.items_waiting, figures.items_dead) == (2, 0)
    assert queries.inbox_due(world.now)
