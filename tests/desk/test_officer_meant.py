"""What officers write on their phones as people do: "Siap Bu", "Warga silakan …", too late, edited, in reply to a
reminder. None of it may reach a citizen by mistake, and none of it may be lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.desk.actions import dispose, review, section
from pelita.desk.actions.reminding import remind
from pelita.desk.models import Answer, Disposition, Inquiry, Notice
from pelita.desk.officers import carrying, words
from pelita.whatsapp.models import Delivery, Inbound, Outbound
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, DAY, HOUR, PMD, SITI, Phone, at_kesra, carry, facts
from tests.desk.test_officer_carrying import template
from tests.desk.test_officer_files import coming


def given(world: World) -> Disposition:
    return Disposition.objects.get(office=world.office, section=world.section("KESRA"))


@pytest.mark.parametrize(
    ("text", "nod"),
    [
        ("Siap Bu", True), ("Nggih pak, segera kami tindak lanjuti", True), ("siap laksanakan 🙏", True), ("👍", True),
        ("Baik, kami cek dulu", True), ("Siap, warga bawa KK", False), ("Bawa KK.", False),
        ("kami", False), ("", False),
    ],
)  # fmt: skip
def test_what_is_a_nod(text: str, nod: bool) -> None:  # a table's column
    assert words.nods(text) is nod


def test_siap_bu_is_noted_and_no_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("Siap Bu, segera kami cek", quotes=shown)
    assert siti.last.text.startswith(f"Dicatat: {inquiry.code} dikerjakan seksi Anda. Untuk menjawab, kutip lagi")
    assert not Answer.objects.filter(office=world.office).exists()
    hand_over = given(world)
    assert hand_over.read_by == hand_over.accepted_by == world.place("kesra").officer
    siti.writes("Bawa KK.", quotes=shown)
    assert Answer.objects.get(office=world.office).text == "Bawa KK."


def test_who_acts_on_the_phone_has_read_what_was_brought_there(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    world.asks("Umurnya 78 tahun")  # told in two minutes
    siti.taps(siti.last, "Jawab")
    mine = Notice.objects.filter(office=world.office, officer=siti.row.officer)
    assert set(mine.values_list("verb", "read_at")) == {("inquiry.dispositioned", world.now), ("inquiry.added", None)}


@pytest.mark.parametrize("how", ["sticker", "reaction"])
def test_a_sign_of_a_nod_counts_as_well(world: World, how: str) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    shown, before = siti.last, len(siti.shows())
    if how == "sticker":
        siti.writes("", type="sticker", quotes=shown)
    else:
        siti.writes("👍", type="reaction", target_wamid=shown.wamid, content={"emoji": "👍"})
    assert given(world).accepted_at == world.now
    assert len(siti.shows()) == before + (how == "sticker")


def test_a_nod_at_the_prompt_is_the_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world, "Apakah besok buka?")
    siti.taps(siti.last, "Jawab")
    assert given(world).accepted_at == world.now
    siti.writes("Nggih.", quotes=siti.last)
    assert Answer.objects.get(office=world.office).text == "Nggih."


def test_an_answer_may_begin_with_warga(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("Warga silakan datang hari Senin")
    assert siti.last.text == f"Apakah pesan Anda tadi menjadi jawaban untuk {inquiry.code}?"
    siti.writes("WARGA diminta membawa KK.", quotes=shown)
    assert Answer.objects.get(office=world.office).text == "WARGA diminta membawa KK."
    siti.writes("Warga bertanya: kapan jalan diperbaiki?")  # nothing is open any more
    siti.writes("WARGA: dan lampunya?")
    assert Inquiry.objects.filter(office=world.office, citizen__identities__value=SITI).count() == 1


def test_opening_it_on_the_phone_is_stamped(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    shown = siti.last
    Outbound.objects.filter(office=world.office, pk=shown.pk).update(delivery=Delivery.READ)
    shown.refresh_from_db()
    carrying.deliveries_changed([shown], now=world.now + HOUR)
    assert (given(world).read_at, given(world).accepted_at) == (world.now + HOUR, None)


def test_an_unquoted_answer_hours_later_is_asked_about(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.writes("Bawa KK.", at=world.now + 5 * HOUR)
    siti.taps(siti.last, f"Ya, {inquiry.code}", at=world.now + 5 * HOUR)
    assert world.fresh(inquiry).state == "answered"


@pytest.mark.parametrize("how", ["edit", "revoke"])
def test_what_was_handed_in_stays_and_both_hear_of_the_change(world: World, how: str) -> None:
    siti, admin = Phone(world, "kesra", SITI), Phone(world, "admin", ADMIN)
    inquiry = at_kesra(world)
    written = siti.writes("Bawa KK.", quotes=siti.last)
    siti.writes("Warga bawa KTP.", type=how, target_wamid=written.wamid, content={"text": "Warga bawa KTP."})
    assert siti.last.text.startswith(f"Jawaban {inquiry.code} sudah diserahkan")
    assert Answer.objects.get(office=world.office).text == "Bawa KK."
    assert [fact["deleted"] for fact in facts(world, "officer.changed")] == [how == "revoke"]
    carry(world)
    assert any(one.text.startswith("Petugas mengubah pesannya") for one in admin.shows())
    review.send(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    siti.writes("Bawa SIM.", type=how, target_wamid=written.wamid, content={"text": "Bawa SIM."})
    assert siti.last.text.startswith(f"Jawaban {inquiry.code} sudah dikirim ke warga")


def edit(phone: Phone, written: Inbound, text: str, how: str = "edit") -> None:
    phone.writes(text, type=how, target_wamid=written.wamid, content={"text": text})


def test_an_edit_of_a_nod_or_of_a_returned_answer_is_told_to_be_no_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    nod = siti.writes("Siap Bu", quotes=shown)
    noted = siti.last
    edit(siti, nod, "Siap, nggih")
    edit(siti, nod, "", "revoke")
    assert siti.last == noted
    edit(siti, nod, "Bawa KK.")
    told = f"Suntingan tidak terbaca sebagai jawaban. Kutip lagi pesan {inquiry.code} dan tulis jawabannya."
    assert siti.last.text == told
    assert not Answer.objects.filter(office=world.office).exists()
    written = siti.writes("Bawa KK.", quotes=shown)
    edit(siti, nod, "Bawa KK saja.")
    assert siti.last.text.startswith(f"Jawaban {inquiry.code} sudah diserahkan")
    review.send_back(inquiry=world.fresh(inquiry), reason="Kurang.", by=world.place("admin"), now=world.now)
    edit(siti, written, "Bawa KK dan KTP.")
    assert siti.last.text == told
    assert [one["why"] for one in facts(world, "officer.refused")] == ["edited"] * 2


@pytest.mark.parametrize("said", ["👍", "Siap, terima kasih"])
def test_politeness_after_handing_in_is_answered_with_silence(world: World, said: str) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    shown = siti.last
    siti.writes("Bawa KK.", quotes=shown)
    before = siti.last
    if said == "👍":
        siti.writes(said, type="reaction", target_wamid=shown.wamid, content={"emoji": said})
    else:
        siti.writes(said, quotes=shown)
    assert siti.last == before
    assert facts(world, "officer.refused") == []


def test_a_sign_under_what_went_elsewhere_is_answered_with_silence(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    section.refuse(inquiry=inquiry, reason="Urusan PMD.", by=world.place("kesra"), now=world.now)
    siti.writes("👍", type="reaction", target_wamid=shown.wamid, content={"emoji": "👍"})
    assert (siti.last, facts(world, "officer.refused")) == (shown, [])


def test_iya_is_a_nod_that_names_the_way_to_answer_with_it(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world, "Apakah besok buka?")
    shown = siti.last
    siti.writes("Iya", quotes=shown)
    assert siti.last.text.endswith("Bila yang tadi itu jawabannya, ketuk Jawab lalu tulis lagi.")
    siti.taps(shown, "Jawab")
    siti.writes("Iya", quotes=siti.last)
    assert Answer.objects.get(office=world.office).text == "Iya"


def test_a_reminder_can_be_answered_and_one_that_is_over_is_not_told(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    late = World(world.office, world.line, world.now + timedelta(hours=24))
    siti.writes("Halo", at=late.now - HOUR)
    while not Notice.objects.filter(office=world.office, verb__startswith="reminder", officer=siti.row.officer):
        late.now += HOUR
        assert remind(now=late.now) <= 1
    Notice.objects.filter(office=world.office).update(tell_at=late.now)
    siti.writes("Halo", at=late.now)
    carry(late)
    reminder = siti.last
    assert (reminder.kind, "menunggu jawaban seksi" in reminder.text) == ("buttons", True)
    siti.writes("Bawa KK.", quotes=reminder, at=late.now)
    assert world.fresh(inquiry).state == "answered"
    count = len(siti.shows())
    Notice.objects.filter(office=world.office, verb__startswith="reminder").update(spread_at=None, key="once more")
    carry(late)
    assert len(siti.shows()) == count


def test_all_that_the_citizen_wrote_is_shown(world: World) -> None:
    siti, admin = Phone(world, "kesra", SITI), Phone(world, "admin", ADMIN)
    world.asks("Selamat siang Bu")
    world.asks("", type="image", media=coming(world))
    inquiry = at_kesra(world, "Bantuan ibu saya, NIK 3516150101900003")
    assert (
        "“Selamat siang Bu\n[Foto]\nBantuan ibu saya, NIK 3516••••••••0003”\n\n"
        "Foto dan berkas warga bisa dibuka di meja.\n\nInstruksi"
    ) in siti.last.text
    later = world.now + timedelta(minutes=3)
    world.asks("Umurnya 78 tahun")
    world.asks("Terima kasih")
    carry(world)
    carry(world, after=timedelta(minutes=3))
    added = siti.last
    assert added.text.startswith(f"*{inquiry.code}* · Seksi Kesejahteraan Rakyat\nWarga menambah pesan")
    assert "Umurnya 78 tahun" in added.text
    assert Notice.objects.filter(office=world.office, verb="inquiry.added", officer=siti.row.officer).count() == 1
    siti.writes("Bawa KK.", quotes=added, at=later)
    carry(world, after=timedelta(minutes=4))
    assert "Umurnya 78 tahun" in admin.last.text


def test_what_comes_while_the_admin_reads_brings_the_answer_once_more(world: World) -> None:
    siti, admin = Phone(world, "kesra", SITI), Phone(world, "admin", ADMIN)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("Bawa KK.", quotes=shown)
    carry(world)
    first = admin.last
    world.asks("Umurnya 78 tahun")
    admin.taps(first, "Kirim")
    assert admin.last.text.startswith("Warga baru saja menulis lagi.")
    carry(world, after=timedelta(minutes=3))
    again = admin.last
    assert "Warga menambah pesan" in again.text
    assert "Umurnya 78 tahun”\n\nJawaban:\nBawa KK." in again.text
    siti.taps(shown, "Jawab")
    assert "menyerahkan jawaban" in siti.last.text or "Warga baru saja menulis lagi" in siti.last.text
    admin.taps(again, "Kirim")
    assert admin.last.text == f"Jawaban {inquiry.code} dikirim ke warga."


def test_reasons_and_parts_come_along(world: World) -> None:
    siti, admin = Phone(world, "kesra", SITI), Phone(world, "admin", ADMIN)
    pmd = Phone(world, "pmd", PMD)
    inquiry = world.asks("Bantuan usaha?")
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), helpers=[world.section("PMD")], by=world.place("admin"),
        now=world.now,
    )  # fmt: skip
    carry(world)
    pmd.writes("Surat dari desa, NIK 3516150101900003.", quotes=pmd.last)
    carry(world)
    assert siti.last.text == f"Bahan jawaban untuk {inquiry.code} sudah ada\n\n“Surat dari desa, NIK 3516••••••••0003.”"
    section.refuse(inquiry=world.fresh(inquiry), reason="Urusan PMD.", by=world.place("kesra"), now=world.now)
    carry(world)
    assert admin.last.text.endswith("dikembalikan seksi sebagai bukan tupoksi\n\n“Urusan PMD.”")


def test_without_a_template_it_is_tried_again_until_there_is_one(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    late = World(world.office, world.line, world.now + DAY)
    at_kesra(late)
    assert len(siti.shows()) == 1
    template(world)
    carry(late, after=timedelta(minutes=16))
    assert siti.last.kind == "template"


def test_who_writes_before_the_template_is_approved_gets_it_at_once(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    late = World(world.office, world.line, world.now + DAY)
    inquiry = at_kesra(late)
    siti.writes("Halo", at=late.now)
    carry(late)
    assert siti.last.text.startswith(f"*{inquiry.code}*")
