"""Somebody answers on the office's phone: the desk sees it, and nobody is late any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.config.wiring import HANDLERS
from pelita.desk.actions import phone
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.review import answer_directly, send
from pelita.desk.actions.section import save_draft, submit
from pelita.desk.errors import TakenError
from pelita.desk.jobs import close_silent
from pelita.desk.models import Answer, Disposition, Inquiry
from pelita.whatsapp.actions.claim import claim
from pelita.whatsapp.actions.record import record_all
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.models import Outbound, StatusEvent
from pelita.whatsapp.outcomes import Outcome
from tests.desk.coexistence import OWN, Json, Wire
from tests.desk.conftest import World


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def at_section(world: World, wire: Wire) -> None:
    dispose(
        inquiry=wire.inquiry(), section=world.section("KESRA"), by=world.place("admin"), now=world.now,
        due_at=world.now + timedelta(hours=2),
    )  # fmt: skip


def fared(wire: Wire, wamid: str, status: str, **more: str) -> None:
    report = {
        "id": wamid,
        "status": status,
        "timestamp": str(int(wire.now.timestamp())),
        "recipient_id": "6281234567890",
        **more,
    }
    wire.post("messages", statuses=[report])


def test_a_text_stands_in_the_thread_and_ends_the_deadline(world: World, wire: Wire) -> None:
    wire.says()
    at_section(world, wire)
    save_draft(inquiry=wire.inquiry(), text="Bawa", by=world.place("kesra"), now=world.now)
    wire.later(minutes=3)
    echo = wire.echo()
    wire.echoes(echo)
    inquiry = wire.inquiry()
    assert (inquiry.state, inquiry.holder) == ("delivered", "citizen")
    assert (inquiry.due_at, inquiry.waiting_since, inquiry.unread) == (None, None, 0)
    (sent,) = wire.outbounds()
    assert (sent.source, sent.state, sent.delivery, sent.wamid) == ("phone", "accepted", "sent", echo["id"])
    assert (sent.to_phone, sent.to_user_id, sent.metered) == ("6281234567890", "ID.100", False)
    assert wire.texts() == ["syarat bikin ktp baru apa aja ya?", "Nggih Bu, bawa KK."]
    assert wire.entries()[1].inquiry == inquiry
    ended = Disposition.objects.get(office=world.office)
    assert (ended.state, ended.reason, ended.ended_by) == ("withdrawn", phone.ANSWERED, None)
    (fact,) = wire.facts("inquiry.phoned")
    assert fact.audience == [world.section("KESRA").pk]
    assert fact.data["code"] == inquiry.code
    assert wire.line.phone_seen_at == world.now.replace(microsecond=0)
    # Nobody had said that the number is shared with a phone; now it is known.
    assert (wire.line.coexistence, wire.line.number_rate) == (True, 20)
    assert wire.states() == {"done"}


def test_a_word_after_an_automatic_answer_is_a_persons(world: World, wire: Wire) -> None:
    wire.says()
    Inquiry.objects.filter(office=world.office).update(state="delivered", holder="citizen", automatic=True)
    wire.later(minutes=3)
    wire.echoes(wire.echo())
    inquiry = wire.inquiry()
    assert (inquiry.state, inquiry.automatic, inquiry.waiting_since) == ("delivered", False, None)
    assert inquiry.first_response_at is not None


def test_a_submitted_answer_comes_back_with_the_reason(world: World, wire: Wire) -> None:
    wire.says()
    at_section(world, wire)
    submit(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    wire.echoes(wire.echo())
    answer = Answer.objects.get(office=world.office)
    assert (answer.state, answer.reason) == ("returned", phone.ANSWERED)
    with pytest.raises(TakenError):
        send(inquiry=wire.inquiry(), by=world.place("admin"), now=world.now)


def test_the_same_echo_twice_is_one(wire: Wire) -> None:
    wire.says()
    echo = wire.echo()
    wire.echoes(echo)
    wire.echoes(echo, echo)
    assert len(wire.outbounds()) == 1
    assert len(wire.entries()) == 2
    assert len(wire.facts("inquiry.phoned")) == 1


def test_the_next_message_of_the_citizen_opens_it_again(wire: Wire) -> None:
    wire.says()
    wire.later(minutes=1)
    wire.echoes(wire.echo())
    wire.later(minutes=1)
    wire.says("bawa fotokopi juga?")
    assert [(one.state, one.holder, one.summary) for one in wire.inquiries()] == [
        ("reopened", "admin", "bawa fotokopi juga?")
    ]


def test_a_phone_message_from_before_the_question_answers_nothing(wire: Wire) -> None:
    early = wire.echo("Selamat pagi Bu.")
    wire.later(minutes=2)
    wire.says()
    wire.echoes(early)
    assert wire.inquiry().state == "new"
    assert wire.inquiry().waiting_since is not None
    assert wire.texts() == ["Selamat pagi Bu.", "syarat bikin ktp baru apa aja ya?"]


def test_read_on_the_citizens_phone_closes(wire: Wire) -> None:
    wire.says()
    echo = wire.echo()
    wire.echoes(echo)
    fared(wire, echo["id"], "delivered")
    assert wire.inquiry().state == "delivered"
    fared(wire, echo["id"], "read")
    assert (wire.inquiry().state, wire.outbounds()[0].delivery) == ("closed", "read")
    assert StatusEvent.objects.filter(office=wire.office, outbound=wire.outbounds()[0]).count() == 2


def test_a_status_that_overtakes_its_echo_finds_it(wire: Wire) -> None:
    wire.says()
    echo = wire.echo()
    fared(wire, echo["id"], "read")
    wire.echoes(echo)
    assert (wire.inquiry().state, wire.outbounds()[0].delivery) == ("closed", "read")


def test_one_that_failed_lets_the_question_wait_again(wire: Wire) -> None:
    wire.says()
    asked = wire.inquiry().waiting_since
    echo = wire.echo()
    wire.echoes(echo)
    fared(wire, echo["id"], "failed")
    assert (wire.inquiry().state, wire.inquiry().waiting_since) == ("reopened", asked)


def test_silence_closes(wire: Wire) -> None:
    wire.says()
    wire.echoes(wire.echo())
    wire.later(hours=25)
    assert close_silent(now=wire.now) == 1


@pytest.mark.parametrize("read", [False, True])
def test_the_admin_takes_a_please_wait_back(world: World, wire: Wire, *, read: bool) -> None:
    wire.says()
    asked = wire.inquiry().waiting_since
    wire.later(minutes=1)
    echo = wire.echo("tunggu sebentar nggih")
    wire.echoes(echo)
    if read:
        fared(wire, echo["id"], "read")
    phone.reclaim(inquiry=wire.inquiry(), by=world.place("admin"), now=world.now)
    inquiry = wire.inquiry()
    assert (inquiry.state, inquiry.holder, inquiry.waiting_since) == ("reopened", "admin", asked)
    assert inquiry.closed_at is None
    with pytest.raises(TakenError):
        phone.reclaim(inquiry=inquiry, by=world.place("admin"), now=world.now)


def test_edit_and_deletion_follow(wire: Wire) -> None:
    wire.says()
    echo = wire.echo("Bawa KK asli")
    wire.echoes(echo)
    wire.later(minutes=1)
    edit = {"original_message_id": echo["id"], "message": {"type": "text", "text": {"body": "Bawa KK fotokopi"}}}
    wire.echoes(wire.echo(type="edit", edit=edit))
    (row,) = wire.outbounds()
    assert (row.text, [one["text"] for one in row.versions]) == ("Bawa KK fotokopi", ["Bawa KK asli"])
    wire.echoes(wire.echo(type="revoke", revoke={"original_message_id": echo["id"]}))
    (row,) = wire.outbounds()
    assert row.revoked_at is not None
    assert (row.shown, row.text) == ("", "Bawa KK fotokopi")
    assert len(wire.facts("message.changed")) == 2
    assert len(wire.entries()) == 2


def test_edit_and_deletion_before_their_message(wire: Wire) -> None:
    wire.says()
    echo = wire.echo("Bawa KK asli")
    wire.later(minutes=1)
    edit = {"original_message_id": echo["id"], "message": {"type": "text", "text": {"body": "Bawa KK fotokopi"}}}
    wire.echoes(wire.echo(type="edit", edit=edit))
    (row,) = wire.outbounds()
    assert (row.text, row.kind, row.versions) == ("Bawa KK fotokopi", "other", [])
    wire.echoes(echo)
    (row,) = wire.outbounds()
    assert (row.text, row.kind) == ("Bawa KK fotokopi", "text")
    assert [one["text"] for one in row.versions] == ["Bawa KK asli"]
    assert len(wire.entries()) == 2
    other = wire.echo("salah kirim")
    wire.echoes(wire.echo(type="revoke", revoke={"original_message_id": other["id"]}))
    wire.echoes(other)
    row = wire.outbounds()[1]
    assert (row.shown, row.text) == ("", "salah kirim")


@pytest.mark.parametrize("change", ["revoke", "edit"])
@pytest.mark.parametrize("keyless", [True, False])
def test_a_change_of_an_answer_whose_wamid_a_time_out_hid(
    world: World, wire: Wire, change: str, *, keyless: bool
) -> None:
    wire.says()
    answer_directly(inquiry=wire.inquiry(), text="Bawa KK asli", by=world.place("admin"), now=world.now)
    (answer,) = wire.outbounds()
    Outbound.objects.filter(office=world.office).update(state="unknown", sending_at=wire.now, attempts=1)
    words = {"message": {"type": "text", "text": {"body": "Bawa KK fotokopi"}}} if change == "edit" else {}
    said: Json = {"type": change, change: {"original_message_id": "wamid.api", **words}}
    wire.echoes(wire.echo(**said))
    assert len(wire.entries()) == 3
    if keyless:
        fared(wire, "wamid.api", "delivered")
    fared(wire, "wamid.api", "sent", biz_opaque_callback_data=str(answer.key))
    (row,) = wire.outbounds()
    assert (row.pk, row.wamid, row.state) == (answer.pk, "wamid.api", "accepted")
    assert row.delivery == ("delivered" if keyless else "sent")
    if change == "edit":
        assert (row.text, [one["text"] for one in row.versions]) == ("Bawa KK fotokopi", [answer.text])
    else:
        assert (row.shown, row.text) == ("", answer.text)
    assert [entry.outbound for entry in wire.entries()] == [None, row]
    assert wire.states() == {"done"}
    assert {event.outbound_id for event in StatusEvent.objects.filter(office=world.office)} == {row.pk}


@pytest.mark.parametrize("change", ["revoke", "edit"])
def test_a_change_of_an_answer_before_the_reply_to_its_call(world: World, wire: Wire, change: str) -> None:
    wire.says()
    answer_directly(inquiry=wire.inquiry(), text="Bawa KK asli", by=world.place("admin"), now=world.now)
    (answer,) = claim(line=wire.line, limit=1, now=world.now)
    words = {"message": {"type": "text", "text": {"body": "Bawa KK fotokopi"}}} if change == "edit" else {}
    said: Json = {"type": change, change: {"original_message_id": "wamid.api", **words}}
    wire.echoes(wire.echo(**said))
    assert len(wire.entries()) == 3
    reply = Reply(Outcome.ACCEPTED, wamid="wamid.api", http_status=200)
    assert record_all(replies=[(answer, reply)], now=world.now, handlers=HANDLERS) == {answer.pk}
    (row,) = wire.outbounds()
    assert (row.pk, row.wamid, row.state) == (answer.pk, "wamid.api", "accepted")
    shown = {"edit": "Bawa KK fotokopi", "revoke": ""}
    assert row.shown == shown[change]
    assert [entry.outbound for entry in wire.entries()] == [None, row]
    assert len(wire.facts("message.changed")) >= 1


def test_to_somebody_unknown_and_to_a_hidden_number(wire: Wire) -> None:
    wire.echoes(
        wire.echo("Selamat datang", to="6289900000009", to_user_id=None),
        wire.echo("Halo", to=None, to_user_id="ID.777"),
    )
    assert wire.ids() == {("wa_id", "6289900000009"), ("user_id", "ID.777")}
    assert wire.inquiries() == []
    assert [entry.inquiry_id for entry in wire.entries()] == [None, None]


def test_own_number_in_the_wrong_place(wire: Wire) -> None:
    """Some bodies carry the office's number as the receiver; the contact says who it was."""
    wire.says()
    echo = wire.echo(**{"from": "6281234567890", "to": OWN}, to_user_id=None)
    contact = {"wa_id": "6281234567890", "user_id": "ID.100", "profile": {"name": "Sulastri"}}
    wire.post("smb_message_echoes", contacts=[contact], message_echoes=[echo])
    assert len(wire.citizens()) == 1
    assert wire.inquiry().state == "delivered"


def test_files_and_places_are_kept_with_their_kind(wire: Wire) -> None:
    wire.says()
    photo = {"id": "1", "mime_type": "image/jpeg", "sha256": "", "caption": "contoh"}
    wire.echoes(
        wire.echo(type="image", image=photo),
        wire.echo(type="location", location={"latitude": -7.4, "longitude": 112.4, "name": "Kantor"}),
        wire.echo(type="interactive", interactive={"type": "flow"}),
        wire.echo(type="reaction", reaction={"message_id": wire.inbounds()[0].wamid, "emoji": "🙏"}),
    )
    assert [(row.kind, row.text) for row in wire.outbounds()] == [
        ("image", "contoh"), ("location", "Kantor"), ("other", ""), ("reaction", ""),
    ]  # fmt: skip
    assert wire.outbounds()[0].media is not None
    assert wire.outbounds()[2].content["type"] == "interactive"
    assert wire.inbounds()[0].reaction == "🙏"
    assert len(wire.entries()) == 4


def test_a_quotation_answers_the_inquiry_that_it_quotes(world: World, wire: Wire) -> None:
    first = wire.says()
    wire.echoes(wire.echo())
    wire.later(days=2)
    close_silent(now=world.now)
    wire.later(days=2)
    wire.says("pertanyaan lain, kapan buka?")
    wire.echoes(wire.echo("soal KTP tadi sudah jadi", context={"id": first, "from": "6281234567890"}))
    old, new = wire.inquiries()
    assert (old.state, new.state) == ("closed", "new")
    assert wire.entries()[-1].inquiry == old


@pytest.mark.parametrize("size", [1, 40])
def test_queries_do_not_grow_with_the_messages(wire: Wire, django_assert_max_num_queries: object, size: int) -> None:
    wire.says()
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(58):
        wire.echoes(*(wire.echo(str(n)) for n in range(size)))
    assert len(wire.outbounds()) == size
