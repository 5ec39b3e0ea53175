"""Public pages: what everybody may read, and that nobody reads anything else."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pelita.base import qr
from pelita.base.vcard import Contact, short_vcard, vcard
from pelita.catalog import actions as catalog
from pelita.catalog.models import Service
from pelita.catalog.rules import Content, Item
from pelita.catalog.seeding import seed_services
from pelita.offices.models import DayException, Office, Officer, OpenHours
from pelita.offices.queries import calendar_of
from pelita.web.present import public as present
from pelita.web.present.public_data import script
from pelita.whatsapp.models import NumberTaken, Way
from tests.catalog.conftest import WHOLE
from tests.web.conftest import World, stranger_office
from tests.web.shelf import approved, drafted, published, submitted

MARKER = "RAHASIADRAF"
K = "/kantor/kemlagi"
FRONT = f"{K}/"
PAGES = (FRONT, f"{K}/layanan", f"{K}/layanan/KTP-HILANG", f"{K}/kontak", f"{K}/simpan")


def body(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    text: str = answer.content.decode()
    return text


@pytest.fixture
def full(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def test_home_of_the_only_office_says_what_it_does(full: World) -> None:
    page = body("/")
    for said in ("Kecamatan Kemlagi", "Tanya dulu, baru berangkat.", "0851-5556-5667", "KTP-el hilang", "GRATIS",
                 "Lihat 33 layanan", "belum disahkan kantor", "20 desa", "112"):  # fmt: skip
        assert said in page, said
    assert 'rel="canonical" href="http' in page
    assert page.count('class="card-service"') == 6
    assert f'href="{K}/layanan/KTP-HILANG"' in page


def test_several_offices_are_listed_and_know_nothing_of_each_other(full: World) -> None:
    stranger_office(full.now)
    page = body("/")
    assert page.index("Kecamatan Jetis") < page.index("Kecamatan Kemlagi")
    theirs = "".join(body(f"/kantor/jetis{path}") for path in ("/", "/layanan", "/kontak", "/simpan"))
    assert "Kemlagi" not in theirs.replace("kemlagi", "")
    assert "KTP-el hilang" not in theirs
    for path in ("/layanan/KTP-HILANG", "/nomor.vcf", "/chat"):
        assert Client().get(f"/kantor/jetis{path}").status_code == 404, path
    assert Client().get("/kantor/tidak-ada/").status_code == 404


def test_one_service_says_everything_that_it_needs(full: World) -> None:
    page = body(f"{K}/layanan/KTP-HILANG")
    for said in ("Surat keterangan kehilangan dari Kepolisian", "Buat surat kehilangan di Polsek", "Perpres 96/2018",
                 "Dinas Kependudukan", "Contoh, belum disahkan", "Jangan kirim foto KTP", "Versi 1"):  # fmt: skip
        assert said in page, said
    assert "https://wa.me/6285155565667?text=Saya%20mau%20bertanya%20tentang%20KTP-el%20hilang." in page
    assert "6281200000101" not in page
    assert '<meta name="robots" content="noindex">' in page
    assert "ld+json" not in page
    Service.objects.filter(office=full.office).update(sample=False)
    page = body(f"{K}/layanan/KTP-HILANG")
    assert "noindex" not in page
    found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert found["@type"] == "GovernmentService"
    assert found["offers"]["price"] == 0
    assert Client().get(f"{K}/layanan/ktp-hilang").status_code == 200
    costs = body(f"{K}/layanan/PPATS-AJB")
    assert "GRATIS</b>" not in costs
    assert "Ya, harus datang sendiri" in costs


@pytest.mark.parametrize(
    ("asked", "code"), [("ktp kulo ical", "KTP-HILANG"), ("kartu kluarga ilang", "KK-HILANG"), ("sktm", "SKTM")]
)
def test_search_understands_typos_and_javanese(full: World, asked: str, code: str) -> None:
    page = body(f"{K}/layanan?q={asked}")
    assert re.findall(r'class="card-service" href="[^"]*/([A-Z-]+)"', page)[0] == code
    assert 'content="noindex"' in page


def test_what_is_not_found_goes_to_a_person(full: World) -> None:
    page = body(f"{K}/layanan?q=zzzz<b>")
    assert "Belum ditemukan" in page
    assert "zzzz&lt;b&gt;" in page
    assert "?text=zzzz%3Cb%3E" in page
    long = Client().get(f"{K}/layanan", {"q": "kata " * 5000})
    assert long.status_code == 200
    assert len(long.content) < 60_000


def marked(content: Content) -> Content:
    """The content with the marker in every text, and in every paper and step."""
    others = {"aliases", "requirements", "steps", "requires_presence", "origin"}
    texts = {one.name: f"{MARKER} {one.name}"[:60] for one in fields(content) if one.name not in others}
    items = (Item(MARKER, note=MARKER),)
    more: dict[str, Any] = {**texts, "aliases": (MARKER,), "requirements": items, "steps": items}
    return replace(content, **more)


def test_nothing_unapproved_is_anywhere_outside(full: World) -> None:
    shown = published(full, drafted(full, "SKU", WHOLE))
    next_one = catalog.begin(service=shown.service, by=full.place("kesra"), now=full.now)
    catalog.change(version=next_one, content=marked(WHOLE), seen=0, by=full.place("kesra"), now=full.now)
    drafted(full, "DRAF", marked(WHOLE))
    submitted(full, drafted(full, "AJU", marked(WHOLE)))
    approved(full, drafted(full, "SETUJU", marked(WHOLE)))
    gone = published(full, drafted(full, "TARIK", marked(WHOLE)))
    catalog.withdraw(version=gone, seen=gone.revision, by=full.place("kesra"), now=full.now)
    paths = [*PAGES, "/", "/sitemap.xml", f"{K}/peta.xml", f"{K}/layanan?q={MARKER.lower()}", f"{K}/layanan?q=sku",
             f"{K}/layanan/SKU", f"{K}/nomor.vcf"]  # fmt: skip
    for path in paths:
        assert MARKER not in body(path), path
    for code in ("DRAF", "AJU", "SETUJU", "TARIK"):
        assert Client().get(f"{K}/layanan/{code}").status_code == 404, code
        assert Client().get(f"{K}/layanan/{code}.pdf").status_code == 404, code
        assert all(f"/{code}" not in body(path) for path in (f"{K}/layanan", f"{K}/peta.xml")), code
    assert "Keterangan usaha" in body(f"{K}/layanan/SKU")


# Session and duties of an officer are asked on top; who looks from outside has neither.
QUERIES = {
    "/": 12, FRONT: 12, f"{K}/layanan": 7, f"{K}/layanan?mulai=SKTM": 8, f"{K}/layanan?q=ktp ilang": 10,
    f"{K}/layanan/KTP-HILANG": 11, f"{K}/kontak": 11, f"{K}/simpan": 6, f"{K}/simpan?dari=poster": 7,
    f"{K}/nomor.vcf": 8, f"{K}/chat": 3, "/sitemap.xml": 1, f"{K}/peta.xml": 3, "/robots.txt": 0,
}  # fmt: skip


@pytest.mark.parametrize("path", QUERIES)
def test_queries_are_few_and_known(full: World, path: str) -> None:
    Client().get(path)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(path).status_code in {200, 302}
    assert len(asked) == QUERIES[path], [one["sql"][:90] for one in asked.captured_queries]


def test_caches_may_keep_pages_but_not_what_is_counted_or_typed(full: World) -> None:
    for path in ("/", *PAGES):
        answer = Client().get(path)
        assert answer["Cache-Control"] == "public, max-age=60", path
        assert Client().get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304, path
    for path in (f"{K}/simpan?dari=poster", f"{K}/layanan?q=ktp", f"{K}/nomor.vcf", f"{K}/chat"):
        assert Client().get(path)["Cache-Control"] == "private, no-store", path
    # An officer's own browser keeps the same page: nothing on it is the officer's.
    assert "Endang" not in full.client("admin").get("/").content.decode()


def test_what_was_taken_is_counted_by_day_and_way(full: World) -> None:
    browser = Client()
    for path in ("simpan?dari=poster", "simpan?dari=poster", "simpan?dari=stiker", "simpan", "simpan?dari=lain",
                 "nomor.vcf", "chat", "chat"):  # fmt: skip
        browser.get(f"{K}/{path}")
    browser.head(f"{K}/simpan?dari=poster")
    browser.head(f"{K}/chat")
    found = dict(NumberTaken.objects.filter(office=full.office).values_list("way", "times"))
    assert found == {Way.POSTER: 2, Way.STICKER: 1, Way.CONTACT: 1, Way.CHAT: 2}
    assert browser.get(f"{K}/chat")["Location"] == "https://wa.me/6285155565667"


def test_contact_is_what_a_phone_reads(full: World) -> None:
    answer = Client().get(f"{K}/nomor.vcf")
    assert answer["Content-Type"].startswith("text/vcard")
    text = answer.content.decode().replace("\r\n ", "")
    assert text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    for line in ("FN:Kecamatan Kemlagi", "TEL;TYPE=CELL,VOICE:+6285155565667", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/"):
        assert f"\r\n{line}" in text, line
    assert "Senin–Kamis 07.30–12.00\\, 13.00–16.00\\; Jumat" in text
    assert all(len(line.encode()) <= 75 for line in answer.content.decode().split("\r\n"))
    assert len(answer.content) < 8000


def test_vcard_escapes_and_folds() -> None:
    text = vcard(Contact("Kantor; A, B\\C", "62811", note="baris\nlain " + "é" * 60))
    assert "FN:Kantor\\; A\\, B\\\\C\r\n" in text
    assert "NOTE:baris\\nlain " + "é" * 60 in text.replace("\r\n ", "")
    assert "END:VCARD" in short_vcard(Contact("Kantor", "62811"))


def test_qr_is_drawn_as_it_is() -> None:
    rows = qr.cells("https://wa.me/6285155565667")
    drawn = [[0] * len(rows) for _ in rows]
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", qr.outline(rows)):
        for at in range(int(x), int(x) + int(wide)):
            drawn[int(y) - qr.QUIET][at - qr.QUIET] = 1
    assert [bytes(row) for row in drawn] == list(rows)


def test_structured_data_cannot_end_its_element() -> None:
    said = script({"name": "</script><script>alert(1)</script>&\u2028"})
    assert said.count("<") == 2
    assert json.loads(said.partition(">")[2].rpartition("<")[0])["name"].startswith("</script>")


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """Clock time in Mojokerto in November 2026."""
    return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)


def test_lamp_is_lit_while_the_counter_is_open(world: World) -> None:
    hours = [OpenHours(weekday=day, opens=time(8), closes=time(15)) for day in range(5)]
    DayException.objects.create(office=world.office, day=date(2026, 11, 26), name="Rapat")
    calendar = calendar_of(world.office, date(2026, 11, 25))
    said = {at: present.standing(hours, calendar, at) for at in (moment(25, 10), moment(25, 15), moment(27, 7, 59))}
    assert [one.open for one in said.values()] == [True, False, False]
    assert [one.until for one in said.values()] == [
        "sampai 15.00 WIB", "buka Jumat, 27 November, pukul 08.00 WIB", "buka lagi pukul 08.00 WIB",
    ]  # fmt: skip
    assert not present.standing(hours, calendar, moment(26, 10)).open
    assert present.standing([], calendar, moment(25, 10)).until == ""


def test_days_with_the_same_hours_are_one_line() -> None:
    hours = [OpenHours(weekday=day, opens=time(8), closes=time(15 if day < 4 else 11)) for day in range(5)]
    week = [(one.name, one.hours, one.today) for one in present.week(hours, date(2026, 11, 25))]
    assert week == [
        ("Senin–Kamis", ("08.00–15.00",), True),
        ("Jumat", ("08.00–11.00",), False),
        ("Sabtu–Minggu", ("tutup",), False),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Gratis", (True, "")),
        ("Gratis (biaya penggandaan bila ada)", (True, "biaya penggandaan bila ada")),
        ("Retribusi daerah (bukan di kecamatan)", (False, "Retribusi daerah (bukan di kecamatan)")),
        ("gratis, bayar materai", (True, "bayar materai")),
        ("Gratisan", (False, "Gratisan")),
    ],
)
def test_only_what_is_free_says_so(text: str, said: tuple[bool, str]) -> None:
    assert present.cost(text) == said


def test_directory_names_people_and_no_numbers(full: World) -> None:
    page = body(f"{K}/kontak")
    for said in ("Bambang Hariyanto", "Seksi Kesejahteraan Rakyat", "Siti Muthmainnah", "KTP-el hilang"):
        assert said in page, said
    assert set(re.findall(r"\d{4}-\d{4}-\d{3,5}", page)) == {"0851-5556-5667"}


def test_an_office_without_number_or_services_still_has_a_front(db: None) -> None:
    Office.objects.create(code="baru", name="Kecamatan Baru", regency="Kabupaten X", region_code="1", code_prefix="BRU")
    assert "Nomor WhatsApp kantor belum terpasang." in body("/kantor/baru/")
    assert "Belum ada layanan yang terbit" in body("/kantor/baru/layanan")
    assert "Nomor WhatsApp kantor belum terpasang." in body("/kantor/baru/simpan")


def test_a_liaison_who_left_is_named_nowhere(full: World) -> None:
    left = full.place("kesra").officer
    left.full_name = "Siti Muthmainnah, M.Si."
    left.save()
    Service.objects.filter(office=full.office, code="KTP-HILANG").update(liaison=left)
    pages = (f"{K}/layanan/KTP-HILANG", f"{K}/kontak")
    assert all(left.full_name in body(path) for path in pages)
    assert f"Petugas penghubung: {left.full_name} Sumber:" in body(pages[0])
    Officer.objects.filter(pk=left.pk).update(is_active=False)
    assert not any(left.full_name in body(path) for path in pages)
