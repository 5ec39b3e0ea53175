"""The desk on a phone: installable, pushed to, and honest without a connection. A real service worker gets pushes from
the browser's own tools, because the push service of its maker cannot be reached from a test."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.desk.models import Notice
from pelita.desk.queries.notices import one
from pelita.push import vapid
from pelita.push.models import Device
from pelita.web.present.device import words_of
from pelita.web.present.told import pushed
from tests.push.receiver import Browser
from tests.web.browsing import SIZES, Desk
from tests.web.conftest import PASSWORD, World

PICTURES = os.environ.get("TEST_OUTPUT")
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (like Gecko) Chrome/142.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def known_services(settings: Settings) -> None:
    settings.PUSH_HOSTS = ["push.contoh.example"]


def a_browser(name: str = "rahasia") -> Browser:
    return Browser(f"https://push.contoh.example/kirim/{name}")


def turn_on(client: Client, browser: Browser) -> str:
    response = client.post("/saya/perangkat", browser.fields(), HTTP_USER_AGENT=ANDROID)
    assert response.status_code == 200
    html: str = response.content.decode()
    return html


# -- what the server says --


def test_turned_on_listed_tried_and_removed(world: World) -> None:
    client = world.client("kesra")
    page = client.get("/saya").content.decode()
    assert f'data-key="{vapid.public_key()}"' in page
    assert "Coba kirim" not in page
    listed = turn_on(client, a_browser())
    assert "Chrome di Android" in listed
    assert "Menyala, belum ada yang dikirim" in listed
    assert "rahasia" not in listed
    client.post("/saya/perangkat/coba")
    device = Device.objects.get(office=world.office)
    assert device.test_at is not None
    assert "Percobaan dikirim" in client.get("/saya").content.decode()
    Device.objects.filter(office=world.office).update(failed_at=clock.now())
    assert "Tidak sampai sejak" in client.get("/saya").content.decode()
    world.client("pmd").post("/saya/perangkat/hapus", {"device": device.pk})
    assert Device.objects.filter(office=world.office).exists()
    client.post("/saya/perangkat/hapus", {"device": device.pk})
    assert not Device.objects.filter(office=world.office).exists()


def test_why_not_is_said_in_a_sentence(world: World) -> None:
    client = world.client("kesra")
    wrong = client.post("/saya/perangkat", {**a_browser().fields(), "endpoint": "https://10.0.0.1/x"})
    assert (wrong.status_code, wrong.content.decode()) == (
        422, "Layanan pemberitahuan peramban ini belum dikenal. Hubungi operator sistem kantor.",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["", "kunci"])
def test_without_a_key_nothing_is_offered(world: World, settings: Settings, key: str) -> None:
    settings.PUSH_KEY = key
    page = world.client("kesra").get("/saya").content.decode()
    assert "Belum disiapkan di kantor ini" in page
    assert "data-push" not in page


def test_the_page_asks_the_same_for_one_device_and_for_three(world: World) -> None:
    client, spent = world.client("kesra"), []
    for names in ("a", "bc"):
        for name in names:
            turn_on(client, a_browser(name))
        with CaptureQueriesContext(connection) as counted:
            client.get("/saya")
        spent.append(len(counted))
    assert spent == [9, 9]


def test_signing_out_ends_it_in_that_browser_alone(world: World) -> None:
    client = world.client("kesra")
    turn_on(client, a_browser("satu"))
    turn_on(client, a_browser("dua"))
    first, second = Device.objects.filter(office=world.office).order_by("id")
    client.post("/keluar", {"device_hash": first.endpoint_hash})
    assert list(Device.objects.filter(office=world.office)) == [second]


def test_a_new_password_ends_it_on_every_device(world: World) -> None:
    client, new = world.client("kesra"), "sawah-terasering-77"
    turn_on(client, a_browser("satu"))
    turn_on(world.client("admin"), a_browser("orang-lain"))
    page = client.post("/saya/kata-sandi", {"old": PASSWORD, "new": new, "again": new}, follow=True)
    assert "Nyalakan lagi pemberitahuan di perangkat Anda." in page.content.decode()
    (left,) = Device.objects.filter(office=world.office)
    assert left.officer.username == "admin"


def test_a_browser_names_its_new_address_by_knowing_the_old_one(world: World) -> None:
    old, new = a_browser("lama"), a_browser("baru")
    turn_on(world.client("kesra"), old)
    anybody = Client(enforce_csrf_checks=True)
    assert anybody.post("/saya/perangkat/pindah", {"old": a_browser("x").endpoint, **new.fields()}).status_code == 404
    assert anybody.post("/saya/perangkat/pindah", {"old": old.endpoint, **new.fields()}).status_code == 204
    assert Device.objects.get(office=world.office).endpoint == new.endpoint


def test_the_manifest_can_be_installed_from_and_holds_nothing_of_anybody(world: World) -> None:
    response = Client().get("/manifest.webmanifest")
    found = json.loads(response.content)
    assert (found["lang"], found["display"], found["scope"]) == ("id", "standalone", "/")
    assert {(one["sizes"], one["purpose"]) for one in found["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for shortcut in found["shortcuts"]:
        assert world.client("operator").get(shortcut["url"]).status_code == 200
    assert 'rel="manifest"' in world.client("kesra").get("/tugas").content.decode()
    assert 'rel="manifest"' not in Client().get("/").content.decode()


def test_the_service_worker_is_asked_for_anew_and_the_same_for_everybody(world: World) -> None:
    responses = [client.get("/sw.js") for client in (Client(), world.client("kesra"), world.client("admin"))]
    assert {one["Cache-Control"] for one in responses} == {"no-cache"}
    assert len({one.content for one in responses}) == 1
    pages = [client.get("/tanpa-sambungan").content for client in (Client(), world.client("kesra"))]
    assert pages[0] == pages[1]
    # Everything that the page without a connection needs is kept with it.
    kept = json.loads(re.search(r"const SHELL = (\[.*\]);", responses[0].content.decode()).group(1))  # type: ignore[union-attr]  # it is there, or the test fails
    wanted = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', pages[0].decode()))
    assert wanted <= set(kept)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome di Android"),
        (ANDROID.replace("Chrome/", "SamsungBrowser/25.0 Chrome/"), "Samsung Internet di Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge di Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac) Version/18.1 Mobile Safari/604.1",
            "Safari di iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox di Linux"),
        ("", "Peramban"),
    ],
    ids=["chrome", "samsung", "edge", "iphone", "firefox", "none"],
)
def test_a_device_has_a_name(agent: str, words: str) -> None:
    assert words_of(agent) == words


# -- in a browser --


@pytest.fixture
def phone(desk: Desk) -> Page:
    """An officer's phone that allows notices, on Saya, with the service worker in charge."""
    page = desk.open("/saya", "kesra", "phone", permissions=["notifications"])
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.evaluate(
        "new Promise((done) => setInterval(() => { if (navigator.serviceWorker.controller) done(true); }, 50))"
    )
    return page


def picture(page: Page, name: str) -> None:
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{scheme}.png")
    page.emulate_media(color_scheme="light")


def deliver(page: Page, address: str, data: str) -> None:
    """A push as the browser gets it from its service, after it was opened."""
    devtools = page.context.new_cdp_session(page)
    seen: list[str] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda said: seen.extend(
        one["registrationId"] for one in said["registrations"] if one["scopeURL"] == f"{address}/"
    ))  # fmt: skip
    devtools.send("ServiceWorker.enable")
    for _ in range(400):
        if seen:
            break
        page.wait_for_timeout(50)
    devtools.send("ServiceWorker.deliverPushMessage", {"origin": address, "registrationId": seen[-1], "data": data})
    devtools.detach()


SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration()).getNotifications())
  .map((one) => ({title: one.title, text: one.body, tag: one.tag, path: one.data.path, lang: one.lang}))"""


def shown(page: Page) -> list[dict[str, str]]:
    """The notices on the device, once there is one."""
    for _ in range(400):
        found: list[dict[str, str]] = page.evaluate(SHOWN)
        if found:
            return found
        page.wait_for_timeout(50)
    raise AssertionError("nothing was shown")


def test_a_push_becomes_a_notice_on_the_device_and_seeing_it_counts(desk: Desk, phone: Page) -> None:
    inquiry = desk.world.at_section("KESRA")
    notice = Notice.objects.get(office=desk.world.office, officer=desk.world.place("kesra").officer)
    place = desk.world.place("kesra")
    told = one(place, notice.pk)
    assert told is not None
    text, path = pushed(told, place, clock.now())
    said = {"title": "Kecamatan Kemlagi", "text": text, "path": path, "tag": f"kabar-{notice.pk}", "waiting": "1"}
    deliver(phone, desk.address, json.dumps(said))
    assert shown(phone) == [
        {"title": said["title"], "text": f"{inquiry.code} diteruskan ke seksi Anda", "tag": said["tag"], "path": path,
         "lang": "id"}
    ]  # fmt: skip
    # Where a tap leads: the inquiry, and the notice is read. The page tells the server, which a mere link could not.
    phone.goto(desk.address + path)
    expect(phone).to_have_url(f"{desk.address}/tugas/{inquiry.code}")
    expect(phone.locator(".rail-count")).to_have_count(0, timeout=5000)
    assert Notice.objects.get(office=desk.world.office, pk=notice.pk).read_at is not None


def test_something_is_shown_even_of_what_cannot_be_read(desk: Desk, phone: Page) -> None:
    deliver(phone, desk.address, "bukan JSON")
    assert shown(phone)[0]["text"] == "Ada kabar baru."


def test_the_switch_says_what_is_so(desk: Desk, phone: Page) -> None:
    # The browser itself says what would keep the desk from the home screen: nothing.
    devtools = phone.context.new_cdp_session(phone)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in errors} <= {"in-incognito"}
    expect(phone.get_by_text("Mati di perangkat ini.")).to_be_visible()
    picture(phone, "perangkat-mati")
    phone.set_viewport_size({"width": 390, "height": 844})
    # A browser that refuses, here because its window is private: said in a sentence, and it can be tried again.
    phone.get_by_role("button", name="Nyalakan di perangkat ini").click()
    expect(phone.get_by_text("Belum berhasil. Periksa sambungan internet")).to_be_visible(timeout=30000)
    expect(phone.get_by_role("button", name="Nyalakan di perangkat ini")).to_be_focused()
    assert not Device.objects.filter(office=desk.world.office).exists()
    assert [said.partition(" (")[0] for said in desk.complaints] == [
        "Chrome currently does not support the Push API in incognito mode"
    ]
    desk.complaints.clear()


# A subscription made by the test in place of the push service's, which is not there; the page cannot tell.
SUBSCRIBED = """(given) => {
  const made = {endpoint: given.endpoint, unsubscribe: async () => { window.pushed = null; return true; },
    toJSON: () => ({endpoint: given.endpoint, keys: {p256dh: given.p256dh, auth: given.auth}})};
  PushManager.prototype.getSubscription = async () => window.pushed;
  PushManager.prototype.subscribe = async () => window.pushed = made;
}"""


def test_turned_on_listed_as_this_device_and_turned_off(desk: Desk, phone: Page) -> None:
    phone.evaluate(SUBSCRIBED, a_browser().fields())
    phone.get_by_role("button", name="Nyalakan di perangkat ini").click()
    expect(phone.get_by_text("Menyala. Perangkat ini berbunyi")).to_be_visible()
    expect(phone.get_by_text("perangkat ini", exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name="Coba kirim")).to_be_visible()
    device = Device.objects.get(office=desk.world.office)
    assert phone.locator("[name=device_hash]").input_value() == device.endpoint_hash
    picture(phone, "perangkat-menyala")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.get_by_role("button", name="Matikan di perangkat ini").click()
    expect(phone.get_by_text("Mati di perangkat ini.")).to_be_visible()
    assert not Device.objects.filter(office=desk.world.office).exists()


def test_the_next_officer_at_this_browser_is_not_told_what_the_last_one_is(desk: Desk, phone: Page) -> None:
    officer = desk.world.place("kesra").officer.pk
    phone.evaluate(SUBSCRIBED, a_browser().fields())
    phone.get_by_role("button", name="Nyalakan di perangkat ini").click()
    expect(phone.get_by_text("Menyala. Perangkat ini berbunyi")).to_be_visible()
    owner = "localStorage.getItem('pelita-perangkat')"
    assert phone.evaluate(owner) == str(officer)
    # From here on a page finds a subscription, and says when it ended it.
    phone.add_init_script(
        "PushManager.prototype.getSubscription = async () => ({endpoint: '', unsubscribe: async () => {"
        " document.documentElement.dataset.ended = '1'; return true; }})"
    )
    phone.goto(f"{desk.address}/tugas")
    phone.wait_for_timeout(300)
    expect(phone.locator("html[data-ended]")).to_have_count(0)
    phone.goto("about:blank")  # an open page would ask for news without anybody being signed in
    phone.context.clear_cookies()
    for cookie in desk.open("/tugas", "pmd", "phone").context.cookies():
        phone.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": desk.address}])
    phone.goto(f"{desk.address}/tugas")
    expect(phone.locator("html[data-ended]")).to_have_count(1)
    phone.wait_for_function(f"{owner} === null")


def test_a_browser_that_forbids_it_is_told_the_way(desk: Desk) -> None:
    page = desk.open("/pemberitahuan", "kesra", "phone")  # this browser answers every question with no
    page.get_by_role("link", name="Nyalakan pemberitahuan di perangkat ini").click()
    page.get_by_role("button", name="Nyalakan di perangkat ini").click()
    expect(page.get_by_text("Peramban melarang pemberitahuan")).to_be_visible()
    expect(page.get_by_role("button", name="Nyalakan di perangkat ini")).to_have_count(0)


def test_without_a_connection_one_page_says_so_and_what_was_typed_stays(desk: Desk, phone: Page) -> None:
    inquiry = desk.world.at_section("KESRA")
    phone.goto(f"{desk.address}/tugas/{inquiry.code}")
    field = phone.get_by_label("Jawaban untuk warga")
    field.fill("Bawa KK dan KTP asli")
    phone.context.set_offline(True)
    field.press_sequentially(".")
    phone.goto(f"{desk.address}/tugas")
    expect(phone.get_by_role("heading", name="Sambungan terputus")).to_be_visible()
    expect(phone.get_by_text("Tulisan Anda masih ada di perangkat ini.")).to_be_visible()
    picture(phone, "tanpa-sambungan")
    # Nothing that was read lies in the cache.
    kept = phone.evaluate(
        "caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())"
        ".map((one) => new URL(one.url).pathname)))).then((all) => all.flat())"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/tanpa-sambungan"]
    # Back again, it comes by itself to where one was going.
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Tugas saya")).to_be_visible()
    phone.goto(f"{desk.address}/tugas/{inquiry.code}")
    expect(phone.get_by_label("Jawaban untuk warga")).to_have_value("Bawa KK dan KTP asli.")
    desk.complaints.clear()  # the browser reports what it could not fetch meanwhile
