"""A section that helps another one with an answer does so from the own phone too."""

from __future__ import annotations

from datetime import timedelta

from pelita.desk.actions import helping
from pelita.desk.actions.dispose import dispose
from pelita.desk.models import Disposition, Inquiry, Note
from pelita.offices.models import Duty
from tests.desk.conftest import World
from tests.desk.officers import PMD, SITI, Phone, carry, facts
from tests.desk.test_helping import states


def helped(world: World, text: str = "bantuan lansia belum punya ktp", **fields: object) -> Inquiry:
    """At Kesra, with PMD helping."""
    inquiry = world.asks(text, **fields)
    dispose(
        inquiry=inquiry, section=world.section("KESRA"), helpers=[world.section("PMD")],
        instruction="Jelaskan syaratnya.", by=world.place("admin"), now=world.now,
        due_at=world.now + timedelta(hours=26),
    )  # fmt: skip
    carry(world)
    return world.fresh(inquiry)


def test_a_request_for_help_is_shown_and_a_quotation_is_the_part(world: World) -> None:
    pmd = Phone(world, "pmd", PMD)
    inquiry = helped(world)
    shown = pmd.last
    assert shown.text.startswith(
        f"*{inquiry.code}* · {world.section('PMD').name}\nDiminta membantu Seksi Kesejahteraan Rakyat.\nTenggat: besok"
    )
    assert [one["title"] for one in shown.content["buttons"]] == ["Tulis bahan", "Bukan tupoksi kami"]
    pmd.writes("Surat pengantar dari desa.", quotes=shown)
    assert pmd.last.text == f"Bahan untuk {inquiry.code} sudah diserahkan. Terima kasih."
    note = Note.objects.select_related("section").get(office=world.office)
    assert (note.text, note.section and note.section.code) == ("Surat pengantar dari desa.", "PMD")
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "answered"}
    assert world.fresh(inquiry).state == "dispositioned"
    assert [one["step"] for one in facts(world, "officer.acted")] == ["help.given"]
    pmd.writes("Satu lagi.", quotes=shown)
    assert Note.objects.filter(office=world.office).count() == 1


def test_the_button_asks_for_the_part_and_what_quotes_nothing_is_asked_about(world: World) -> None:
    pmd = Phone(world, "pmd", PMD)
    inquiry = helped(world)
    pmd.taps(pmd.last, "Tulis bahan")
    assert pmd.last.text == f"Balas (kutip) pesan ini dengan bahan untuk {inquiry.code}."
    pmd.writes("Surat dari desa.")
    assert pmd.last.text == f"Apakah pesan Anda tadi menjadi bahan untuk {inquiry.code}?"
    pmd.taps(pmd.last, f"Ya, {inquiry.code}")
    assert Note.objects.get(office=world.office).text == "Surat dari desa."


def test_help_that_is_no_duty_goes_back_alone(world: World) -> None:
    pmd = Phone(world, "pmd", PMD)
    inquiry = helped(world)
    pmd.taps(pmd.last, "Bukan tupoksi kami")
    pmd.writes("Bukan urusan desa.", quotes=pmd.last)
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "refused"}
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("dispositioned", "section")


def test_who_serves_both_sections_speaks_for_the_one_that_was_asked(world: World) -> None:
    """The quotation of a request for help neither answers for the coordinating section nor gives its work back."""
    siti = Phone(world, "kesra", SITI)
    place = world.place("kesra")
    Duty.objects.create(
        office=world.office, officer=place.officer, role="officer", section=world.section("PMD"),
        starts_on=world.now.date(),
    )  # fmt: skip
    inquiry = helped(world)
    request = next(one for one in siti.shows() if "Diminta membantu" in one.text)
    siti.taps(request, "Bukan tupoksi kami")
    siti.writes("Tidak perlu.", quotes=siti.last)
    assert states(world, inquiry) == {"KESRA": "open", "PMD": "refused"}


def test_help_that_was_called_off_is_not_told_of_any_more(world: World) -> None:
    pmd = Phone(world, "pmd", PMD)
    inquiry = world.asks()
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    helping.ask_help(
        inquiry=world.fresh(inquiry), sections=[world.section("PMD")], by=world.place("admin"), now=world.now
    )
    helping.call_off(inquiry=world.fresh(inquiry), section=world.section("PMD"), by=world.place("admin"), now=world.now)
    before = len(pmd.shows())
    carry(world)
    assert not [one for one in pmd.shows()[before:] if one.kind == "buttons"]
    assert Disposition.objects.filter(office=world.office, state="withdrawn").count() == 1
