"""Posts on public pages: what everybody reads, in which order, and what nobody reads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django.fixtures import Settings

from pelita.news import shared_picture
from pelita.news.models import Post
from tests.web.conftest import World, stranger_office
from tests.web.told_news import add_picture, corrected, drafted, jpeg, told, village, withdrawn
from tests.whatsapp.media.support import MP4

K = "/kantor/kemlagi"
NEWS = f"{K}/berita"


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def body(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    text: str = answer.content.decode()
    return text


def listed(path: str) -> list[str]:
    return re.findall(r'class="news-card[^"]*" href="/kantor/kemlagi/berita/(\w+)"', body(path))


def ahead(world: World, **more: int) -> datetime:
    return world.now + timedelta(**more)


def test_newest_first_in_pages_that_hold_every_post_once(world: World) -> None:
    made = [told(world, title=f"Kegiatan {n}").code for n in range(23)][::-1]
    first = body(NEWS)
    more = re.search(r'href="([^"]*\?mulai=\w+)"', first)
    assert more
    assert listed(NEWS) + listed(more[1]) == made
    assert listed(f"{K}/") == made[:4]


def test_narrowed_by_kind_village_month_and_words(world: World) -> None:
    near, far = village(world, "Mojopilang"), village(world, "Betro")
    clean = told(world, village=near)
    health = told(world, title="Posyandu lansia", text="Pemeriksaan gratis.", village=far, kind="announcement")
    whole = told(world, title="Libur bersama", text="Kantor tutup.")
    old = told(world, title="Lomba desa", text="Juara dua.", at=datetime(2026, 1, 31, 18, tzinfo=UTC))
    assert listed(f"{NEWS}?jenis=pengumuman") == [health.code]
    assert listed(f"{NEWS}?desa={near.region_code}") == [whole.code, clean.code, old.code]
    # 18.00 in London is the first of February in Mojokerto.
    assert listed(f"{NEWS}?bulan=2026-02") == [old.code]
    assert listed(f"{NEWS}?bulan=2026-01") == []
    assert listed(f"{NEWS}?cari=salurane+membersihkan") == [clean.code]
    assert listed(f"{NEWS}?cari=gratis&jenis=kegiatan") == []
    assert listed(f"{NEWS}?cari=!!!") == []
    # What an address says wrong narrows nothing.
    assert len(listed(f"{NEWS}?jenis=gosip&desa=x&bulan=2026-13&mulai=zzz")) == 4
    assert len(listed(f"{NEWS}?bulan=9999-12")) == 4
    page = body(f"{NEWS}?cari=%3Cb%3E")
    assert "&lt;b&gt;" in page
    assert 'content="noindex"' in page
    assert re.findall(r'bulan=(\d{4}-\d\d)"[^>]*>([^<]+)<', page)[-1] == ("2026-02", "Februari 2026")


def test_a_post_says_what_when_where_and_who(world: World) -> None:
    post = told(world, village=village(world, "Mojopilang"), place="Balai Desa")
    add_picture(world, post)
    page = body(f"{NEWS}/{post.code}")
    for said in (
        "Kerja bakti membersihkan saluran", "Balai Desa, Mojopilang", "Pemberdayaan Masyarakat", "Kegiatan",
        "&lt;b&gt;semua&lt;/b&gt;", 'width="1200" height="800" alt="Warga memegang cangkul di tepi saluran"',
        f"berita%20{post.code.upper()}", "summary_large_image", 'property="og:type" content="article"',
    ):  # fmt: skip
        assert said in page, said
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert (data["@type"], data["headline"]) == ("NewsArticle", post.title)
    assert data["image"][0].startswith("http")
    post = corrected(world, post, at=ahead(world, hours=1), title="Kerja bakti di Mojopilang")
    page = body(f"{NEWS}/{post.code}")
    assert "Diralat:</b> Jamnya keliru" in page
    assert "Kerja bakti di Mojopilang" in page


def test_a_date_says_its_span_and_goes_into_a_calendar(world: World) -> None:
    starts = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    post = told(world, kind="agenda", title="Musrenbang", starts_at=starts, ends_at=starts + timedelta(hours=3))
    page = body(f"{NEWS}/{post.code}")
    assert "Senin, 4 Januari 2027, 09.00–12.00 WIB" in page
    assert f"{NEWS}/{post.code}/acara.ics" in page
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert (data["@type"], data["startDate"]) == ("Event", starts.isoformat())


def test_to_come_is_what_is_not_over_the_next_one_first(world: World) -> None:
    def at(title: str, begins: float, ends: float | None = None) -> Post:
        last = world.now + timedelta(days=ends) if ends is not None else None
        return told(world, kind="agenda", title=title, starts_at=world.now + timedelta(days=begins), ends_at=last)

    late, soon, running = at("Rapat", 9), at("Lomba", 1), at("Pameran", -2, 2)
    at("Lewat", -3, -1)
    told(world)
    assert listed(f"{K}/agenda") == [running.code, soon.code, late.code]


def test_an_emergency_stands_above_until_it_ends(world: World) -> None:
    post = told(world, kind="emergency", title="Jalan Betro banjir", ends_at=ahead(world, hours=2))
    for path in (f"{K}/", NEWS, f"{K}/agenda"):
        page = body(path)
        assert page.index('class="alarm"') < page.index('class="top"'), path
        assert "Jalan Betro banjir" in page, path
    assert "Berlaku sampai" in body(f"{NEWS}/{post.code}")
    Post.objects.filter(office=world.office, pk=post.pk).update(correction="Diperpanjang.", corrected_at=world.now)
    assert "Diperbarui:</b> Diperpanjang." in body(f"{NEWS}/{post.code}")
    Post.objects.filter(office=world.office, pk=post.pk).update(ends_at=world.now - timedelta(minutes=1))
    assert 'class="alarm"' not in body(f"{K}/")
    assert "Sudah tidak berlaku sejak" in body(f"{NEWS}/{post.code}")


def test_what_is_not_published_is_nowhere(world: World) -> None:
    draft = drafted(world, title="RAHASIADRAF")
    add_picture(world, draft)
    gone = withdrawn(world, told(world, title="Salah kabar"), at=world.now)
    add_picture(world, gone)
    paths = ("/", f"{K}/", NEWS, f"{NEWS}?cari=rahasiadraf", f"{K}/berita.atom", f"{K}/agenda", f"{K}/agenda.ics",
             f"{K}/peta.xml")  # fmt: skip
    for path in paths:
        text = body(path)
        assert "RAHASIADRAF" not in text, path
        assert draft.code not in text, path
        assert gone.code not in text, path
    for code in (draft.code, gone.code, "zzzzzz"):
        for file in ("foto-1.jpg", "kecil-1.jpg", "bagikan.jpg", "acara.ics"):
            assert Client().get(f"{NEWS}/{code}/{file}").status_code == 404, (code, file)
    assert Client().get(f"{NEWS}/{draft.code}").status_code == 404
    page = body(f"{NEWS}/{gone.code}", 410)
    assert "Fotonya keliru" in page
    assert "saluran air" not in page
    assert 'content="noindex"' in page


def test_offices_know_nothing_of_each_other(world: World) -> None:
    post = told(world)
    add_picture(world, post)
    stranger_office(world.now)
    assert post.code not in body("/kantor/jetis/berita")
    for path in ("", "/foto-1.jpg", "/kecil-1.jpg", "/bagikan.jpg"):
        assert Client().get(f"/kantor/jetis/berita/{post.code}{path}").status_code == 404, path


def test_photos_are_kept_by_their_content_and_films_come_in_parts(world: World) -> None:
    post = told(world)
    photo, film = add_picture(world, post), add_picture(world, post, kind="video", position=1)
    page = body(f"{NEWS}/{post.code}")
    address = re.findall(rf'({NEWS}/{post.code}/foto-1\.jpg\?v=\w+)"', page)[0]
    answer = Client().get(address)
    assert answer.getvalue() == jpeg()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "public, max-age=86400, immutable")
    assert Client().get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert "immutable" not in Client().get(f"{NEWS}/{post.code}/foto-1.jpg?v=falsch")["Cache-Control"]
    part = Client().get(f"{NEWS}/{post.code}/video-2.mp4", headers={"range": "bytes=2-5"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 2-5/{film.size}")
    assert part.getvalue() == MP4[2:6]
    assert Client().get(f"{NEWS}/{post.code}/video-2.mp4", headers={"range": "bytes=9999999-"}).status_code == 416
    # A film is no photo, and the first picture has number one.
    for path in ("foto-2.jpg", "video-1.mp4", "foto-0.jpg", "foto-3.jpg"):
        assert Client().get(f"{NEWS}/{post.code}/{path}").status_code == 404, path
    assert photo.sha256[:8] in address


@pytest.mark.parametrize("shown", ["photo", "portrait", "nothing", "broken", "emergency"])
def test_a_shared_address_has_a_picture(world: World, shown: str) -> None:
    long = "Pengumuman penutupan jalan poros Mojopilang–Betro\x0b karena perbaikan jembatan <lama> & saluran air utama"
    kind = "emergency" if shown == "emergency" else "activity"
    post = told(world, title=long, kind=kind, ends_at=ahead(world, hours=1))
    content = {"photo": jpeg(), "portrait": jpeg(600, 1600), "broken": b"x" * 99}.get(shown)
    if content:
        add_picture(world, post, content)
    address = re.findall(r'og:image" content="http://[^/]+([^"]+)"', body(f"{NEWS}/{post.code}"))[0]
    answer = Client().get(address)
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    assert Image.open(BytesIO(answer.content)).size == (shared_picture.WIDE, shared_picture.HIGH)
    assert len(answer.content) < 300_000
    assert Client().get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


# Session and duties of an officer are asked on top; who looks from outside has neither.
QUERIES = {
    f"{K}/": 13, NEWS: 11, f"{NEWS}?mulai=KODE": 12, f"{NEWS}?cari=saluran": 11, f"{NEWS}/KODE": 11,
    f"{K}/agenda": 9, f"{K}/agenda.ics": 3, f"{K}/berita.atom": 3, f"{NEWS}/KODE/foto-1.jpg": 2,
    f"{NEWS}/KODE/bagikan.jpg": 3, f"{NEWS}/KODE/acara.ics": 2, f"{K}/peta.xml": 3,
}  # fmt: skip


@pytest.mark.parametrize("path", QUERIES)
def test_queries_are_few_and_known(world: World, path: str) -> None:
    for number in range(6):
        post = told(world, title=f"Saluran {number}", kind="agenda", starts_at=ahead(world, days=1))
        add_picture(world, post)
    address = path.replace("KODE", post.code)
    Client().get(address)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    assert len(asked) == QUERIES[path], [one["sql"][:90] for one in asked.captured_queries]


def test_caches_may_keep_pages_but_not_what_is_typed(world: World) -> None:
    post = told(world)
    for path in (NEWS, f"{NEWS}?bulan=2026-11", f"{NEWS}/{post.code}", f"{K}/agenda"):
        answer = Client().get(path)
        assert answer["Cache-Control"] == "public, max-age=60", path
        assert Client().get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304, path
    assert Client().get(f"{NEWS}?cari=air")["Cache-Control"] == "private, no-store"
