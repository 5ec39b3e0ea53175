"""Messages that failed for good: the list never lets an answer reach the citizen twice, and empties itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import asking, phone, review, waiting
from pelita.desk.actions.dead_letters import AskedAgainError, HeldByDeskError, discard, send_again
from pelita.desk.actions.wire import answer_deliveries
from pelita.desk.models import Answer, Conversation, Identity, Inquiry
from pelita.desk.queries import dead_letters
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.errors import NotAllowedError, NotFailedError
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World
from tests.desk.test_waiting import template


def answered(world: World, outcome: str = "undeliverable") -> tuple[Inquiry, Outbound]:
    """An inquiry whose answer failed, and that answer's message."""
    inquiry = world.asks()
    answer = review.answer_directly(inquiry=inquiry, text="Bawa KK.", by=world.place("admin"), now=world.now)
    assert answer.outbound is not None
    fail(world, answer.outbound, outcome)
    answer_deliveries([answer.outbound], now=world.now)
    return world.fresh(inquiry), answer.outbound


def fail(world: World, sent: Outbound, outcome: str = "undeliverable") -> None:
    sent.state, sent.outcome, sent.failed_at = "failed", outcome, world.now
    sent.save(update_fields=["state", "outcome", "failed_at"])


def phoned(world: World, text: str) -> None:
    """Somebody answers on the office's phone."""
    echo = Outbound.objects.create(
        office=world.office, line=world.line, thread=0, source="phone", state="accepted", delivery="sent", text=text,
        wamid="wamid.phone", to_user_id="ID.100", next_at=world.now, created_at=world.now,
    )  # fmt: skip
    phone.typed([echo], now=world.now)


def listed(world: World) -> list[int]:
    return [one.outbound.pk for one in dead_letters.page(world.office).rows]


def test_an_answer_is_on_the_list_with_whom_and_what(world: World) -> None:
    inquiry, sent = answered(world)
    [found] = dead_letters.page(world.office).rows
    assert found.citizen is not None
    assert found.inquiry is not None
    assert found.answer is not None
    assert (found.outbound.pk, found.citizen.name, found.inquiry.code) == (sent.pk, "Sulastri", inquiry.code)
    assert not found.announces
    assert found.of_desk


def test_an_answer_at_review_is_not_sent_past_the_desk(world: World) -> None:
    _, sent = answered(world)
    for who in ("admin", "operator"):
        with pytest.raises(HeldByDeskError):
            send_again(pk=sent.pk, by=world.place(who), now=world.now)
    sent.refresh_from_db()
    assert sent.state == "failed"


def test_sending_from_the_desk_takes_it_off_and_only_one_leaves(world: World) -> None:
    inquiry, sent = answered(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert listed(world) == []
    fact = Fact.objects.get(office=world.office, verb="outbound.discarded")
    assert (fact.subject_id, fact.actor_id) == (sent.pk, world.place("admin").officer.pk)
    with pytest.raises(NotFailedError):
        send_again(pk=sent.pk, by=world.place("admin"), now=world.now)
    assert Outbound.objects.filter(office=world.office, state="queued", kind="text").count() == 1


def test_what_was_an_answer_stays_the_desks(world: World) -> None:
    """Even when the list could not be emptied: nothing points from the answer to its first message any more."""
    inquiry, sent = answered(world)
    review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    Outbound.objects.filter(office=world.office, pk=sent.pk).update(discarded_at=None)
    assert not Answer.objects.filter(office=world.office, outbound=sent).exists()
    with pytest.raises(HeldByDeskError):
        send_again(pk=sent.pk, by=world.place("admin"), now=world.now)


@pytest.mark.parametrize("step", ["close", "send_back", "phone"])
def test_whatever_the_desk_does_takes_it_off(world: World, step: str) -> None:
    inquiry, sent = answered(world)
    assert listed(world) == [sent.pk]
    if step == "close":
        review.close(inquiry=inquiry, by=world.place("admin"), now=world.now)
    elif step == "send_back":
        Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(section=world.section("KESRA"))
        review.send_back(inquiry=world.fresh(inquiry), reason="Lengkapi.", by=world.place("admin"), now=world.now)
    else:
        phoned(world, "sudah kami jawab")
    assert listed(world) == []


def test_an_answer_that_took_the_template_path_is_on_no_list(world: World) -> None:
    template(world)
    _, sent = answered(world, "window_closed")
    assert Answer.objects.get(office=world.office).state == "waiting"
    assert listed(world) == []
    sent.refresh_from_db()
    assert sent.discarded_at is not None


def announced(world: World) -> tuple[Inquiry, Outbound]:
    """An answer that waits, and its notice, which failed."""
    template(world)
    inquiry = world.asks()
    Conversation.objects.filter(office=world.office).update(last_inbound_at=world.now - timedelta(hours=30))
    answer = review.answer_directly(inquiry=inquiry, text="Bawa KK.", by=world.place("admin"), now=world.now)
    assert answer.notice is not None
    return world.fresh(inquiry), answer.notice


def test_a_notice_is_not_sent_again_while_its_answer_lies_at_review(world: World) -> None:
    inquiry, notice = announced(world)
    fail(world, notice)
    waiting.notices_changed([notice], now=world.now)
    assert world.fresh(inquiry).state == "answered"
    [found] = dead_letters.page(world.office).rows
    assert found.announces
    with pytest.raises(HeldByDeskError):
        send_again(pk=notice.pk, by=world.place("admin"), now=world.now)


def test_a_notice_whose_answer_left_meanwhile_needs_nobody(world: World) -> None:
    _, notice = announced(world)
    Outbound.objects.filter(office=world.office, pk=notice.pk).update(state="accepted", outcome="accepted")
    world.asks("pripun pak?")  # opens the window: the answer is on its way
    notice.refresh_from_db()
    fail(world, notice)
    waiting.notices_changed([notice], now=world.now)
    assert listed(world) == []


def asked(world: World) -> tuple[Inquiry, Outbound]:
    """A request for a hidden number that failed."""
    inquiry = world.asks(wa_id="", user_id="ID.7")
    sent = asking.ask_number(inquiry=inquiry, by=world.place("admin"), now=world.now)
    fail(world, sent, "temporary")
    return inquiry, sent


def test_a_request_for_the_number_is_sent_again_once(world: World) -> None:
    _, sent = asked(world)
    send_again(pk=sent.pk, by=world.place("operator"), now=world.now)
    sent.refresh_from_db()
    assert sent.state == "queued"
    with pytest.raises(NotFailedError):
        send_again(pk=sent.pk, by=world.place("admin"), now=world.now)
    assert Fact.objects.filter(office=world.office, verb="outbound.resent").count() == 1


def test_a_request_that_was_made_anew_is_not(world: World) -> None:
    inquiry, sent = asked(world)
    later = world.now + timedelta(minutes=5)
    asking.ask_number(inquiry=inquiry, by=world.place("admin"), now=later)
    with pytest.raises(AskedAgainError):
        send_again(pk=sent.pk, by=world.place("admin"), now=later)


def test_a_request_for_a_number_that_is_known_is_not(world: World) -> None:
    inquiry, sent = asked(world)
    Identity.objects.create(
        office=world.office, citizen_id=inquiry.citizen_id, kind="phone", value="6281298765432",
        first_seen=world.now, last_seen=world.now,
    )  # fmt: skip
    with pytest.raises(AskedAgainError):
        send_again(pk=sent.pk, by=world.place("admin"), now=world.now)


def test_noting_that_it_is_dealt_with(world: World) -> None:
    inquiry, sent = answered(world)
    discard(pk=sent.pk, by=world.place("operator"), now=world.now)
    assert listed(world) == []
    assert world.fresh(inquiry).state == "answered"  # the answer still lies with the admin
    with pytest.raises(NotFailedError):
        discard(pk=sent.pk, by=world.place("admin"), now=world.now)


def test_who_may_and_whose_it_is(world: World) -> None:
    _, sent = asked(world)
    for act in (send_again, discard):
        with pytest.raises(NotAllowedError):
            act(pk=sent.pk, by=world.place("camat"), now=world.now)
        admin = world.place("admin")
        elsewhere = Office.objects.create(
            code=f"b{act.__name__}", name="B", region_code=act.__name__[:8], code_prefix="BBB", regency="R"
        )
        stranger = type(admin)(admin.officer, elsewhere, admin.roles, admin.section_ids)
        with pytest.raises(NotFailedError):
            act(pk=sent.pk, by=stranger, now=world.now)
        assert dead_letters.page(elsewhere).rows == []
    assert listed(world) == [sent.pk]
