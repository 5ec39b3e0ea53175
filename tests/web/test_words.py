"""The words for times, numbers and names, and that the page says the same ones as the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from pelita.web import words

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2025, 11, 25, 9, 41, tzinfo=WIB)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 11, day, hour, minute, tzinfo=WIB)


DEADLINES = [
    (at(27, 10), "2 hari lagi", "calm"),
    (at(27, 0), "2 hari lagi", "calm"),
    (at(26, 10), "besok 10.00", "calm"),
    (at(26, 23, 59), "besok 23.59", "calm"),
    (at(25, 15), "5 jam lagi", "calm"),
    (at(25, 23, 59), "14 jam lagi", "calm"),
    (at(25, 11, 42), "2 jam lagi", "calm"),
    (at(25, 11, 41), "2 jam lagi", "soon"),
    (at(25, 11, 40), "1 jam lagi", "soon"),
    (at(25, 10, 41), "1 jam lagi", "soon"),
    (at(25, 10, 40), "59 mnt lagi", "soon"),
    (at(25, 10, 21), "40 mnt lagi", "soon"),
    (NOW + timedelta(seconds=20), "1 mnt lagi", "soon"),
    (NOW, "1 mnt lagi", "soon"),
    (NOW - timedelta(seconds=1), "terlambat 1 mnt", "late"),
    (NOW - timedelta(minutes=40), "terlambat 40 mnt", "late"),
    (NOW - timedelta(minutes=60), "terlambat 1 jam", "late"),
    (NOW - timedelta(hours=23, minutes=59), "terlambat 23 jam", "late"),
    (NOW - timedelta(hours=24), "terlambat 1 hari", "late"),
    (NOW - timedelta(days=120), "terlambat 120 hari", "late"),
]


@pytest.mark.parametrize(("due", "text", "tone"), DEADLINES)
def test_deadline(due: datetime, text: str, tone: str) -> None:
    assert words.deadline_words(due, NOW, WIB) == (text, tone)


def test_a_deadline_soon_after_midnight_counts_hours_not_days() -> None:
    late_evening = at(25, 23, 30)
    assert words.deadline_words(at(26, 0, 30), late_evening, WIB) == ("1 jam lagi", "soon")
    assert words.deadline_words(at(26, 8), late_evening, WIB).text == "besok 08.00"


def test_tomorrow_is_the_offices_tomorrow() -> None:
    # 20.00 UTC is already the 26th at 03.00 in Mojokerto, and the 26th at 05.00 in Jayapura.
    due = datetime(2025, 11, 25, 20, 0, tzinfo=UTC)
    assert words.deadline_words(due, NOW, WIB).text == "besok 03.00"
    assert words.deadline_words(due, NOW, ZoneInfo("Asia/Jayapura")).text == "besok 05.00"
    assert words.deadline_words(due, NOW, UTC).text == "17 jam lagi"


WAITING = [
    (timedelta(seconds=-30), "baru saja"),
    (timedelta(seconds=59), "baru saja"),
    (timedelta(minutes=1), "1 mnt"),
    (timedelta(minutes=22), "22 mnt"),
    (timedelta(minutes=60), "1 j 00 m"),
    (timedelta(hours=1, minutes=29), "1 j 29 m"),
    (timedelta(hours=3, minutes=5), "3 j 05 m"),
    (timedelta(hours=23, minutes=59, seconds=59), "23 j 59 m"),
    (timedelta(days=1), "1 hari"),
    (timedelta(days=400), "400 hari"),
]


@pytest.mark.parametrize(("waited", "text"), WAITING)
def test_waiting(waited: timedelta, text: str) -> None:
    assert words.waiting_words(NOW - waited, NOW) == text


WINDOWS = [
    (timedelta(hours=22, minutes=48), ("22 jam 48 mnt", "22 j 48 m", "calm", 95)),
    (timedelta(hours=24), ("24 jam", "24 j", "calm", 100)),
    (timedelta(hours=72), ("72 jam", "72 j", "calm", 100)),
    (timedelta(hours=1), ("1 jam", "1 j", "calm", 5)),
    (timedelta(minutes=59, seconds=59), ("59 mnt", "59 mnt", "soon", 5)),
    (timedelta(seconds=1), ("1 mnt", "1 mnt", "soon", 1)),
    (timedelta(0), ("", "", "late", 0)),
    (timedelta(minutes=-1), ("", "", "late", 0)),
]


@pytest.mark.parametrize(("left", "said"), WINDOWS)
def test_window(left: timedelta, said: tuple[str, str, str, int]) -> None:
    window = words.window_words(NOW + left, NOW)
    assert window == said
    assert window.closed == (said[0] == "")


def test_a_window_that_never_opened_is_closed() -> None:
    assert words.window_words(None, NOW).closed


@pytest.mark.parametrize(
    ("moment", "day", "short"),
    [
        (at(25, 0), "Hari ini", "00.00"),
        (at(25, 23, 59), "Hari ini", "23.59"),
        (at(24, 23, 59), "Kemarin", "kemarin 23.59"),
        (at(26, 0), "Besok", "besok 00.00"),
        (at(18, 8), "Selasa, 18 November", "18 Nov"),
        (datetime(2025, 8, 17, 10, tzinfo=WIB), "Minggu, 17 Agustus", "17 Agu"),
        (datetime(2024, 12, 31, 10, tzinfo=WIB), "Selasa, 31 Desember 2024", "31 Des 2024"),
    ],
)
def test_days(moment: datetime, day: str, short: str) -> None:
    assert words.day_words(moment, NOW, WIB) == day
    assert words.moment_words(moment, NOW, WIB) == short


def test_clock_is_the_offices_and_has_a_dot() -> None:
    assert words.clock_words(datetime(2025, 11, 25, 1, 12, tzinfo=UTC), WIB) == "08.12"


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("6281234567890", "0812-••••-7890"),
        ("+62 812-3456-7890", "0812-••••-7890"),
        ("0812 3456 7890", "0812-••••-7890"),
        ("", "nomor disembunyikan"),
        ("ID.13491208655302741918", "nomor disembunyikan"),
        ("sulastri", "nomor disembunyikan"),
    ],
)
def test_a_number_is_shown_masked_and_a_scoped_id_never(raw: str, masked: str) -> None:
    assert words.masked_phone(raw) == masked


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Bu Sulastri", "Bu Sulastri"),
        ("Raden Ayu Sumiyati Kusumaningrum", "Raden Ayu"),
        ("Sulastriningtyaswati Dewi", "Sulastriningtyaswati"),
        ("", ""),
    ],
)
def test_first_words(name: str, short: str) -> None:
    assert words.first_words(name, 14) == short


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nur Hidayah", "NH"),
        ("Raden Ayu Sri Wahyuningtyas Kusumawardhani", "RK"),
        ("kasmiati", "K"),
        ("0857-••••-1142", ""),
        ("  ", ""),
        ("🌸 Dewi", "D"),
        ("Éko 2", "É"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def test_sizes_and_lengths() -> None:
    assert [words.size_words(size) for size in (1, 84_200, 999_000, 1_234_567)] == ["1 kB", "84 kB", "999 kB", "1,2 MB"]
    assert [words.length_words(seconds) for seconds in (5, 23, 75)] == ["0.05", "0.23", "1.15"]


def test_every_pattern_has_its_numbers_in_indonesian() -> None:
    with translation.override("id"):
        patterns = words.patterns()
    assert patterns["late_hours"] == "terlambat {n} jam"
    assert all("{" in text or key == "just_now" for key, text in patterns.items())
