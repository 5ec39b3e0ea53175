"""What reaches an officer's phone late, or after the chat was closed: what asks for a deed, nothing that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from pelita.desk.actions import dispose, helping, reminding, review, secrecy, section
from pelita.desk.actions.absences import hand_over
from pelita.desk.models import Notice, NoticeDelivery
from pelita.desk.officers.pushing import _message
from pelita.offices.models import Absence
from pelita.push import actions as push
from pelita.web.present.told import pushed
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World
from tests.desk.officers import DAY, SITI, Phone, at_kesra, carry
from tests.desk.test_nobody_there import leave
from tests.desk.test_officer_carrying import template
from tests.desk.test_reminding import pass_on, wib
from tests.push.receiver import push_service

CAMAT = "6281200000004"


@pytest.fixture
def moment() -> datetime:
    return wib(25, 9)


def later(world: World, now: datetime) -> World:
    return World(world.office, world.line, now)


def opens(phone: Phone, now: datetime) -> list[str]:
    """Taps the newest template's button; what comes then."""
    shown = phone.last
    (payload,) = shown.content["button_values"]
    before = len(phone.shows())
    content = {"reply": {"kind": "template", "id": payload, "title": "Lihat"}}
    phone.writes("Lihat", quotes=shown, at=now, type="button", content=content)
    carry(later(phone.world, now))
    return [one.text for one in phone.shows()[before:]]


def test_an_escalation_knocks_at_a_camat_who_never_writes_and_has_no_push(world: World) -> None:
    camat = Phone(world, "camat", CAMAT)
    template(world)
    inquiry = pass_on(world)
    now = wib(30, 16)
    reminding.remind(now=now)
    carry(later(world, now))
    assert camat.last.kind == "template"
    assert camat.last.text == (
        f"Perkara {inquiry.code} menunggu Anda: sudah terlambat dan perlu perhatian Anda. "
        "Ketuk tombol di bawah ini untuk melihatnya."
    )
    assert f"{inquiry.code} menunggu jawaban seksi, terlambat sejak 25 Nov" in opens(camat, now)


def test_one_knock_is_enough_for_all_that_waits(world: World) -> None:
    camat = Phone(world, "camat", CAMAT)
    template(world)
    first = pass_on(world)
    second = world.asks(user_id="ID.2", wa_id="628120000002")
    kesra, admin = world.section("KESRA"), world.place("admin")
    dispose.dispose(inquiry=second, section=kesra, by=admin, now=world.now, due_at=wib(25, 15))
    now = wib(30, 16)
    reminding.remind(now=now)
    carry(later(world, now))
    assert [one.kind for one in camat.shows()].count("template") == 1
    said = "\n".join(opens(camat, now))
    assert first.code in said
    assert second.code in said


def test_a_substitute_of_the_admin_is_knocked_at(world: World) -> None:
    Phone(world, "pelayanan", SITI)
    template(world)
    world.asks()
    now = wib(26, 16)
    assert hand_over(now=now) == 1
    carry(later(world, now))
    last = Outbound.objects.filter(office=world.office).latest("id")
    assert (last.kind, "hari ini Anda menggantikan Admin" in last.text) == ("template", True)


def test_a_disposition_before_a_long_weekend_comes_whole_after_it(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    template(world)
    inquiry = at_kesra(later(world, world.now + DAY))
    assert siti.last.kind == "template"
    said = opens(siti, wib(1, 8, month=12))  # five days
    assert any(inquiry.code in one and "Pertanyaan warga" in one for one in said)


def test_what_days_off_held_back_is_new_when_they_are_over(world: World, settings: Settings) -> None:
    """A question that went to its section by itself on the first of ten days off."""
    settings.PUSH_LOOPBACK = True
    siti = Phone(world, "kesra", SITI)
    inquiry, back = world.asks(), wib(5, 6, month=12)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    Notice.objects.filter(office=world.office, inquiry=inquiry).update(tell_at=back)
    note = Notice.objects.filter(office=world.office, inquiry=inquiry)[0]
    Notice.objects.create(
        office=world.office, officer=note.officer, inquiry=inquiry, verb="note.mentioned", key="lama",
        data={"code": inquiry.code}, created_at=world.now, tell_at=back,
    )  # fmt: skip
    with push_service() as service:
        place = world.place("kesra")
        push.add(by=place, **service.browser("siti").fields(), words="Chrome", now=world.now)
        siti.writes("halo", at=back)
        carry(later(world, back))
        rows = NoticeDelivery.objects.filter(office=world.office, notice__inquiry=inquiry, channel="push")
        said = [_message(one, back, pushed) for one in rows.select_related("notice", "device__officer__office")]
    assert sorted(one.text for one in said if one) == [
        f"Anda disebut dalam catatan {inquiry.code}", f"{inquiry.code} diteruskan ke seksi Anda",
    ]  # fmt: skip
    assert f"Anda disebut dalam catatan {inquiry.code}" in [one.text for one in siti.shows()]
    assert any("Pertanyaan warga" in one.text for one in siti.shows())


def test_history_and_yesterdays_summary_are_not_brought(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    pass_on(world)
    world.now = wib(26, 8)
    reminding.digest(now=world.now)
    carry(world, DAY)
    before = len(siti.shows())
    siti.writes("halo", at=wib(27, 12))
    carry(later(world, wib(27, 12)))
    assert not any("Selamat pagi" in one.text for one in siti.shows()[before:])


def test_nobody_is_reminded_on_a_phone_of_what_is_done(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = pass_on(world)
    late = wib(26, 16)
    reminding.remind(now=late)
    carry(later(world, late))
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=late)
    before = len(siti.shows())
    siti.writes("halo", at=late + timedelta(minutes=5))
    carry(later(world, late + timedelta(minutes=5)))
    assert not any("sudah lewat" in one.text for one in siti.shows()[before:])


def test_an_unattended_hand_over_knocks_at_the_admin(world: World) -> None:
    phone = Phone(world, "admin", CAMAT)
    template(world)
    leave(world, "kesra")
    at_kesra(later(world, world.now + DAY))
    assert "seksinya tidak ada petugas hari ini" in phone.last.text


@pytest.mark.parametrize("over", ["they are back", "it was taken back"])
def test_that_nobody_is_there_is_not_told_when_it_is_over(world: World, over: str) -> None:
    admin = Phone(world, "admin", CAMAT)
    leave(world, "kesra")
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    if over == "they are back":
        Absence.objects.filter(office=world.office).delete()
    else:
        dispose.recall(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    before = len(admin.shows())
    carry(later(world, world.now + timedelta(minutes=5)))
    assert not any("tidak ada petugas" in one.text for one in admin.shows()[before:])


# -- what has not left yet --


def test_what_waits_behind_a_stopped_number_does_not_leave_to_who_lost_sight(world: World) -> None:
    siti, camat = Phone(world, "kesra", SITI), Phone(world, "camat", CAMAT)
    inquiry = at_kesra(world)
    sent = Outbound.objects.filter(office=world.office, to_phone=SITI).latest("id")
    assert sent.state == "queued"
    secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
    carry(world)
    sent = Outbound.objects.get(office=world.office, pk=sent.pk)
    assert (sent.state, sent.outcome) == ("failed", "called_off")
    assert NoticeDelivery.objects.get(office=world.office, outbound=sent).state == "skipped"
    last = Outbound.objects.filter(office=world.office, to_phone=CAMAT).latest("id")
    assert (last.state, inquiry.code in last.text) == ("queued", True)
    assert siti.row.confirmed_at == camat.row.confirmed_at


def test_nor_to_a_section_from_which_it_was_taken(world: World) -> None:
    Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    sent = Outbound.objects.filter(office=world.office, to_phone=SITI).latest("id")
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert Outbound.objects.get(office=world.office, pk=sent.pk).state == "failed"
    carry(world)
    last = Outbound.objects.filter(office=world.office, to_phone=SITI).latest("id")
    assert (last.state, last.text) == ("queued", f"{inquiry.code} ditarik admin dari seksi Anda")


def test_nor_the_question_which_of_several_was_meant(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    hidden, other = at_kesra(world), at_kesra(world, "Jadwal?", user_id="ID.2", wa_id="628120000002")
    siti.shows()
    siti.writes("Bawa KK.")
    asks = Outbound.objects.filter(office=world.office, to_phone=SITI).latest("id")
    assert (asks.state, hidden.code in str(asks.content), other.code in str(asks.content)) == ("queued", True, True)
    secrecy.hide(inquiry=hidden, by=world.place("admin"), now=world.now)
    asks = Outbound.objects.get(office=world.office, pk=asks.pk)
    assert (asks.state, asks.outcome) == ("failed", "called_off")


def test_nor_to_a_section_that_need_not_help_any_more(world: World) -> None:
    Phone(world, "pmd", SITI)
    inquiry, admin, pmd = at_kesra(world), world.place("admin"), world.section("PMD")
    helping.ask_help(inquiry=inquiry, sections=[pmd], by=admin, now=world.now)
    carry(world)
    sent = Outbound.objects.filter(office=world.office, to_phone=SITI).latest("id")
    assert (sent.state, inquiry.code in sent.text) == ("queued", True)
    helping.call_off(inquiry=inquiry, section=pmd, by=admin, now=world.now)
    assert Outbound.objects.get(office=world.office, pk=sent.pk).state == "failed"


def test_the_farewell_names_nothing_that_became_secret(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    before = len(siti.shows())
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    secrecy.hide(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    review.answer_directly(inquiry=world.fresh(inquiry), text="Baik.", by=world.place("camat"), now=world.now)
    carry(world)
    assert siti.shows()[before:] == []
