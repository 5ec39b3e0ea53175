"""Questions from items of WhatsApp's catalogue: which go to a section by themselves, and which do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.base.errors import NotAllowedError
from pelita.catalog import actions, queries
from pelita.catalog.seeding import seed_services
from pelita.desk import intake, rules
from pelita.desk.actions import dispose, review, secrecy
from pelita.desk.actions.routing import set_catalog_questions
from pelita.desk.models import Disposition, Inquiry, Notice
from pelita.desk.queries import queue
from pelita.desk.queries.queue import TaskView, View
from pelita.journal.models import Fact
from pelita.offices.models import Office, Section
from tests.desk.conftest import World


@pytest.fixture
def world(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def from_item(world: World, code: str = "KTP-HILANG", text: str = "Ini syaratnya apa saja?", **fields: Any) -> Inquiry:
    return world.asks(text, product=code, **fields)


def verbs(inquiry: Inquiry) -> list[str]:
    return list(
        Fact.objects.filter(office=inquiry.office_id, subject_type="inquiry", subject_id=inquiry.pk)
        .order_by("id")
        .values_list("verb", flat=True)
    )


def test_it_goes_to_the_section_of_its_service(world: World) -> None:
    inquiry = from_item(world)
    service = queries.by_code(world.office, "KTP-HILANG")
    assert service is not None
    assert (inquiry.state, inquiry.holder) == ("dispositioned", "section")
    assert (inquiry.service_id, inquiry.section_id, inquiry.routed) == (service.pk, service.section_id, True)
    given = Disposition.objects.filter(office=world.office).get(inquiry=inquiry)
    assert (given.section_id, given.given_by, given.due_at) == (service.section_id, None, inquiry.due_at)
    assert given.instruction == "Warga bertanya dari katalog WhatsApp: KTP-el hilang."
    assert verbs(inquiry) == ["inquiry.opened", "inquiry.dispositioned"]
    fact = Fact.objects.filter(office=world.office).get(verb="inquiry.dispositioned")
    assert (fact.actor, fact.data["disposition"], fact.data["service"]) == (None, given.pk, "KTP-HILANG")
    assert fact.audience == [service.section_id]


def test_the_deadline_and_the_telling_are_those_of_an_admins_hand_over(world: World) -> None:
    routed = from_item(world)
    other = world.asks("Yang ini lewat Admin.", user_id="ID.2", wa_id="6281200000002")
    dispose.dispose(inquiry=other, section=world.section("PELAYANAN"), by=world.place("admin"), now=world.now)
    assert routed.due_at == other.due_at
    assert routed.due_at is not None
    told = {
        one: sorted(Notice.objects.filter(office=world.office, inquiry=one).values_list("officer", "verb", "tell_at"))
        for one in (routed, other)
    }
    assert told[routed]
    admin = world.place("admin").officer.pk
    assert [one for one in told[routed] if one[0] != admin] == told[other]
    rings = Fact.objects.filter(office=world.office, verb="notice.made").order_by("id")
    assert rings[0].data["officers"] == sorted(one[0] for one in told[routed])


def test_the_section_has_it_as_a_task_and_the_admin_sees_it_marked(world: World) -> None:
    inquiry = from_item(world)
    tasks = queue.tasks_page(world.place("pelayanan"), TaskView.ANSWER, now=world.now).rows
    assert [row.code for row in tasks] == [inquiry.code]
    rows = queue.desk_page(world.place("admin"), View.SECTION, now=world.now).rows
    assert [(row.code, row.routed) for row in rows] == [(inquiry.code, True)]


def test_the_admin_can_take_it_back_and_give_it_elsewhere(world: World) -> None:
    inquiry = from_item(world)
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert not world.fresh(inquiry).routed
    inquiry = world.fresh(inquiry)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    inquiry = world.fresh(inquiry)
    assert (inquiry.section, inquiry.routed) == (world.section("KESRA"), False)


@pytest.mark.parametrize("code", ["TIDAK-ADA", "ktp hilang", "'; DROP TABLE", "A" * 100])
def test_an_unknown_item_is_an_ordinary_question(world: World, code: str) -> None:
    inquiry = from_item(world, code)
    assert (inquiry.state, inquiry.service, inquiry.routed) == ("new", None, False)


def test_what_is_not_published_is_no_item(world: World) -> None:
    version = queries.version(queries.by_code(world.office, "KTP-HILANG"), 1)  # type: ignore[arg-type]  # it is there
    assert version is not None
    actions.withdraw(version=version, seen=version.revision, by=world.place("admin"), now=world.now)
    assert from_item(world).state == "new"


def test_another_offices_service_is_none_of_ours(world: World) -> None:
    other = Office.objects.create(code="b", name="B", regency="R", region_code="9", code_prefix="BBB")
    ours = queries.by_code(world.office, "KTP-HILANG")
    assert ours is not None
    section = Section.objects.create(office=other, code="X", name="X", short_name="X", position=0)
    type(ours).objects.filter(office=world.office, pk=ours.pk).update(office=other, section=section)
    assert from_item(world).state == "new"


def test_the_office_can_switch_it_off(world: World) -> None:
    with pytest.raises(NotAllowedError):
        set_catalog_questions(on=False, by=world.place("kesra"), now=world.now)
    set_catalog_questions(on=False, by=world.place("admin"), now=world.now)
    set_catalog_questions(on=False, by=world.place("admin"), now=world.now)
    assert Fact.objects.filter(office=world.office, verb="office.catalog_questions").count() == 1
    inquiry = from_item(world)
    assert (inquiry.state, inquiry.routed) == ("new", False)
    assert inquiry.service is not None, "what it is about is known all the same"


def test_a_section_that_is_not_there_any_more_gets_nothing(world: World) -> None:
    Section.objects.filter(office=world.office).update(active=False)
    assert from_item(world).state == "new"


def test_a_greeting_before_it_goes_along(world: World) -> None:
    first = world.asks("Assalamualaikum, selamat pagi pak")
    inquiry = from_item(world)
    assert inquiry.pk == first.pk
    assert (inquiry.state, inquiry.summary, inquiry.opened_at) == (
        "dispositioned", "Ini syaratnya apa saja?", first.opened_at,
    )  # fmt: skip
    assert verbs(inquiry) == ["inquiry.opened", "inquiry.joined", "inquiry.dispositioned"]


def test_a_question_before_it_stays_with_the_admin(world: World) -> None:
    first = world.asks("Jalan di depan rumah saya rusak.")
    inquiry = from_item(world)
    assert inquiry.pk != first.pk
    assert world.fresh(first).state == "new"


def test_the_same_item_again_is_the_same_matter_until_it_is_answered(world: World) -> None:
    first = from_item(world)
    again = from_item(world, text="Halo? Kok belum dijawab?")
    assert (again.pk, again.unread) == (first.pk, 1)
    review.answer_directly(inquiry=again, text="Jawaban.", by=world.place("admin"), now=world.now)
    review_closed = world.fresh(again)
    Inquiry.objects.filter(office=world.office, pk=review_closed.pk).update(
        state="closed", holder="nobody", closed_at=world.now, waiting_since=None
    )
    third = from_item(world, text="Kalau rusak bagaimana?")
    assert third.pk != first.pk
    assert third.state == "dispositioned"


def test_thanks_ask_for_nothing(world: World) -> None:
    first = from_item(world)
    Inquiry.objects.filter(office=world.office, pk=first.pk).update(
        state="closed", holder="nobody", closed_at=world.now, waiting_since=None
    )
    assert from_item(world, code="KK-BARU", text="nggih, matur nuwun").pk == first.pk


def test_what_is_secret_keeps_what_its_citizen_writes(world: World) -> None:
    secret = world.asks("Ada petugas yang meminta uang.")
    secrecy.hide(inquiry=secret, by=world.place("admin"), now=world.now)
    inquiry = from_item(world)
    assert (inquiry.pk, inquiry.service, inquiry.section) == (secret.pk, None, None)


def test_an_order_of_one_service_is_a_question_about_it(world: World) -> None:
    order = {"order": [{"product": "KTP-HILANG"}, {"product": "KTP-HILANG"}]}
    assert world.asks("", type="order", content=order).state == "dispositioned"
    two = {"order": [{"product": "KTP-HILANG"}, {"product": "SKTM"}]}
    other = {"user_id": "ID.7", "wa_id": "6281200000007"}
    assert world.asks("", type="order", content=two, **other).state == "new"


def test_queries_of_a_set_do_not_grow(world: World) -> None:
    def taken(first: int, last: int, product: str) -> int:
        messages = [
            world.message("Apa syaratnya?", product=product, user_id=f"ID.{number}", wa_id=f"6281300{number:06}")
            for number in range(first, last)
        ]
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            intake.receive(messages, now=world.now)
        return len(found)

    taken(0, 1, "")  # what is kept about the office is there by now
    plain = taken(10, 12, "")
    assert taken(20, 40, "") == plain
    few = taken(50, 52, "KTP-HILANG")
    assert (few, taken(60, 90, "KTP-HILANG")) == (plain + 7, plain + 7)


@pytest.mark.parametrize(
    ("text", "knocks"),
    [
        ("Assalamualaikum", True), ("selamat siang pak", True), ("P", True), ("halo min, permisi", True),
        ("Assalamualaikum mau tanya syarat KTP", False), ("", False), ("🙏", False), ("KTP", False),
    ],
)  # fmt: skip
def test_a_greeting_is_told_from_a_question(text: str, knocks: bool) -> None:
    assert rules.is_knock(text) is knocks


def test_old_messages_after_an_outage_are_routed_as_well(world: World) -> None:
    inquiry = from_item(world, sent_at=world.now - timedelta(hours=5))
    assert inquiry.state == "dispositioned"
