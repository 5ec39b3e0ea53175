"""Notices reach officers' own WhatsApp once, whole or announced, and never in place of the notice itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import dispose
from pelita.desk.actions.telling import mark_read
from pelita.desk.models import NoticeDelivery
from pelita.desk.officers import carrying, phones
from pelita.whatsapp.models import Outbound, Template
from pelita.whatsapp.templates import OFFICER_WAITING, OWN, components_of
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, DAY, HOUR, SITI, Phone, at_kesra, at_review, carry, tap

MINUTE = timedelta(minutes=1)


def template(world: World) -> Template:
    own = next(one for one in OWN if one.purpose == OFFICER_WAITING)
    return Template.objects.create(
        office=world.office, line=world.line, name=own.name, language="id", category="UTILITY", state="APPROVED",
        components=components_of(own), purpose=own.purpose, created_at=world.now, changed_at=world.now,
    )  # fmt: skip


def test_outside_the_window_a_template_announces_and_the_whole_follows(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    template(world)
    late = World(world.office, world.line, world.now + DAY)
    inquiry = at_kesra(late)
    shown = siti.last
    assert shown.kind == "template"
    assert shown.text == (
        f"Perkara {inquiry.code} menunggu Anda: disposisi untuk seksi Anda, tenggat besok pukul 13.00. "
        "Ketuk tombol di bawah ini untuk melihatnya."
    )
    (payload,) = shown.content["button_values"]
    carry(late)
    assert siti.last == shown
    content = {"reply": {"kind": "template", "id": payload, "title": "Lihat"}}
    siti.writes("Lihat", quotes=shown, at=late.now, type="button", content=content)
    carry(late)
    assert siti.last.kind == "buttons"
    assert list(NoticeDelivery.objects.filter(office=world.office).values_list("state", flat=True)) == ["sent"]


@pytest.mark.parametrize("read", [True, False])
def test_each_notice_is_carried_once_and_what_is_read_is_not(world: World, read: bool) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = world.asks()
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    if read:
        mark_read(by=world.place("kesra"), now=world.now)
    for _ in range(2):
        carry(world)
    assert len(siti.shows()) == (1 if read else 2)


def test_a_failed_message_is_told_where_it_was_meant_and_lies_in_no_other_list(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    shown = siti.last
    Outbound.objects.filter(office=world.office, pk=shown.pk).update(
        state="failed", failed_at=world.now, outcome="undeliverable"
    )
    carrying.deliveries_changed([Outbound.objects.get(office=world.office, pk=shown.pk)], now=world.now)
    assert NoticeDelivery.objects.get(office=world.office).state == "failed"
    assert Outbound.objects.get(office=world.office, pk=shown.pk).discarded_at == world.now
    carry(world, HOUR)
    assert siti.last == shown
    assert siti.row.unreached_at == world.now
    Outbound.objects.filter(office=world.office, pk=shown.pk).update(state="accepted", delivery="delivered")
    carrying.deliveries_changed([Outbound.objects.get(office=world.office, pk=shown.pk)], now=world.now)
    assert siti.row.unreached_at is None


def test_a_window_that_closed_on_the_way_is_announced(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    template(world)
    inquiry = at_kesra(world)
    shown = siti.last
    Outbound.objects.filter(office=world.office, pk=shown.pk).update(
        state="failed", failed_at=world.now, outcome="window_closed"
    )
    later = world.now + HOUR
    carrying.deliveries_changed([Outbound.objects.get(office=world.office, pk=shown.pk)], now=later)
    carry(world, HOUR)
    assert (siti.last.kind, inquiry.code in siti.last.text) == ("template", True)
    assert NoticeDelivery.objects.get(office=world.office).state == "announced"
    assert siti.row.unreached_at is None
    siti.writes("Halo", at=later)
    carry(world, HOUR)
    assert siti.last.kind == "buttons"


def test_what_a_citizen_adds_is_announced_once_in_a_while_and_as_that(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    template(world)
    late = World(world.office, world.line, world.now + DAY)
    inquiry = at_kesra(late)
    first = siti.last
    late.asks("Umurnya 78 tahun")
    carry(late, 3 * MINUTE)
    assert siti.last == first
    later = World(world.office, world.line, late.now + 4 * HOUR + MINUTE)
    later.asks("Saya di rumah")
    carry(later, 3 * MINUTE)
    assert siti.last.text.startswith(f"Perkara {inquiry.code} menunggu Anda: warga menambah pesan. ")
    siti.writes("Halo", at=later.now)
    carry(later, 3 * MINUTE)
    assert len(siti.shows()) == 7  # connected, two templates, help, and the three whole


@pytest.mark.parametrize("kind", ["text", "system"])
def test_what_opens_no_window_brings_no_second_template(world: World, kind: str) -> None:
    siti = Phone(world, "kesra", SITI)
    template(world)
    late = World(world.office, world.line, world.now + DAY)
    at_kesra(late)
    shown = siti.last
    siti.writes("Terima kasih", type=kind, at=late.now, sent_at=late.now if kind == "system" else world.now - HOUR)
    carry(late)
    assert siti.last == shown
    assert NoticeDelivery.objects.get(office=world.office).state == "announced"


def test_without_a_template_nothing_is_tried_and_the_second_day_looks_less_often(world: World) -> None:
    Phone(world, "kesra", SITI)
    late = World(world.office, world.line, world.now + DAY)
    at_kesra(late)
    for after, wait in ((timedelta(0), 15 * MINUTE), (HOUR, 15 * MINUTE), (DAY, HOUR)):
        carry(late, after)
        found = NoticeDelivery.objects.get(office=world.office)
        assert (found.state, found.attempts, found.next_at) == ("waiting", 0, late.now + after + wait)
    template(world)
    carry(late, DAY + HOUR)
    found.refresh_from_db()
    assert (found.state, found.attempts) == ("announced", 1)


def test_nobody_is_written_to_whose_number_is_not_confirmed(world: World) -> None:
    place = world.place("kesra")
    phones.register(officer=place.officer, number=SITI, by=place, now=world.now)
    at_kesra(world)
    assert not Outbound.objects.filter(office=world.office).exists()


def test_tokens_are_new_for_every_message(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    at_kesra(world, "Kapan?", user_id="ID.2", wa_id="6281234567892")
    first, second = siti.shows()[1:]
    assert tap(first, "Jawab") != tap(second, "Jawab")


def test_what_an_answer_should_not_say_by_accident_is_pointed_out(world: World) -> None:
    admin = Phone(world, "admin", ADMIN)
    at_review(world, "Pasti selesai besok. Hubungi 0812-3333-4444 atau 0851-5556-5667.")
    assert "Perhatikan sebelum mengirim" in admin.last.text
    assert "nomor HP seseorang: “0812-••••-4444”" in admin.last.text
    assert "janji tanpa tanggal atau syarat: “Pasti selesai besok”" in admin.last.text
    assert admin.last.text.count("nomor HP") == 1
