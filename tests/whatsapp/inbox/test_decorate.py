"""Reactions, edits and revocations reach their message in whichever order they come, and nothing is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from pelita.whatsapp.actions.decorate import decorate, decorate_sent
from pelita.whatsapp.decorations import Change, look
from pelita.whatsapp.models import Inbound, Outbound
from tests.whatsapp.inbox.support import World, message, messages

AT = 1795489000


def edit(target: str, text: str, *, at: int, **fields: Any) -> dict[str, Any]:
    words = {"original_message_id": target, "message": {"type": "text", "text": {"body": text}}}
    return message(type="edit", edit=words, at=at, **fields)


def revoke(target: str, *, at: int) -> dict[str, Any]:
    return message(type="revoke", revoke={"original_message_id": target}, at=at)


def react(target: str, emoji: str | None, *, at: int) -> dict[str, Any]:
    mark = {"message_id": target} | ({"emoji": emoji} if emoji is not None else {})
    return message(type="reaction", reaction=mark, at=at)


def stored(world: World, wamid: str) -> Inbound:
    return Inbound.objects.get(office=world.office, wamid=wamid)


STORY = [
    message("Berapa biaya KK?", id="wamid.tanya", at=AT),
    edit("wamid.tanya", "Berapa biaya KTP?", at=AT + 60),
    edit("wamid.tanya", "Berapa biaya KTP hilang?", at=AT + 120),
    react("wamid.tanya", "👍", at=AT + 130),
    react("wamid.tanya", "🙏", at=AT + 140),
]


@pytest.mark.parametrize("order", [*permutations(range(3)), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1)])
@pytest.mark.parametrize("together", [False, True])
def test_any_order_ends_the_same(world: World, order: tuple[int, ...], *, together: bool) -> None:
    if together:
        world.take_in(messages(*(STORY[n] for n in order)))
    else:
        for n in order:
            world.take_in(messages(STORY[n]))
    found = stored(world, "wamid.tanya")
    assert found.text == "Berapa biaya KTP hilang?"
    assert [one["text"] for one in found.versions] == ["Berapa biaya KK?", "Berapa biaya KTP?"]
    assert found.edited_at == datetime.fromtimestamp(AT + 120, UTC)
    assert found.reaction == ("🙏" if 4 in order else "")
    assert Inbound.objects.filter(office=world.office).count() == len(order)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_revoked_message_keeps_its_words_for_the_audit_alone(world: World, order: tuple[int, ...]) -> None:
    story = [STORY[0], STORY[1], revoke("wamid.tanya", at=AT + 200)]
    for n in order:
        world.take_in(messages(story[n]))
    found = stored(world, "wamid.tanya")
    assert (found.text, found.shown) == ("Berapa biaya KTP?", "")
    assert found.revoked_at == datetime.fromtimestamp(AT + 200, UTC)
    assert [one["text"] for one in found.versions] == ["Berapa biaya KK?"]


STRANGER: dict[str, Any] = {"from": "6281200000666", "from_user_id": "ID.666"}


@pytest.mark.parametrize("first", [True, False])
def test_nobody_changes_a_strangers_message(world: World, *, first: bool) -> None:
    theirs = message("Berapa biaya KK?", id="wamid.tanya", at=AT)
    changes = [
        {**revoke("wamid.tanya", at=AT + 60), **STRANGER},
        {**edit("wamid.tanya", "Saya mau bayar.", at=AT + 60), **STRANGER},
        {**react("wamid.tanya", "👎", at=AT + 60), **STRANGER},
    ]
    world.take_in(messages(*((*changes, theirs) if first else (theirs, *changes))))
    found = stored(world, "wamid.tanya")
    assert (found.shown, found.edited_at, found.revoked_at, found.reaction) == ("Berapa biaya KK?", None, None, "")
    # Who wrote it is known by either id.
    world.take_in(messages({k: v for k, v in revoke("wamid.tanya", at=AT + 90).items() if k != "from"}))
    assert stored(world, "wamid.tanya").shown == ""


def test_caption_changes_and_the_files_name_stays(world: World) -> None:
    file = {"id": "1", "mime_type": "application/pdf", "filename": "kk.pdf", "caption": "KK kulo"}
    new = {"original_message_id": "wamid.file", "message": {"type": "document", "document": {"caption": "KK bapak"}}}
    world.take_in(messages(message(type="document", document=file, id="wamid.file")))
    world.take_in(messages(message(type="edit", edit=new, at=AT + 5)))
    found = stored(world, "wamid.file")
    assert (found.text, found.content["caption"]) == ("KK bapak\nkk.pdf", "KK bapak")
    assert [one["text"] for one in found.versions] == ["KK kulo"]


def test_edit_that_cannot_be_read_changes_nothing(world: World) -> None:
    odd = {"original_message_id": "wamid.tanya", "message": {"type": "hologram"}}
    world.take_in(messages(STORY[0], message(type="edit", edit=odd, at=AT + 5)))
    found = stored(world, "wamid.tanya")
    assert (found.text, found.edited_at) == ("Berapa biaya KK?", None)


@pytest.mark.parametrize("gone", ["", None])
def test_reaction_on_an_answer_comes_and_goes(world: World, gone: str | None) -> None:
    answer = world.outbound(wamid="wamid.jawab", state="accepted")
    world.take_in(messages(react("wamid.jawab", "🙏", at=AT)))
    assert world.fresh(answer).reaction == "🙏"
    world.take_in(messages(react("wamid.jawab", gone, at=AT + 1)))
    assert world.fresh(answer).reaction == ""


def test_reaction_waits_for_the_answers_wamid(world: World) -> None:
    world.take_in(messages(react("wamid.jawab", "🙏", at=AT)))
    answer = world.outbound(wamid="wamid.jawab", state="accepted")
    decorate_sent([answer], now=world.now)
    assert world.fresh(answer).reaction == "🙏"


def test_citizen_cannot_change_the_offices_words(world: World) -> None:
    answer = world.outbound(wamid="wamid.jawab", state="accepted")
    world.take_in(messages(edit("wamid.jawab", "Gratis!", at=AT), revoke("wamid.jawab", at=AT)))
    fresh = world.fresh(answer)
    assert (fresh.text, fresh.edited_at, fresh.revoked_at) == ("Silakan datang ke kantor.", None, None)


def test_same_wamid_on_another_line_is_another_message(world: World) -> None:
    other = world.line
    other.pk, other.phone_number_id = None, "999"
    other.save()
    answer = Outbound.objects.create(
        office=world.office, line=other, wamid="wamid.jawab", state="accepted", thread=1, next_at=world.now,
        created_at=world.now,
    )  # fmt: skip
    world.take_in(messages(react("wamid.jawab", "🙏", at=AT)))
    assert world.fresh(answer).reaction == ""


@pytest.mark.parametrize("size", [1, 20])
def test_set_without_changes_costs_one_query(world: World, size: int) -> None:
    world.take_in(messages(*(message(id=f"wamid.{n}") for n in range(size))))
    rows = list(Inbound.objects.filter(office=world.office))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        decorate(rows, now=world.now)
    assert len(seen) == 1


@pytest.mark.parametrize("size", [1, 20])
def test_set_of_changes_costs_the_same_whatever_its_size(world: World, size: int) -> None:
    world.take_in(messages(*(message(id=f"wamid.{n}") for n in range(size))))
    world.take_in(messages(*(edit(f"wamid.{n}", "Lain", at=AT + 9) for n in range(size))))
    Inbound.objects.filter(office=world.office, type="text").update(text="Semula", versions=[], edited_at=None)
    rows = list(Inbound.objects.filter(office=world.office, type="edit"))
    with CaptureQueriesContext(connection) as seen:
        decorate(rows, now=world.now)
    # changes, their messages, their answers; one update in a savepoint
    assert len([one for one in seen if "SAVEPOINT" not in one["sql"]]) == 5
    assert set(Inbound.objects.filter(office=world.office, type="text").values_list("text", flat=True)) == {"Lain"}


MOMENT = datetime(2026, 11, 25, tzinfo=UTC)
CHANGES = st.builds(
    Change,
    kind=st.sampled_from(["reaction", "edit", "revoke"]),
    at=st.integers(0, 3).map(lambda n: MOMENT + timedelta(seconds=n)),
    wamid=st.uuids().map(str),
    words=st.sampled_from(["", "👍", "a", "b"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(CHANGES, max_size=6).flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))))
def test_look_does_not_depend_on_the_order_of_arrival(both: tuple[list[Change], list[Change]]) -> None:
    one, other = both
    assert look("mula", MOMENT, one) == look("mula", MOMENT, other)
