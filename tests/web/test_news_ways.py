"""A post is handed to WhatsApp on the office's phone, and who did it is the proof. The browser is a real one; its sheet
for sharing, which a computer lacks, is replaced by one that writes down what it was given."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.news import actions, publishing, queries
from pelita.news.models import Post, PostPicture, Publication
from pelita.offices.rules import zone
from pelita.web.present.news_ways import WayRow, ways_of
from tests.web.browsing import Desk
from tests.web.conftest import World
from tests.web.shared_post import shared_post

SHEET = """
window.shared = [];
navigator.canShare = (what) => (what.files || []).every((one) => one instanceof File);
navigator.share = async (what) => {
  if (!navigator.userActivation.isActive) throw new DOMException("no tap", "NotAllowedError");
  const head = async (one) => [...new Uint8Array(await one.slice(0, 3).arrayBuffer())];
  const files = await Promise.all(what.files.map(async (one) => [one.name, one.type, one.size, await head(one)]));
  window.shared.push({ text: what.text, files });
};
"""


@pytest.fixture(autouse=True)
def files_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def rows(world: World, post: Post, who: str = "kesra") -> dict[str, WayRow]:
    found = queries.post(world.place(who), post.code)
    assert found is not None
    return {one.way: one for one in ways_of(found, world.place(who), now=clock.now(), tz=zone(world.office))}


def test_one_tap_proves_and_another_takes_it_back(world: World) -> None:
    post = shared_post(world)
    client, page = world.client("kesra"), f"/berita/{post.code}/bagikan"
    seen = client.get(page).content.decode()
    assert "Ya, sudah tayang" in seen
    assert seen.count("data-share-file=") == 2
    step = f"/berita/{post.code}/jalan/share"
    assert client.post(step, {"do": "tayang", "ke": "bagikan"})["Location"] == page
    share = Publication.objects.get(office=world.office, post=post, way="share")
    assert share.state == "done"
    assert share.by == world.place("kesra").officer
    assert f"Ditandai {share.by.full_name}" in client.get(page).content.decode()
    assert "sudah berubah" in client.post(step, {"do": "tayang", "ke": "bagikan"}, follow=True).content.decode()
    client.post(step, {"do": "belum", "ke": "bagikan"})
    assert rows(world, post)["share"].state == "hand"
    assert world.client("pmd").post(step, {"do": "tayang"}).status_code == 403
    assert client.post(step, {"do": "lain"}).status_code == 404


def test_what_was_withdrawn_is_removed_by_hand(world: World) -> None:
    post = shared_post(world, photos=0)
    client = world.client("kesra")
    step = f"/berita/{post.code}/jalan/share"
    client.post(step, {"do": "tayang"})
    post.refresh_from_db(from_queryset=Post.objects.filter(office=world.office))
    actions.withdraw(post=post, reason="Batal.", seen=post.lock, by=world.place("admin"), now=clock.now())
    assert publishing.run(now=clock.now()) == 1
    assert rows(world, post)["share"].deed == "withdraw"
    seen = client.get(f"/berita/{post.code}/bagikan").content.decode()
    assert "Tahan Status ini, pilih Hapus." in seen
    assert "data-share-files" not in seen
    client.post(step, {"do": "tayang"})
    assert rows(world, post)["share"].state == "withdrawn"
    assert "Tidak ada lagi yang dibagikan" in client.get(f"/berita/{post.code}/bagikan").content.decode()


def test_what_failed_says_why_and_offers_itself_again(world: World) -> None:
    post = shared_post(world, photos=0, ways=("page", "share", "phone"))
    assert publishing.run(now=clock.now()) == 1
    phone = rows(world, post)["phone"]
    assert (phone.state, phone.again) == ("failed", True)
    assert "Nomor saya" in phone.error
    assert not rows(world, post, "pmd")["phone"].again, "others look only"
    world.client("kesra").post(f"/berita/{post.code}/jalan/phone", {"do": "ulang"})
    found = rows(world, post)
    assert (found["phone"].state, found["share"].state, found["page"].state) == ("waiting", "hand", "done")
    Publication.objects.filter(office=world.office, post=post, way="phone").update(state="done")
    assert rows(world, post)["phone"].state_words == "Sampai di HP kantor"


def test_cards_are_for_those_who_see_the_post_and_not_sent_twice(world: World) -> None:
    post = shared_post(world)
    client, card = world.client("kesra"), f"/berita/{post.code}/kartu/2-status.jpg"
    first = client.get(card)
    assert first["Content-Type"] == "image/jpeg"
    assert first["Cache-Control"] == "private, max-age=300"
    assert first.content.startswith(b"\xff\xd8\xff")
    assert client.get(card, headers={"If-None-Match": first["ETag"]}).status_code == 304
    for wrong in ("3-status", "0-status", "1-lain"):
        assert client.get(f"/berita/{post.code}/kartu/{wrong}.jpg").status_code == 404
    assert client.get("/berita/xxxxxx/bagikan").status_code == 404


def test_an_emergency_with_photos_has_the_one_card_that_is_shared(world: World) -> None:
    post = shared_post(world, photos=2, kind="emergency", ends_at=clock.now() + timedelta(hours=6))
    client = world.client("kesra")
    for page in (f"/berita/{post.code}", f"/berita/{post.code}/bagikan"):
        cards = set(re.findall(r'src="(/berita/\w+/kartu/[^"?]+)', client.get(page).content.decode()))
        assert cards == {f"/berita/{post.code}/kartu/1-status.jpg"}, page
        assert client.get(cards.pop()).status_code == 200


def test_of_a_video_its_picture_is_shown(world: World) -> None:
    post = shared_post(world, photos=1)
    PostPicture.objects.filter(office=world.office, post=post).update(kind="video", content_type="video/mp4")
    page = world.client("kesra").get(f"/berita/{post.code}").content.decode()
    assert re.findall(rf'<img src="/berita/{post.code}/foto/(\w+)/', page) == ["kecil"]


def test_the_share_sheet_gets_cards_and_words(desk: Desk, orm_beside_the_browser: None) -> None:
    post = shared_post(desk.world)
    page = desk.open("/", "kesra", size="phone", has_touch=True, is_mobile=True)
    page.add_init_script(SHEET)
    page.goto(f"{desk.address}/berita/{post.code}/bagikan")
    button = page.get_by_role("button", name="Bagikan ke Status")
    expect(button).to_be_enabled()
    page.evaluate(
        "() => { const real = navigator.share;"
        " navigator.share = async () => { navigator.share = real; throw new Error('Permission denied'); }; }"
    )
    button.tap()
    expect(page.locator("[data-share-wrong]")).to_contain_text("HP ini tidak mau membagikannya.")
    button.tap()
    asked = page.locator("#sudah-tayang")
    expect(asked).to_be_focused()
    (given,) = page.evaluate("window.shared")
    assert [one[:2] for one in given["files"]] == [
        [f"kartu-{post.code}-1.jpg", "image/jpeg"], [f"kartu-{post.code}-2.jpg", "image/jpeg"],
    ]  # fmt: skip
    assert all(size > 20_000 and head == [255, 216, 255] for _name, _type, size, head in given["files"])
    assert "*Posyandu balita Desa Mojogebang*" in given["text"]
    assert f"/kantor/{desk.world.office.code}/berita/{post.code}" in given["text"]
    page.get_by_role("button", name="Ya, sudah tayang").tap()
    expect(page.locator("[data-proof]")).to_have_text(re.compile("^Ditandai "))


def test_without_a_share_sheet_there_is_download_and_copy(desk: Desk, orm_beside_the_browser: None) -> None:
    post = shared_post(desk.world, photos=1)
    page = desk.open(f"/berita/{post.code}/bagikan", "kesra")
    expect(page.get_by_role("button", name="Bagikan ke Status")).to_be_hidden()
    with page.expect_download() as loading:
        page.get_by_role("link", name="Unduh kartu Status").click()
    assert loading.value.suggested_filename == f"kartu-{post.code}-1.jpg"
    expect(page.get_by_role("button", name="Salin tulisan")).to_be_visible()
