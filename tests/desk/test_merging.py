"""People change numbers and ids, and stay one person: whatever comes first, the end is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from pelita.desk.actions import merging
from pelita.desk.actions.contacts import Contact, citizens_of
from pelita.desk.actions.review import answer_directly
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, Citizen, Conversation, Entry, Identity, IdentityKind
from pelita.whatsapp.models import Outbound
from tests.desk.coexistence import Wire
from tests.desk.conftest import World
from tests.desk.test_waiting import announced, template

OLD, NEW = "6281234567890", "6289900000001"
OLD_ID, NEW_ID = "ID.100", "ID.200"


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def number_changed(wire: Wire, **system: Any) -> None:
    """The notice comes from the old number."""
    said = {"body": "Sulastri changed", "wa_id": NEW, "type": "user_changed_number", **system}
    wire.post("messages", messages=[wire.item(**{"from": OLD}, type="system", system=said)])


def id_changed(wire: Wire) -> None:
    said = {"body": "Sulastri changed", "user_id": NEW_ID, "type": "user_changed_user_id"}
    wire.post("messages", messages=[wire.item(from_user_id=OLD_ID, type="system", system=said)])


def id_updated(wire: Wire, **more: Any) -> None:
    update = {"user_id": {"previous": OLD_ID, "current": NEW_ID}, "timestamp": str(int(wire.now.timestamp())), **more}
    wire.post("user_id_update", user_id_update=[update])


def writes_from_new(wire: Wire, text: str = "ini nomor baru saya, jadi gimana pak?", **fields: Any) -> None:
    wire.says(text, **{"from": NEW, "from_user_id": NEW_ID, **fields})


Step = Callable[[Wire], None]


def ending(wire: Wire, steps: list[Step]) -> dict[str, Any]:
    """Run the steps a minute apart; what stands in the tables afterwards."""
    for step in steps:
        wire.later(minutes=1)
        step(wire)
    (citizen,), (conversation,) = wire.citizens(), wire.conversations()
    assert citizen.merged_into_id is None
    return {
        "ids": wire.ids(),
        "given up": wire.ids(live=False),
        "name": citizen.name,
        "conversation": (conversation.citizen_id == citizen.pk, conversation.unread),
        "texts": [text for text in wire.texts() if text],
        "inquiries": sorted((one.summary, one.state) for one in wire.inquiries() if one.state != "merged"),
        "items": wire.states(),
    }


@pytest.mark.parametrize(
    ("notices", "numbers"),
    [
        ([number_changed, id_updated], "both"),
        ([id_updated, number_changed], "both"),
        ([number_changed], "number"),
        ([lambda wire: number_changed(wire, user_id=NEW_ID)], "number"),
        ([id_changed, number_changed], "both"),
    ],
    ids=["number, id", "id, number", "number", "number with id", "system id, number"],
)
def test_any_order_ends_the_same(wire: Wire, notices: list[Step], numbers: str) -> None:
    wire.says()
    before = ending(wire, [*notices, writes_from_new])
    assert before["ids"] >= {("wa_id", NEW), ("user_id", NEW_ID)}
    assert ("wa_id", OLD) in before["given up"]
    if numbers == "both":
        assert ("user_id", OLD_ID) in before["given up"]
    assert before["inquiries"] == [("syarat bikin ktp baru apa aja ya?", "new")]
    assert before["items"] == {"done"}


@pytest.mark.parametrize(
    "notices",
    [[number_changed, id_updated], [lambda wire: number_changed(wire, user_id=NEW_ID)], [id_changed, number_changed]],
    ids=["number, id", "number with id", "system id, number"],
)
def test_message_before_the_notice_ends_like_after_it(world: World, wire: Wire, notices: list[Step]) -> None:
    wire.says()
    sid = transaction.savepoint()
    after = ending(wire, [*notices, writes_from_new])
    assert wire.facts("citizen.merged") == []
    transaction.savepoint_rollback(sid)
    before = ending(wire, [writes_from_new, *notices])
    assert before == after
    assert len(wire.facts("citizen.merged")) == 1
    gone = Citizen.objects.get(office=world.office, merged_into__isnull=False)
    assert gone.merged_into == wire.citizens()[0]
    # The younger question joined the older one and keeps a page that says so.
    assert [(one.state, one.holder) for one in wire.inquiries()] == [("new", "admin"), ("merged", "nobody")]
    assert {entry.inquiry_id for entry in wire.entries()} == {wire.inquiries()[0].pk}


def test_the_old_number_is_never_written_to_again(world: World, wire: Wire) -> None:
    wire.says()
    waiting = answer_directly(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("admin"), now=world.now)
    number_changed(wire)
    assert waiting.outbound is not None
    queued = Outbound.objects.get(office=world.office, pk=waiting.outbound.pk)
    assert (queued.to_phone, queued.state) == (NEW, "queued")
    wire.later(minutes=11)
    writes_from_new(wire, "bawa apa lagi?")
    answer_directly(inquiry=wire.inquiry(), text="Cukup itu.", by=world.place("admin"), now=world.now)
    assert [(row.to_phone, row.to_user_id) for row in wire.outbounds() if row.kind == "text"] == [
        (NEW, ""),
        (NEW, NEW_ID),
    ]


def test_a_new_id_without_a_number_is_answered_by_the_id(world: World, wire: Wire) -> None:
    wire.says()
    id_updated(wire)
    answer_directly(inquiry=wire.inquiry(), text="Bawa KK.", by=world.place("admin"), now=world.now)
    (sent,) = [row for row in wire.outbounds() if row.kind == "text"]
    assert (sent.to_phone, sent.to_user_id) == ("", NEW_ID)
    assert wire.ids() == {("user_id", NEW_ID)}


def test_a_notice_opens_nothing_and_repeats_nothing(wire: Wire) -> None:
    number_changed(wire)
    assert wire.inquiries() == []
    wire.says(**{"from": NEW})
    number_changed(wire)
    number_changed(wire)
    assert len(wire.inquiries()) == 1
    assert len(wire.facts("citizen.readdressed")) == 1
    assert wire.conversations()[0].unread == 1


def test_a_new_phone_with_the_same_number_is_a_note_only(wire: Wire) -> None:
    wire.says()
    said = {"body": "identity changed", "type": "customer_identity_changed"}
    wire.post("messages", messages=[wire.item(**{"from": OLD}, type="system", system=said)])
    assert wire.ids() == {("wa_id", OLD), ("user_id", OLD_ID)}
    assert (len(wire.inquiries()), len(wire.entries())) == (1, 2)
    assert wire.facts("citizen.readdressed") == []


def test_a_number_that_somebody_else_had_long_ago_is_no_second_self(wire: Wire) -> None:
    wire.says("pertanyaan orang lain", **{"from": NEW, "from_user_id": "ID.999"}, profile={"name": "Pak Wahyu"})
    wire.later(days=40)
    wire.says()
    number_changed(wire)
    assert [citizen.name for citizen in wire.citizens()] == ["Pak Wahyu", "Sulastri"]
    owner = Identity.objects.get(office=wire.office, kind="wa_id", value=NEW).citizen
    assert owner.name == "Sulastri"


def test_a_number_that_was_given_up_comes_back_with_somebody_else(wire: Wire) -> None:
    wire.says()
    number_changed(wire, user_id=NEW_ID)
    wire.later(days=30)
    wire.says("saya orang baru", **{"from": OLD, "from_user_id": "ID.300"}, profile={"name": "Mas Dwi"})
    assert [citizen.name for citizen in wire.citizens()] == ["Sulastri", "Mas Dwi"]
    assert len(wire.inquiries()) == 2
    # What was written before the change and comes late is still the first person's.
    early = str(int((wire.now - timedelta(days=31)).timestamp()))
    wire.says("pesan lama", **{"from": OLD, "from_user_id": OLD_ID}, timestamp=early)
    assert len(wire.citizens()) == 2
    late = Entry.objects.get(office=wire.office, inbound__text="pesan lama")
    assert late.conversation.citizen.name == "Sulastri"


def test_number_of_a_known_person_under_another_id_makes_them_one(wire: Wire) -> None:
    """Known by number only (an old chat), then by id only (hidden), then by both."""
    wire.says(from_user_id=None)
    wire.says("nomor saya sembunyikan", **{"from": None}, profile={"username": "lastri"})
    assert len(wire.citizens()) == 2
    wire.later(minutes=1)
    wire.says("sekarang kelihatan lagi", profile={})
    assert len(wire.citizens()) == 1
    assert wire.ids() == {("wa_id", OLD), ("user_id", OLD_ID), ("username", "lastri")}
    assert len(wire.conversations()) == 1
    assert wire.conversations()[0].unread == 3


def test_merging_adds_windows_and_unread_and_leaves_touched_questions_alone(world: World, wire: Wire) -> None:
    wire.says()
    wire.later(minutes=1)
    wire.says("lain orang?", **{"from": NEW, "from_user_id": NEW_ID})
    answer_directly(inquiry=wire.inquiry(), text="Ya.", by=world.place("admin"), now=world.now)
    one, other = wire.citizens()
    windows = [conversation.last_inbound_at for conversation in wire.conversations()]
    assert merging.merge(one=other, other=one, now=world.now) == one
    assert merging.merge(one=one, other=other, now=world.now) == one
    (conversation,) = wire.conversations()
    assert (conversation.citizen, conversation.unread) == (one, 2)
    assert conversation.last_inbound_at == max(at for at in windows if at)
    assert [inquiry.state for inquiry in wire.inquiries()] == ["new", "answered"]
    assert {inquiry.citizen_id for inquiry in wire.inquiries()} == {one.pk}
    assert {row.thread for row in wire.outbounds() if row.kind == "text"} == {conversation.pk}
    assert len(wire.facts("citizen.merged")) == 1


def test_an_answer_that_waits_leaves_when_the_other_self_has_written(world: World, wire: Wire) -> None:
    template(world)
    inquiry = announced(world)
    wire.later(hours=30)
    writes_from_new(wire)
    wire.later(minutes=1)
    id_updated(wire)
    assert [(one.state, one.holder) for one in wire.inquiries()] == [("answered", "nobody"), ("merged", "nobody")]
    answer = Answer.objects.select_related("outbound").get(office=world.office, inquiry=inquiry)
    assert answer.state == "approved"
    assert answer.outbound is not None
    (conversation,) = wire.conversations()
    assert (answer.outbound.to_user_id, answer.outbound.thread) == (NEW_ID, conversation.pk)
    assert wire.entries()[-1].outbound == answer.outbound
    assert conversation.last_entry_at == wire.now


def test_an_answer_that_waits_comes_back_when_no_window_is_open(world: World, wire: Wire) -> None:
    template(world)
    inquiry = announced(world)
    wire.later(hours=30)
    writes_from_new(wire)
    wire.later(hours=25)
    id_updated(wire)
    assert [(one.state, one.holder) for one in wire.inquiries()] == [("answered", "admin"), ("merged", "nobody")]
    answer = Answer.objects.select_related("notice").get(office=world.office, inquiry=inquiry)
    assert (answer.state, answer.text) == ("submitted", "Bawa KK.")
    assert answer.notice is not None
    assert answer.notice.outcome == "called_off"


def test_a_page_from_before_the_merge_says_that_something_changed(world: World, wire: Wire) -> None:
    wire.says()
    wire.says("lain", **{"from": NEW, "from_user_id": NEW_ID})
    stale = wire.inquiry()
    one, other = wire.citizens()
    merging.merge(one=one, other=other, now=world.now)
    with pytest.raises(TakenError, match="baru saja berubah"):
        answer_directly(inquiry=stale, text="Ya.", by=world.place("admin"), now=world.now)
    assert wire.outbounds() == []


def test_what_a_message_began_for_a_merged_citizen_comes_home(world: World, wire: Wire) -> None:
    wire.says()
    wire.says("lain", **{"from": NEW, "from_user_id": NEW_ID})
    one, other = wire.citizens()
    merging.merge(one=one, other=other, now=world.now)
    assert merging.mend(now=world.now) == 0
    stray = Conversation.objects.create(
        office=world.office, citizen=other, line=world.line, last_entry_at=world.now, unread=1
    )
    assert merging.mend(now=world.now) == 1
    assert not Conversation.objects.filter(office=world.office, pk=stray.pk).exists()
    assert wire.conversations()[0].unread == 3


def test_an_inquiry_that_a_message_began_for_a_merged_citizen_comes_home(world: World, wire: Wire) -> None:
    """Also in a conversation of another line, which nothing has to be poured into."""
    wire.says()
    wire.says("lain", **{"from": NEW, "from_user_id": NEW_ID})
    one, other = wire.citizens()
    merging.merge(one=one, other=other, now=world.now)
    line = world.line
    line.pk, line.phone_number_id = None, "999"
    line.save()
    stray = Conversation.objects.create(office=world.office, citizen=other, line=line, last_entry_at=world.now)
    inquiry = wire.inquiry()
    inquiry.pk, inquiry.code, inquiry.conversation, inquiry.citizen = None, "KML-ZZZZ", stray, other
    inquiry.save(force_insert=True)
    assert merging.mend(now=world.now) == 1
    assert {inquiry.citizen_id for inquiry in wire.inquiries()} == {one.pk}


def test_a_number_that_went_to_somebody_else_is_not_taken_back_by_a_late_message(wire: Wire) -> None:
    before = str(int(wire.now.timestamp()) + 60)
    wire.says(profile={"name": "Lama", "username": "lastri"})
    wire.says("nomor saya rahasia", **{"from": None, "from_user_id": NEW_ID}, profile={"name": "Baru"})
    wire.later(days=2)
    wire.says("kartu baru", from_user_id=NEW_ID, profile={"name": "Baru", "username": "lastri"})
    owners = {"wa_id": "Baru", "username": "Baru"}
    rows = Identity.objects.filter(office=wire.office, kind__in=owners).select_related("citizen")
    assert {row.kind: row.citizen.name for row in rows} == owners
    wire.says("pesan lama", profile={"name": "Lama", "username": "lastri"}, timestamp=before)
    assert {row.kind: row.citizen.name for row in rows.all()} == owners
    late = Entry.objects.get(office=wire.office, inbound__text="pesan lama")
    assert late.conversation.citizen.name == "Lama"


def test_the_newest_name_stays(world: World, wire: Wire) -> None:
    wire.says(profile={"name": "Dulu"})
    wire.later(days=2)
    wire.says("nomor saya sembunyikan", **{"from": None}, profile={"name": "Sekarang"})
    since = [world.now - timedelta(days=days) for days in (10, 1, 0)]
    # The number alone was last seen before the second of these; the person, by the id, after it.
    for at, name, expected in zip(since, ("Kuno", "Kemarin", "Nanti"), ("Sekarang", "Sekarang", "Nanti"), strict=True):
        (citizen,) = citizens_of(world.office.pk, [Contact(at=at, wa_id=OLD, profile_name=name)], now=world.now)
        assert citizen.name == expected
        citizen.refresh_from_db()
        assert citizen.name == expected


@pytest.mark.parametrize("order", [1, -1])
def test_a_person_without_a_name_gets_the_newest_of_old_ones(world: World, wire: Wire, order: int) -> None:
    wire.says(profile={})
    old = [
        Contact(at=world.now - timedelta(days=days), wa_id=OLD, profile_name=name)
        for days, name in ((9, "Kuno"), (8, "Lama"))
    ]
    found = citizens_of(world.office.pk, old[::order], now=world.now)
    assert {citizen.name for citizen in found} == {"Lama"}


@pytest.mark.parametrize("size", [1, 3, 60])
def test_queries_do_not_grow_with_the_people(world: World, django_assert_max_num_queries: Any, size: int) -> None:
    contacts = [Contact(at=world.now, user_id=f"ID.{n}", wa_id=f"62811{n:06}") for n in range(size)]
    with django_assert_max_num_queries(8):
        found = citizens_of(world.office.pk, contacts, now=world.now)
    again = citizens_of(world.office.pk, contacts, now=world.now)
    assert [one.pk for one in found] == [one.pk for one in again]
    assert Identity.objects.filter(office=world.office, kind=IdentityKind.USER_ID).count() == size


def test_who_was_blocked_stays_blocked(world: World, wire: Wire) -> None:
    wire.says()
    wire.says("lain orang?", **{"from": NEW, "from_user_id": NEW_ID})
    one, other = wire.citizens()
    Citizen.objects.filter(office=wire.office, pk=other.pk).update(blocked_at=world.now)
    assert merging.merge(one=one, other=other, now=world.now).blocked_at == world.now
