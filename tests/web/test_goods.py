"""The catalogue in WhatsApp on its screen, the pictures of services, and what the worker is told to bring there."""

from __future__ import annotations

import struct
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from pelita.catalog import actions as catalog
from pelita.catalog import items, pictures
from pelita.catalog.models import ServiceVersion
from pelita.catalog.seeding import seed_services
from pelita.config import jobs
from pelita.offices.models import Office
from pelita.web.present.goods import goods_of
from pelita.whatsapp.actions import goods as actions
from pelita.whatsapp.models import GoodsItem, GoodsSync, Line
from tests.web.conftest import World

CATALOG = "354160437058781"


@pytest.fixture
def world(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def path(world: World, end: str = "") -> str:
    return f"/nomor/{world.line.pk}/katalog{end}"


def chosen(world: World) -> None:
    answer = world.client("admin").post(path(world), {"catalog_id": CATALOG, "price": "0", "on": "on"})
    assert answer.status_code == 302


def test_a_catalogue_is_named_and_its_services_are_on_their_way(world: World) -> None:
    browser = world.client("admin")
    assert "Belum dipakai" in browser.get(path(world)).content.decode()
    chosen(world)
    assert Line.objects.get(office=world.office).catalog_id == CATALOG
    assert "Sedang dikirim" in browser.get(path(world)).content.decode()
    bad = browser.post(path(world), {"catalog_id": "abc", "price": "gratis", "on": "on"})
    assert bad.status_code == 422
    assert "Tulis angkanya saja" in bad.content.decode()
    assert (
        "ID katalog terdiri dari angka"
        in browser.post(path(world), {"catalog_id": "abc", "price": "0", "on": "on"}).content.decode()
    )


def test_what_whatsapp_refused_is_said_with_its_reason(world: World) -> None:
    chosen(world)
    sync = GoodsSync.objects.select_related("line__office").get(office=world.office)
    actions.want(sync=sync, wanted=goods_of(sync.line), now=world.now)
    rows = GoodsItem.objects.filter(office=world.office)
    rows.update(given="x", state="there")
    rows.filter(code="KIA").update(state="refused", error="Image could not be fetched")
    GoodsSync.objects.filter(office=world.office).update(answered_at=world.now)
    browser = world.client("operator")
    page = browser.get(path(world)).content.decode()
    assert "Ada yang ditolak" in page
    assert "Image could not be fetched" in page
    browser.post(path(world, "/segarkan"))
    assert GoodsItem.objects.get(office=world.office, code="KIA").state == "waiting"


def test_questions_go_their_own_way_or_by_the_admin(world: World) -> None:
    browser = world.client("admin")
    browser.post(path(world, "/ke-seksi"))
    assert not Office.objects.get().catalog_questions
    assert "Langsung ke seksi" in browser.get(path(world)).content.decode()
    browser.post(path(world, "/ke-seksi"), {"hidup": "1"})
    assert Office.objects.get().catalog_questions
    assert "Lewat Admin dulu" not in world.client("operator").get(path(world)).content.decode()


def test_items_are_the_published_services_alone(world: World, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://pelita.contoh.id"
    found = {one.code: one for one in goods_of(world.line)}
    assert len(found) == 33
    one = found["KTP-HILANG"]
    assert one.title == "KTP-el hilang"
    assert one.description.startswith("Syarat:\n1. ")
    assert one.link == "https://pelita.contoh.id/kantor/kemlagi/layanan/KTP-HILANG"
    assert one.picture.startswith("https://pelita.contoh.id/kantor/kemlagi/layanan/KTP-HILANG.png?v=")
    version = ServiceVersion.objects.select_related("service").get(office=world.office, service__code="KTP-HILANG")
    catalog.withdraw(version=version, seen=version.revision, by=world.place("admin"), now=world.now)
    assert "KTP-HILANG" not in {one.code for one in goods_of(world.line)}


def test_a_publication_wakes_the_worker(world: World) -> None:
    chosen(world)
    rows = GoodsSync.objects.filter(office=world.office)
    later = world.now + timedelta(minutes=5)
    rows.update(drawn_at=later, next_at=later + timedelta(hours=5))
    jobs.keep_catalogues(later)
    assert rows.get().next_at > later
    version = ServiceVersion.objects.select_related("service").get(office=world.office, service__code="KTP-HILANG")
    gone = later + timedelta(minutes=1)
    catalog.withdraw(version=version, seen=version.revision, by=world.place("admin"), now=gone)
    assert items.newest_changes([world.office.pk]) == {world.office.pk: gone}
    jobs.keep_catalogues(gone)
    assert rows.get().next_at == gone


def test_a_picture_is_for_everybody_and_kept(world: World) -> None:
    address = "/kantor/kemlagi/layanan/KTP-HILANG.png"
    browser = world.client("admin")
    browser.logout()
    first = browser.get(address)
    assert first["Content-Type"] == "image/png"
    assert struct.unpack(">II", first.content[16:24]) == (1080, 1080)
    assert first["Cache-Control"] == "public, max-age=300"
    assert browser.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    digest = pictures.digest("KTP-HILANG", "KTP-el hilang", world.office.name)
    assert "immutable" in browser.get(f"{address}?v={digest}")["Cache-Control"]
    assert "immutable" not in browser.get(f"{address}?v=lain")["Cache-Control"]
    for path in ("/kantor/kemlagi/layanan/TIDAK-ADA.png", "/kantor/lain/layanan/KTP-HILANG.png"):
        assert browser.get(path).status_code == 404
    ServiceVersion.objects.filter(office=world.office).update(state="withdrawn")
    assert browser.get(address).status_code == 404


def test_trouble_is_said_in_words_that_help(world: World) -> None:
    chosen(world)
    rows = GoodsSync.objects.filter(office=world.office)
    rows.update(error="permission", details="(#10) Application does not have permission", answered_at=world.now)
    page = world.client("admin").get(path(world)).content.decode()
    assert "belum punya izin catalog_management" in page
    assert "(#10) Application does not have permission" in page
    rows.update(error="token_invalid", details="")
    assert "Kunci akses nomor ini tidak berlaku lagi" in world.client("admin").get(path(world)).content.decode()
