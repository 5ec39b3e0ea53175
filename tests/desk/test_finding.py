"""Finding: what is stored can be found, by whom it may be, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions import dispose, importing
from pelita.desk.actions.indexing import index_due
from pelita.desk.models import Citizen, Conversation, Entry, Inquiry, Note, SearchDue, SearchRow, SearchWord
from pelita.desk.queries import search as finding
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.search import Found, search
from pelita.offices.models import Village
from pelita.whatsapp.models import Inbound
from tests.desk.conftest import World

ANY = Narrowing()


def index() -> None:
    while index_due():
        pass
    assert not SearchDue.objects.exists()


def find(world: World, text: str, *, who: str = "admin", narrowing: Narrowing = ANY, after: str = "") -> Found:
    index()
    return search(world.place(who), text, narrowing, now=world.now, after=after)


def codes(found: Found) -> list[str]:
    return [hit.inquiry.code if hit.inquiry else "-" for hit in found.hits]


def pass_on(world: World, inquiry: Inquiry, section: str) -> None:
    dispose.dispose(
        inquiry=inquiry, section=world.section(section), by=world.place("admin"), now=world.now, instruction="",
        due_at=None,
    )  # fmt: skip


def other(world: World, number: int, text: str, **fields: object) -> Inquiry:
    """A question of another citizen."""
    at = world.now + timedelta(minutes=number)
    names = {"user_id": f"ID.{number}", "wa_id": f"62877000{number:05d}", "profile_name": f"Warga {number}"}
    return world.asks(text, **{**names, "received_at": at, "sent_at": at, **fields})


@pytest.mark.parametrize(
    "asked",
    [
        "ktp", "KTP hilang", "kehilangan", "ical", "ktp-el sulastri", "Sulastri", "sulas", "sulastry", "ktp kemlagi",
        "0812-3456-7890", "+62 812 3456 7890", "7890", "567890", "Betro", "hilag", "tolong cari ktp yang hilang",
    ],
)  # fmt: skip
def test_one_inquiry_is_found_by_everything_about_it(world: World, asked: str) -> None:
    inquiry = world.asks("ktp kulo ical teng kemlagi, pripun nggih?")
    betro = Village.objects.get(office=world.office, name="Betro")
    Citizen.objects.filter(office=world.office).update(village=betro)
    other(world, 1, "jam buka kantor berapa?")
    assert codes(find(world, asked)) == [inquiry.code]


@pytest.mark.parametrize("form", ["{0}-{1}", "{0}{1}", "{0} {1}", "{1}"])
def test_a_code_is_found_as_people_write_it(world: World, form: str) -> None:
    inquiry = world.asks()
    other(world, 1, "jam buka?")
    prefix, _, rest = inquiry.code.partition("-")
    for typed in (form.format(prefix, rest), form.format(prefix, rest).lower()):
        assert codes(find(world, typed)) == [inquiry.code]


@pytest.mark.parametrize("asked", ["", "   ", "🙏", "akta", "ktp akta", "1234567", "' & !", "x" * 3000, "betru", "%"])
def test_nothing_is_found_of_nothing(world: World, asked: str) -> None:
    """A village is not found by a name that looks like it."""
    world.asks("syarat ktp")
    betro = Village.objects.get(office=world.office, name="Betro")
    Citizen.objects.filter(office=world.office).update(village=betro)
    assert find(world, asked).hits == []


def test_a_spelling_is_corrected_and_told_only_where_the_page_shows_it(world: World) -> None:
    theirs = world.asks("sertifikat tanah belum jadi")
    mine = other(world, 1, "formulir nikah")
    pass_on(world, theirs, "PEMERINTAHAN")
    pass_on(world, mine, "KESRA")
    assert find(world, "sertipikat").corrected == ("sertifikat",)
    unseen = find(world, "sertipikat", who="kesra")
    assert (unseen.hits, unseen.corrected, unseen.cursor) == ([], (), "")
    assert codes(find(world, "formulr", who="kesra")) == [mine.code]


def test_what_is_corrected_deleted_written_or_renamed_is_followed(world: World) -> None:
    inquiry = world.asks("syarat akta")
    message = inquiry.message
    assert codes(find(world, "akta")) == [inquiry.code]
    Inbound.objects.filter(office=world.office, pk=message.pk).update(text="syarat skck")
    assert (codes(find(world, "akta")), codes(find(world, "skck"))) == ([], [inquiry.code])
    Inbound.objects.filter(office=world.office, pk=message.pk).update(revoked_at=world.now)
    assert codes(find(world, "skck")) == []
    Citizen.objects.filter(office=world.office).update(name="Ngatini")
    assert (codes(find(world, "sulastri")), codes(find(world, "ngatini"))) == ([], [inquiry.code])
    note = Note.objects.create(
        office=world.office, inquiry=inquiry, author=world.place("admin").officer, text="berkas menyusul",
        created_at=world.now,
    )  # fmt: skip
    Entry.objects.create(
        office=world.office, conversation=inquiry.conversation, inquiry=inquiry, at=world.now, note=note
    )
    assert codes(find(world, "menyusul berkas")) == [inquiry.code]
    assert find(world, "berkas").hits[0].entry == Entry.objects.get(office=world.office, note=note)
    Entry.objects.filter(office=world.office, note=note).delete()
    assert codes(find(world, "berkas")) == []


def test_what_an_officer_enters_by_hand_is_found(world: World) -> None:
    asked = world.asks("ktp")
    talk = Conversation.objects.create(office=world.office, citizen=asked.citizen, line=None, last_entry_at=world.now)
    inquiry = Inquiry.objects.create(
        office=world.office, conversation=talk, citizen=asked.citizen, code="KML-7777", held_since=world.now,
        source="counter", account="lampu jalan padam", outside_number="LAPOR-99812", summary="lampu",
        opened_at=world.now,
    )  # fmt: skip
    assert codes(find(world, "lampu padam")) == codes(find(world, "99812")) == [inquiry.code]
    assert set(codes(find(world, "sulastri"))) == {asked.code, inquiry.code}


def test_messages_without_an_inquiry_are_found_by_those_who_see_all(world: World) -> None:
    inquiry = world.asks("ktp")
    old = world.message("dulu pernah urus paspor", sent_at=world.now - timedelta(days=90), quiet=True)
    importing.import_history([old], [], now=world.now)
    pass_on(world, inquiry, "KESRA")
    [hit] = find(world, "paspor").hits
    assert (hit.rest, hit.inquiry) == (True, inquiry)
    assert hit.entry is not None
    assert hit.entry.inbound == old
    assert find(world, "paspor", who="kesra").hits == []
    assert find(world, "paspor", narrowing=Narrowing(kind="question")).hits == []


def test_a_section_finds_its_own_inquiries_and_of_them_their_own_lines(world: World) -> None:
    kesra = world.asks("syarat bpjs")
    lands = other(world, 1, "syarat sertifikat tanah")
    pass_on(world, kesra, "KESRA")
    pass_on(world, lands, "PEMERINTAHAN")
    assert codes(find(world, "syarat")) == [lands.code, kesra.code]
    assert codes(find(world, "syarat", who="kesra")) == [kesra.code]
    for asked in ("sertifikat", lands.code, "Warga 1", "628770000001", "00001"):
        assert find(world, asked, who="kesra").hits == []
    assert find(world, "", who="kesra", narrowing=Narrowing(section=world.section("PEMERINTAHAN").pk)).hits == []


def test_what_is_secret_is_found_by_leaders_only(world: World) -> None:
    secret = world.asks("pungli di kantor")
    pass_on(world, secret, "KESRA")
    Inquiry.objects.filter(office=world.office, pk=secret.pk).update(secret=True)
    assert [codes(find(world, "pungli", who=one)) for one in ("camat", "admin", "kesra")] == [[secret.code], [], []]
    assert find(world, "pungly").corrected == ()


def test_nothing_of_another_office(world: World) -> None:
    world.asks("syarat ktp")
    index()
    SearchRow.objects.filter(office=world.office).update(tokens="'O999999' 'ktp'")
    assert find(world, "ktp").hits == []


def test_narrowing(world: World) -> None:
    first, second = world.asks("syarat ktp"), other(world, 1, "ktp rusak")
    pass_on(world, second, "KESRA")
    Inquiry.objects.filter(office=world.office, pk=first.pk).update(
        opened_at=world.now - timedelta(days=3), kind="complaint", due_at=world.now - timedelta(hours=1)
    )
    SearchRow.objects.filter(office=world.office, inquiry=first).update(at=world.now - timedelta(days=3))
    village = Village.objects.filter(office=world.office)[0]
    Citizen.objects.filter(office=world.office, pk=second.citizen_id).update(village=village)
    today = date(2026, 11, 24)
    for narrowing, expected in (
        (Narrowing(kind="complaint"), first), (Narrowing(section=world.section("KESRA").pk), second),
        (Narrowing(state="new"), first), (Narrowing(village=village.pk), second), (Narrowing(due="terlambat"), first),
        (Narrowing(since=today), second), (Narrowing(until=today - timedelta(days=1)), first),
        (Narrowing(since=today - timedelta(days=3), until=today - timedelta(days=3)), first),
    ):  # fmt: skip
        for asked in ("ktp", ""):
            assert codes(find(world, asked, narrowing=narrowing)) == [expected.code], narrowing


def test_pages_hold_everything_once_on_both_ways(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [other(world, number, "ktp") for number in range(7)]
    expected = [one.code for one in reversed(made)]
    monkeypatch.setattr(finding, "PAGE", 2)

    def all_pages() -> list[str]:
        found, after = [], ""
        for _ in range(9):
            page = find(world, "ktp", after=after)
            found += codes(page)
            if not page.cursor:
                return found
            after = page.cursor
        raise AssertionError("no end")

    assert all_pages() == expected
    monkeypatch.setattr(finding, "MOST_SORTED", 3)  # too many to sort: walk
    monkeypatch.setattr(finding, "STEPS", (1, 3))
    monkeypatch.setattr(finding, "PART", (1, 3))
    assert all_pages() == expected


def test_what_is_known_to_be_too_much_is_not_put_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [other(world, number, "sertifikat") for number in range(3)]
    index()
    monkeypatch.setattr(finding, "MOST_SORTED", 2)
    place, today = world.place("admin"), made[0].opened_at.date()
    for asked, tried in (
        (("sertifikat", ANY), False), (("sertipikat", ANY), False), (("sertifikat warga", ANY), True),
        (("sertifikat", Narrowing(since=today - timedelta(days=1))), True),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            page = search(place, *asked, now=world.now)
        assert len(page.hits) == 3
        assert any("MATERIALIZED" in one["sql"] for one in captured) is tried, asked


def test_a_walk_says_how_far_it_came(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = world.asks("ktp rusak")
    last = [other(world, number, "ktp") for number in range(1, 7)][3]
    monkeypatch.setattr(finding, "PART", (1, 2))
    narrowing = Narrowing(village=Village.objects.filter(office=world.office)[0].pk)
    Citizen.objects.filter(office=world.office, pk=rare.citizen_id).update(village=narrowing.village)
    page = find(world, "", narrowing=narrowing)
    assert (page.hits, page.reached) == ([], last.opened_at)
    found = []
    while page.cursor:
        page = find(world, "", narrowing=narrowing, after=page.cursor)
        found += codes(page)
    assert (found, page.reached) == ([rare.code], None)


def test_words_are_counted_exactly(world: World) -> None:
    first = world.asks("ktp rusak")
    other(world, 1, "ktp hilang")
    index()
    Inbound.objects.filter(office=world.office, pk=first.message.pk).update(text="akta rusak rusak")
    index()
    counts = dict(SearchWord.objects.filter(office=world.office).values_list("word", "count"))
    assert counts == {"ktp": 1, "rusak": 1, "akta": 1, "hilang": 1, "sulastri": 1, "warga": 1}


def test_numbers_never_become_words(world: World) -> None:
    world.asks("nik saya 3516010203040005 hp 081234567890")
    index()
    assert not SearchWord.objects.filter(office=world.office, word__regex="[0-9]").exists()


@contextmanager
def queries(count: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    assert len(captured) == count, "\n".join(one["sql"][:200] for one in captured)


def test_counted_queries(world: World) -> None:
    for number in range(3):
        other(world, number, "ktp rusak")
    index()
    place = world.place("admin")
    with queries(7):  # words known, matches, what may be seen, conversations, names, inquiries, lines
        search(place, "rusak", ANY, now=world.now)
    with queries(9):  # and villages, similar words
        search(place, "rusakk", ANY, now=world.now)
    with queries(6):  # walked; no words to know
        search(place, "", Narrowing(kind="question"), now=world.now)
    with queries(1):
        search(place, "KML-XXXX", ANY, now=world.now)


def test_indexing_asks_the_same_of_one_and_of_many(world: World) -> None:
    other(world, 100, "ktp")
    with queries(14):
        assert index_due()
    for number in range(5):
        other(world, number, "ktp")
    with queries(14):
        assert index_due()
