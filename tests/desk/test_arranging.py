"""Kinds, the register, splitting, merging, links, reopening, and what is no question."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import arranging, review, secrecy
from pelita.desk.actions.dispose import dispose
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Entry, Inquiry, InquiryKind
from pelita.desk.queries import queue, registers
from pelita.desk.queries.queue import View
from tests.desk.conftest import World


def lines(world: World, inquiry_id: int) -> list[int]:
    return list(
        Entry.objects.filter(office=world.office, inquiry=inquiry_id).order_by("id").values_list("pk", flat=True)
    )


def test_requests_for_information_get_consecutive_numbers(world: World) -> None:
    admin = world.place("admin")
    found = [world.asks(user_id=f"ID.{n}", wa_id=f"62812000000{n}") for n in range(3)]
    for inquiry in (found[2], found[0]):
        arranging.change_kind(inquiry=inquiry, kind=InquiryKind.INFORMATION, by=admin, now=world.now)
    # Another kind later takes no number away, and coming back gives no second one.
    arranging.change_kind(inquiry=found[2], kind=InquiryKind.COMPLAINT, by=admin, now=world.now)
    arranging.change_kind(inquiry=found[2], kind=InquiryKind.INFORMATION, by=admin, now=world.now)
    next_year = world.now + timedelta(days=60)
    arranging.change_kind(inquiry=found[1], kind=InquiryKind.INFORMATION, by=admin, now=next_year)
    numbers = [(world.fresh(one).register_year, world.fresh(one).register_number) for one in found]
    assert numbers == [(2026, 2), (2027, 1), (2026, 1)]
    assert [row.pk for row in registers.register_page(admin).rows] == [found[1].pk, found[0].pk, found[2].pk]
    after = registers.register_page(admin, after="2027.1").rows
    assert [row.pk for row in after] == [found[0].pk, found[2].pk]


def test_messages_become_an_inquiry_of_their_own(world: World) -> None:
    inquiry = world.asks("syarat ktp?")
    world.asks("jalan rusak di betro")
    world.asks("dan kapan buka?")
    first, second, third = lines(world, inquiry.pk)
    admin = world.place("admin")
    for wrong in ([], [first, second, third], [first, 999_999]):
        with pytest.raises(InvalidError):
            arranging.split(inquiry=inquiry, entries=wrong, by=admin, now=world.now)
    made = arranging.split(inquiry=world.fresh(inquiry), entries=[second], by=admin, now=world.now)
    assert (made.asked, made.summary, made.state) == ("jalan rusak di betro", "jalan rusak di betro", "new")
    assert lines(world, made.pk) == [second]
    assert lines(world, inquiry.pk) == [first, third]
    assert made.code != inquiry.code
    # The question itself goes: what is left asks with its next message.
    last = arranging.split(inquiry=world.fresh(inquiry), entries=[first], by=admin, now=world.now)
    assert last.asked == "syarat ktp?"
    assert world.fresh(inquiry).asked == "dan kapan buka?"


def test_splitting_gives_nobody_more_time(world: World) -> None:
    inquiry = world.asks("syarat ktp?")
    world.asks("jalan rusak di betro")
    promised = world.fresh(inquiry).answer_due_at
    later = world.now + timedelta(days=5)
    second = lines(world, inquiry.pk)[1]
    made = arranging.split(inquiry=world.fresh(inquiry), entries=[second], by=world.place("admin"), now=later)
    stored = world.fresh(made)
    assert (stored.answer_due_at, stored.remind_at) == (promised, stored.first_due_at)  # late, and told at once
    assert stored.due_at is not None
    assert stored.due_at > later


def test_splitting_keeps_a_secret(world: World) -> None:
    inquiry = world.asks("perangkat meminta uang")
    world.asks("namanya pak x")
    secrecy.hide(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    with pytest.raises(NotAllowedError):
        arranging.split(inquiry=world.fresh(inquiry), entries=[1], by=world.place("admin"), now=world.now)
    chosen = lines(world, inquiry.pk)[1:]
    made = arranging.split(inquiry=world.fresh(inquiry), entries=chosen, by=world.place("camat"), now=world.now)
    assert made.secret


def test_two_of_one_citizen_become_one(world: World) -> None:
    inquiry = world.asks("syarat ktp?")
    world.asks("jalan rusak")
    admin = world.place("admin")
    made = arranging.split(inquiry=inquiry, entries=lines(world, inquiry.pk)[1:], by=admin, now=world.now)
    stranger = world.asks("halo", user_id="ID.7", wa_id="628120000007")
    for wrong in (made.code, stranger.code, "KML-XXXX"):
        with pytest.raises(InvalidError):
            arranging.join(inquiry=made, code=wrong, by=admin, now=world.now)
    assert [one.pk for one in registers.others_of_citizen(admin, made)] == [inquiry.pk]
    arranging.join(inquiry=made, code=inquiry.code.lower(), by=admin, now=world.now)
    gone = world.fresh(made)
    assert (gone.state, gone.holder, gone.merged_into) == ("merged", "nobody", inquiry)
    assert len(lines(world, inquiry.pk)) == 2
    assert lines(world, made.pk) == []
    with pytest.raises(TakenError):
        arranging.join(inquiry=gone, code=inquiry.code, by=admin, now=world.now)


def test_what_a_section_works_on_is_not_merged_away(world: World) -> None:
    inquiry = world.asks("syarat ktp?")
    world.asks("jalan rusak")
    admin = world.place("admin")
    made = arranging.split(inquiry=inquiry, entries=lines(world, inquiry.pk)[1:], by=admin, now=world.now)
    dispose(inquiry=made, section=world.section("PMD"), by=admin, now=world.now)
    with pytest.raises(TakenError):
        arranging.join(inquiry=world.fresh(made), code=inquiry.code, by=admin, now=world.now)


def test_what_was_answered_is_opened_again_by_what_joins_it(world: World) -> None:
    """Otherwise the question would end with nobody having to answer it."""
    inquiry, admin = world.asks("syarat ktp?"), world.place("admin")
    world.asks("jalan rusak")
    made = arranging.split(inquiry=inquiry, entries=lines(world, inquiry.pk)[1:], by=admin, now=world.now)
    review.answer_directly(inquiry=world.fresh(inquiry), text="Bawa KK.", by=admin, now=world.now)
    with pytest.raises(InvalidError):  # its answer is on its way
        arranging.join(inquiry=made, code=inquiry.code, by=admin, now=world.now)
    assert registers.others_of_citizen(admin, made) == []
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="delivered", holder="citizen", delivered_at=world.now, closes_at=world.now + timedelta(days=1)
    )
    assert [one.pk for one in registers.others_of_citizen(admin, made)] == [inquiry.pk]
    arranging.join(inquiry=world.fresh(made), code=inquiry.code, by=admin, now=world.now)
    kept = world.fresh(inquiry)
    assert (kept.state, kept.holder, kept.closes_at) == ("reopened", "admin", None)
    assert (kept.waiting_since, kept.asked) == (made.waiting_since, "jalan rusak")
    assert kept.due_at is not None


def test_the_same_matter_of_several_citizens(world: World) -> None:
    admin = world.place("admin")
    one, two, three = (world.asks("jalan rusak", user_id=f"ID.{n}", wa_id=f"62812000000{n}") for n in range(3))
    arranging.link(inquiry=two, code=one.code, by=admin, now=world.now)
    arranging.link(inquiry=three, code=two.code, by=admin, now=world.now)
    assert {row.pk for row in registers.same_matter(admin, world.fresh(one))} == {two.pk, three.pk}
    assert {row.pk for row in registers.same_matter(admin, world.fresh(three))} == {one.pk, two.pk}
    dispose(inquiry=one, section=world.section("PMD"), by=admin, now=world.now)
    assert registers.same_matter(world.place("pmd"), world.fresh(one)) == []
    arranging.link(inquiry=world.fresh(two), code="", by=admin, now=world.now)
    assert {row.pk for row in registers.same_matter(admin, world.fresh(one))} == {three.pk}
    with pytest.raises(InvalidError):
        arranging.link(inquiry=world.fresh(one), code=one.code, by=admin, now=world.now)


def test_a_finished_matter_is_opened_again(world: World) -> None:
    inquiry = world.asks()
    review.close(inquiry=inquiry, by=world.place("admin"), now=world.now)
    arranging.reopen(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.holder, fresh.closed_at) == ("reopened", "admin", None)
    assert queue.counts(world.place("admin"), now=world.now)[View.DISPOSE] == 1


def test_no_question_leaves_the_lists_and_comes_back(world: World) -> None:
    inquiry = world.asks("PROMO PINJAMAN CEPAT")
    admin = world.place("admin")
    arranging.put_away(inquiry=inquiry, by=admin, now=world.now)
    assert not any(queue.counts(admin, now=world.now).values())
    assert [row.pk for row in registers.put_away_page(admin).rows] == [inquiry.pk]
    arranging.take_back(inquiry=world.fresh(inquiry), by=admin, now=world.now)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.waiting_since) == ("reopened", world.now)
    assert registers.put_away_page(admin).rows == []
