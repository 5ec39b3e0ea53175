"""Every address is guarded: a table says what each person gets, and a route without a row fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from pelita.desk.actions import saved_views
from pelita.desk.actions.saved_views import Wanted
from pelita.desk.models import Inquiry, Notice, Reach, ReplyTemplate, SavedView
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.queue import Due
from pelita.news.models import Post, PostPicture
from pelita.web.views.guards import GUARDS
from pelita.whatsapp.models import Template
from tests.invariants.conftest import House
from tests.invariants.routes_broadcasts import BROADCASTS, broadcast_of
from tests.invariants.routes_more import MORE
from tests.invariants.routes_public import ARTICLE, PUBLIC
from tests.web.conftest import World

PEOPLE = ("nobody", "admin", "own", "other", "leader", "operator", "stranger", "idle")
LOGIN, OK, NOT_HERE, NO, METHOD = 302, 200, 404, 403, 405
# For each route the answer to GET (without a body) and to POST (without fields), for each of PEOPLE:
# nobody, admin, officer of the section that has it, officer of another section, leader, operator,
# an admin and head of another office, an officer of this office without any duty.
# 422 and 409 are forms that were let in and found empty. A redirect that is not to the login is 303 here.
WAY_ON = 303
TABLE: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    **PUBLIC,
    **BROADCASTS,
    "masuk": ((OK, *(WAY_ON,) * 7), (422,) * 8),
    "keluar": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    "saya": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "kata-sandi": ((METHOD,) * 8, (LOGIN, *(422,) * 7)),
    "saya-nomor": ((METHOD,) * 8, (LOGIN, *(422,) * 7)),
    "saya-nomor-lepas": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    "saya-nomor-pilihan": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    "saya-perangkat": ((METHOD,) * 8, (LOGIN, *(422,) * 7)),
    "saya-perangkat-hapus": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    "saya-perangkat-coba": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    # Asked by the browser itself, which proves itself by its old address.
    "saya-perangkat-pindah": ((METHOD,) * 8, (422,) * 8),
    "sw": ((OK,) * 8, (METHOD,) * 8),
    "manifes": ((OK,) * 8, (METHOD,) * 8),
    "tanpa-sambungan": ((OK,) * 8, (METHOD,) * 8),
    "petugas": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "petugas-satu": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "petugas-lepas": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "pengenalan": ((LOGIN, OK, OK, OK, OK, WAY_ON, OK, WAY_ON), (LOGIN, *(WAY_ON,) * 7)),
    "menu": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "gaya": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "tidak-di-kantor": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "tidak-di-kantor-catat": ((METHOD,) * 8, (LOGIN, *(422,) * 7)),
    # Of the officer of the section: ended by the first who may; to everybody else it is not there.
    "tidak-di-kantor-akhiri": (
        (METHOD,) * 8,
        (LOGIN, WAY_ON, WAY_ON, NOT_HERE, WAY_ON, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    "tenggat": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "asisten": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "asisten-saklar": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, NO, WAY_ON, NO)),
    "asisten-teks": ((LOGIN, OK, NO, NO, NO, NO, OK, NO), (LOGIN, WAY_ON, NO, NO, NO, NO, WAY_ON, NO)),
    "jam-kerja": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "jam-minggu": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "jam-hari": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "jam-masa": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "jam-masa-akhiri": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, WAY_ON, NO)),
    "jam-hari-hapus": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, WAY_ON, NO)),
    "tenggat-ubah": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "tenggat-hapus": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "tenggat-pengingat-baru": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "tenggat-pengingat-hapus": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "tenggat-pengingat": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "tenggat-tenang": ((METHOD,) * 8, (LOGIN, 422, NO, NO, 422, NO, 422, NO)),
    "pemberitahuan": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "pemberitahuan-dibaca": ((METHOD,) * 8, (LOGIN, *(WAY_ON,) * 7)),
    # The officer's own notice of the disposition; nobody else's.
    "pemberitahuan-buka": ((METHOD,) * 8, (LOGIN, NOT_HERE, WAY_ON, *(NOT_HERE,) * 5)),
    # Everybody may ask; what is found is what `access.visible` shows.
    "cari": ((LOGIN, *(OK,) * 7), (LOGIN, *(WAY_ON,) * 7)),
    "tampilan": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "tampilan-baru": ((LOGIN, *(OK,) * 7), (LOGIN, *(422,) * 7)),
    # Shared by the admin with everybody: all of the office open it, the desk's leaders look after it.
    "tampilan-satu": ((LOGIN, *(OK,) * 5, NOT_HERE, OK), (METHOD,) * 8),
    "tampilan-ubah": ((LOGIN, OK, NO, NO, OK, NO, NOT_HERE, NO), (LOGIN, 422, NO, NO, 422, NO, NOT_HERE, NO)),
    # Its place is the owner's alone. The first who may takes it away; to everybody else it is not there any more.
    "tampilan-geser": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, NO, NOT_HERE, NO)),
    "tampilan-hapus": ((METHOD,) * 8, (LOGIN, WAY_ON, *(NOT_HERE,) * 6)),
    "banyak": ((LOGIN, OK, NO, NO, NO, NO, OK, NO), (LOGIN, 422, NO, NO, NO, NO, 422, NO)),
    "warga": ((LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "kabar": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "nomor": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "nomor-simpan": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "nomor-lambang": ((METHOD,) * 8, (LOGIN, 422, NO, NO, NO, 422, 422, NO)),
    "nomor-baru": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (LOGIN, 422, NO, NO, NO, 422, 422, NO)),
    "sambungan": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "nomor-periksa": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "nomor-uji": ((METHOD,) * 8, (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "nomor-lanjut": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "gagal": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    # A message of another office, or one that somebody dealt with: told on the list, and nothing else said of it.
    "gagal-kirim": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, WAY_ON, NO)),
    "gagal-urus": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, WAY_ON, NO)),
    "tersimpan": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "tersimpan-daftar": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "tersimpan-semua": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, WAY_ON, NO)),
    "tersimpan-butir": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (METHOD,) * 8),
    "tersimpan-ulang": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, WAY_ON, NO)),
    "biaya": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (METHOD,) * 8),
    "jatah": ((METHOD,) * 8, (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "kantor-layanan-gambar": ((OK,) * 8, (METHOD,) * 8),
    "nomor-katalog": ((LOGIN, OK, NO, NO, NO, OK, NOT_HERE, NO), (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "nomor-katalog-segarkan": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "nomor-katalog-ke-seksi": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, NO, NOT_HERE, NO)),
    "harga": ((METHOD,) * 8, (LOGIN, 422, NO, NO, NO, 422, NOT_HERE, NO)),
    "langsung": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "meja": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "percakapan": ((LOGIN, OK, NO, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "disposisi": (
        (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
        (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    "waktu": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "tarik": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "jawab": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "draf-meja": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "pratinjau": ((METHOD,) * 8, (LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE)),
    "bantuan": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "bantuan-selesai": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "tarik-jawaban": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "selesai": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "masih-perlu": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "minta-nomor": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "desa-warga": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "register-isi": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "register-perpanjang": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "jenis": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "disampaikan": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "rujuk": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "hasil-rujukan": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "pisah": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "gabung": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "tautkan": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "buka-lagi": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "bukan-pertanyaan": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "kembalikan-meja": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "catat-baru": ((LOGIN, OK, NO, NO, NO, NO, OK, NO), (LOGIN, 422, NO, NO, NO, NO, 422, NO)),
    "bukan": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "rujukan": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "register": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "blokir": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "buka-blokir": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "diblokir": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "lembar-disposisi": ((LOGIN, OK, NO, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "lainnya": ((LOGIN, OK, NO, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    # Both leaders and the admin may hide; only who does the admin's part with a secret one may open it again.
    "rahasia": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, 422, NOT_HERE, NOT_HERE, NOT_HERE)),
    "buka-rahasia": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "dibaca": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    # Whoever sees the inquiry may write to the others who see it.
    "catatan": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, 422, NOT_HERE, NOT_HERE, NOT_HERE)),
    "hadir": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, 422, NOT_HERE, NOT_HERE, NOT_HERE)),
    "rekan": ((LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "balasan-sisip": ((LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "balasan": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "balasan-baru": ((LOGIN, OK, OK, OK, NO, NO, OK, NO), (LOGIN, 422, 422, 422, NO, NO, 422, NO)),
    # A shared one: the admin keeps it, everybody of the office may use it.
    "balasan-satu": ((LOGIN, OK, NO, NO, NO, NO, NOT_HERE, NO), (LOGIN, 422, NO, NO, NO, NO, NOT_HERE, NO)),
    "balasan-arsip": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, NO, NOT_HERE, NO)),
    "balasan-pakai": ((METHOD,) * 8, (LOGIN, *(204,) * 5, NOT_HERE, 204)),
    # The whole office reads the catalogue; admin and section write, each in its own way (tests/catalog).
    "layanan": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "layanan-satu": ((LOGIN, *(OK,) * 5, NOT_HERE, OK), (METHOD,) * 8),
    "layanan-baru": ((LOGIN, OK, OK, OK, NO, NO, OK, NO), (LOGIN, 422, 422, 422, NO, NO, 422, NO)),
    "layanan-lembar": ((LOGIN, OK, NO, NO, NO, OK, OK, NO), (METHOD,) * 8),
    "layanan-disalin": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, NO, WAY_ON, NOT_HERE, NO)),
    "layanan-impor": ((LOGIN, OK, OK, OK, NO, NO, OK, NO), (LOGIN, 422, 422, 422, NO, NO, 422, NO)),
    # Nobody has such a file; the officer's own one is in tests/web/test_exchanging.py.
    "layanan-impor-lihat": ((LOGIN, *(NOT_HERE,) * 3, NO, NO, NOT_HERE, NO),) * 2,
    "layanan-ekspor-json": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "layanan-ekspor-xlsx": ((LOGIN, *(OK,) * 7), (METHOD,) * 8),
    "layanan-ubah": (
        (LOGIN, OK, OK, NO, NO, NO, NOT_HERE, NO),
        (LOGIN, WAY_ON, WAY_ON, NO, NO, NO, NOT_HERE, NO),
    ),
    "layanan-langkah": ((METHOD,) * 8, (LOGIN, *(422,) * 5, NOT_HERE, 422)),
    "layanan-contoh": ((METHOD,) * 8, (LOGIN, *(422,) * 5, NOT_HERE, 422)),
    "layanan-contoh-berkas": ((LOGIN, *(OK,) * 5, NOT_HERE, OK), (METHOD,) * 8),
    "layanan-berlaku": ((METHOD,) * 8, (LOGIN, *(422,) * 5, NOT_HERE, 422)),
    "layanan-penghubung": ((METHOD,) * 8, (LOGIN, WAY_ON, WAY_ON, NO, NO, NO, NOT_HERE, NO)),
    # Heads, admin and operator see how well citizens are answered.
    "asisten-mutu": ((LOGIN, OK, OK, OK, NO, NO, OK, NO), (METHOD,) * 8),
    # One that is not there, or about an inquiry that is not for this officer.
    "asisten-belajar": ((METHOD,) * 8, (LOGIN, NOT_HERE, NOT_HERE, NOT_HERE, NO, NO, NOT_HERE, NO)),
    "asisten-ukuran": ((LOGIN, OK, OK, OK, NO, OK, OK, NO), (METHOD,) * 8),
    "asisten-kalimat": ((LOGIN, OK, OK, OK, NO, OK, OK, NO), (LOGIN, 422, 422, 422, NO, 422, 422, NO)),
    "asisten-berkas": ((LOGIN, OK, OK, OK, NO, OK, OK, NO), (LOGIN, 422, 422, 422, NO, 422, 422, NO)),
    # One that is not there is gone already.
    "asisten-kalimat-hapus": ((METHOD,) * 8, (LOGIN, WAY_ON, WAY_ON, WAY_ON, NO, WAY_ON, WAY_ON, NO)),
    # Whoever writes the answer, and nobody who only reads it.
    "layanan-sisip": ((LOGIN, OK, OK, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "layanan-pakai": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "periksa": (
        (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
        (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    "kirim": ((METHOD,) * 8, (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "kembalikan": (
        (LOGIN, WAY_ON, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
        (LOGIN, 422, NO, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    # The admin is the head of another section: what lies at Kesra opens at the desk, and nothing is written for it.
    "tugas": ((LOGIN, OK, OK, OK, NO, NO, OK, NO), (METHOD,) * 8),
    "tugas-satu": ((LOGIN, WAY_ON, OK, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "draf": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "minta-waktu": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "kerjakan": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "bahan": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    "serahkan": ((METHOD,) * 8, (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE)),
    # The file of a message at Kesra: whoever sees the message, and nobody else can tell that there is one.
    "berkas": ((LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "berkas-kecil": ((LOGIN, OK, OK, NOT_HERE, OK, NOT_HERE, NOT_HERE, NOT_HERE), (METHOD,) * 8),
    "berkas-ambil": (
        (METHOD,) * 8,
        (LOGIN, WAY_ON, WAY_ON, NOT_HERE, WAY_ON, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    "bukan-tupoksi": (
        (LOGIN, WAY_ON, OK, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
        (LOGIN, 422, 422, NOT_HERE, NO, NOT_HERE, NOT_HERE, NOT_HERE),
    ),
    **MORE,
}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the resolver with its whole path."""

    def walk(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(path, pattern.url_patterns)
            else:
                yield path, pattern

    yield from walk("/", get_resolver().url_patterns)


def filled(path: str, world: World, inquiry: Inquiry) -> str:
    """The address with what the house has: this inquiry, the photo of its question, its number, what failed there."""
    template = Template.objects.get(office=world.office)
    numbers = {"template": template.pk, "line": world.line.pk, "pk": inquiry.message.media_id}
    numbers |= {"notice": Notice.objects.filter(office=world.office, inquiry=inquiry).order_by("pk")[0].pk}
    numbers |= {"absence": world.away("kesra").pk}
    numbers |= {"officer": world.place("kesra").officer.pk}
    numbers |= {"item": world.left().pk, "outbound": world.failed().pk}
    numbers |= {"reply": ReplyTemplate.objects.filter(office=world.office).values_list("pk", flat=True)[0]}
    wanted = Wanted("Terlambat", narrowing=Narrowing(due=Due.LATE), reach=Reach.OFFICE)
    SavedView.objects.filter(office=world.office).delete()
    numbers |= {"view": saved_views.save(wanted=wanted, by=world.place("admin"), now=world.now).pk}
    if "<int:broadcast>" in path:
        numbers |= {"broadcast": broadcast_of(world)}
        path = path.replace("<slug:deed>", "hentikan")
    numbers |= {"upload": 1, "sentence": 1, "answer": 1, "number": 1, "position": 1}
    alarm = Post.objects.get(office=world.office, kind="emergency")
    path = path.replace("<slug:alarm>", alarm.code).replace("<slug:kind>", "banjir")
    # The article has a photo and then a film.
    path = path.replace("video-<int:number>", "video-2").replace("<slug:article>", ARTICLE)
    path = path.replace("<slug:post>", alarm.code).replace("<slug:shape>", "persegi").replace("<slug:way>", "share")
    for name, number in numbers.items():
        path = path.replace(f"<int:{name}>", str(number))
    made = PostPicture.objects.select_related("post").get(office=world.office, post__state="draft")
    path = path.replace("<post:post>", made.post.code).replace("<int:picture>", str(made.pk))
    path = (
        path.replace("<slug:size>", "kecil")
        .replace("<slug:office>", world.office.code)
        .replace("<slug:service>", "SKU")
    )
    return path.replace("<code:code>", inquiry.code).replace("<slug:code>", "SKTM").replace("<slug:key>", "ask")


def answer(browser: Client, method: str, path: str) -> int:
    response = browser.generic(method, path)
    if response.status_code == 302:
        return LOGIN if response["Location"].startswith("/masuk?") or _to_login(response, path) else WAY_ON
    return response.status_code


def _to_login(response: object, path: str) -> bool:
    location = response["Location"]  # type: ignore[index]  # a response is a mapping of its headers
    return bool(location == "/masuk" and path != "/keluar")


def test_every_route_has_a_row_and_a_guard() -> None:
    found = {pattern.name: pattern for _, pattern in routes()}
    assert set(found) == set(TABLE)
    for name, pattern in found.items():
        assert pattern.callback in GUARDS, f"{name} has no guard"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_gets_what_and_moves_nothing_by_knocking(house: House, name: str) -> None:
    world, inquiry = house.world, house.inquiry
    path = filled(next(path for path, pattern in routes() if pattern.name == name), world, inquiry)
    for method, expected in zip(("GET", "POST"), TABLE[name], strict=True):
        for who, browser in house.people().items():
            wanted = expected[PEOPLE.index(who)]
            got = answer(browser, method, path)
            if name == "keluar" and who == "nobody":
                got = LOGIN if got == WAY_ON else got
            assert got == wanted, f"{method} {path} as {who}: {got}, not {wanted}"
    assert world.fresh(inquiry).version == inquiry.version


def test_stranger_sees_nothing_in_any_list(house: House) -> None:
    stranger = house.people()["stranger"]
    for path in ("/meja", "/meja?tampilan=seksi", "/tugas", "/menu", "/saya"):
        page = stranger.get(path).content.decode()
        assert house.inquiry.code not in page
        assert "Sulastri" not in page
        assert "Kemlagi" not in page
