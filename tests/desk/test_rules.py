"""The desk's pure decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelita.desk import rules
from pelita.desk.models import InquiryState
from pelita.desk.rules import Latest, Placement
from pelita.offices.models import OpenHours

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")
HOURS = [OpenHours(weekday=day, opens=time(7, 30), closes=time(16)) for day in range(5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("terima kasih", True),
        ("Matur nuwun nggih pak 🙏", True),
        ("mtur nuwun", True),
        ("🙏🙏", True),
        ("ok siap bu", True),
        ("", False),
        ("terima kasih, kalau KK?", False),
        ("ya saya mau ktp", False),
        ("ok jam 8", False),
        ("info kak", False),
        ("min", False),
        ("pak admin", False),
        ("terima kasih tapi kok belum jadi", False),
        ("?", False),
    ],
)
def test_thanks(text: str, expected: bool) -> None:
    assert rules.is_thanks(text) is expected


@pytest.mark.parametrize(
    ("state", "closed", "text", "quotes", "expected"),
    [
        ("new", None, "halo", False, Placement.JOIN),
        ("dispositioned", None, "terima kasih", False, Placement.JOIN),
        ("answered", None, "?", False, Placement.JOIN),
        ("answered", None, "suwun", False, Placement.JOIN),
        ("closed", timedelta(days=90), "suwun", False, Placement.NEW),
        ("delivered", None, "lalu?", False, Placement.REOPEN),
        ("delivered", None, "suwun", False, Placement.THANKS),
        ("waiting_citizen", None, "ok", False, Placement.THANKS),
        ("waiting_citizen", None, "lalu?", False, Placement.REOPEN),
        ("closed", timedelta(hours=1), "lalu?", False, Placement.REOPEN),
        ("closed", timedelta(hours=1), "suwun", False, Placement.THANKS),
        ("closed", timedelta(hours=25), "lalu?", False, Placement.NEW),
        ("closed", timedelta(days=90), "lalu?", True, Placement.REOPEN),
        ("spam", None, "halo", False, Placement.NEW),
        ("merged", None, "halo", False, Placement.NEW),
    ],
)
def test_placement(state: str, closed: timedelta | None, text: str, quotes: bool, expected: Placement) -> None:
    latest = Latest(
        state, "nobody" if state == "closed" else "admin", NOW, NOW - closed if closed is not None else None
    )
    assert rules.place_message(latest, text, quotes, NOW) is expected


@pytest.mark.parametrize(
    ("minutes", "text", "expected"),
    [(1, "lalu?", Placement.JOIN), (11, "lalu?", Placement.REOPEN), (11, "suwun", Placement.THANKS)],
)
def test_a_message_behind_an_answer_under_way(minutes: int, text: str, expected: Placement) -> None:
    latest = Latest("answered", "nobody", NOW - timedelta(minutes=minutes), None)
    assert rules.place_message(latest, text, False, NOW) is expected


@given(st.text(), st.booleans(), st.sampled_from(InquiryState))
def test_a_message_is_never_lost(text: str, quotes: bool, state: InquiryState) -> None:
    """Whatever the citizen writes into an open inquiry stays in it."""
    found = rules.place_message(Latest(state, "admin", NOW, NOW), text, quotes, NOW)
    if state in {"new", "dispositioned", "returned", "answered", "reopened"}:
        assert found is Placement.JOIN
    assert rules.place_message(None, text, quotes, NOW) is Placement.NEW


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ((2026, 11, 24, 8, 0), [("soon", "24 10:00"), ("today", "24 15:00"), ("next", "25 10:00")]),
        ((2026, 11, 24, 13, 5), [("soon", "24 15:05"), ("next", "25 10:00")]),
        ((2026, 11, 24, 15, 30), [("next", "25 10:00")]),
        ((2026, 11, 24, 5, 0), [("today", "24 15:00"), ("next", "25 10:00")]),
        ((2026, 11, 27, 20, 0), [("next", "30 10:00")]),
        ((2026, 11, 28, 9, 0), [("next", "30 10:00")]),
    ],
)
def test_due_choices(local: tuple[int, int, int, int, int], expected: list[tuple[str, str]]) -> None:
    now = datetime(*local, tzinfo=WIB)
    found = rules.due_choices(now, HOURS, WIB)
    assert [(c.key, c.at.astimezone(WIB).strftime("%d %H:%M")) for c in found] == expected


@pytest.mark.parametrize(
    ("usual", "expected"),
    [
        (datetime(2026, 11, 25, 16, 0, tzinfo=WIB), ["soon", "today", "next", "usual"]),
        (datetime(2026, 11, 24, 15, 10, tzinfo=WIB), ["soon", "usual", "next"]),  # today's says the same
        (datetime(2026, 11, 24, 7, 0, tzinfo=WIB), ["soon", "today", "next"]),
        (None, ["soon", "today", "next"]),
    ],
)
def test_the_policys_deadline_stands_in_its_place_and_is_chosen(usual: datetime | None, expected: list[str]) -> None:
    now = datetime(2026, 11, 24, 8, 0, tzinfo=WIB)
    found = rules.with_usual(rules.due_choices(now, HOURS, WIB), usual, now, WIB)
    assert [choice.key for choice in found] == expected
    chosen = rules.default_due(found)
    assert chosen is not None
    assert chosen.key == ("usual" if "usual" in expected else "today")


def test_no_deadline_is_offered_on_a_day_off() -> None:
    """The counter's week knows nothing of holidays."""
    now = datetime(2026, 11, 24, 8, 0, tzinfo=WIB)
    off = {date(2026, 11, 25), date(2026, 11, 26)}
    found = rules.due_choices(now, HOURS, WIB, lambda day: day not in off)
    assert [(c.key, c.at.astimezone(WIB).day) for c in found] == [("soon", 24), ("today", 24), ("next", 27)]
    off.add(date(2026, 11, 24))
    assert [c.key for c in rules.due_choices(now, HOURS, WIB, lambda day: day not in off)] == ["next"]


def test_an_office_that_never_opens_has_no_deadline_to_offer() -> None:
    assert rules.due_choices(NOW, [], WIB) == []
    assert rules.default_due([]) is None


def test_window() -> None:
    assert rules.window_open(NOW - timedelta(hours=23, minutes=59), NOW)
    assert not rules.window_open(NOW - timedelta(hours=24), NOW)
    assert not rules.window_open(None, NOW)


@given(st.text(min_size=1, max_size=60), st.from_regex(r"[A-Z]{3}-[A-Z0-9]{4}", fullmatch=True))
def test_a_full_answer_fits_one_message(name: str, code: str) -> None:
    most = rules.max_text(name, code)
    assert len(rules.compose("x" * most, name, code)) == rules.MAX_ANSWER
