"""What came from WhatsApp and nobody took, on the screens of whoever looks after the number."""

from __future__ import annotations

import json

import pytest

from pelita.offices.models import Office
from pelita.web.present.kept import COVER, MAX_LIST, MAX_PARTS, covered_json
from pelita.whatsapp.models import App, Body, Item
from pelita.whatsapp.queries import kept
from tests.web.conftest import World, stranger_office

SORT = "keadaan=dead&bidang=messages&jenis=message&tipe=text"


def page(world: World, path: str = "", who: str = "operator") -> str:
    response = world.client(who).get(f"/nomor/tersimpan{path}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_sorts_in_words(world: World) -> None:
    assert "Semua sudah diolah" in page(world)
    world.left()
    world.left("kept", kind="update", field="account_alerts", line=world.line)
    world.left("kept", kind="status", payload={"item": {"status": "delivered"}})
    world.left("kept", kind="update", field="besok")
    shown = page(world)
    assert "Gagal diolah delapan kali" in shown
    assert "Kabar akun: peringatan akun" in shown
    assert "Kabar akun: jenis baru" in shown
    assert "Kabar pengiriman: sampai" in shown
    assert "Nomor tujuannya belum disambungkan" in shown
    assert "Tersimpan tanpa diolah" in world.client("admin").get("/nomor").content.decode()


def test_an_item_is_tried_again_and_the_second_click(world: World) -> None:
    item = world.left(line=world.line)
    assert "ValueError" in page(world, f"/daftar?{SORT}")
    assert "ValueError" in page(world, f"/{item.pk}")
    path = f"/nomor/tersimpan/{item.pk}/coba-lagi"
    answers = [world.client(who).post(path, follow=True).content.decode() for who in ("admin", "operator")]
    assert "Butir ini dicoba lagi" in answers[0]
    assert "Butir ini sudah diproses" in answers[1]
    assert Item.objects.get(pk=item.pk).state == "pending"
    assert "Tidak ada lagi di sini" in page(world, f"/daftar?{SORT}")


def test_a_sort_is_tried_again(world: World) -> None:
    world.left()
    world.left()
    form = {"bidang": "messages", "jenis": "message", "tipe": "text"}
    found = [
        world.client("operator").post("/nomor/tersimpan/coba-lagi", form, follow=True).content.decode()
        for _ in range(2)
    ]
    assert "2 butir dicoba lagi." in found[0]
    assert "Tidak ada yang perlu dicoba lagi" in found[1]


def test_pages_meet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PAGE", 2)
    pks = [world.left().pk for _ in range(3)][::-1]
    first = page(world, f"/daftar?{SORT}")
    assert [pk for pk in pks if f"/nomor/tersimpan/{pk}" in first] == pks[:2]
    rest = page(world, f"/daftar?{SORT}&sebelum={pks[1]}&bagian=baris")
    assert [pk for pk in pks if f"/nomor/tersimpan/{pk}" in rest] == pks[2:]
    assert "Muat lebih banyak" in first
    assert "Muat lebih banyak" not in rest
    assert page(world, f"/daftar?{SORT}&sebelum=x")


def test_another_office_sees_and_moves_nothing(world: World) -> None:
    stranger_office(world.now)
    item = world.left(line=world.line)
    assert "Semua sudah diolah" in page(world, who="jetis")
    assert world.client("jetis").get(f"/nomor/tersimpan/{item.pk}").status_code == 404
    found = world.client("jetis").post(f"/nomor/tersimpan/{item.pk}/coba-lagi", follow=True).content.decode()
    assert "sudah diproses" in found
    assert Item.objects.get(pk=item.pk).state == "dead"


def test_quarantine_is_shown_where_it_is_nobody_elses(world: World) -> None:
    Body.objects.create(received_at=world.now, app=App.objects.get(), raw=b"?", state="quarantined", note="not JSON")
    assert "Bukan JSON" in page(world)
    stranger_office(world.now)
    assert Office.objects.count() == 2
    assert "Bukan JSON" not in page(world)


def test_the_content_shows_no_words_of_anybody(world: World) -> None:
    item = world.left()
    shown = page(world, f"/{item.pk}")
    assert "3516150101900003" not in shown
    assert "NIK saya" not in shown
    assert "&quot;type&quot;: &quot;text&quot;" in shown
    assert "&quot;body&quot;" in shown


def test_what_is_covered_and_what_is_not() -> None:
    payload = {
        "metadata": {"display_phone_number": "6285155565667", "phone_number_id": "106540352242922"},
        "contact": {"wa_id": "6281234567890", "profile": {"name": "SITI_AMINAH"}},
        "entry_time": 1795489000,
        "item": {
            "id": "wamid.HBgNNjI4MTIzNDU2Nzg5MBUC", "type": "hologram", "timestamp": "1795489000",
            "text": {"body": "rahasia"}, "status": "0812 3456 7890", "event": "ACCOUNT_DELETED", "reason": "NOT_OURS",
            "code": 131000, "amount": 3516150101900003, "location": {"latitude": -7.36}, "seen": True, "none": None,
            "messages": ["halo", "pak"], "type_6281234567890": "text",
        },
    }  # fmt: skip
    text = covered_json(payload)
    for hidden in ("62812", "62851", "1065", "SITI", "rahasia", "0812", "3516", "-7.36", "halo", "wamid."):
        assert hidden not in text
    found = json.loads(text)["item"]
    assert (found["type"], found["timestamp"], found["code"]) == ("hologram", "1795489000", 131000)
    assert (found["event"], found["reason"]) == ("ACCOUNT_DELETED", "NOT_OURS")
    assert (found["seen"], found["none"]) == (True, None)
    assert found["text"] == {"body": f"{COVER} (7 huruf)"}
    assert found["amount"] == COVER
    assert COVER in found


@pytest.mark.parametrize(
    "payload",
    [
        {"item": ["x"] * 100_000},
        {"item": {str(number): number for number in range(100_000)}},
        {"item": [[["x"] * 100] * 100] * 100},
        "text",
        None,
        17,
    ],
)
def test_any_content_makes_a_page(payload: object) -> None:
    assert len(covered_json(payload).splitlines()) < 4 * MAX_PARTS


def test_depth_ends() -> None:
    deep: object = "x"
    for _ in range(500):
        deep = [deep]
    assert "…" in covered_json(deep)
    assert len(json.loads(covered_json(list(range(100))))) == MAX_LIST + 1
