"""Internal notes: who may write, who may be called, who reads them, and that they stay in the office."""

from __future__ import annotations

import pytest

from pelita.config.export import notes
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.noting import MAX_NOTE, write_note
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Inquiry, Note, Notice
from pelita.desk.queries.thread import thread
from pelita.desk.rules import called_names
from pelita.journal.models import Fact
from pelita.offices.models import Officer
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World


def at_kesra(world: World) -> Inquiry:
    inquiry = world.asks()
    dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    return world.fresh(inquiry)


def test_a_note_stands_in_the_thread_and_goes_nowhere(world: World) -> None:
    inquiry = at_kesra(world)
    before = inquiry.version
    note = write_note(
        inquiry=inquiry, text="  Warga ini sudah datang ke loket.  ", by=world.place("admin"), now=world.now
    )
    entry = thread(world.place("kesra"), inquiry).entries[-1]
    assert (entry.note, entry.author, entry.inquiry_id) == (note, world.place("admin").officer, inquiry.pk)
    assert note.text == "Warga ini sudah datang ke loket."
    assert not Outbound.objects.filter(office=world.office).exists()
    assert world.fresh(inquiry).version == before
    fact = Fact.objects.get(office=world.office, verb="note.written")
    assert (fact.audience, "loket" in str(fact.data)) == ([inquiry.section_id], False)


def test_a_section_reads_the_notes_of_its_own_inquiry_only(world: World) -> None:
    earlier = world.asks("apa saja syarat nikah?")
    write_note(inquiry=earlier, text="Hanya untuk meja.", by=world.place("admin"), now=world.now)
    inquiry = at_kesra(world)
    # The same citizen's second question joined the first; both lie at one section now.
    assert inquiry.pk == earlier.pk
    other = world.asks(user_id="ID.200", wa_id="6281234567891")
    write_note(inquiry=other, text="Rahasia meja.", by=world.place("admin"), now=world.now)
    texts = [entry.note.text for entry in thread(world.place("kesra"), inquiry).entries if entry.note]
    assert texts == ["Hanya untuk meja."]
    with pytest.raises(NotAllowedError):
        write_note(inquiry=other, text="Saya lihat.", by=world.place("kesra"), now=world.now)


@pytest.mark.parametrize(
    ("text", "sentence"), [("  ", "Tulis catatannya"), ("x" * (MAX_NOTE + 3), "kelebihan 3 huruf")]
)
def test_a_note_needs_words_and_not_too_many(world: World, text: str, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        write_note(inquiry=at_kesra(world), text=text, by=world.place("admin"), now=world.now)


def test_colleagues_who_see_the_inquiry_are_called(world: World) -> None:
    inquiry = at_kesra(world)
    text = "Mohon dicek @Siti Muthmainnah dan @endang lestari, juga @siti muthmainnah. surel: a@b.id"
    note = write_note(inquiry=inquiry, text=text, by=world.place("camat"), now=world.now)
    wanted = [world.place(name).officer.pk for name in ("kesra", "admin")]
    assert note.mentions == wanted
    page = thread(world.place("admin"), inquiry)
    assert page.called == {wanted[0]: "Siti Muthmainnah", wanted[1]: "Endang Lestari"}
    told = Notice.objects.filter(office=world.office, verb="note.mentioned").values_list("officer", "inquiry")
    assert set(told) == {(pk, inquiry.pk) for pk in wanted}


def test_whoever_does_not_see_the_inquiry_cannot_be_called(world: World) -> None:
    inquiry = at_kesra(world)
    with pytest.raises(InvalidError, match="Wahyu Nugroho tidak melihat pertanyaan ini"):
        write_note(inquiry=inquiry, text="@Wahyu Nugroho mohon bantu", by=world.place("admin"), now=world.now)
    assert not Note.objects.filter(office=world.office).exists()


def test_nobody_is_called_by_a_name_that_is_not_on_duty(world: World) -> None:
    Officer.objects.filter(username="kesra").update(is_active=False)
    note = write_note(inquiry=at_kesra(world), text="@Siti Muthmainnah", by=world.place("admin"), now=world.now)
    assert note.mentions == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ana Putri tolong", ["Ana Putri"]),
        ("@Ana tolong", ["Ana"]),
        ("@Anastasia", []),
        ("ana@Ana", []),
        ("(@ana), @Ana Putri!", ["Ana", "Ana Putri"]),
        ("Ana", []),
    ],
)
def test_the_longest_name_wins(text: str, found: list[str]) -> None:
    assert called_names(text, ["Ana", "Ana Putri"]) == found


def test_notes_are_exported_with_numbers_covered(world: World) -> None:
    inquiry = at_kesra(world)
    write_note(inquiry=inquiry, text="NIK 3516150101900003 @Siti Muthmainnah", by=world.place("admin"), now=world.now)
    (row,) = notes(world.office, None)
    assert row["text"] == "NIK 3516••••••••0003 @Siti Muthmainnah"
    assert (row["author"], row["kind"], len(row["mentions"])) == ("admin", "internal", 1)
