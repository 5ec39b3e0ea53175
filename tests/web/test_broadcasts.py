"""Broadcasts on the screen: whom they reach, begun, watched, stopped; and who subscribes."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from pelita.desk.models import Identity
from pelita.news.models import Broadcast, Recipient
from pelita.whatsapp.models import Template
from tests.web.broadcasting import announced, broadcasting, prepared, subscribed
from tests.web.browsing import Desk
from tests.web.conftest import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()


def page(browser: Client, address: str) -> str:
    return re.sub(r"\s+", " ", browser.get(address).content.decode())


def test_from_the_post_to_the_stop(world: World) -> None:
    subscribed(world, 3)
    post = announced(world)
    browser = world.client("admin")
    assert "Kerja bakti" in page(browser, "/siaran")
    assert f'action="/siaran/siapkan/{post.code}"' in page(browser, f"/berita/{post.code}")
    assert "/siaran/siapkan/" not in page(world.client("pmd"), f"/berita/{post.code}")
    browser.post(f"/siaran/siapkan/{post.code}")
    row = Broadcast.objects.get(office=world.office)
    address = f"/siaran/{row.pk}"
    said = page(browser, address)
    assert "dari 3 pelanggan kabar ini: 1 sebagai pesan biasa." in said
    assert "2 warga: jendela 24 jam tertutup dan templat siaran belum ada" in said
    assert "Perkiraan biaya <b>Rp0</b>" in said
    browser.post(f"{address}/mulai")
    assert 'hx-get="' + address + "?bagian=angka" in page(browser, address)
    said = page(browser, f"{address}?bagian=angka")
    assert "<dt>Menunggu giliran</dt><dd>3</dd>" in said
    assert "Sedang dikirim" in said
    browser.post(f"{address}/hentikan")
    said = page(browser, address)
    assert "<dt>Dihentikan</dt><dd>3</dd>" in said
    assert "hx-get" not in page(browser, f"{address}?bagian=angka")
    assert "baru saja berubah" in page(browser, browser.post(f"{address}/lanjut")["Location"])


def test_the_template_is_proposed_and_a_price_that_is_unknown_is_said(world: World) -> None:
    subscribed(world, 3)
    browser = world.client("admin")
    address = f"/siaran/{prepared(world).pk}"
    assert "Ajukan templat siaran" in page(browser, address)
    browser.post("/siaran/templat")
    template = Template.objects.get(office=world.office, purpose="news")
    assert (template.name, template.category) == ("pelita_kabar", "MARKETING")
    Template.objects.filter(office=world.office, pk=template.pk).update(state="APPROVED")
    said = page(browser, address)
    assert "1 sebagai pesan biasa dan 2 lewat templat" in said
    assert "belum bisa diperkirakan" in said
    assert "Ketuk Berhenti bila tidak ingin menerima kabar lagi." in said


def test_results_by_recipient(world: World) -> None:
    row = broadcasting(world)
    browser = world.client("camat")
    said = page(browser, f"/siaran/{row.pk}")
    assert said.count("office-row") >= 6
    assert "WhatsApp menahan pesan siaran ini" in said
    said = page(browser, f"/siaran/{row.pk}?hasil=skipped")
    assert "jendela 24 jam tertutup" in said
    assert "WhatsApp menahan" not in said
    [first, *_] = Recipient.objects.filter(office=world.office, broadcast=row).order_by("pk")
    assert "Menunggu giliran" not in page(browser, f"/siaran/{row.pk}?bagian=baris&hasil=read&sesudah={first.pk - 1}")


def test_who_has_no_name_is_masked(world: World) -> None:
    citizen, *_ = subscribed(world, 1, name="")
    citizen.name = ""
    citizen.save()
    number = Identity.objects.get(office=world.office, citizen=citizen).value
    said = page(world.client("admin"), "/siaran/pelanggan")
    assert "Semua kabar · semua desa" in said
    assert number[2:] not in re.sub(r"\D", "", said)
    assert "••••" in said


def test_another_office_sees_nothing_of_it(world: World) -> None:
    row = broadcasting(world)
    assert world.client("pmd").get(f"/siaran/{row.pk}").status_code == 403
    assert world.client("pmd").get("/siaran").status_code == 403


def test_the_figures_leave_a_stop_alone_that_waits_for_its_second_tap(desk: Desk) -> None:
    row = broadcasting(desk.world)
    page = desk.open(f"/siaran/{row.pk}", "admin")
    page.get_by_role("button", name="Hentikan").click()
    button = page.locator("#angka [data-armed]")
    expect(button).to_be_visible()
    page.evaluate("() => new Promise((done) => document.addEventListener('htmx:afterRequest', done, {once: true}))")
    page.wait_for_function(
        "() => Date.now() - Number(document.querySelector('#angka [data-armed]').dataset.armed) > 600"
    )
    button.click()
    expect(page.get_by_text("Siaran dihentikan.")).to_be_visible()
    assert Broadcast.objects.get(office=desk.world.office).state == "stopped"
