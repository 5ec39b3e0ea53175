"""The composer on a phone: a photo, a finger that hides a face, and no connection for a while."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from pelita.news import queries
from pelita.news.models import Post
from pelita.whatsapp.media.store import store
from tests.news.test_pictures import range_of, stripes
from tests.web.browsing import Desk
from tests.web.conftest import World
from tests.web.posted import again, post, written

KEPT = """() => new Promise((done) => {
  const request = indexedDB.open("pelita-berita", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("posts", {keyPath: "key"});
  request.onsuccess = () => {
    const all = request.result.transaction("posts").objectStore("posts").getAll();
    all.onsuccess = () => { request.result.close(); done(all.result.map((one) => one.photos.length)); };
  };
})"""


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def photo(folder: Path) -> Path:
    path = folder / "lapangan.png"
    path.write_bytes(stripes())
    return path


def shown(world: World, post: Post) -> Image.Image:
    row = queries.pictures_of([post])[post.pk][0]
    return Image.open(io.BytesIO(b"".join(store().read(row.path))))


def cover(page: Page) -> None:
    """Put a finger on the middle of the photo and pull it outwards."""
    canvas = page.locator("#kabur canvas")
    expect(canvas).to_be_focused()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] * 0.2, y, steps=4)
    page.mouse.up()
    expect(page.locator("[data-blur-count]")).to_have_text("1 bagian dikaburkan")
    page.get_by_role("button", name="Selesai").click()
    expect(page.locator("#kabur")).to_be_hidden()


def test_a_face_is_hidden_with_one_finger(desk: Desk, tmp_path: Path) -> None:
    world = desk.world
    page = desk.open("/berita/baru", "kesra", "phone")
    page.locator("[data-photos]").last.set_input_files(photo(tmp_path))
    expect(page.locator("[data-pictures] .photo-card")).to_have_count(1)
    expect(page.locator("[data-pending] .photo-card")).to_have_count(0)
    made = Post.objects.get(office=world.office)
    assert range_of(shown(world, made), (340, 260, 460, 340)) > 200
    expect(page).to_have_url(f"{desk.address}/berita/{made.code}/ubah")
    page.get_by_role("button", name="Kaburkan").click()
    with page.expect_response(lambda one: one.request.method == "POST"):
        cover(page)
    expect(page.get_by_role("button", name="Ubah bagian kabur")).to_be_visible()
    assert range_of(shown(world, made), (340, 260, 460, 340)) < 60
    assert range_of(shown(world, made), (10, 10, 200, 590)) > 200
    # By keys alone: one circle more, and it is taken back.
    page.get_by_role("button", name="Ubah bagian kabur").click()
    expect(page.locator("[data-blur-count]")).to_have_text("1 bagian dikaburkan")
    expect(page.locator("#kabur canvas")).to_be_focused()
    for key in ("ArrowUp", "ArrowUp", "+", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-blur-count]")).to_have_text("2 bagian dikaburkan")
    page.get_by_role("button", name="Batalkan satu").click()
    expect(page.locator("[data-blur-count]")).to_have_text("1 bagian dikaburkan")
    page.get_by_role("button", name="Tutup tanpa mengubah").click()
    page.get_by_label("Judul").fill("Kerja bakti")
    page.get_by_role("button", name="Minta persetujuan").click()
    expect(page).to_have_url(f"{desk.address}/berita/{made.code}")
    made.refresh_from_db()
    assert (made.state, made.title) == ("submitted", "Kerja bakti")
    assert page.evaluate(KEPT) == []


def test_written_without_a_connection_and_sent_once_there_is_one(desk: Desk, tmp_path: Path) -> None:
    world = desk.world
    page = desk.open("/berita", "kesra", "phone")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("caches.match('/berita/baru', {cacheName: 'berita-tulis'}).then((found) => Boolean(found))")
    page.context.set_offline(offline=True)
    page.goto(f"{desk.address}/berita/baru")
    expect(page.get_by_role("heading", name="Kiriman baru")).to_be_visible()
    page.locator("[data-photos]").last.set_input_files(photo(tmp_path))
    expect(page.locator("[data-pending] .photo-card")).to_have_count(1)
    page.get_by_label("Judul").fill("Tanggul jebol di Mojowono")
    expect(page.locator("[data-saved]")).to_have_text("Tersimpan di HP ini, belum terkirim")
    page.goto(f"{desk.address}/berita/baru")
    waits = page.locator("#kiriman-tersimpan")
    expect(waits.get_by_role("link", name="Tanggul jebol di Mojowono")).to_be_visible()
    waits.get_by_role("link").click()
    expect(page.get_by_label("Judul")).to_have_value("Tanggul jebol di Mojowono")
    expect(page.locator("[data-pending] .photo-card")).to_have_count(1)
    assert not Post.objects.filter(office=world.office).exists()
    page.goto(f"{desk.address}/berita/baru")
    expect(waits).to_be_visible()
    page.context.set_offline(offline=False)
    expect(waits).to_be_hidden(timeout=10_000)
    made = Post.objects.get(office=world.office)
    assert (made.title, made.state) == ("Tanggul jebol di Mojowono", "draft")
    assert len(queries.pictures_of([made])[made.pk]) == 1
    assert page.evaluate(KEPT) == []
    # Signing out leaves nothing of it on the phone.
    page.goto(f"{desk.address}/saya")
    page.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(f"{desk.address}/masuk")
    assert page.evaluate("caches.has('berita-tulis')") is False
    # What could not be fetched without a connection, and what asked once more while the session ended.
    expected = ("ERR_INTERNET_DISCONNECTED", "401 (Unauthorized)")
    desk.complaints[:] = [one for one in desk.complaints if not any(words in one for words in expected)]


def test_pressed_after_the_session_ended_it_stays_on_the_phone_until_somebody_signs_in(desk: Desk) -> None:
    world, name = desk.world, django_settings.SESSION_COOKIE_NAME
    page = desk.open("/berita/baru", "kesra", "phone")
    page.context.clear_cookies()
    page.get_by_label("Judul").fill("Tanggul jebol di Mojowono")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.locator("[data-saved]")).to_contain_text("Belum sampai di kantor, masih tersimpan di HP ini.")
    assert page.evaluate(KEPT) == [0]
    page.context.add_cookies([{"name": name, "value": world.client("kesra").cookies[name].value, "url": desk.address}])
    page.goto(f"{desk.address}/berita")
    expect(page.get_by_text("Terkirim: Tanggul jebol di Mojowono")).to_be_visible()
    assert Post.objects.get(office=world.office).title == "Tanggul jebol di Mojowono"
    desk.complaints[:] = [one for one in desk.complaints if "status of 40" not in one]


def test_an_answer_that_is_lost_on_the_way_costs_nothing(desk: Desk) -> None:
    page = desk.open("/berita/baru", "kesra", "phone", service_workers="block")
    saved = page.locator("[data-saved]")
    page.get_by_label("Judul").fill("Kerja bakti")
    expect(saved).to_contain_text("Draf tersimpan")

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/ubah", lost, times=1)
    page.get_by_label("Isi").fill("Warga membersihkan saluran.")
    expect(saved).to_have_text("Tersimpan di HP ini, belum terkirim")
    page.get_by_label("Isi").fill("Warga membersihkan saluran sepanjang 400 meter.")
    expect(saved).to_contain_text("Draf tersimpan")
    page.get_by_role("button", name="Minta persetujuan").click()
    expect(page.get_by_text("Diajukan.")).to_be_visible()
    made = Post.objects.get(office=desk.world.office)
    assert (made.text, made.state) == ("Warga membersihkan saluran sepanjang 400 meter.", "submitted")
    assert page.evaluate(KEPT) == []
    desk.complaints[:] = [one for one in desk.complaints if "ERR_FAILED" not in one]


@pytest.mark.parametrize("choice", ["Pakai yang di kantor", "Pakai yang di HP ini"])
def test_an_older_text_on_the_phone_overwrites_nobody_unasked(desk: Desk, choice: str) -> None:
    world = desk.world
    made = post(world)
    path = f"/berita/{made.code}/ubah"
    page = desk.open(path, "kesra", "phone", service_workers="block")
    page.context.set_offline(offline=True)
    page.get_by_label("Isi").fill("Tulisan lama di HP.")
    expect(page.locator("[data-saved]")).to_have_text("Tersimpan di HP ini, belum terkirim")
    office = "Tulisan baru di kantor."
    world.client("admin").post(path, {**written(made), "text": office})
    assert again(world, made).text == office
    page.context.set_offline(offline=False)
    page.goto(f"{desk.address}{path}")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tulisan lama di HP.")
    for _ in range(2):  # Chromium lets nobody prevent the second one
        page.keyboard.press("Escape")
        expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=choice).click()
    here = choice.endswith("HP ini")
    expect(page.get_by_label("Isi")).to_have_value("Tulisan lama di HP." if here else office)
    expect(page.locator("[data-saved]")).to_contain_text("Draf tersimpan")
    expect(page.locator("#kiriman-tersimpan")).to_be_hidden()
    assert again(world, made).text == ("Tulisan lama di HP." if here else office)
    # The text may be sent once before the page is left: the office's newer one refuses it.
    expected = ("ERR_INTERNET_DISCONNECTED", "409 (Conflict)")
    desk.complaints[:] = [one for one in desk.complaints if not any(words in one for words in expected)]
