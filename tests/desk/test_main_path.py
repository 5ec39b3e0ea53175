"""The main path through the desk's actions: ask, pass on, answer, review, send, deliver, close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk import intake, jobs
from pelita.desk.actions import dispose, review, section
from pelita.desk.actions.reading import mark_seen
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError, WindowClosedError
from pelita.desk.models import Answer, Citizen, Conversation, Disposition, Entry, Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World


def verbs(world: World, inquiry: Inquiry) -> list[str]:
    rows = Fact.objects.filter(office=world.office, subject_type="inquiry", subject_id=inquiry.pk)
    return list(rows.order_by("id").values_list("verb", flat=True))


def sent(world: World, inquiry: Inquiry) -> Outbound:
    """Walk an inquiry to the moment where its answer is enqueued."""
    dispose.dispose(
        inquiry=inquiry, section=world.section("PELAYANAN"), by=world.place("admin"), now=world.now,
        instruction="Sebutkan syarat.", due_at=world.now + timedelta(hours=2),
    )  # fmt: skip
    section.submit(inquiry=inquiry, text="Bawa fotokopi KK.", by=world.place("pelayanan"), now=world.now)
    answer = review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert answer.outbound is not None
    return answer.outbound


def report(world: World, outbound: Outbound, status: str) -> None:
    """What the wire room does when WhatsApp reports a status."""
    Outbound.objects.filter(office=world.office, pk=outbound.pk).update(
        delivery=status, state="failed" if status == "failed" else "accepted"
    )
    intake.delivery_changed([Outbound.objects.get(office=world.office, pk=outbound.pk)], now=world.now)


def test_from_question_to_closed(world: World) -> None:
    inquiry = world.asks()
    assert (inquiry.state, inquiry.holder, inquiry.unread) == ("new", "admin", 1)
    assert inquiry.code.startswith("KML-")
    outbound = sent(world, inquiry)
    assert outbound.reply_to == inquiry.message.wamid
    assert outbound.text == f"Bawa fotokopi KK.\n\nSeksi Pelayanan · {inquiry.code}"
    assert (outbound.to_phone, outbound.to_user_id) == ("6281234567890", "ID.100")
    for status, state in (("sent", "answered"), ("delivered", "delivered"), ("read", "closed")):
        report(world, outbound, status)
        assert world.fresh(inquiry).state == state
    assert verbs(world, inquiry) == [
        "inquiry.opened", "inquiry.dispositioned", "answer.submitted", "answer.sent", "answer.sent",
        "answer.delivered", "inquiry.delivered", "answer.read", "inquiry.closed",
    ]  # fmt: skip
    assert Disposition.objects.get(office=world.office).state == "answered"
    assert Answer.objects.get(office=world.office).state == "delivered"


def test_read_without_delivered_closes(world: World) -> None:
    inquiry = world.asks()
    report(world, sent(world, inquiry), "read")
    closed = world.fresh(inquiry)
    assert (closed.state, closed.delivered_at, closed.closed_at) == ("closed", world.now, world.now)


def test_a_repeat_joins_and_keeps_its_place(world: World) -> None:
    inquiry = world.asks()
    first = inquiry.waiting_since
    again = world.asks("halo?", received_at=world.now + timedelta(hours=1), sent_at=world.now + timedelta(hours=1))
    assert again.pk == inquiry.pk
    assert (again.waiting_since, again.unread) == (first, 2)
    assert Inquiry.objects.filter(office=world.office).count() == 1


def test_what_follows_a_greeting_is_the_question(world: World) -> None:
    greeted = world.asks("Assalamualaikum bu")
    asked = world.asks("syarat KK pindahan?")
    assert (asked.pk, asked.asked, asked.summary) == (greeted.pk, "syarat KK pindahan?", "syarat KK pindahan?")
    assert asked.waiting_since == greeted.waiting_since
    again = world.asks("dari Jombang")
    assert again.asked == "syarat KK pindahan?"


def test_message_while_answer_is_under_way_reopens(world: World) -> None:
    inquiry = world.asks()
    outbound = sent(world, inquiry)
    joined = world.asks("kalau KK hilang bagaimana?")
    assert (joined.pk, joined.state) == (inquiry.pk, "answered")
    report(world, outbound, "delivered")
    again = world.fresh(inquiry)
    assert (again.state, again.holder, again.section) == ("reopened", "admin", None)
    assert again.summary == "kalau KK hilang bagaimana?"
    assert again.message.text == "kalau KK hilang bagaimana?"


def test_thanks_open_nothing_and_a_follow_up_reopens(world: World) -> None:
    inquiry = world.asks()
    report(world, sent(world, inquiry), "read")
    assert world.asks("matur nuwun nggih pak 🙏").state == "closed"
    again = world.asks("kalau KK-nya hilang juga gimana?")
    assert (again.pk, again.state) == (inquiry.pk, "reopened")
    assert Entry.objects.filter(office=world.office, inquiry=inquiry).count() == 4


def test_later_message_opens_another_inquiry_unless_it_quotes(world: World) -> None:
    inquiry = world.asks()
    outbound = sent(world, inquiry)
    Outbound.objects.filter(office=world.office, pk=outbound.pk).update(wamid="wamid.answer")
    report(world, outbound, "read")
    later = world.now + timedelta(days=3)
    quoting = world.asks("lha ini?", received_at=later, sent_at=later, context_wamid="wamid.answer")
    assert (quoting.pk, quoting.state) == (inquiry.pk, "reopened")
    review.close(inquiry=quoting, by=world.place("admin"), now=later)
    much_later = later + timedelta(days=3)
    fresh = world.asks("mau urus SKTM", received_at=much_later, sent_at=much_later)
    assert fresh.pk != inquiry.pk
    assert (
        Conversation.objects.filter(office=world.office).count() == Citizen.objects.filter(office=world.office).count()
    )


def test_failed_delivery_gives_the_answer_back(world: World) -> None:
    inquiry = world.asks()
    report(world, sent(world, inquiry), "failed")
    held = world.fresh(inquiry)
    assert (held.state, held.holder) == ("answered", "admin")
    again = review.send(inquiry=held, by=world.place("admin"), now=world.now)
    assert again.final_text == "Bawa fotokopi KK."
    assert Outbound.objects.filter(office=world.office, kind="text").count() == 2


def test_refuse_return_recall_and_direct_answer(world: World) -> None:
    admin = world.place("admin")
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=admin, now=world.now)
    with pytest.raises(InvalidError):
        section.refuse(inquiry=inquiry, reason=" ", by=world.place("kesra"), now=world.now)
    section.refuse(inquiry=inquiry, reason="Ini urusan Pelayanan.", by=world.place("kesra"), now=world.now)
    assert (inquiry.state, inquiry.holder, inquiry.section) == ("returned", "admin", None)
    dispose.dispose(inquiry=inquiry, section=world.section("PELAYANAN"), by=admin, now=world.now)
    section.submit(inquiry=inquiry, text="Datang saja.", by=world.place("pelayanan"), now=world.now)
    review.send_back(inquiry=inquiry, reason="Mohon tambahkan jam layanan.", by=admin, now=world.now)
    assert (inquiry.state, inquiry.holder) == ("returned", "section")
    section.save_draft(inquiry=inquiry, text="Datang pukul 8", by=world.place("pelayanan"), now=world.now)
    dispose.recall(inquiry=inquiry, by=admin, now=world.now)
    assert (inquiry.state, inquiry.holder, inquiry.section) == ("reopened", "admin", None)
    answer = review.answer_directly(inquiry=inquiry, text="Silakan datang pukul 08.00.", by=admin, now=world.now)
    assert answer.outbound is not None
    assert answer.outbound.text.endswith(f"Kecamatan Kemlagi · {inquiry.code}")
    states = list(Disposition.objects.filter(office=world.office).order_by("id").values_list("state", flat=True))
    assert states == ["refused", "withdrawn"]


def test_old_page_and_foreign_hands_are_refused(world: World) -> None:
    inquiry = world.asks()
    seen = inquiry.version
    stale = world.fresh(inquiry)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    with pytest.raises(TakenError, match=r"Endang Lestari sudah meneruskan pertanyaan ini ke seksi pukul 10\.00"):
        dispose.dispose(inquiry=stale, section=world.section("PMD"), by=world.place("pengganti"), now=world.now)
    with pytest.raises(TakenError):
        section.submit(inquiry=inquiry, text="Ya.", by=world.place("kesra"), now=world.now, seen=seen)
    for name in ("pmd", "camat", "operator", "admin"):
        with pytest.raises(NotAllowedError):
            section.submit(inquiry=inquiry, text="Ya.", by=world.place(name), now=world.now)
    with pytest.raises(NotAllowedError):
        dispose.recall(inquiry=inquiry, by=world.place("camat"), now=world.now)


def test_after_the_window_the_answer_stays(world: World) -> None:
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    section.submit(inquiry=inquiry, text="Bawa KK.", by=world.place("kesra"), now=world.now)
    with pytest.raises(WindowClosedError):
        review.send(inquiry=inquiry, by=world.place("admin"), now=world.now + timedelta(hours=25))
    assert world.fresh(inquiry).state == "answered"
    assert not Outbound.objects.filter(office=world.office).exists()


def test_looking_marks_read_once(world: World) -> None:
    inquiry = world.asks()
    assert not mark_seen(inquiry=inquiry, by=world.place("pelayanan"), now=world.now)
    assert mark_seen(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert not mark_seen(inquiry=inquiry, by=world.place("admin"), now=world.now)
    mark = Outbound.objects.get(office=world.office)
    assert (mark.kind, mark.reply_to) == ("read_mark", inquiry.message.wamid)


def test_silence_after_delivery_closes(world: World) -> None:
    inquiry = world.asks()
    report(world, sent(world, inquiry), "delivered")
    assert jobs.close_silent(now=world.now + timedelta(hours=23)) == 0
    assert jobs.close_silent(now=world.now + timedelta(hours=24)) == 1
    assert world.fresh(inquiry).state == "closed"


def test_reactions_open_nothing_and_photos_do(world: World) -> None:
    message = world.message("", type="reaction", supported=False)
    intake.receive([message], now=world.now)
    assert not Inquiry.objects.filter(office=world.office).exists()
    inquiry = world.asks("", type="image", supported=False)
    assert (inquiry.state, inquiry.summary) == ("new", "[Foto]")
