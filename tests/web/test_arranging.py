"""The page "Langkah lain", the form for what came past WhatsApp, and the registers."""

from __future__ import annotations

import re
from datetime import timedelta

from pelita.desk.models import Conversation, InformationRequest, Inquiry, Referral
from pelita.offices.models import Village
from tests.web.conftest import World


def post(world: World, inquiry: Inquiry, way: str, **fields: object) -> int:
    seen = world.fresh(inquiry).version
    response = world.client("admin").post(f"/meja/{inquiry.code}/{way}", {"seen": seen, **fields})
    return response.status_code


def page(world: World, path: str, who: str = "admin") -> str:
    return world.client(who).get(path).content.decode()


def test_the_page_offers_what_may_be_done_now(world: World) -> None:
    inquiry = world.asks()
    found = page(world, f"/meja/{inquiry.code}/lainnya")
    for words in ("Sampaikan langsung", "Catat rujukan", "Simpan jenis", "Bukan pertanyaan", "Tandai rahasia"):
        assert words in found
    for words in ("Buka lagi", "Minta bahan", "Pisahkan", "Gabungkan ke"):
        assert words not in found
    leader = page(world, f"/meja/{inquiry.code}/lainnya", "camat")
    assert "Tandai rahasia" in leader
    assert "Catat rujukan" not in leader


def test_every_step_by_its_form(world: World) -> None:
    inquiry = world.asks("syarat ktp?", who="ID.sama")
    world.asks("jalan rusak", who="ID.sama", ago=timedelta(minutes=1))
    found = page(world, f"/meja/{inquiry.code}/lainnya")
    entry = found.split('name="entries" value="')[2].split('"')[0]
    assert post(world, inquiry, "jenis", kind="information") == 302
    assert post(world, inquiry, "pisah", entries=[entry]) == 302
    made = Inquiry.objects.filter(office=world.office).latest("id")
    assert made.asked == "jalan rusak"
    other = world.asks("jalan rusak juga")
    assert post(world, inquiry, "tautkan", same=other.code) == 302
    assert post(world, made, "gabung", code=inquiry.code) == 302
    assert post(world, inquiry, "rujuk", body="Polsek", follow_up_on=f"{world.now + timedelta(days=9):%Y-%m-%d}") == 302
    assert post(world, inquiry, "selesai") == 422
    referral = Referral.objects.get(office=world.office)
    assert "Polsek" in page(world, "/rujukan")
    later = f"{world.now + timedelta(days=20):%Y-%m-%d}"
    assert post(world, inquiry, "hasil-rujukan", referral=referral.pk, number="B/7", follow_up_on=later) == 302
    assert "B/7" in page(world, "/rujukan")
    assert post(world, inquiry, "hasil-rujukan", referral=referral.pk, follow_up_on="2020-01-01") == 422
    assert post(world, inquiry, "hasil-rujukan", referral=referral.pk) == 422
    assert post(world, inquiry, "hasil-rujukan", referral=referral.pk, number="B/8") == 302
    assert "B/8" in page(world, "/rujukan")
    assert post(world, inquiry, "hasil-rujukan", referral=referral.pk, outcome="Sudah dicatat polisi.") == 302
    assert post(world, inquiry, "disampaikan", how="telephone", text="Mohon ke Polsek.") == 302
    assert post(world, inquiry, "buka-lagi") == 302
    assert post(world, inquiry, "bukan-pertanyaan") == 302
    assert inquiry.code in page(world, "/meja/bukan-pertanyaan")
    assert post(world, inquiry, "kembalikan-meja") == 302
    told = page(world, f"/meja/{inquiry.code}")
    for words in ("merujuk ke lembaga lain", "menyampaikan jawaban: telepon", "mengembalikan ke meja"):
        assert words in told
    assert f"1/{world.fresh(inquiry).register_year}" in page(world, "/register")


def test_the_register_has_the_columns_of_the_law(world: World) -> None:
    inquiry = world.asks("minta salinan anggaran kecamatan")
    assert post(world, inquiry, "jenis", kind="information") == 302
    village = Village.objects.filter(office=world.office).order_by("name")[0]
    assert post(world, inquiry, "desa", village=str(village.pk)) == 302
    said = {"address": "Dsn. Krajan", "purpose": "skripsi", "form": "paper", "decision": "refused"}
    assert post(world, inquiry, "register", **said) == 422
    assert post(world, inquiry, "register", **said, reason="Dikecualikan.") == 302
    assert post(world, inquiry, "register/perpanjang", extension_reason="") == 422
    assert post(world, inquiry, "register/perpanjang", extension_reason="Arsipnya di desa.") == 302
    told = page(world, "/register")
    for words in (
        f"Dsn. Krajan, {village.name}", "Salinan kertas untuk skripsi", "Ditolak", "Dikecualikan.",
        "diperpanjang: Arsipnya di desa.",
    ):  # fmt: skip
        assert words in told
    more = page(world, f"/meja/{inquiry.code}/lainnya")
    assert "Sudah diperpanjang 7 hari kerja: Arsipnya di desa." in more
    assert "Perpanjang 7 hari kerja</span>" not in more


def test_two_who_write_in_the_register_see_each_other(world: World) -> None:
    inquiry = world.asks("minta salinan anggaran kecamatan")
    assert post(world, inquiry, "jenis", kind="information") == 302
    path, browser = f"/meja/{inquiry.code}", world.client("admin")
    stamp = re.compile(r'name="stamp"(?: value="(\w*)")?')

    def shown(html: str) -> str:
        found = stamp.search(html)
        assert found is not None
        return found[1] or ""

    mine = {"seen": inquiry.version, "stamp": shown(page(world, f"{path}/lainnya")), "address": "Dsn. Krajan"}
    hers = {**mine, "address": "Dsn. Sumber", "decision": "granted"}
    assert world.client("pengganti").post(f"{path}/register", hers).status_code == 302
    answer = browser.post(f"{path}/register", mine)
    assert answer.status_code == 409
    html = answer.content.decode()
    for words in ("sudah mengisi register ini pukul", "Dsn. Sumber", "Dikabulkan", 'value="Dsn. Krajan"'):
        assert words in html
    kept = InformationRequest.objects.get(office=world.office, inquiry=inquiry)
    assert (kept.address, kept.decision) == ("Dsn. Sumber", "granted")
    # Whoever has seen it may write over it, and what is wrong in a form is no reason to be told again.
    refused = browser.post(f"{path}/register", {**mine, "stamp": shown(html), "decision": "refused"})
    assert refused.status_code == 422
    assert "Isi register sekarang" not in refused.content.decode()
    again = browser.post(f"{path}/register", {**mine, "stamp": shown(refused.content.decode())})
    assert again.status_code == 302
    kept.refresh_from_db(from_queryset=InformationRequest.objects.filter(office=world.office))
    assert (kept.address, kept.decision) == ("Dsn. Krajan", "")


def test_whoever_came_to_the_counter_hides_no_number_and_has_no_window(world: World) -> None:
    fields = {"source": "counter", "kind": "question", "name": "Karsini", "text": "Jam berapa buka?"}
    made = world.client("admin").post("/meja/baru", fields)
    told = page(world, made["Location"])
    assert "tanpa nomor HP" in told
    assert "nomor disembunyikan" not in told
    assert "window is-closed" not in told


def test_what_is_wrong_is_said_beside_its_field(world: World) -> None:
    inquiry = world.asks()
    browser = world.client("admin")
    found = browser.post(f"/meja/{inquiry.code}/rujuk", {"seen": inquiry.version, "body": "", "follow_up_on": ""})
    assert found.status_code == 422
    assert "Pilih tanggalnya." in found.content.decode()
    found = browser.post(f"/meja/{inquiry.code}/disampaikan", {"seen": inquiry.version, "how": "counter", "text": " "})
    assert found.status_code == 422
    assert "Tulis apa yang disampaikan kepada warga." in found.content.decode()


def test_somebody_at_the_counter(world: World) -> None:
    known = world.asks(name="Pak Wagiman")
    browser = world.client("admin")
    form = {"source": "counter", "kind": "request", "name": "pak wagiman", "text": "Minta surat pindah."}
    asked = browser.post("/meja/baru", form)
    assert asked.status_code == 422
    assert "Warga yang mana?" in asked.content.decode()
    assert browser.post("/meja/baru", {**form, "citizen": str(known.citizen_id)}).status_code == 302
    made = Inquiry.objects.filter(office=world.office).latest("id")
    assert (made.citizen_id, made.conversation_id) == (known.citizen_id, known.conversation_id)
    assert browser.post("/meja/baru", {**form, "citizen": "baru"}).status_code == 302
    newest = Inquiry.objects.filter(office=world.office).latest("id")
    assert Conversation.objects.get(office=world.office, pk=newest.conversation_id).line is None
    for path in (f"/meja/{newest.code}", "/meja", f"/meja/{newest.code}/disposisi"):
        assert "Minta surat pindah." in page(world, path)
    found = page(world, f"/meja/{newest.code}")
    assert "belum pernah menulis lewat WhatsApp" in found
    assert "Sampaikan langsung" in found
    assert "Lihat templat" not in found
