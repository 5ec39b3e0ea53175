"""What the queue says follows what the citizen edits and takes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from pelita.desk import intake
from pelita.desk.actions import review
from pelita.desk.errors import TakenError
from pelita.desk.models import Answer, Entry, Inquiry, InquiryState
from pelita.journal.models import Fact
from pelita.whatsapp.actions.decorate import decorate
from pelita.whatsapp.models import Inbound
from tests.desk.conftest import World
from tests.desk.test_waiting import announced, template


def change(world: World, kind: str, target: Inbound, text: str = "", *, later: int = 60, **who: str) -> Inbound:
    """The citizen changes a message of the past, through wire and desk."""
    at = world.now + timedelta(seconds=later)
    content = {"edit": {"text": text}, "reaction": {"emoji": text}}.get(kind, {})
    sender = {"user_id": target.user_id, "wa_id": target.wa_id, **who}
    made = world.message(
        text, type=kind, target_wamid=target.wamid, content=content, sent_at=at, received_at=at, **sender
    )
    with transaction.atomic():
        decorate([made], now=at)
        intake.receive([made], now=at)
    return made


def verbs(world: World, inquiry: Inquiry) -> list[str]:
    rows = Fact.objects.filter(office=world.office, subject_type="inquiry", subject_id=inquiry.pk)
    return list(rows.order_by("id").values_list("verb", flat=True))


def test_edited_question_is_read_anew(world: World) -> None:
    inquiry = world.asks("Berapa biaya KK?")
    change(world, "edit", inquiry.message, "Berapa biaya KTP?")
    fresh = world.fresh(inquiry)
    assert (fresh.summary, fresh.question_id, fresh.state) == ("Berapa biaya KTP?", inquiry.question_id, "new")
    assert verbs(world, inquiry) == ["inquiry.opened", "message.edited"]
    # What the admin read before is old: the click is refused and the text stays with the person.
    with pytest.raises(TakenError):
        review.answer_directly(
            inquiry=inquiry, text="Gratis.", by=world.place("admin"), now=world.now, seen=inquiry.version
        )
    assert not Answer.objects.filter(office=world.office).exists()


def test_edit_of_another_message_leaves_the_summary(world: World) -> None:
    inquiry = world.asks("Berapa biaya KK?")
    second = world.message("Terus KTP?")
    with transaction.atomic():
        intake.receive([second], now=world.now)
    before = world.fresh(inquiry)
    change(world, "edit", second, "Terus KTP hilang?")
    fresh = world.fresh(inquiry)
    assert (fresh.summary, fresh.version) == ("Berapa biaya KK?", before.version + 1)


def test_revoked_question_shows_no_word_of_it(world: World) -> None:
    inquiry = world.asks("NIK kulo 3516150101900003")
    change(world, "revoke", inquiry.message)
    fresh = world.fresh(inquiry)
    assert (fresh.summary, fresh.message.shown, fresh.state) == ("Pesan ini dihapus", "", "new")
    assert fresh.waiting_since == inquiry.waiting_since
    assert verbs(world, inquiry)[-1] == "message.revoked"


def test_next_message_takes_the_place_of_a_revoked_question(world: World) -> None:
    inquiry = world.asks("salah kirim")
    later = world.now + timedelta(seconds=30)
    second = world.message("Syarat KK nopo mawon?", type="image", sent_at=later)
    with transaction.atomic():
        intake.receive([second], now=later)
    change(world, "revoke", inquiry.message)
    fresh = world.fresh(inquiry)
    assert (fresh.question_id, fresh.summary) == (second.pk, "[Foto] Syarat KK nopo mawon?")
    assert fresh.waiting_since == later


@pytest.mark.parametrize("kind", ["edit", "revoke"])
def test_change_that_came_before_its_message(world: World, kind: str) -> None:
    ghost = Inbound(wamid="wamid.telat", user_id="ID.100")
    change(world, kind, ghost, "Berapa biaya KTP?")
    assert not Inquiry.objects.filter(office=world.office).exists()
    late = world.message("Berapa biaya KK?", wamid="wamid.telat")
    with transaction.atomic():
        decorate([late], now=world.now)
        intake.receive([late], now=world.now)
    found = Inquiry.objects.filter(office=world.office)
    # Taken back before anybody could read it: kept in the thread, and nothing is left to answer.
    assert [one.summary for one in found] == (["Berapa biaya KTP?"] if kind == "edit" else [])
    assert Entry.objects.filter(office=world.office).count() == 2


def answered(world: World) -> Inquiry:
    inquiry = world.asks("Berapa biaya KK?")
    review.answer_directly(inquiry=inquiry, text="Gratis.", by=world.place("admin"), now=world.now)
    found = Inquiry.objects.filter(office=world.office, pk=inquiry.pk)
    found.update(state=InquiryState.DELIVERED, holder="citizen", waiting_since=None)
    return world.fresh(inquiry)


def test_edit_while_an_answer_waits_gives_it_back(world: World) -> None:
    """The words that it answers are no longer so, and an edit opens no window."""
    template(world)
    inquiry = announced(world)
    change(world, "edit", inquiry.message, "Berapa biaya KTP?", later=26 * 3600)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.holder, fresh.summary) == ("answered", "admin", "Berapa biaya KTP?")
    assert Answer.objects.get(office=world.office).state == "submitted"
    assert verbs(world, inquiry)[-2:] == ["answer.withdrawn", "message.edited"]


@pytest.mark.parametrize("kind", ["edit", "revoke"])
def test_nobody_opens_a_strangers_inquiry(world: World, kind: str) -> None:
    inquiry = answered(world)
    before = verbs(world, inquiry)
    question = Inbound.objects.get(office=world.office, pk=inquiry.message.pk)
    words = "Saya mau tanya hal lain, pak?"
    changed = change(world, kind, question, words, wa_id="6281200000666", user_id="ID.666")
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.summary, fresh.version) == (inquiry.state, inquiry.summary, inquiry.version)
    assert verbs(world, inquiry) == before
    assert Entry.objects.get(office=world.office, inbound=changed).inquiry != inquiry
    question.refresh_from_db()
    assert (question.edited_at, question.revoked_at) == (None, None)


def test_edit_after_the_answer_opens_the_inquiry_again(world: World) -> None:
    inquiry = answered(world)
    change(world, "edit", inquiry.message, "Berapa biaya KTP?")
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.holder, fresh.summary) == ("reopened", "admin", "Berapa biaya KTP?")
    assert fresh.waiting_since == world.now + timedelta(seconds=60)


def test_edit_into_thanks_after_the_answer_opens_nothing(world: World) -> None:
    inquiry = answered(world)
    change(world, "edit", inquiry.message, "Nggih, matur nuwun")
    assert world.fresh(inquiry).state == "delivered"


def test_revocation_after_the_answer_opens_nothing(world: World) -> None:
    inquiry = answered(world)
    change(world, "revoke", inquiry.message)
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.waiting_since, fresh.summary) == ("delivered", None, "Pesan ini dihapus")


def test_reaction_opens_nothing_and_is_told(world: World) -> None:
    inquiry = answered(world)
    change(world, "reaction", inquiry.message, "👍")
    assert world.fresh(inquiry).state == "delivered"
    assert verbs(world, inquiry)[-1] == "message.reacted"


def test_change_belongs_to_the_inquiry_of_its_message(world: World) -> None:
    first = world.asks("Berapa biaya KK?")
    Inquiry.objects.filter(office=world.office, pk=first.pk).update(
        state=InquiryState.CLOSED, holder="nobody", closed_at=world.now - timedelta(days=3), waiting_since=None
    )
    second = world.asks("Jalan rusak")
    assert first.pk != second.pk
    made = change(world, "reaction", first.message, "👍")
    assert Entry.objects.get(office=world.office, inbound=made).inquiry_id == first.pk


@pytest.mark.parametrize(
    ("kind", "content", "text", "summary"),
    [
        ("image", {"caption": "KK kulo"}, "KK kulo", "[Foto] KK kulo"),
        ("image", {}, "", "[Foto]"),
        ("location", {"location": {}}, "Balai Desa", "[Lokasi] Balai Desa"),
        ("button", {"reply": {"kind": "template"}}, "Lihat jawaban", "Lihat jawaban"),
        ("hologram", {}, "", "[Jenis pesan lain]"),
    ],
)
def test_line_of_the_queue(world: World, kind: str, content: object, text: str, summary: str) -> None:
    assert world.asks(text, type=kind, content=content).summary == summary


def test_sticker_after_an_answer_is_a_nod(world: World) -> None:
    inquiry = answered(world)
    world.asks("", type="sticker", user_id=inquiry.message.user_id)
    assert world.fresh(inquiry).state == "delivered"


def test_allowance_to_call_opens_nothing(world: World) -> None:
    made = world.message("", type="interactive", content={"reply": {"kind": "call_permission", "id": "accept"}})
    with transaction.atomic():
        intake.receive([made], now=world.now)
    assert not Inquiry.objects.filter(office=world.office).exists()
    assert Entry.objects.filter(office=world.office, inbound=made).count() == 1
