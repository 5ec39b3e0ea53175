"""What an officer's own WhatsApp says about an inquiry that the officer may not see any more: nothing."""

from __future__ import annotations

import pytest

from pelita.desk.actions import review, secrecy
from pelita.desk.actions.absences import enter_absence
from pelita.desk.actions.dispose import dispose
from pelita.desk.errors import InvalidError
from pelita.desk.models import NoticeDelivery
from pelita.desk.officers import phones
from pelita.offices.models import Duty
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, SITI, Phone, at_kesra, at_review, carry


def said_since(phone: Phone, before: int) -> str:
    return "\n".join(f"{one.text} {one.content}" for one in phone.shows()[before:])


def test_what_became_secret_is_not_offered_to_an_unquoted_text(world: World) -> None:
    phone = Phone(world, "admin", ADMIN)
    inquiry = at_review(world)
    assert inquiry.code in phone.last.text
    secrecy.hide(inquiry=inquiry, by=world.place("camat"), now=world.now)
    before = len(phone.shows())
    phone.writes("Sudah saya baca.")
    assert len(phone.shows()) > before
    assert inquiry.code not in said_since(phone, before)
    assert "bantuan" not in said_since(phone, before)


def test_the_section_that_was_left_is_not_offered_either(world: World) -> None:
    phone = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    assert inquiry.code in phone.last.text
    Duty.objects.filter(office=world.office, officer__username="kesra").update(section=world.section("PMD"))
    before = len(phone.shows())
    phone.writes("Bawa KK.")
    assert len(phone.shows()) > before
    assert inquiry.code not in said_since(phone, before)


def test_buttons_of_before_say_no_word_of_it(world: World) -> None:
    phone = Phone(world, "admin", ADMIN)
    inquiry = at_review(world)
    shown = phone.last
    secrecy.hide(inquiry=inquiry, by=world.place("camat"), now=world.now)
    before = len(phone.shows())
    for title in ("Kirim", "Kembalikan"):
        phone.taps(shown, title)
    phone.writes("Bagus.", quotes=shown)
    assert world.fresh(inquiry).state == "answered"
    assert "Bawa KK" not in said_since(phone, before)
    assert "bantuan" not in said_since(phone, before)


def test_a_secret_answer_is_returned_to_no_section(world: World) -> None:
    """The section could not see it, so it would lie there with nobody."""
    inquiry = at_review(world)
    secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
    with pytest.raises(InvalidError, match="Perkara rahasia"):
        review.send_back(inquiry=world.fresh(inquiry), reason="Perbaiki.", by=world.place("camat"), now=world.now)
    assert world.fresh(inquiry).holder == "admin"


@pytest.mark.parametrize("own", [True, False])
def test_a_phone_that_the_admin_registered_never_sees_as_a_leader(world: World, own: bool) -> None:  # a table's column
    """Whoever holds the code speaks as that officer: also after the officer has come to stand in for the Camat."""
    phone = Phone(world, "kesra", SITI, confirmed=own)
    siti, camat, today = world.place("kesra").officer, world.place("camat"), world.now.date()
    if not own:
        code = phones.register(officer=siti, number=SITI, by=world.place("admin"), now=world.now)
        phone.writes(f"PETUGAS {code}")
    enter_absence(officer=camat.officer, starts_on=today, ends_on=today, substitute=siti, by=camat, now=world.now)
    carry(world)
    inquiry, before = world.asks("perangkat meminta uang"), len(phone.shows())
    secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
    carry(world)
    assert (inquiry.code in said_since(phone, before)) is own


def test_no_message_leaves_for_who_lost_it_meanwhile(world: World) -> None:
    phone = Phone(world, "kesra", SITI)
    inquiry = world.asks()
    before = len(phone.shows())
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    secrecy.hide(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    carry(world)
    assert NoticeDelivery.objects.get(office=world.office, officer=world.place("kesra").officer).state == "skipped"
    assert said_since(phone, before) == ""
