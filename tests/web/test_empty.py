"""What an empty office shows: every list says what comes there and how, and offers the way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browsing import Desk
from tests.web.conftest import World

LISTS = [
    ("admin", "/meja", "Begini pesan berjalan"),
    ("admin", "/meja?tampilan=seksi", "Pertanyaan yang diteruskan tinggal di sini"),
    ("admin", "/meja?tampilan=seksi&tenggat=terlambat", "Lepas saringannya"),
    ("camat", "/meja?tampilan=rahasia", "hanya Anda lihat"),
    ("admin", "/rujukan", "lalu Rujukan"),
    ("admin", "/register", "Catat permintaan dari loket"),
    ("admin", "/meja/bukan-pertanyaan", "bisa dikembalikan ke meja"),
    ("admin", "/meja/diblokir", "bisa dibuka lagi"),
    ("admin", "/meja/banyak", "Pilih daftar lain"),
    ("kesra", "/tugas", "Pertanyaan yang diteruskan admin"),
    ("kesra", "/pemberitahuan", "diberitahukan kepada Anda"),
    ("kesra", "/tampilan", "lalu tekan Simpan tampilan"),
    ("kesra", "/cari", "Yang bisa dicari"),
    ("admin", "/balasan", "Simpan kalimat yang sering"),
    ("admin", "/tidak-di-kantor", "Catat sebelum berangkat"),
    ("admin", "/nomor/gagal", "Tidak ada yang gagal"),
    ("admin", "/nomor/tersimpan", "Semua sudah diolah"),
    ("operator", "/templat", "Belum ada templat"),
]


@pytest.mark.parametrize(("who", "path", "says"), LISTS, ids=[path for _, path, _ in LISTS])
def test_an_empty_list_teaches_the_next_step(world: World, who: str, path: str, says: str) -> None:
    page = world.client(who).get(path).content.decode()
    assert 'class="empty' in page
    assert says in page


def test_several_says_why_its_buttons_are_off(desk: Desk) -> None:
    desk.world.asks("syarat ktp")
    page = desk.open("/meja/banyak", "admin")
    send = page.get_by_role("button", name="Disposisikan")
    expect(send).to_be_disabled()
    expect(page.get_by_role("status").filter(has_text="Centang percakapan dulu")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(send).to_be_enabled()
    expect(page.get_by_text("1 dipilih")).to_be_visible()
    assert desk.complaints == []
