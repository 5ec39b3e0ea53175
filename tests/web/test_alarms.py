"""Emergencies in two taps."""

from __future__ import annotations

import re
from datetime import timedelta

from pelita.news import actions, queries
from pelita.news.models import Post
from pelita.offices.models import Village
from tests.web.conftest import World


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form as it came."""
    found = dict(re.findall(r'<input type="hidden" name="(key|section)" value="([^"]+)"', page))
    text = re.search(r'<textarea name="text"[^>]*>\s*([^<]+)</textarea>', page)
    assert text is not None
    return found | {"text": text[1], "hours": "12", "village": "", "place": "", "title": ""}


def test_two_taps(world: World) -> None:
    head = world.client("trantib")
    assert "?jenis=banjir" in head.get("/berita/darurat").content.decode()
    form = fields(head.get("/berita/darurat?jenis=banjir").content.decode()) | {"ways": ["share", "broadcast"]}
    village = Village.objects.filter(office=world.office)[0]
    form["village"] = str(village.pk)
    for _tap in range(2):  # an impatient thumb
        assert head.post("/berita/darurat/banjir/umumkan", form)["Location"] == "/berita/darurat"
    post = Post.objects.get(office=world.office)
    assert (post.title, post.state, post.section.code) == (f"Banjir di Desa {village.name}", "published", "TRANTIB")
    assert post.ends_at is not None
    assert post.published_at is not None
    assert post.ends_at - post.published_at == timedelta(hours=12)
    assert post.ways == ["page", "share", "broadcast"]
    page = head.get("/berita/darurat").content.decode()
    assert post.title in page
    for told in ("admin", "camat"):
        assert f"Kabar darurat diumumkan: “{post.title}”" in world.client(told).get("/pemberitahuan").content.decode()
    # Another section's head reads of it and cannot end it.
    assert "Sudah aman" not in world.client("kesra").get("/berita/darurat").content.decode()
    assert world.client("kesra").post(f"/berita/darurat/{post.code}/selesai").status_code == 403
    assert head.post(f"/berita/darurat/{post.code}/perpanjang", {"hours": "48"}).status_code == 302
    assert head.post(f"/berita/darurat/{post.code}/selesai").status_code == 302
    assert not queries.pinned(world.office, world.now + timedelta(days=400))


def test_an_old_page_leads_back_to_what_holds(world: World) -> None:
    head = world.client("trantib")
    form = fields(head.get("/berita/darurat?jenis=banjir").content.decode())
    head.post("/berita/darurat/banjir/umumkan", form)
    post = Post.objects.get(office=world.office)
    actions.withdraw(post=post, reason="Keliru.", seen=post.lock, by=world.place("admin"), now=world.now)
    answer = head.post("/berita/darurat/banjir/umumkan", form, follow=True)
    assert answer.redirect_chain == [("/berita/darurat", 302)]
    assert "baru saja diubah orang lain" in answer.content.decode()


def test_what_is_missing_stays_in_the_form(world: World) -> None:
    head = world.client("trantib")
    form = fields(head.get("/berita/darurat?jenis=lain").content.decode())
    refused = head.post("/berita/darurat/lain/umumkan", form | {"text": " ", "place": "Jalan raya"})
    assert refused.status_code == 422
    assert 'value="Jalan raya"' in refused.content.decode()
    assert not Post.objects.filter(office=world.office).exists()
