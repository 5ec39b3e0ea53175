"""The officer's own news: on the page, in the menu, live, and nobody else's."""

from __future__ import annotations

from pelita.desk.models import Notice
from pelita.journal.queries import latest_id
from tests.web.conftest import World
from tests.web.test_live import Ear, address, listening  # noqa: F401  # a fixture

UNREAD = '<span class="visually-hidden">1 belum dibaca</span>'


def test_menu_counts_and_opening_ends_it(world: World) -> None:
    inquiry = world.at_section()
    browser = world.client("kesra")
    assert UNREAD in browser.get("/menu").content.decode()
    page = browser.get("/pemberitahuan").content.decode()
    assert f"{inquiry.code} diteruskan ke seksi Anda" in page
    assert "(belum dibaca)" in page
    notice = Notice.objects.get(office=world.office)
    assert browser.post(f"/pemberitahuan/{notice.pk}")["Location"] == f"/tugas/{inquiry.code}"
    assert "belum dibaca" not in browser.get("/menu").content.decode()
    assert "(belum dibaca)" not in browser.get("/pemberitahuan").content.decode()


def test_opening_the_inquiry_ends_what_was_told_of_it(world: World) -> None:
    first, second = world.at_section(), world.at_section()
    browser = world.client("kesra")
    browser.post(f"/meja/{first.code}/hadir", {"doing": "reading"})  # a page that merely stays open
    assert "2 belum dibaca" in browser.get("/menu").content.decode()
    browser.post(f"/meja/{first.code}/hadir", {"doing": "reading", "opened": "1"})
    assert UNREAD in browser.get("/menu").content.decode()
    assert Notice.objects.filter(office=world.office, read_at__isnull=False).get().inquiry == first
    assert (
        world.client("pmd").post(f"/meja/{second.code}/hadir", {"doing": "reading", "opened": "1"}).status_code == 404
    )


def test_the_admins_notice_leads_to_the_review_and_all_are_read_at_once(world: World) -> None:
    first, second = world.to_review(), world.to_review()
    browser = world.client("admin")
    notice = Notice.objects.get(office=world.office, inquiry=first, officer=world.place("admin").officer)
    assert browser.post(f"/pemberitahuan/{notice.pk}")["Location"] == f"/meja/{first.code}/periksa"
    assert UNREAD in browser.get("/menu").content.decode()
    assert browser.post("/pemberitahuan/dibaca")["Location"] == "/pemberitahuan"
    assert "belum dibaca" not in browser.get("/menu").content.decode()
    assert second.code in browser.get("/pemberitahuan").content.decode()


def test_only_the_person_told_hears_it_live_also_after_a_lost_connection(
    committed_world: World,
    address: str,  # noqa: F811  # the fixture
) -> None:
    world = committed_world
    since = latest_id(world.office)
    with listening(world, address, "kesra", since) as kesra, listening(world, address, "admin", since) as admin:
        inquiry = world.at_section()
        told = kesra.until("notice.made")
        assert told.data == {"code": "", "verb": "notice.made", "state": "", "holder": ""}
        assert verbs(admin, "inquiry.dispositioned", since) == ["inquiry.opened", "inquiry.dispositioned"]
    # From the journal the same: the other section's first news is its own.
    with listening(world, address, "admin", since) as admin, listening(world, address, "pmd", since) as pmd:
        world.at_section("PMD", who="ID.jalan")
        assert "notice.made" not in verbs(admin, "inquiry.dispositioned", since, times=2)
        assert verbs(pmd, "inquiry.dispositioned", since) == ["notice.made", "inquiry.dispositioned"]
    with listening(world, address, "kesra", since) as kesra:
        assert kesra.until("notice.made").id == told.id
    assert inquiry.code


def verbs(ear: Ear, last: str, since: int, *, times: int = 1) -> list[str]:
    """What is heard of after ``since``, up to the ``times``-th ``last``."""
    found: list[str] = []
    while found.count(last) < times:
        heard = ear.next()
        if int(heard.id) > since:
            found.append(heard.data["verb"])
    return found
