"""Ready replies: who keeps them, what fills them, and that a change is never lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions.ready_replies import SAMPLES, change, count_use, make, put_away, seed_replies
from pelita.desk.checks import check
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import ReplyTemplate
from pelita.desk.queries.ready_replies import PAGE, offered, one_reply, reply_page
from pelita.desk.variables import fill, unknown
from tests.desk.conftest import World


def makes(
    world: World, title: str, who: str = "admin", section: str = "", text: str = "Bawa KK, {nama}."
) -> ReplyTemplate:
    place = world.place(who)
    kept_by = world.section(section) if section else None
    return make(title=title, text=text, section=kept_by, by=place, now=world.now)


def titles(world: World, who: str) -> set[str]:
    return {one.title for one in offered(world.place(who))}


def test_shared_ones_are_the_admins_and_a_section_keeps_its_own(world: World) -> None:
    makes(world, "Bersama")
    mine = makes(world, "Milik Kesra", "kesra", "KESRA")
    assert titles(world, "kesra") == {"Bersama", "Milik Kesra"}
    assert titles(world, "pmd") == titles(world, "admin") == {"Bersama"}
    assert one_reply(world.place("pmd"), mine.pk) is None
    with pytest.raises(NotAllowedError):
        makes(world, "x", "kesra")
    with pytest.raises(NotAllowedError):
        makes(world, "x", "kesra", "PMD")
    with pytest.raises(NotAllowedError):
        change(reply=mine, title="x", text="x", seen=0, by=world.place("pmd"), now=world.now)


def test_two_who_change_it_at_once(world: World) -> None:
    reply = makes(world, "Jam")
    change(reply=reply, title="Jam loket", text="Buka.", seen=0, by=world.place("admin"), now=world.now)
    with pytest.raises(TakenError, match="baru saja diubah"):
        change(reply=reply, title="Jam buka", text="Tutup.", seen=0, by=world.place("pengganti"), now=world.now)
    reply.refresh_from_db(from_queryset=ReplyTemplate.objects.filter(office=world.office))
    assert (reply.title, reply.version) == ("Jam loket", 1)


def test_what_is_put_away_is_not_offered(world: World) -> None:
    reply = makes(world, "Lama")
    put_away(reply=reply, away=True, seen=0, by=world.place("admin"), now=world.now)
    assert titles(world, "admin") == set()
    assert [one.title for one in reply_page(world.place("admin"), archived=True).rows] == ["Lama"]
    put_away(reply=reply, away=False, seen=1, by=world.place("admin"), now=world.now)
    assert titles(world, "admin") == {"Lama"}


@pytest.mark.parametrize(
    ("title", "text", "field", "sentence"),
    [
        (" ", "Isi", "title", "Beri judul"),
        ("x" * 81, "Isi", "title", "paling panjang 80"),
        ("Judul", " ", "text", "Tulis isi"),
        ("Judul", "Yth. {namanya}", "text", r"Isian \{namanya\} tidak dikenal"),
        ("Judul", "x" * 3002, "text", "kelebihan 2 huruf"),
    ],
)
def test_what_cannot_be_kept(world: World, title: str, text: str, field: str, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence) as refused:
        makes(world, title, text=text)
    assert refused.value.field == field


def test_the_most_used_come_first(world: World) -> None:
    makes(world, "Satu")
    second = makes(world, "Dua")
    count_use(reply=second, now=world.now)
    assert [one.title for one in offered(world.place("admin"))] == ["Dua", "Satu"]


def test_pages_by_title_and_search(world: World) -> None:
    for number in range(PAGE + 2):
        makes(world, f"Judul {number:02}")
    makes(world, "Syarat nikah")
    place = world.place("admin")
    with CaptureQueriesContext(connection) as asked:
        first = reply_page(place)
    assert (len(first.rows), len(asked)) == (PAGE, 1)
    second = reply_page(place, after=first.after)
    assert [one.title for one in second.rows] == [f"Judul {PAGE}", f"Judul {PAGE + 1}", "Syarat nikah"]
    assert second.after == 0
    assert [one.title for one in reply_page(place, search="nikah").rows] == ["Syarat nikah"]


def test_variables() -> None:
    text = "Yth. {nama}, kode { kode }, {layanan}."
    assert fill(text, {"nama": "Bu {kode}", "kode": "KML-4F7Q"}) == "Yth. Bu {kode}, kode KML-4F7Q, {layanan}."
    assert unknown("{nama} {xyz} {xyz} {}") == ["xyz", ""]
    assert [one.excerpt for one in check("Untuk {layanan}.")] == ["{layanan}"]


def test_samples_are_sound_and_made_once(world: World) -> None:
    assert seed_replies(office=world.office, now=world.now) == len(SAMPLES) == 8
    assert seed_replies(office=world.office, now=world.now) == 0
    assert not any(unknown(text) for _title, text in SAMPLES)
