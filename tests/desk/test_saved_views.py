"""Saved views: kept as columns, counted in one query, shared by those who lead, and seen as each officer may see."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions import saved_views, secrecy
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.indexing import index_due
from pelita.desk.actions.saved_views import Wanted
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Inquiry, InquiryKind, SavedView
from pelita.desk.queries import saved_views as queries
from pelita.desk.queries.narrowing import UNFINISHED, Narrowing
from pelita.desk.queries.queue import Due
from pelita.desk.queries.search import search
from pelita.offices.models import Section, Village
from tests.desk.conftest import World


def save(world: World, name: str, who: str = "admin", **wanted: Any) -> SavedView:
    return saved_views.save(wanted=Wanted(name, **wanted), by=world.place(who), now=world.now)


def names(world: World, who: str) -> list[str]:
    return [one.name for one in queries.offered(world.place(who))]


def changed(world: World, inquiry: Inquiry, **values: object) -> Inquiry:
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(**values)
    return world.fresh(inquiry)


def several(world: World) -> list[Inquiry]:
    """Three of different people: a complaint that is late, one at Kesra due in an hour, a finished one."""
    one, two, three = (
        world.asks(text, user_id=f"ID.{n}", wa_id=f"62812000000{n}")
        for n, text in enumerate(("jalan rusak parah", "syarat bpjs", "jalan licin"))
    )
    changed(world, one, kind=InquiryKind.COMPLAINT, due_at=world.now - timedelta(hours=1))
    dispose(inquiry=two, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    changed(world, two, due_at=world.now + timedelta(hours=1))
    changed(world, three, state="closed", holder="nobody", closed_at=world.now, due_at=None)
    while index_due():
        pass
    return [world.fresh(each) for each in (one, two, three)]


WANTED: list[tuple[dict[str, Any], int, list[int]]] = [
    ({"kind": "complaint"}, 1, [0]),
    ({"due": Due.LATE}, 1, [0]),
    ({"due": Due.TODAY}, 1, [1]),
    ({"state": UNFINISHED}, 2, [1, 0]),
    ({"state": "disposisi"}, 1, [0]),
    ({"state": "seksi"}, 1, [1]),
    ({"state": "new", "due": Due.TODAY}, 0, []),
    ({"state": "closed"}, -1, [2]),
]


@pytest.mark.parametrize(("narrowed", "count", "shown"), WANTED, ids=lambda one: str(one)[:40])
def test_what_is_counted_is_what_is_shown_and_open(
    world: World, narrowed: dict[str, Any], count: int, shown: list[int]
) -> None:
    rows, admin = several(world), world.place("admin")
    view = save(world, "satu", narrowing=Narrowing(**narrowed))
    found = search(admin, view.words, queries.narrowing_of(view), now=world.now)
    assert [hit.inquiry for hit in found.hits] == [rows[n] for n in shown]
    assert queries.counts(admin, [view], now=world.now).get(view.pk, -1) == count


def test_words_section_village_and_days_are_counted_too(world: World) -> None:
    one, two, _ = several(world)
    betro = Village.objects.filter(office=world.office)[0]
    one.citizen.village = betro
    one.citizen.save(update_fields=["village"])
    today = world.now.date()
    wishes: dict[str, tuple[dict[str, Any], int]] = {
        "kata": ({"words": "dalan rusak"}, 1),
        "tidak ada": ({"words": "sapi hilang"}, 0),
        "kode": ({"words": two.code}, 1),
        "seksi": ({"narrowing": Narrowing(section=two.section_id)}, 1),
        "desa": ({"narrowing": Narrowing(village=betro.pk)}, 1),
        "hari": ({"narrowing": Narrowing(since=today, until=today)}, 2),
        "kemarin": ({"narrowing": Narrowing(until=today - timedelta(days=1))}, 0),
    }
    views = {name: save(world, name, **wish) for name, (wish, _) in wishes.items()}
    found = queries.counts(world.place("admin"), list(views.values()), now=world.now)
    assert {name: found[view.pk] for name, view in views.items()} == {name: n for name, (_, n) in wishes.items()}


def test_twenty_counts_cost_what_two_do_and_none_for_none(world: World) -> None:
    several(world)
    admin = world.place("admin")
    late = Narrowing(due=Due.LATE)
    views = [save(world, f"tampilan {n}", words="jalan" if n % 2 else "", narrowing=late) for n in range(20)]
    for asked, queries_asked in ((views, 2), (views[:1], 1), (views[1:2], 1), ([], 0)):
        with CaptureQueriesContext(connection) as found:
            queries.counts(admin, asked, now=world.now)
        assert len(found) == queries_asked
    with CaptureQueriesContext(connection) as found:
        assert len(queries.offered(admin)) == 20
    assert len(found) == 1


def test_counts_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    several(world)
    monkeypatch.setattr(queries, "COUNTED", 1)
    view = save(world, "semua", narrowing=Narrowing(state=UNFINISHED))
    assert queries.counts(world.place("admin"), [view], now=world.now) == {view.pk: 1}


def test_everybody_counts_what_everybody_may_see(world: World) -> None:
    one, two, _ = several(world)
    secrecy.hide(inquiry=one, by=world.place("admin"), now=world.now)
    view = save(world, "semua", "camat", narrowing=Narrowing(state=UNFINISHED), reach="office")
    counted = {who: queries.counts(world.place(who), [view], now=world.now)[view.pk] for who in ("camat", "admin")}
    counted |= {who: queries.counts(world.place(who), [view], now=world.now)[view.pk] for who in ("kesra", "pmd")}
    assert counted == {"camat": 2, "admin": 1, "kesra": 1, "pmd": 0}
    assert two.section_id in world.place("kesra").section_ids


def test_who_has_which_beside_the_lists(world: World) -> None:
    late = Narrowing(due=Due.LATE)
    save(world, "punya admin", narrowing=late)
    save(world, "untuk semua", narrowing=late, reach="office")
    save(world, "untuk kesra", narrowing=late, reach="section", shared_with=world.section("KESRA"))
    save(world, "seksi pmd", narrowing=Narrowing(section=world.section("PMD").pk), reach="office")
    save(world, "punya kesra", "kesra", narrowing=late)
    assert names(world, "kesra") == ["punya kesra", "untuk kesra", "untuk semua"]
    assert names(world, "pmd") == ["seksi pmd", "untuk semua"]
    assert names(world, "camat") == ["seksi pmd", "untuk semua"]
    assert names(world, "admin") == ["punya admin", "untuk semua", "untuk kesra", "seksi pmd"]
    with pytest.raises(NotAllowedError):
        save(world, "bagi", "kesra", narrowing=late, reach="office")


def test_nobody_opens_or_changes_anothers(world: World) -> None:
    view = save(world, "punya admin", narrowing=Narrowing(due=Due.LATE))
    for who in ("kesra", "camat"):
        place = world.place(who)
        assert queries.one_view(place, view.pk) is None
        with pytest.raises(NotAllowedError):
            saved_views.remove(view=view, by=place, now=world.now)
        with pytest.raises(NotAllowedError):
            saved_views.shift(view=view, up=True, by=place, now=world.now)
    saved_views.change(
        view=view, wanted=Wanted("bersama", words="jalan", reach="office"), by=world.place("admin"), now=world.now
    )
    assert queries.one_view(world.place("kesra"), view.pk) == view
    saved_views.remove(view=view, by=world.place("camat"), now=world.now)
    assert names(world, "admin") == []


def test_they_stand_in_the_order_that_was_chosen(world: World) -> None:
    first, second, third = (save(world, name, words="jalan") for name in ("satu", "dua", "tiga"))
    admin = world.place("admin")
    saved_views.shift(view=third, up=True, by=admin, now=world.now)
    saved_views.shift(view=first, up=True, by=admin, now=world.now)
    assert names(world, "admin") == ["satu", "tiga", "dua"]
    saved_views.shift(view=first, up=False, by=admin, now=world.now)
    assert names(world, "admin") == ["tiga", "satu", "dua"]
    assert second.name in names(world, "admin")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(" ", words="jalan"), "name"),
        (Wanted("x" * 41, words="jalan"), "name"),
        (Wanted("SATU", words="jalan"), "name"),
        (Wanted("kosong"), "words"),
        (Wanted("kosong", words="?!"), "words"),
        (Wanted("seksi", words="jalan", reach="section"), "shared_with"),
    ],
    ids=["no name", "long", "twice", "nothing", "no words", "no section"],
)
def test_nonsense_is_refused_beside_its_field(world: World, wanted: Wanted, field: str) -> None:
    save(world, "satu", words="jalan")
    with pytest.raises(InvalidError) as refused:
        saved_views.save(wanted=wanted, by=world.place("admin"), now=world.now)
    assert refused.value.field == field


def test_twenty_are_enough(world: World) -> None:
    for number in range(20):
        save(world, f"tampilan {number}", words="jalan")
    with pytest.raises(InvalidError):
        save(world, "satu lagi", words="jalan")
    assert save(world, "punya kesra", "kesra", words="jalan").position == 0


@pytest.mark.parametrize("day", [date.min, date.max], ids=["first", "last"])
def test_no_day_of_the_calendar_breaks_the_lists_of_those_who_have_the_view(world: World, day: date) -> None:
    several(world)
    view = save(world, "selamanya", reach="office", narrowing=Narrowing(state=UNFINISHED, since=date.min, until=day))
    (offered,) = queries.offered(world.place("camat"))
    count = queries.counts(world.place("camat"), [offered], now=world.now)[view.pk]
    found = search(world.place("camat"), "", queries.narrowing_of(offered), now=world.now)
    assert count == len(found.hits) == (2 if day == date.max else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_take_one_name_in_the_same_moment_one_is_told(world: World) -> None:
    admin, refused = world.place("admin"), []
    for number in range(10):
        views = [save(world, f"{one} {number}", words="jalan") for one in ("satu", "dua")]
        wanted, start = Wanted(f"sama {number}", words="jalan"), Barrier(2)

        def take(view: SavedView, wanted: Wanted = wanted, start: Barrier = start) -> None:
            start.wait(10)
            try:
                saved_views.change(view=view, wanted=wanted, by=admin, now=world.now)
            except Exception as error:  # noqa: BLE001  # whatever the loser got is what the test looks at
                refused.append(type(error))
            finally:
                connections.close_all()

        threads = [Thread(target=take, args=(view,)) for view in views]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        for view in views:
            saved_views.remove(view=view, by=admin, now=world.now)
    assert refused == [InvalidError] * 10


def test_a_section_that_is_gone_is_told_and_not_counted(world: World) -> None:
    view = save(world, "pmd", narrowing=Narrowing(section=world.section("PMD").pk))
    Section.objects.filter(office=world.office, code="PMD").update(active=False)
    (found,) = queries.offered(world.place("admin"))
    assert queries.gone(found)
    assert queries.counts(world.place("admin"), [found], now=world.now) == {}
    assert found == view
