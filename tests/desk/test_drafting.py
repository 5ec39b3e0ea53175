"""Drafts: nobody's text goes in silence, and a file stays with the answer that it belongs to."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from pelita.desk.actions import review, section
from pelita.desk.actions.attaching import put_away
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.drafting import Seat, save_desk_draft
from pelita.desk.errors import DraftClashError, InvalidError, NotAllowedError, TakenError
from pelita.desk.models import Answer, Inquiry
from pelita.desk.queries import thread
from pelita.desk.queries.files import seen_file
from pelita.desk.rules import compose, max_text
from pelita.whatsapp.media import store
from pelita.whatsapp.models import Media, Outbound
from tests.desk.conftest import World
from tests.whatsapp.media.support import PDF

MINE, THEIRS = "halaman-satu", "halaman-dua"


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def at_pelayanan(world: World) -> Inquiry:
    """At a section of two officers: Endang, its head, and Retno."""
    inquiry = world.asks()
    dispose(inquiry=inquiry, section=world.section("PELAYANAN"), by=world.place("admin"), now=world.now)
    return world.fresh(inquiry)


def saves(world: World, inquiry: Inquiry, text: str, who: str = "pelayanan", seat: Seat | None = None) -> Answer:
    return section.save_draft(inquiry=inquiry, text=text, by=world.place(who), now=world.now, seat=seat)


def test_the_second_writer_is_stopped_and_told(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "Bawa KK.", seat=Seat(0, MINE))
    with pytest.raises(DraftClashError, match="Retno Wulandari mengubah draf ini") as stopped:
        saves(world, inquiry, "Bawa KTP.", "admin", Seat(0, THEIRS))
    assert (stopped.value.theirs.text, stopped.value.own) == ("Bawa KK.", False)
    # Having seen it, the person decides.
    kept = saves(world, inquiry, "Bawa KTP.", "admin", Seat(stopped.value.theirs.version, THEIRS))
    assert (kept.text, kept.author.username) == ("Bawa KTP.", "admin")
    with pytest.raises(DraftClashError):
        saves(world, inquiry, "Bawa KK dan KTP.", seat=Seat(1, MINE))


def test_ones_other_screen_is_somebody_else_too(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "di HP", seat=Seat(0, MINE))
    with pytest.raises(DraftClashError, match="Anda, di layar lain"):
        saves(world, inquiry, "di kantor", seat=Seat(0, THEIRS))


def test_a_page_whose_reply_was_lost_goes_on(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "Bawa", seat=Seat(0, MINE))
    assert saves(world, inquiry, "Bawa KK.", seat=Seat(0, MINE)).version == 2
    # The same words twice are no clash either.
    assert saves(world, inquiry, "Bawa KK.", "admin", Seat(0, THEIRS)).version == 3


def test_nothing_is_handed_in_over_another_text(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "Bawa KK.", seat=Seat(0, MINE))
    with pytest.raises(DraftClashError):
        section.submit(inquiry=inquiry, text="KTP", by=world.place("admin"), now=world.now, seat=Seat(0, THEIRS))
    assert world.fresh(inquiry).state == "dispositioned"
    answer = section.submit(inquiry=inquiry, text="KTP", by=world.place("admin"), now=world.now, seat=Seat(1, THEIRS))
    assert (answer.state, answer.text) == ("submitted", "KTP")


def test_the_desk_has_a_draft_of_its_own_until_it_sends(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "Draf seksi")
    save_desk_draft(inquiry=inquiry, text="Draf meja", by=world.place("admin"), now=world.now, seat=Seat(0, MINE))
    rows, chain = thread.answers(inquiry), thread.dispositions(inquiry)
    desk, work = thread.desk_draft(rows), thread.work(inquiry, rows, chain)
    assert (desk and desk.text, work.draft and work.draft.text) == ("Draf meja", "Draf seksi")
    with pytest.raises(DraftClashError):
        review.answer_directly(
            inquiry=inquiry, text="Lain", by=world.place("pengganti"), now=world.now, seat=Seat(0, THEIRS)
        )
    inquiry = world.fresh(inquiry)
    review.answer_directly(
        inquiry=inquiry, text="Draf meja", by=world.place("admin"), now=world.now, seat=Seat(1, MINE)
    )
    assert thread.desk_draft(thread.answers(inquiry)) is None
    with pytest.raises(NotAllowedError):
        save_desk_draft(inquiry=inquiry, text="x", by=world.place("pelayanan"), now=world.now)


def test_the_database_keeps_one_draft_for_the_desk(world: World) -> None:
    inquiry = world.asks()
    made = save_desk_draft(inquiry=inquiry, text="Satu", by=world.place("admin"), now=world.now)
    made.pk = None
    with pytest.raises(IntegrityError, match="answer_one_desk_draft"), transaction.atomic():
        made.save(force_insert=True)


def chooses(world: World, inquiry: Inquiry, name: str = "Syarat.pdf", who: str = "pelayanan") -> Answer:
    with put_away(inquiry=inquiry, file=io.BytesIO(PDF), filename=name, now=world.now) as media:
        return section.save_draft(inquiry=inquiry, text="Ini.", by=world.place(who), now=world.now, file=media)


def test_a_sections_file_goes_through_the_review_to_the_citizen(world: World) -> None:
    inquiry = at_pelayanan(world)
    file = chooses(world, inquiry).file
    section.submit(inquiry=inquiry, text="Ini syaratnya.", by=world.place("pelayanan"), now=world.now)
    review.send_back(inquiry=inquiry, reason="Rapikan.", by=world.place("admin"), now=world.now)
    # Written anew, it has the file that it had.
    section.submit(inquiry=inquiry, text="Ini syaratnya, Bu.", by=world.place("pelayanan"), now=world.now)
    answer = review.send(inquiry=inquiry, by=world.place("admin"), now=world.now)
    sent = Outbound.objects.get(office=world.office)
    assert (sent.kind, sent.media, answer.file) == ("document", file, file)
    assert sent.text == compose("Ini syaratnya, Bu.", "Seksi Pelayanan", inquiry.code)


def test_a_caption_of_a_section_is_shorter_too(world: World) -> None:
    inquiry = at_pelayanan(world)
    chooses(world, inquiry)
    most = max_text("Seksi Pelayanan", inquiry.code, with_file=True)
    with pytest.raises(InvalidError, match="Keterangan berkas kelebihan 1 huruf"):
        section.submit(inquiry=inquiry, text="x" * (most + 1), by=world.place("pelayanan"), now=world.now)


def test_a_file_that_was_taken_off_is_deleted(world: World, django_capture_on_commit_callbacks: object) -> None:
    inquiry = at_pelayanan(world)
    assert callable(django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        chooses(world, inquiry)
        chooses(world, inquiry, "Lain.pdf")
    assert [media.filename for media in Media.objects.filter(office=world.office)] == ["Lain.pdf"]
    with django_capture_on_commit_callbacks(execute=True):
        section.save_draft(inquiry=inquiry, text="x", by=world.place("pelayanan"), now=world.now, drop_file=True)
    assert not Media.objects.filter(office=world.office).exists()
    assert [path for path in store.folder().rglob("*") if path.is_file()] == []


def test_a_file_of_a_draft_that_was_refused_leaves_nothing(world: World) -> None:
    inquiry = at_pelayanan(world)
    with pytest.raises(NotAllowedError):
        chooses(world, inquiry, who="kesra")
    assert not Media.objects.filter(office=world.office).exists()


def test_who_sees_the_file_of_an_answer(world: World) -> None:
    inquiry = world.asks()
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    inquiry = world.fresh(inquiry)
    media = chooses(world, inquiry, who="kesra").file
    assert media is not None

    def seers() -> set[str]:
        return {who for who in ("kesra", "admin", "camat", "pmd", "pelayanan") if seen_file(world.place(who), media.pk)}

    assert seers() == {"kesra"}
    section.submit(inquiry=inquiry, text="Ini.", by=world.place("kesra"), now=world.now)
    assert seers() == {"kesra", "admin", "camat"}


def test_a_draft_cannot_be_kept_once_the_section_has_it_no_more(world: World) -> None:
    inquiry = at_pelayanan(world)
    section.submit(inquiry=inquiry, text="Ini.", by=world.place("pelayanan"), now=world.now)
    with pytest.raises(TakenError):
        saves(world, inquiry, "lagi", seat=Seat(1, MINE))


def test_a_late_saving_makes_no_draft_of_what_was_handed_in(world: World) -> None:
    inquiry = at_pelayanan(world)
    saves(world, inquiry, "Bawa KK.", seat=Seat(0, MINE))
    page = world.fresh(inquiry)  # loaded before the answer was handed in
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("pelayanan"), now=world.now)
    with pytest.raises(TakenError):
        saves(world, page, "Bawa KK", seat=Seat(1, MINE))
    assert Answer.objects.get(office=world.office, inquiry=inquiry).state == "submitted"
