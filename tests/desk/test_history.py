"""The phone's past is taken over without a sound: thousands of messages, in any order, some twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from pelita.config.wiring import HANDLERS
from pelita.desk.actions import importing
from pelita.desk.models import Citizen, Entry
from pelita.journal.models import Fact
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.models import AddressBookEntry, Inbound, Item, Media, Outbound
from tests.desk.coexistence import OWN, Json, Wire
from tests.desk.conftest import World


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def old(wire: Wire, n: int, phone: str, *, ours: bool = False, **fields: Any) -> Json:
    """The n-th message of a chat: each an hour after the one before, a hundred days ago."""
    at = wire.now - timedelta(days=100) + timedelta(hours=n)
    sides = {"from": OWN, "to": phone} if ours else {"from": phone}
    values: Json = {
        "id": f"wamid.old.{phone}.{n}", "timestamp": str(int(at.timestamp())), "text": {"body": f"{phone[-3:]}-{n}"},
        "history_context": {"status": "READ"}, **sides, **fields,
    }  # fmt: skip
    return wire.item(**values)


def thread(wire: Wire, phone: str, size: int) -> Json:
    return {"id": phone, "messages": [old(wire, n, phone, ours=n % 2 == 1) for n in range(size)]}


def test_both_sides_of_a_chat_at_their_own_time(wire: Wire) -> None:
    wire.history(thread(wire, "6281200000001", 4), phase=1, progress=60)
    assert wire.texts() == ["001-0", "001-1", "001-2", "001-3"]
    assert [row.at for row in wire.entries()] == sorted(row.at for row in wire.entries())
    assert [(row.type, row.quiet, row.wa_id) for row in wire.inbounds()] == [("text", True, "6281200000001")] * 2
    assert {(row.source, row.state, row.delivery, row.to_phone) for row in wire.outbounds()} == {
        ("history", "accepted", "read", "6281200000001")
    }
    (conversation,) = wire.conversations()
    assert (conversation.unread, conversation.last_inbound_at) == (0, None)
    assert conversation.last_entry_at == wire.entries()[-1].at
    assert wire.inquiries() == []
    assert wire.states() == {"done"}
    assert (wire.line.history_phase, wire.line.history_progress) == (1, 60)
    (fact,) = Fact.objects.filter(office=wire.office)
    assert (fact.verb, fact.data) == ("line.history", {"phase": 1, "chunk": 1, "progress": 60, "messages": 4})


def test_chunks_in_any_order_and_twice(wire: Wire) -> None:
    chunks = [([thread(wire, f"62812000000{n:02}", 5)], n) for n in range(6)]
    random.Random(3).shuffle(chunks)
    for threads, n in [*chunks, chunks[0], chunks[3]]:
        wire.history(*threads, phase=n // 2, order=n, progress=50 + n)
    assert Entry.objects.filter(office=wire.office).count() == 30
    assert len(wire.citizens()) == 6
    assert len(wire.facts("line.history")) == 6
    assert (wire.line.history_phase, wire.line.history_progress) == (2, 55)


@pytest.mark.parametrize("size", [1, 20])
def test_queries_do_not_grow_with_the_chat(wire: Wire, django_assert_max_num_queries: Any, size: int) -> None:
    with django_assert_max_num_queries(70):
        wire.history(thread(wire, "6281200000001", 2 * size))
    assert len(wire.entries()) == 2 * size


def test_thousands_in_one_body(wire: Wire) -> None:
    threads = [thread(wire, f"628120{n:07}", 50) for n in range(40)]
    for _ in range(2):
        wire.history(*threads)
        assert Inbound.objects.filter(office=wire.office).count() == 1000
        assert Outbound.objects.filter(office=wire.office).count() == 1000
        assert Entry.objects.filter(office=wire.office).count() == 2000
        assert Citizen.objects.filter(office=wire.office).count() == 40
    assert Item.objects.filter(kind="message").count() == 2000
    assert len(Fact.objects.filter(office=wire.office)) == 1


def test_what_was_heard_live_is_not_told_again(wire: Wire) -> None:
    wamid = wire.says("halo")
    echo = wire.echo("ya?")
    wire.echoes(echo)
    again = old(wire, 0, "6281234567890", id=wamid)
    reply = old(wire, 1, "6281234567890", ours=True, id=echo["id"])
    wire.history({"id": "6281234567890", "messages": [again, reply, old(wire, 2, "6281234567890")]})
    assert sorted(wire.texts()) == ["890-2", "halo", "ya?"]
    assert len(wire.citizens()) == 1
    assert wire.states() == {"done"}


@pytest.mark.parametrize("live_first", [True, False])
def test_what_a_citizen_deleted_edited_or_marked_is_so_after_the_import(wire: Wire, *, live_first: bool) -> None:
    phone = "6281234567890"
    gone, other = old(wire, 0, phone, text={"body": "NIK saya 3516"}), old(wire, 1, phone)
    reply = old(wire, 2, phone, ours=True)
    words = {"type": "text", "text": {"body": "yang benar"}}
    changes: list[Json] = [
        {"type": "revoke", "revoke": {"original_message_id": gone["id"]}},
        {"type": "edit", "edit": {"original_message_id": other["id"], "message": words}},
        {"type": "reaction", "reaction": {"message_id": reply["id"], "emoji": "🙏"}},
    ]
    late = [old(wire, 3 + n, phone, text=None, **one) for n, one in enumerate(changes)]
    if live_first:
        wire.post("messages", messages=late)
        late = []
    wire.history({"id": phone, "messages": [gone, other, reply, *late]})
    rows = {row.wamid: row for row in wire.inbounds()}
    assert (rows[gone["id"]].shown, rows[other["id"]].text) == ("", "yang benar")
    assert rows[gone["id"]].revoked_at is not None
    assert wire.outbounds()[0].reaction == "🙏"
    assert wire.inquiries() == []


NIK = "NIK saya 3516, kapan KTP jadi?"
WORDS = {"type": "text", "text": {"body": "kapan KTP saya jadi?"}}


def changed(wire: Wire, kind: str, wamid: str, *, who: str = "6281234567890") -> None:
    """The history tells that the citizen edited or deleted a message just now."""
    words = {"message": WORDS} if kind == "edit" else {}
    wire.later(minutes=5)
    body: Json = {"type": kind, kind: {"original_message_id": wamid, **words}}
    at = str(int(wire.now.timestamp()))
    wire.history({"id": who, "messages": [old(wire, 0, who, id="wamid.change", text=None, timestamp=at, **body)]})


@pytest.mark.parametrize(("kind", "shown"), [("edit", "kapan KTP saya jadi?"), ("revoke", "Pesan ini dihapus")])
def test_a_question_that_the_history_changes_is_so_in_the_queue(wire: Wire, kind: str, shown: str) -> None:
    wamid = wire.says(NIK)
    before = wire.inquiry()
    assert before.summary == NIK
    changed(wire, kind, wamid)
    after = wire.inquiry()
    assert (after.summary, after.state, after.version) == (shown, "new", before.version + 1)
    assert (after.unread, after.waiting_since) == (before.unread, before.waiting_since)
    assert [entry.inquiry for entry in wire.entries()] == [after, after]
    (fact,) = wire.facts("message.edited" if kind == "edit" else "message.revoked")
    assert (fact.subject_type, fact.subject_id) == ("inquiry", after.pk)
    assert wire.states() == {"done"}


def test_a_change_of_the_history_opens_nothing_again(wire: Wire) -> None:
    wamid = wire.says("makasih nggih, " + NIK)
    wire.later(minutes=1)
    wire.echoes(wire.echo())
    assert wire.inquiry().state == "delivered"
    changed(wire, "edit", wamid)
    (inquiry,) = wire.inquiries()
    assert (inquiry.state, inquiry.waiting_since, inquiry.summary) == ("delivered", None, "kapan KTP saya jadi?")
    assert wire.facts("inquiry.reopened") == []


def test_nobody_changes_a_strangers_question_by_the_history(wire: Wire) -> None:
    wamid = wire.says(NIK)
    changed(wire, "revoke", wamid, who="6281200000009")
    assert (wire.inquiry().summary, len(wire.inquiries())) == (NIK, 1)
    assert wire.facts("message.revoked") == []


@pytest.mark.parametrize("size", [1, 20])
def test_old_changes_of_old_messages_cost_one_look(wire: Wire, django_assert_num_queries: Any, size: int) -> None:
    phone = "6281200000001"
    olds = [old(wire, n, phone) for n in range(size)]
    gone: list[Json] = [
        old(wire, 100 + n, phone, text=None, type="revoke", revoke={"original_message_id": one["id"]})
        for n, one in enumerate(olds)
    ]
    with django_assert_num_queries(43):
        wire.history({"id": phone, "messages": [*olds, *gone]})
    assert {row.shown for row in wire.inbounds()} == {""}


def test_a_live_message_that_the_history_brought_first_opens_its_inquiry(wire: Wire) -> None:
    phone = "6281234567890"
    early = old(wire, 2400, phone, id="wamid.same", text={"body": "apa syarat ktp?"})
    wire.history({"id": phone, "messages": [old(wire, 0, phone), early]})
    wire.later(seconds=30)
    wire.says("apa syarat ktp?", id="wamid.same")
    assert wire.states() == {"done"}
    assert [(row.wamid, row.quiet) for row in wire.inbounds()] == [
        ("wamid.old.6281234567890.0", True),
        ("wamid.same", False),
    ]
    assert wire.inbounds()[1].user_id == "ID.100"
    (inquiry,) = wire.inquiries()
    assert (inquiry.question, inquiry.summary) == (wire.inbounds()[1], "apa syarat ktp?")
    assert [entry.inquiry for entry in wire.entries()] == [None, inquiry]
    (conversation,) = wire.conversations()
    assert conversation.unread == 1
    assert conversation.last_inbound_at is not None


@pytest.mark.parametrize("whole", [True, False])
def test_a_live_file_that_the_history_brought_first_is_fetched_once(wire: Wire, *, whole: bool) -> None:
    phone = "6281234567890"
    image = {"id": "77", "mime_type": "image/jpeg", "sha256": "", "caption": "KK"}
    body: Json = {"type": "image", "image": image} if whole else {"type": "media_placeholder"}
    wire.history({"id": phone, "messages": [old(wire, 0, phone, id="wamid.same", text=None, **body)]})
    live = wire.item(id="wamid.same", type="image", image=image, **{"from": phone, "from_user_id": "ID.100"})
    wire.post("messages", messages=[live])
    (row,) = wire.inbounds()
    assert (row.type, row.text, row.quiet, row.media_id is not None) == ("image", "KK", False, True)
    assert list(Media.objects.filter(office=wire.office).values_list("provider_id", "pk")) == [("77", row.media_id)]
    assert len(wire.inquiries()) == 1


@pytest.mark.parametrize("file_first", [True, False])
def test_a_file_comes_after_or_before_its_placeholder(wire: Wire, *, file_first: bool) -> None:
    phone = "6281200000001"
    placeholder = old(wire, 0, phone, type="media_placeholder", text=None)
    ours = old(wire, 1, phone, ours=True, type="media_placeholder", text=None)

    def files() -> None:
        image = {"id": "77", "mime_type": "image/jpeg", "sha256": "", "caption": "KK lama"}
        photo = {**placeholder, "type": "image", "image": image}
        document = {**ours, "type": "document", "document": {"id": "78", "mime_type": "application/pdf"}}
        for one in (photo, document):
            one.pop("history_context")
        wire.post("history", messages=[photo, document])

    if file_first:
        files()
    wire.history({"id": phone, "messages": [placeholder, ours]})
    if not file_first:
        assert wire.inbounds()[0].type == "media_placeholder"
        files()
    (received,), (sent,) = wire.inbounds(), wire.outbounds()
    assert (received.type, received.text, sent.kind) == ("image", "KK lama", "document")
    assert {media.provider_id for media in Media.objects.filter(office=wire.office, state="waiting")} == {"77", "78"}
    assert received.media_id is not None
    assert sent.media_id is not None
    assert len(wire.entries()) == 2


def test_hidden_numbers_and_profiles(wire: Wire) -> None:
    messages = [
        wire.item(id="wamid.h1", from_user_id="ID.5", text={"body": "siang"}),
        wire.item(id="wamid.h2", to_user_id="ID.5", text={"body": "siang juga"}, **{"from": OWN}),
    ]
    wire.history({"id": "ID.5", "context": {"user_id": "ID.5", "username": "lastri"}, "messages": messages})
    assert wire.ids() == {("user_id", "ID.5"), ("username", "lastri")}
    assert [bool(entry.inbound) for entry in wire.entries()] == [True, False]


def test_declined_is_told_once_to_the_operator(wire: Wire) -> None:
    wire.post("history", history=[{"errors": [{"code": 2593109, "title": "History sync is turned off"}]}])
    (fact,) = wire.facts("line.history_declined")
    assert fact.data == {"error": 2593109}
    assert wire.line.history_phase is None


def test_what_nobody_understands_is_kept(wire: Wire) -> None:
    wire.post("history", history=["?", {"threads": [{"id": "1"}, {"messages": [{"type": "text"}]}]}])
    assert "kept" in wire.states()
    assert wire.entries() == []


def test_thousands_of_people_take_no_lock_each(wire: Wire) -> None:
    """PostgreSQL's table of locks holds some thousands in all."""
    held: list[int] = []

    def probe(received: Sequence[Inbound], sent: Sequence[Outbound], /, *, now: datetime) -> None:
        importing.import_history(received, sent, now=now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            held.append(cursor.fetchone()[0])

    threads = [thread(wire, f"628120{n:07}", 1) for n in range(200)]
    wire.store("history", history=[{"metadata": {"phase": 0, "chunk_order": 1, "progress": 5}, "threads": threads}])
    explode_bodies(now=wire.now, handlers=replace(HANDLERS, history=(probe,)))
    assert len(wire.entries()) == 200
    assert len(held) == 1
    assert held[0] < 10


# The address book of the same phone.


def sync(wire: Wire, *rows: tuple[str, str, str, float]) -> None:
    """Rows of action, number, name and seconds from now."""
    wire.post(
        "smb_app_state_sync",
        state_sync=[
            {
                "type": "contact",
                "action": action,
                "contact": {"phone_number": number, **({"full_name": name, "first_name": name} if name else {})},
                "metadata": {"timestamp": str(int(wire.now.timestamp() + seconds))},
            }
            for action, number, name, seconds in rows
        ],
    )


def book(wire: Wire) -> dict[str, tuple[str, bool]]:
    rows = AddressBookEntry.objects.filter(office=wire.office)
    return {row.wa_id: (row.name, row.removed_at is not None) for row in rows}


ROWS = [("add", "6281200000001", "Bu Tri", -30), ("add", "6281200000001", "Bu Tri Kades", -20),
        ("remove", "6281200000002", "", -5), ("add", "6281200000002", "Pak No", -40)]  # fmt: skip


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]])
@pytest.mark.parametrize("together", [True, False])
def test_address_book_in_any_order(wire: Wire, order: list[int], *, together: bool) -> None:
    rows = [ROWS[n] for n in order]
    for body in [rows] if together else [[row] for row in rows]:
        sync(wire, *body)
        sync(wire, *body)
    removed = book(wire)["6281200000002"]
    assert book(wire)["6281200000001"] == ("Bu Tri Kades", False)
    assert removed[1]
    assert wire.states() == {"done"}


def test_a_person_without_profile_has_the_books_name(wire: Wire) -> None:
    sync(wire, ("add", "+62 812-0000-0001", "Bu Tri", -10))
    wire.history(thread(wire, "6281200000001", 2), thread(wire, "6281200000002", 1))
    sync(wire, ("add", "6281200000002", "Pak No", -5))
    assert [(one.name, one.book_name) for one in wire.citizens()] == [("", "Bu Tri"), ("", "Pak No")]
    sync(wire, ("add", "6281200000001", "Bu Tri Kades", -1), ("remove", "6281200000002", "", -1))
    assert [one.book_name for one in wire.citizens()] == ["Bu Tri Kades", ""]
