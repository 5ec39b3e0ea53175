"""The main job through plain forms, without a script: ask, pass on, answer, return, answer again, edit, send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from pelita.desk.actions import dispose as desk
from pelita.desk.actions import section as at_section
from pelita.desk.models import Answer, Disposition, Inquiry
from pelita.whatsapp.models import Outbound
from tests.web.conftest import World, seen


def post(browser: Client, path: str, **fields: object) -> str:
    """Post as the page would, follow to where it leads, and give that page."""
    response = browser.post(path, fields, follow=True)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def dispose(world: World, inquiry: Inquiry, section: str = "KESRA", **fields: object) -> str:
    admin = world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    values = {"seen": seen(page), "section": world.section(section).pk, "due": "lain", "due_other": world.tomorrow()}
    return post(admin, f"/meja/{inquiry.code}/disposisi", **{**values, **fields})


def test_from_question_to_sent_answer(world: World) -> None:
    inquiry = world.asks("SKTM kangge beasiswa syarate nopo mawon?", name="Nur Hidayah")
    admin, kesra = world.client("admin"), world.client("kesra")
    assert "Nur Hidayah" in admin.get("/meja").content.decode()
    assert "Diteruskan ke Kesra" in dispose(world, inquiry, instruction="Sebutkan syaratnya.")

    task = f"/tugas/{inquiry.code}"
    assert inquiry.code in kesra.get("/tugas").content.decode()
    page = kesra.get(task).content.decode()
    assert "Sebutkan syaratnya." in page
    said = post(kesra, f"{task}/serahkan", seen=seen(page), text="Bawa KK.", note="Sudah dicek")
    assert "Diserahkan ke admin" in said

    review = f"/meja/{inquiry.code}/periksa"
    page = admin.get(review).content.decode()
    assert "Bawa KK." in page
    assert "Sudah dicek" in page
    back = f"/meja/{inquiry.code}/kembalikan"
    said = post(admin, back, seen=seen(page), picked=["kurang"], reason="Tambahkan jam layanan.")
    assert "Dikembalikan ke Kesra" in said

    page = kesra.get(task).content.decode()
    assert "Kurang lengkap. Tambahkan jam layanan." in page
    assert "Bawa KK." in page
    post(kesra, f"{task}/serahkan", seen=seen(page), text="Bawa KK. Buka 08.00.")

    page = admin.get(f"{review}?sunting=1").content.decode()
    compared = admin.post(review, {"text": "Bawa KK asli. Buka 08.00.", "lihat": "perubahan"}).content.decode()
    assert "<ins> asli</ins>" in compared
    said = post(admin, f"/meja/{inquiry.code}/kirim", seen=seen(page), text="Bawa KK asli. Buka 08.00.")
    assert "Jawaban menunggu dikirim" in said
    outbound = Outbound.objects.get(office=world.office, kind="text")
    assert outbound.text == f"Bawa KK asli. Buka 08.00.\n\nSeksi Kesejahteraan Rakyat · {inquiry.code}"
    answer = Answer.objects.filter(office=world.office).order_by("-id")[0]
    assert (answer.text, answer.final_text) == ("Bawa KK. Buka 08.00.", "Bawa KK asli. Buka 08.00.")


def test_not_ours_goes_back_with_a_reason(world: World) -> None:
    inquiry = world.at_section("TRANTIB", "ktp kulo ical")
    trantib, task = world.client("trantib"), f"/tugas/{inquiry.code}"
    page = trantib.get(f"{task}/bukan-tupoksi").content.decode()
    refused = trantib.post(f"{task}/bukan-tupoksi", {"seen": seen(page), "reason": " "})
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.content.decode()
    said = post(trantib, f"{task}/bukan-tupoksi", seen=seen(page), reason="Ini adminduk")
    assert "Dikembalikan ke admin" in said
    desk_page = world.client("admin").get(f"/meja/{inquiry.code}").content.decode()
    assert "Trantib mengembalikan: bukan tupoksi. Warga tidak melihat ini." in desk_page
    assert "Ini adminduk" in desk_page


def test_admin_answers_alone_and_takes_it_from_the_section(world: World) -> None:
    inquiry = world.at_section()
    admin = world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert "menarik pertanyaan ini dari Kesra" in page
    post(admin, f"/meja/{inquiry.code}/jawab", seen=seen(page), text="Cukup bawa KK.")
    assert Outbound.objects.get(office=world.office, kind="text").text.startswith("Cukup bawa KK.")
    assert Disposition.objects.get(office=world.office).state == "withdrawn"


def test_a_delivered_answer_takes_nothing_from_the_section(world: World) -> None:
    inquiry = world.at_section()
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(state="delivered", holder="citizen")
    page = world.client("admin").get(f"/meja/{inquiry.code}").content.decode()
    assert 'name="text"' in page
    assert "menarik pertanyaan ini" not in page
    assert "Selesaikan tanpa jawaban" not in page


def test_take_back_and_finish(world: World) -> None:
    inquiry = world.at_section()
    admin = world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert "Ditarik dari seksi" in post(admin, f"/meja/{inquiry.code}/tarik", seen=seen(page))
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    post(admin, f"/meja/{inquiry.code}/selesai", seen=seen(page))
    assert world.fresh(inquiry).state == "closed"


def test_draft_is_kept_with_and_without_a_script(world: World) -> None:
    inquiry = world.at_section()
    kesra, task = world.client("kesra"), f"/tugas/{inquiry.code}"
    page = kesra.get(task).content.decode()
    values = {"seen": seen(page), "text": "Nggih Bu,", "note": "cek dulu"}
    by_script = kesra.post(f"{task}/draf", values, headers={"HX-Request": "true"}).json()
    assert by_script["saved"] is True
    assert by_script["words"].startswith("Draf tersimpan ")
    assert "Nggih Bu," in kesra.get(task).content.decode()
    post(kesra, f"{task}/serahkan", **{**values, "text": "Nggih Bu, lengkap"}, simpan="1")
    page = kesra.get(task).content.decode()
    assert "Nggih Bu, lengkap" in page
    assert world.fresh(inquiry).state == "dispositioned"


def test_marking_read_without_a_script(world: World) -> None:
    inquiry = world.asks()
    admin = world.client("admin")
    assert "Tandai sudah dibaca" in admin.get(f"/meja/{inquiry.code}").content.decode()
    page = post(admin, f"/meja/{inquiry.code}/dibaca")
    assert "Tandai sudah dibaca" not in page
    assert Outbound.objects.filter(office=world.office, kind="read_mark").count() == 1


class TestSomebodyWasFaster:
    def test_second_disposition_hears_who_was_first_and_keeps_the_words(self, world: World) -> None:
        inquiry = world.asks()
        late = world.client("pengganti")
        old = seen(late.get(f"/meja/{inquiry.code}").content.decode())
        dispose(world, inquiry)
        values = {"seen": old, "section": world.section("PMD").pk, "due": "lain", "due_other": world.tomorrow()}
        response = late.post(
            f"/meja/{inquiry.code}/disposisi", {**values, "instruction": "Panjang sekali instruksinya"}
        )
        page = response.content.decode()
        assert response.status_code == 409
        assert "Endang Lestari sudah meneruskan pertanyaan ini ke seksi pukul" in page
        assert "Panjang sekali instruksinya" in page
        assert "Di tangan Kesra" in page
        assert Disposition.objects.filter(office=world.office).count() == 1

    def test_old_page_keeps_the_form_when_it_still_fits(self, world: World) -> None:
        inquiry = world.asks()
        late = world.client("pengganti")
        old = seen(late.get(f"/meja/{inquiry.code}").content.decode())
        dispose(world, inquiry)
        inquiry = world.fresh(inquiry)
        desk.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
        values = {"seen": old, "section": world.section("PMD").pk, "due": "lain", "due_other": world.tomorrow()}
        response = late.post(f"/meja/{inquiry.code}/disposisi", {**values, "instruction": "Tetap ada"})
        page = response.content.decode()
        assert response.status_code == 409
        assert "Tetap ada" in page
        # The form of the page that comes back carries the new version, so that a second try can win.
        assert int(seen(page)) > int(old)
        post(late, f"/meja/{inquiry.code}/disposisi", **{**values, "seen": seen(page)})

    def test_section_that_lost_it_gets_its_words_back(self, world: World) -> None:
        inquiry = world.at_section()
        kesra = world.client("kesra")
        old = seen(kesra.get(f"/tugas/{inquiry.code}").content.decode())
        desk.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
        response = kesra.post(f"/tugas/{inquiry.code}/serahkan", {"seen": old, "text": "Jawaban yang panjang"})
        assert response.status_code == 404
        assert "Jawaban yang panjang" in response.content.decode()

    def test_colleague_of_the_section_was_faster(self, world: World) -> None:
        inquiry = world.at_section("PELAYANAN")
        late = world.client("pelayanan")
        old = seen(late.get(f"/tugas/{inquiry.code}").content.decode())
        at_section.submit(inquiry=inquiry, text="Lebih cepat", by=world.place("admin"), now=world.now)
        response = late.post(f"/tugas/{inquiry.code}/serahkan", {"seen": old, "text": "Terlambat sedikit"})
        page = response.content.decode()
        assert response.status_code == 409
        assert "Endang Lestari sudah menyerahkan jawaban pukul" in page
        assert "Terlambat sedikit" in page
        assert Answer.objects.filter(office=world.office).count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"section": ""}, "Pilih seksi yang menangani."),
        ({"section": "999999"}, "999999"),
        ({"due_other": "2020-01-01T08:00"}, "Tenggat sudah lewat. Pilih waktu yang akan datang."),
        ({"due_other": ""}, "Tulis tanggal dan jamnya."),
        ({"due": "kapan-kapan"}, "Pilih tenggat."),
        ({"seen": ""}, "Halaman ini sudah lama terbuka."),
    ],
)
def test_disposition_form_says_what_is_wrong(world: World, fields: dict[str, str], sentence: str) -> None:
    inquiry = world.asks()
    admin = world.client("admin")
    version = seen(admin.get(f"/meja/{inquiry.code}").content.decode())
    values = {"seen": version, "section": world.section("PMD").pk, "due": "lain", "due_other": world.tomorrow()}
    response = admin.post(f"/meja/{inquiry.code}/disposisi", {**values, "instruction": "Isi saya", **fields})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Isi saya" in page
    assert not Disposition.objects.filter(office=world.office).exists()


def test_closed_window_keeps_the_answer(world: World) -> None:
    inquiry = world.asks(ago=timedelta(hours=25))
    admin = world.client("admin")
    page = admin.get(f"/meja/{inquiry.code}").content.decode()
    assert "Jendela balas tertutup" in page
    assert 'id="jawab"' not in page
    response = admin.post(f"/meja/{inquiry.code}/jawab", {"seen": seen(page), "text": "Terlambat menjawab"})
    assert response.status_code == 409
    assert "Templat pemberitahuan belum ada" in response.content.decode()
    assert "Terlambat menjawab" in response.content.decode()


def test_answer_too_long_is_counted(world: World) -> None:
    inquiry = world.at_section()
    kesra, task = world.client("kesra"), f"/tugas/{inquiry.code}"
    page = kesra.get(task).content.decode()
    response = kesra.post(f"{task}/serahkan", {"seen": seen(page), "text": "a" * 5000})
    assert response.status_code == 422
    assert "Jawaban kelebihan" in response.content.decode()
    assert "a" * 5000 in response.content.decode()
