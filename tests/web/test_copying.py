"""The sheet for the catalogue of the app on the office's phone: what to copy, who did, and what changed since."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.base.errors import NotAllowedError, TakenError
from pelita.catalog import actions, actions_copied, items, queries
from pelita.catalog.models import CopiedItem, Service, ServiceVersion
from pelita.catalog.seeding import seed_services
from tests.web.conftest import World

PATH = "/layanan/lembar-katalog"


@pytest.fixture
def world(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def service(world: World, code: str) -> Service:
    return Service.objects.get(office=world.office, code=code)


def next_version(world: World, code: str) -> None:
    """Another version is published, as by its section."""
    rows = ServiceVersion.objects.filter(office=world.office, service__code=code)
    rows.filter(state="published").update(state="replaced")
    draft = actions.begin(service=service(world, code), by=world.place("admin"), now=world.now)
    rows.filter(pk=draft.pk).update(
        state="published", approved_by=world.place("kesra").officer, approved_at=world.now, published_at=world.now
    )


def test_everything_that_is_copied_stands_there(world: World) -> None:
    page = world.client("admin").get(PATH).content.decode()
    assert "0 dari 33" in page.replace("<b>", "").replace("</b>", "")
    assert 'data-copy="Surat keterangan ahli waris"' in page
    assert 'data-copy="Syarat:' in page
    assert 'href="/kantor/kemlagi/layanan/AHLI-WARIS.png?v=' in page
    assert 'download="AHLI-WARIS.png"' in page


def test_a_tick_says_who_and_is_void_when_the_service_changes(world: World) -> None:
    browser = world.client("admin")
    browser.post("/layanan/AHLI-WARIS/disalin", {"number": "1"})
    page = browser.get(PATH).content.decode()
    assert "1 dari 33" in page.replace("<b>", "").replace("</b>", "")
    assert "Disalin Endang Lestari" in page
    next_version(world, "AHLI-WARIS")
    page = browser.get(PATH).content.decode()
    assert "Berubah sejak disalin Endang Lestari" in page
    assert "0 dari 33" in page.replace("<b>", "").replace("</b>", "")
    # An old page cannot tick what nobody copied.
    browser.post("/layanan/AHLI-WARIS/disalin", {"number": "1"})
    assert CopiedItem.objects.get(office=world.office).number == 1
    browser.post("/layanan/AHLI-WARIS/disalin", {"number": "2"})
    assert CopiedItem.objects.get(office=world.office).number == 2
    browser.post("/layanan/AHLI-WARIS/disalin", {"langkah": "hapus"})
    assert not CopiedItem.objects.filter(office=world.office).exists()
    browser.post("/layanan/AHLI-WARIS/disalin", {"number": "9" * 30})


def test_what_is_withdrawn_is_to_be_taken_out_by_hand(world: World) -> None:
    by = world.place("admin")
    actions_copied.tick(service=service(world, "SKTM"), number=1, by=by, now=world.now)
    version = queries.version(service(world, "SKTM"), 1)
    assert version is not None
    actions.withdraw(version=version, seen=version.revision, by=by, now=world.now)
    browser = world.client("operator")
    assert "Hapus dari katalog HP" in browser.get(PATH).content.decode()
    browser.post("/layanan/SKTM/disalin", {"langkah": "hapus"})
    assert "Hapus dari katalog HP" not in browser.get(PATH).content.decode()


def test_only_who_keeps_the_number_ticks(world: World) -> None:
    for who in ("kesra", "camat"):
        with pytest.raises(NotAllowedError):
            actions_copied.tick(service=service(world, "SKTM"), number=1, by=world.place(who), now=world.now)
    with pytest.raises(TakenError):
        actions_copied.tick(service=service(world, "SKTM"), number=7, by=world.place("admin"), now=world.now)


def test_it_pages_at_a_fixed_price(world: World) -> None:
    for code in ("AHLI-WARIS", "SKTM"):
        actions_copied.tick(service=service(world, code), number=1, by=world.place("admin"), now=world.now)
    with CaptureQueriesContext(connection) as found:
        first = items.sheet(world.office)
    assert len(found) == 5
    second = items.sheet(world.office, after=first.after)
    codes = [one.item.code for one in (*first.leaves, *second.leaves)]
    assert (len(first.leaves), second.after, len(codes)) == (items.LEAVES, "", 33)
    assert codes == sorted(codes)
    assert first.done == second.done == 2
