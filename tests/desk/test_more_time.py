"""A section asks for more time, from WhatsApp; the admin grants it there or on the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pelita.desk import deadlines
from pelita.desk.actions import dispose, more_time, section
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Disposition, Inquiry, TimeRequest
from pelita.desk.queries import notices
from pelita.desk.queries.clockwork import clockwork
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, DAY, HOUR, SITI, Phone, at_kesra, carry, facts


def told(world: World, who: str) -> list[str]:
    return [one.notice.verb for one in notices.page(world.place(who)).rows]


def wish(world: World, inquiry: Inquiry, days: int = 3) -> TimeRequest:
    until = world.now + timedelta(days=days)
    return more_time.ask_time(inquiry=inquiry, until=until, by=world.place("kesra"), now=world.now)


def test_from_whatsapp_and_back(world: World) -> None:
    siti, admin = Phone(world, "kesra", SITI), Phone(world, "admin", ADMIN)
    inquiry = at_kesra(world)
    siti.taps(siti.last, "Minta waktu")
    menu = siti.last
    rows = menu.content["sections"][0]["rows"]
    assert [(one["title"], one["description"]) for one in rows] == [
        ("2 jam kerja", "sampai besok pukul 15.00"),
        ("Pagi berikutnya", "sampai Kamis, 26/11 pukul 09.30"),
        ("2 hari kerja", "sampai Jumat, 27/11 pukul 16.30"),
    ]
    siti.taps(menu, "Pagi berikutnya")
    assert siti.last.text == f"Permintaan waktu untuk {inquiry.code} sudah disampaikan ke admin."
    carry(world)
    asked = admin.last
    assert asked.text == (
        f"*{inquiry.code}*: Seksi Kesejahteraan Rakyat minta waktu sampai Kamis, 26/11 pukul 09.30.\n"
        "Tenggat sekarang: besok pukul 12.00."
    )
    admin.taps(asked, "Setuju")
    until = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    assert (world.fresh(inquiry).due_at, Disposition.objects.get(office=world.office).due_at) == (until, until)
    assert [one["step"] for one in facts(world, "officer.acted")] == ["time.asked", "time.granted"]
    carry(world)
    assert siti.last.text.startswith(f"Tenggat {inquiry.code} diundur sampai")
    admin.taps(asked, "Tidak")
    assert [one["why"] for one in facts(world, "officer.refused")] == ["TakenError"]
    assert world.fresh(inquiry).due_at == until


def test_refused_moves_nothing(world: World) -> None:
    inquiry = at_kesra(world)
    due = inquiry.due_at
    more = wish(world, inquiry)
    assert told(world, "admin")[0] == "time.asked"
    more_time.decide_time(inquiry=inquiry, granted=False, by=world.place("admin"), now=world.now, request=more.pk)
    assert world.fresh(inquiry).due_at == due
    assert told(world, "kesra")[0] == "time.refused"
    with pytest.raises(TakenError):
        more_time.decide_time(inquiry=inquiry, granted=True, by=world.place("admin"), now=world.now)


def test_a_newer_wish_takes_the_place_of_the_first(world: World) -> None:
    inquiry = at_kesra(world)
    first, second = wish(world, inquiry), wish(world, inquiry, 4)
    with pytest.raises(TakenError):
        more_time.decide_time(inquiry=inquiry, granted=True, by=world.place("admin"), now=world.now, request=first.pk)
    more_time.decide_time(inquiry=inquiry, granted=True, by=world.place("admin"), now=world.now, request=second.pk)
    assert world.fresh(inquiry).due_at == second.until


def test_what_gains_nothing_or_is_not_theirs_is_refused(world: World) -> None:
    inquiry = at_kesra(world)
    for days in (0, 1, 31):
        with pytest.raises(InvalidError):
            wish(world, inquiry, days)
    with pytest.raises(NotAllowedError):
        more_time.ask_time(inquiry=inquiry, until=world.now + DAY, by=world.place("pmd"), now=world.now)
    wish(world, inquiry)
    with pytest.raises(NotAllowedError):
        more_time.decide_time(inquiry=inquiry, granted=True, by=world.place("kesra"), now=world.now)
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    assert more_time.open_request(inquiry, now=world.now) is None
    with pytest.raises(TakenError):
        more_time.decide_time(inquiry=world.fresh(inquiry), granted=True, by=world.place("admin"), now=world.now)


def test_choices_count_from_the_deadline_or_from_now(world: World) -> None:
    calendar = clockwork(world.office.pk, world.now).calendar
    late = dict(deadlines.more_time(calendar, world.now, world.now - HOUR))
    assert late["2 jam kerja"] == world.now + 2 * HOUR
    assert late["Pagi berikutnya"] == datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


def test_what_comes_to_the_same_moment_is_offered_once(world: World) -> None:
    calendar = clockwork(world.office.pk, world.now).calendar
    evening = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 16.00, when the counters close
    assert [name for name, _ in deadlines.more_time(calendar, world.now, evening)] == ["2 jam kerja", "2 hari kerja"]


def test_what_was_handed_in_needs_no_more_time(world: World) -> None:
    """The deadline that runs by then is the admin's own."""
    inquiry = at_kesra(world)
    asked = wish(world, inquiry)
    old = world.fresh(inquiry)
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    review_due = world.fresh(inquiry).due_at
    assert more_time.open_request(world.fresh(inquiry), now=world.now) is None
    for seen in (old, world.fresh(inquiry)):
        with pytest.raises(TakenError):
            more_time.decide_time(inquiry=seen, granted=True, by=world.place("admin"), now=world.now, request=asked.pk)
        with pytest.raises(TakenError):
            more_time.ask_time(inquiry=seen, until=asked.until + DAY, by=world.place("kesra"), now=world.now)
    assert world.fresh(inquiry).due_at == review_due


def test_a_double_tap_is_one_wish(world: World) -> None:
    inquiry = at_kesra(world)
    assert wish(world, inquiry).pk == wish(world, inquiry).pk
    assert told(world, "admin").count("time.asked") == 1


def test_a_wish_for_a_moment_that_has_passed_asks_for_nothing(world: World) -> None:
    inquiry = at_kesra(world)
    asked = wish(world, inquiry)
    assert more_time.open_request(inquiry, now=world.now) == asked
    assert more_time.open_request(inquiry, now=asked.until) is None
