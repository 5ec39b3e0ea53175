"""Outside the reply window: a template announces the answer, and it leaves when the citizen opens the window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk import intake
from pelita.desk.actions import dispose, review, section, waiting
from pelita.desk.errors import NotAllowedError, TakenError, WindowClosedError
from pelita.desk.models import Answer, Conversation, Entry, Identity, Inquiry
from pelita.desk.rules import tap_payload
from pelita.journal.models import Fact
from pelita.whatsapp.models import Outbound, Template
from pelita.whatsapp.templates import OWN, components_of
from tests.desk.conftest import World

DAY = timedelta(hours=25)


def template(world: World, state: str = "APPROVED", **fields: object) -> Template:
    own = OWN[0]
    values: dict[str, object] = {
        "name": own.name, "language": "id", "category": "UTILITY", "components": components_of(own),
        "purpose": own.purpose, "state": state, "created_at": world.now, "changed_at": world.now, **fields,
    }  # fmt: skip
    return Template.objects.create(office=world.office, line=world.line, **values)


def to_review(world: World, **fields: object) -> Inquiry:
    inquiry = world.asks(**fields)  # type: ignore[arg-type]  # the fields of a message are many
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    return world.fresh(inquiry)


def announced(world: World, **fields: object) -> Inquiry:
    """An inquiry whose answer waits because the window had closed."""
    inquiry = to_review(world, **fields)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now + DAY)
    return world.fresh(inquiry)


def notice_of(world: World, inquiry: Inquiry) -> Outbound:
    found = Answer.objects.get(office=world.office, inquiry=inquiry).notice
    assert found is not None
    return found


def left(world: World, outbound: Outbound, **changes: object) -> None:
    """What the wire does when a message left, or failed."""
    values = {"state": "accepted", "wamid": f"wamid.out.{outbound.pk}", **changes}
    Outbound.objects.filter(office=world.office, pk=outbound.pk).update(**values)
    intake.delivery_changed([Outbound.objects.get(office=world.office, pk=outbound.pk)], now=world.now + DAY)


def taps(world: World, code: str, at: datetime, **fields: object) -> Inquiry:
    content = {"reply": {"kind": "template", "id": tap_payload(code), "title": "Lihat jawaban"}}
    return world.asks("Lihat jawaban", type="button", content=content, received_at=at, sent_at=at, **fields)


def spot(world: World, inquiry: Inquiry) -> tuple[str, str]:
    fresh = world.fresh(inquiry)
    return fresh.state, fresh.holder


def verbs(world: World, inquiry: Inquiry) -> list[str]:
    rows = Fact.objects.filter(office=world.office, subject_type="inquiry", subject_id=inquiry.pk)
    return list(rows.order_by("id").values_list("verb", flat=True))


def texts(world: World) -> list[str]:
    rows = Outbound.objects.filter(office=world.office, kind="text").order_by("id")
    return [row.text.partition("\n")[0] for row in rows]


def test_the_answer_is_announced_and_waits(world: World) -> None:
    template(world)
    inquiry = announced(world)
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")
    assert (inquiry.waiting_since, inquiry.due_at, inquiry.unread) == (None, None, 0)
    answer = Answer.objects.get(office=world.office)
    assert (answer.state, answer.outbound, answer.final_text) == ("waiting", None, "Bawa KK.")
    notice = notice_of(world, inquiry)
    assert (notice.kind, notice.reply_to) == ("template", "")
    assert notice.text == f"Jawaban untuk pertanyaan {inquiry.code} sudah ada."
    assert notice.content == {"values": [inquiry.code], "button_values": [f"jawaban:{inquiry.code}"]}
    entry = Entry.objects.get(office=world.office, outbound=notice)
    assert (entry.inquiry_id, entry.author and entry.author.username) == (inquiry.pk, "admin")
    assert verbs(world, inquiry)[-1] == "answer.announced"


def test_a_tap_lets_it_leave_quoting_the_question_and_opens_nothing(world: World) -> None:
    template(world)
    inquiry = announced(world)
    left(world, notice_of(world, inquiry), delivery="read")
    taps(world, inquiry.code, world.now + DAY)
    assert spot(world, inquiry) == ("answered", "nobody")
    assert world.fresh(inquiry).waiting_since is None
    answer = Answer.objects.get(office=world.office)
    assert answer.state == "approved"
    assert answer.outbound is not None
    assert answer.outbound.reply_to == inquiry.message.wamid
    assert answer.outbound.text == f"Bawa KK.\n\nSeksi Kesejahteraan Rakyat · {inquiry.code}"
    assert Inquiry.objects.filter(office=world.office).count() == 1
    thread = Entry.objects.filter(office=world.office).order_by("at", "id")
    assert [bool(entry.inbound_id) for entry in thread] == [True, False, True, False]
    assert verbs(world, inquiry)[-3:] == ["answer.announced", "notice.read", "answer.released"]
    left(world, answer.outbound, delivery="read")
    assert spot(world, inquiry) == ("closed", "nobody")
    # A second tap changes nothing and disturbs nobody.
    taps(world, inquiry.code, world.now + DAY)
    assert spot(world, inquiry) == ("closed", "nobody")
    assert texts(world) == ["Bawa KK."]


def test_any_other_message_lets_it_leave_and_waits_for_somebody_itself(world: World) -> None:
    template(world)
    inquiry = announced(world)
    left(world, notice_of(world, inquiry))
    world.asks("kalau KK hilang bagaimana?", received_at=world.now + DAY, sent_at=world.now + DAY)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.holder) == ("answered", "nobody")
    assert (fresh.waiting_since, fresh.message.text) == (world.now + DAY, "kalau KK hilang bagaimana?")
    answer = Answer.objects.get(office=world.office)
    assert answer.outbound is not None
    assert answer.outbound.reply_to == inquiry.message.wamid
    left(world, answer.outbound, delivery="delivered")
    assert spot(world, inquiry) == ("reopened", "admin")


def test_a_reaction_is_no_opening(world: World) -> None:
    template(world)
    inquiry = announced(world)
    world.asks("", type="reaction", received_at=world.now + DAY, sent_at=world.now + DAY)
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")


def test_all_waiting_answers_of_a_citizen_leave_in_order(world: World) -> None:
    template(world)
    first = world.asks("syarat KK?")
    second = _second_inquiry(world)
    for number, inquiry in enumerate((second, first)):
        at = world.now + DAY + timedelta(minutes=number)
        review.answer_directly(inquiry=inquiry, text=f"Jawaban {inquiry.pk}", by=world.place("admin"), now=at)
    other = world.asks("SKTM?", user_id="ID.200", wa_id="6281200000200", received_at=world.now)
    review.answer_directly(inquiry=other, text="Lain", by=world.place("admin"), now=world.now + DAY)
    taps(world, first.code, world.now + DAY)
    assert texts(world) == [f"Jawaban {second.pk}", f"Jawaban {first.pk}"]
    assert spot(world, other) == ("waiting_citizen", "citizen")


def _second_inquiry(world: World) -> Inquiry:
    """Another open inquiry in the same conversation, as they arise when a closed one is opened again by a quotation."""
    first = Inquiry.objects.get(office=world.office)
    first.pk, first.code = None, "KML-ZZZZ"
    first.save(force_insert=True)
    return world.fresh(first)


def test_a_set_without_waiting_answers_costs_one_query(world: World) -> None:
    world.asks()
    world.asks("halo", user_id="ID.200", wa_id="6281200000200")
    conversations = Conversation.objects.filter(office=world.office).in_bulk()
    assert len(conversations) == 2
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert waiting.release(conversations, now=world.now) == set()
    assert len(queries) == 1


def test_without_an_approved_template_the_answer_stays_and_the_sentence_says_why(world: World) -> None:
    inquiry = to_review(world)
    for row, words in ((None, "belum ada"), ("PENDING", "masih diperiksa"), ("PAUSED", "dihentikan sementara")):
        Template.objects.filter(office=world.office).delete()
        if row:
            template(world, row)
        with pytest.raises(WindowClosedError, match=words):
            review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now + DAY)
        assert spot(world, inquiry) == ("answered", "admin")
        assert not Outbound.objects.filter(office=world.office).exists()
    assert Answer.objects.get(office=world.office).state == "submitted"


def test_the_lines_language_is_preferred(world: World) -> None:
    template(world, language="en")
    template(world, language="id")
    assert notice_of(world, announced(world)).template == Template.objects.get(office=world.office, language="id")


def test_a_notice_that_fails_gives_the_answer_back(world: World) -> None:
    template(world)
    inquiry = announced(world)
    left(world, notice_of(world, inquiry), state="failed", outcome="undeliverable")
    assert spot(world, inquiry) == ("answered", "admin")
    answer = Answer.objects.get(office=world.office)
    assert (answer.state, answer.text) == ("submitted", "Bawa KK.")
    assert world.fresh(inquiry).waiting_since == inquiry.message.sent_at
    assert verbs(world, inquiry)[-1] == "notice.failed"
    # It can be sent again, and a tap on the first notice, should it have arrived, is seen by the admin.
    review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now + DAY)
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")
    assert Outbound.objects.filter(office=world.office, kind="template").count() == 2


def test_news_of_a_notice_after_the_answer_left_changes_nothing(world: World) -> None:
    template(world)
    inquiry = announced(world)
    notice = notice_of(world, inquiry)
    left(world, notice)
    taps(world, inquiry.code, world.now + DAY)
    left(world, notice, state="failed", outcome="undeliverable")
    assert spot(world, inquiry) == ("answered", "nobody")


def test_the_admin_takes_a_waiting_answer_back(world: World) -> None:
    template(world)
    inquiry = announced(world)
    for name in ("kesra", "camat"):
        with pytest.raises(NotAllowedError):
            waiting.withdraw(inquiry=world.fresh(inquiry), by=world.place(name), now=world.now + DAY)
    stale = world.fresh(inquiry)
    waiting.withdraw(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now + DAY)
    assert spot(world, inquiry) == ("answered", "admin")
    assert Answer.objects.get(office=world.office).state == "submitted"
    notice = notice_of(world, inquiry)
    assert (notice.state, notice.outcome) == ("failed", "called_off")
    with pytest.raises(TakenError, match="menarik jawaban"):
        waiting.withdraw(inquiry=stale, by=world.place("admin"), now=world.now + DAY)
    # Whoever taps now is heard by the admin, who holds it.
    tapped = taps(world, inquiry.code, world.now + DAY)
    assert (tapped.pk, tapped.state, tapped.holder, tapped.unread) == (inquiry.pk, "answered", "admin", 1)


def test_an_answer_that_cannot_leave_comes_back_and_the_message_is_taken_in(world: World) -> None:
    """It fitted when it was approved; since then the name of the section, its last line, has grown."""
    template(world)
    first = world.asks("syarat KK?")
    second = _second_inquiry(world)
    for inquiry in (first, second):
        review.answer_directly(inquiry=inquiry, text="Bawa KK.", by=world.place("admin"), now=world.now + DAY)
    Answer.objects.filter(office=world.office, inquiry=first).update(final_text="a" * 4090)
    later = world.now + timedelta(hours=60)
    world.asks("mana jawabannya pak?", received_at=later, sent_at=later)
    assert spot(world, first) == ("answered", "admin")
    answer = Answer.objects.get(office=world.office, inquiry=first)
    assert (answer.state, answer.outbound, answer.text) == ("submitted", None, "a" * 4090)
    assert verbs(world, first)[-1] == "answer.failed"
    assert notice_of(world, first).outcome == "called_off"
    # The other answer leaves all the same.
    assert spot(world, second) == ("answered", "nobody")
    assert len(texts(world)) == 1
    assert Entry.objects.filter(office=world.office, inbound__text="mana jawabannya pak?").count() == 1


def test_a_message_too_late_to_open_the_window_sends_nothing(world: World) -> None:
    template(world)
    inquiry = announced(world)
    sent, came = world.now + timedelta(hours=26), world.now + timedelta(hours=72)
    again = world.asks("bagaimana pak?", received_at=came, sent_at=sent)
    assert (again.pk, again.state, again.holder, again.unread) == (inquiry.pk, "answered", "admin", 1)
    assert texts(world) == []
    assert Answer.objects.get(office=world.office).state == "submitted"
    assert notice_of(world, inquiry).outcome == "called_off"
    assert verbs(world, inquiry)[-2:] == ["answer.withdrawn", "inquiry.joined"]


def test_thanks_too_late_to_open_the_window_leave_the_notice(world: World) -> None:
    template(world)
    inquiry = announced(world)
    sent, came = world.now + timedelta(minutes=5), world.now + timedelta(hours=72)
    world.asks("terima kasih", received_at=came, sent_at=sent)
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")
    assert texts(world) == []
    taps(world, inquiry.code, came)
    assert texts(world) == ["Bawa KK."]


def test_withdrawing_what_was_just_opened_is_refused(world: World) -> None:
    template(world)
    inquiry = announced(world)
    taps(world, inquiry.code, world.now + DAY)
    with pytest.raises(TakenError, match="baru saja membuka"):
        waiting.withdraw(inquiry=inquiry, by=world.place("admin"), now=world.now + DAY)


def test_a_notice_that_left_already_is_not_called_off(world: World) -> None:
    template(world)
    inquiry = announced(world)
    left(world, notice_of(world, inquiry))
    waiting.withdraw(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now + DAY)
    assert notice_of(world, inquiry).state == "accepted"


def test_a_tap_after_closing_without_the_answer_opens_it_again(world: World) -> None:
    template(world)
    inquiry = announced(world)
    left(world, notice_of(world, inquiry))
    review.close(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now + DAY)
    assert Answer.objects.get(office=world.office).state == "returned"
    again = taps(world, inquiry.code, world.now + DAY + timedelta(hours=1))
    assert (again.pk, again.state, again.holder) == (inquiry.pk, "reopened", "admin")
    assert texts(world) == []


def test_a_window_that_closed_on_the_way_takes_the_template_path_by_itself(world: World) -> None:
    template(world)
    inquiry = to_review(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    outbound = Outbound.objects.get(office=world.office, kind="text")
    left(world, outbound, state="failed", outcome="window_closed")
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")
    assert notice_of(world, inquiry).text == f"Jawaban untuk pertanyaan {inquiry.code} sudah ada."
    assert verbs(world, inquiry)[-2:] == ["answer.failed", "answer.announced"]
    # The failed message is told once more; the answer has nothing to do with it any longer.
    intake.delivery_changed([Outbound.objects.get(office=world.office, pk=outbound.pk)], now=world.now)
    assert spot(world, inquiry) == ("waiting_citizen", "citizen")
    taps(world, inquiry.code, world.now + DAY)
    assert texts(world) == ["Bawa KK.", "Bawa KK."]


def test_a_notice_that_cannot_be_queued_is_a_failure_too(world: World) -> None:
    """Nobody can be written to any more: the citizen gave up every id. The report is taken in all the same."""
    template(world)
    inquiry = to_review(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    Identity.objects.filter(office=world.office).update(retired_at=world.now)
    left(world, Outbound.objects.get(office=world.office, kind="text"), state="failed", outcome="window_closed")
    assert spot(world, inquiry) == ("answered", "admin")
    assert Answer.objects.get(office=world.office).state == "submitted"
    assert verbs(world, inquiry)[-1] == "answer.failed"


def test_without_a_template_a_window_that_closed_on_the_way_is_a_failure(world: World) -> None:
    inquiry = to_review(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    left(world, Outbound.objects.get(office=world.office), state="failed", outcome="window_closed")
    assert spot(world, inquiry) == ("answered", "admin")


def test_whoever_wrote_on_is_read_before_anything_is_announced(world: World) -> None:
    template(world)
    inquiry = to_review(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    world.asks("satu lagi: kalau KK hilang?")
    left(world, Outbound.objects.get(office=world.office), state="failed", outcome="window_closed")
    assert spot(world, inquiry) == ("answered", "admin")
    assert not Outbound.objects.filter(office=world.office, kind="template").exists()
