"""Ways that real chats take: late reports, messages in between, failures that were none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pelita.desk import intake, jobs
from pelita.desk.actions import dispose, review, section
from pelita.desk.errors import InvalidError, TakenError
from pelita.desk.models import Answer, Conversation, Disposition, Entry
from pelita.desk.rules import window_open
from pelita.offices.models import Office, Officer
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World
from tests.desk.test_main_path import report, sent


def test_an_answer_that_failed_and_then_arrived_is_not_sent_twice(world: World) -> None:
    inquiry = world.asks()
    outbound = sent(world, inquiry)
    report(world, outbound, "failed")
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("answered", "admin")
    report(world, outbound, "delivered")
    assert world.fresh(inquiry).state == "delivered"
    report(world, outbound, "read")
    closed = world.fresh(inquiry)
    assert (closed.state, closed.waiting_since) == ("closed", None)
    assert Outbound.objects.filter(office=world.office, kind="text").count() == 1


def test_a_late_report_of_an_old_answer_closes_nothing(world: World) -> None:
    """The first answer was read; a second waits for the admin. News of the first changes nothing."""
    inquiry = world.asks()
    first = sent(world, inquiry)
    report(world, first, "read")
    again = world.asks("kalau KK-nya hilang?")
    dispose.dispose(inquiry=again, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    section.submit(inquiry=again, text="Urus di desa.", by=world.place("kesra"), now=world.now)
    report(world, first, "read")
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("answered", "admin")


def test_a_failed_answer_with_newer_messages_stays_open_when_it_arrives(world: World) -> None:
    inquiry = world.asks()
    outbound = sent(world, inquiry)
    report(world, outbound, "failed")
    later = world.now + timedelta(minutes=1)
    world.asks("satu lagi: kalau KK hilang?", received_at=later, sent_at=later)
    report(world, outbound, "read")
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("reopened", "admin")


def test_a_message_between_page_and_click_is_not_passed_over(world: World) -> None:
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    seen = inquiry.version
    world.asks("satu lagi: kalau KK hilang?")
    with pytest.raises(TakenError, match="Warga baru saja menulis lagi"):
        review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now, seen=seen)
    with pytest.raises(TakenError):
        review.close(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now, seen=seen)
    assert not Outbound.objects.filter(office=world.office).exists()
    review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)


def test_a_message_of_the_citizen_does_not_stop_the_section(world: World) -> None:
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    seen = inquiry.version
    world.asks("halo?")
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now, seen=seen)


def test_a_message_behind_an_answer_that_never_arrives_gets_an_owner(world: World) -> None:
    inquiry = world.asks()
    sent(world, inquiry)
    soon = world.now + timedelta(minutes=2)
    world.asks("kalau KK hilang?", received_at=soon, sent_at=soon)
    assert jobs.own_waiting(now=soon + timedelta(minutes=9)) == 0
    assert jobs.own_waiting(now=soon + timedelta(minutes=10)) == 1
    again = world.fresh(inquiry)
    assert (again.state, again.holder, again.summary) == ("reopened", "admin", "kalau KK hilang?")


def test_a_late_question_behind_an_answer_without_news_reopens_at_once(world: World) -> None:
    inquiry = world.asks()
    sent(world, inquiry)
    later = world.now + timedelta(days=3)
    again = world.asks("kok belum dijawab?", received_at=later, sent_at=later)
    assert (again.pk, again.state) == (inquiry.pk, "reopened")


def test_thanks_that_overtake_the_report_open_nothing(world: World) -> None:
    inquiry = world.asks()
    outbound = sent(world, inquiry)
    world.asks("terima kasih")
    report(world, outbound, "delivered")
    report(world, outbound, "read")
    assert world.fresh(inquiry).state == "closed"


def test_a_failed_answer_can_go_back_to_its_section(world: World) -> None:
    inquiry = world.asks()
    report(world, sent(world, inquiry), "failed")
    held = world.fresh(inquiry)
    review.send_back(inquiry=held, reason="Persingkat.", by=world.place("admin"), now=world.now)
    section.submit(inquiry=held, text="Bawa KK.", by=world.place("pelayanan"), now=world.now)
    assert (held.state, held.holder) == ("answered", "admin")
    assert Disposition.objects.filter(office=world.office, state="open").count() == 1


def test_an_answer_that_cannot_be_sent_can_be_finished(world: World) -> None:
    inquiry = world.asks()
    answer = review.answer_directly(inquiry=inquiry, text="Silakan.", by=world.place("admin"), now=world.now)
    assert answer.outbound is not None
    report(world, answer.outbound, "failed")
    held = world.fresh(inquiry)
    review.close(inquiry=held, by=world.place("admin"), now=world.now + timedelta(hours=30))
    assert held.state == "closed"
    assert Answer.objects.get(office=world.office).state == "returned"


def test_a_quotation_reopens_the_inquiry_that_it_quotes(world: World) -> None:
    first = world.asks()
    outbound = sent(world, first)
    Outbound.objects.filter(office=world.office, pk=outbound.pk).update(wamid="wamid.first")
    report(world, outbound, "read")
    later = world.now + timedelta(days=3)
    second = world.asks("mau urus SKTM", received_at=later, sent_at=later)
    assert second.pk != first.pk
    world.asks("yang ini kok beda?", received_at=later, sent_at=later, context_wamid="wamid.first")
    assert world.fresh(first).state == "reopened"
    assert world.fresh(second).state == "new"


def test_a_clock_that_is_ahead_opens_no_longer_window(world: World) -> None:
    inquiry = world.asks(sent_at=world.now + timedelta(days=400))
    conversation = Conversation.objects.get(office=world.office, pk=inquiry.conversation_id)
    assert conversation.last_inbound_at == world.now
    assert not window_open(conversation.last_inbound_at, world.now + timedelta(days=2))


def test_messages_of_one_citizen_keep_their_order(world: World) -> None:
    """The first is worked on after five seconds, the second after eleven."""
    texts = {"pertama": (0, 5), "kedua": (1, 12)}
    for text, (written, seen) in texts.items():
        at = world.now + timedelta(seconds=written)
        world.asks(text, sent_at=at, received_at=world.now + timedelta(seconds=seen))
    rows = Entry.objects.filter(office=world.office).order_by("at", "id").select_related("inbound")
    assert [row.inbound.text for row in rows if row.inbound] == list(texts)


def test_an_old_message_sets_nothing_back(world: World) -> None:
    inquiry = world.asks()
    world.asks("lama", sent_at=world.now - timedelta(days=3))
    conversation = Conversation.objects.get(office=world.office, pk=inquiry.conversation_id)
    assert (conversation.last_entry_at, conversation.last_inbound_at) == (world.now, world.now)


def test_only_an_officer_of_the_section_can_be_named(world: World) -> None:
    other = Office.objects.create(code="lain", name="Lain", regency="R", region_code="1", code_prefix="LAN")
    stranger = Officer.objects.create(office=other, username="asing", full_name="Asing")
    inquiry = world.asks()
    for officer in (stranger, world.place("pmd").officer):
        with pytest.raises(InvalidError, match="tidak bertugas di seksi ini"):
            dispose.dispose(
                inquiry=inquiry, section=world.section("KESRA"), officer=officer, by=world.place("admin"), now=world.now
            )
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), officer=world.place("kesra").officer,
        by=world.place("admin"), now=world.now,
    )  # fmt: skip


def test_the_desk_hears_of_nothing_that_is_no_answer(world: World) -> None:
    world.asks()
    mark = Outbound(office=world.office, line=world.line, thread=1, kind="read_mark", next_at=world.now)
    mark.created_at = world.now
    mark.save()
    intake.delivery_changed([mark], now=world.now)


def test_a_deadline_beyond_all_calendars_is_refused(world: World) -> None:
    inquiry = world.asks()
    far = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12)))
    with pytest.raises(InvalidError, match="terlalu jauh"):
        dispose.dispose(
            inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now, due_at=far
        )
    assert inquiry.state == "new"
