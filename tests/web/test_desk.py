"""What the desk shows: rows, masks, words, paging, and what a leader does not get."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from pelita.desk.actions import wire
from pelita.desk.models import Answer, Citizen
from pelita.desk.queries import queue
from pelita.offices.models import Village
from pelita.whatsapp.models import Outbound
from tests.web.conftest import World

NIK = "3516 0112 3456 0003"


def page(world: World, path: str, who: str = "admin") -> str:
    response = world.client(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def row(world: World, code: str, path: str = "/meja?tampilan=disposisi", who: str = "admin") -> str:
    """The words of one row as they are read aloud, on one line."""
    found = re.search(rf'<a class="row[^>]*id="baris-{code}".*?</a>', page(world, path, who), re.DOTALL)
    assert found is not None, f"no row of {code}"
    aloud = re.sub(r'aria-label="([^"]*)"[^>]*>', r"> \1 <", found.group(0))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", "<" + aloud.split("<", 1)[1])))


def test_row_says_name_turn_question_and_proposal(world: World) -> None:
    inquiry = world.asks("mau tanya bansos bulan ini", name="Kasmiati", ago=timedelta(minutes=61))
    village = Village.objects.filter(office=world.office, name="Betro").first()
    Citizen.objects.filter(office=world.office).update(village=village)
    said = row(world, inquiry.code)
    for words in (
        "menunggu Anda",
        "Kasmiati",
        "Betro",
        "1 j 01 m",
        "mau tanya bansos bulan ini",
        "Pertanyaan",
        "Kesra?",
    ):
        assert words in said, f"{words!r} missing in {said!r}"


def test_lamp_burns_only_for_whom_it_waits(world: World) -> None:
    new, held = world.asks("ktp hilang"), world.at_section()
    assert "menunggu Anda" in row(world, new.code)
    assert "menunggu Anda" not in row(world, new.code, who="camat")
    assert "menunggu Anda" not in row(world, held.code, "/meja?tampilan=seksi")
    card = page(world, "/tugas", "kesra")
    assert 'class="flame"' in card.split('class="task"')[1]


def test_late_and_at_section_are_words(world: World) -> None:
    inquiry = world.at_section()
    type(inquiry).objects.filter(office=world.office, pk=inquiry.pk).update(
        due_at=world.now - timedelta(hours=6, minutes=1)
    )
    said = row(world, inquiry.code, "/meja?tampilan=terlambat")
    assert "terlambat 6 jam" in said
    assert "Kesra" in said
    assert "Kesra?" not in said


def test_citizens_words_are_escaped_and_their_lines_kept(world: World) -> None:
    inquiry = world.asks("<script>alert(1)</script>\nbaris dua & tiga", name="<b>Sulastri</b>")
    for path in ("/meja", f"/meja/{inquiry.code}", f"/meja/{inquiry.code}/disposisi"):
        found = page(world, path)
        assert "<script>alert(1)" not in found
        assert "<b>Sulastri" not in found
        assert "&lt;script&gt;alert(1)" in found
    assert "baris dua &amp; tiga" in page(world, f"/meja/{inquiry.code}")
    assert "alert(1)&lt;/script&gt;\nbaris dua" in page(world, f"/meja/{inquiry.code}")


def test_numbers_of_sixteen_digits_are_covered_everywhere(world: World) -> None:
    inquiry = world.asks(f"NIK kulo {NIK} nggih")
    for path in ("/meja", f"/meja/{inquiry.code}", f"/meja/{inquiry.code}/disposisi"):
        found = page(world, path)
        assert NIK not in found
        assert "3516••••••••0003" in found
    held = world.at_section(text=f"NIK kulo {NIK} nggih")
    for path in ("/tugas", f"/tugas/{held.code}"):
        found = page(world, path, "kesra")
        assert NIK not in found
        assert "3516••••••••0003" in found


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"name": "", "wa_id": "6285712341142"}, "0857-••••-1142"),
        ({"name": "", "wa_id": "", "username": "pak_tani"}, "@pak_tani"),
        ({"name": "", "wa_id": ""}, "Nomor disembunyikan"),
    ],
)
def test_citizen_without_a_name(world: World, fields: dict[str, str], shown: str) -> None:
    inquiry = world.asks("ktp", **fields)  # type: ignore[arg-type]  # fields of a message
    assert shown in row(world, inquiry.code)
    found = page(world, f"/meja/{inquiry.code}")
    assert shown in found
    assert "6285712341142" not in found


def test_number_is_masked_in_the_whole_page(world: World) -> None:
    inquiry = world.asks(wa_id="6281234567890")
    found = page(world, f"/meja/{inquiry.code}")
    assert "0812-••••-7890" in found
    assert "1234567890" not in found


def test_message_that_cannot_be_shown_says_what_it_is(world: World) -> None:
    inquiry = world.asks("", type="image", supported=False)
    assert "Foto ini belum bisa ditampilkan. Minta warga mengirim lagi." in page(world, f"/meja/{inquiry.code}")


def test_code_never_breaks(world: World) -> None:
    inquiry = world.asks()
    found = page(world, f"/meja/{inquiry.code}")
    assert f'<span class="nowrap" data-begins="{inquiry.code}">{inquiry.code}</span> dimulai' in found


def test_messages_of_one_moment_open_an_inquiry_once(world: World) -> None:
    """A burst is taken in as one set and shares its moment."""
    world.asks(who="ID.sama", ago=timedelta(0))
    inquiry = world.asks("dan KK?", who="ID.sama", ago=timedelta(0))
    assert page(world, f"/meja/{inquiry.code}").count("dimulai") == 1


def test_leader_reads_and_finds_no_form_but_for_notes(world: World) -> None:
    inquiry = world.asks()
    found = page(world, f"/meja/{inquiry.code}", "camat")
    assert "Disposisikan" not in found
    # The two that are there write nothing to the citizen: what is looked for, and the note.
    assert found.count('method="post"') == found.count('role="search"') + found.count("data-moves-nothing>") == 2
    assert inquiry.code in found


def test_looking_writes_nothing(world: World) -> None:
    inquiry = world.asks()
    page(world, f"/meja/{inquiry.code}")
    assert world.fresh(inquiry).unread == 1
    assert not Outbound.objects.filter(office=world.office).exists()


def test_both_lists_that_wait_for_the_admin_stand_in_one(world: World) -> None:
    new, answered = world.asks("ktp"), world.to_review()
    found = page(world, "/meja")
    assert found.index(new.code) < found.index(answered.code)
    # An answer leads straight to its review.
    assert f"/meja/{answered.code}/periksa?tampilan=periksa" in found


def test_desk_opens_where_something_waits(world: World) -> None:
    assert "Meja bersih" in page(world, "/meja")
    held = world.at_section()
    assert held.code in page(world, "/meja")


def test_more_rows_follow_by_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    codes = [world.asks("ktp", ago=timedelta(minutes=50 - n)).code for n in range(5)]
    shown: list[str] = []
    path: str | None = "/meja?tampilan=disposisi"
    while path:
        found = page(world, path)
        shown += re.findall(r'id="baris-([^"]+)"', found)
        link = re.search(r'href="([^"]*setelah=[^"]*)"', found)
        path = html.unescape(link.group(1)) if link else None
    assert shown == codes
    refreshed = page(world, "/meja?tampilan=disposisi&bagian=daftar&muat=2")
    assert re.findall(r'id="baris-([^"]+)"', refreshed) == codes[:4]


def test_older_messages_follow_by_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pelita.desk.queries.thread.PAGE", 3)
    for number in range(5):
        inquiry = world.asks(f"pesan nomor {number}", who="ID.sama", ago=timedelta(minutes=50 - number))
    found = page(world, f"/meja/{inquiry.code}")
    assert "pesan nomor 4" in found
    assert ">pesan nomor 1<" not in found
    link = re.search(r'href="([^"]*sebelum=[^"]*)"', found)
    assert link is not None
    older = page(world, html.unescape(link.group(1)))
    assert ">pesan nomor 1<" in older
    assert "Ke pesan terbaru" in older


def fate(world: World, state: str, delivery: str, outcome: str = "accepted") -> None:
    answer = Answer.objects.get(office=world.office)
    outbound = answer.outbound
    assert outbound is not None
    outbound.state, outbound.delivery, outbound.outcome = state, delivery, outcome
    outbound.save()
    wire.answer_deliveries([outbound], now=world.now)


@pytest.mark.parametrize(
    ("state", "delivery", "label"),
    [
        ("queued", "", "menunggu dikirim"),
        ("accepted", "", "menunggu dikirim"),
        ("accepted", "sent", "terkirim"),
        ("accepted", "delivered", "sampai"),
        ("accepted", "read", "dibaca"),
    ],
)
def test_ticks_say_what_whatsapp_said(world: World, state: str, delivery: str, label: str) -> None:
    inquiry = world.sent()
    fate(world, state, delivery)
    assert f'role="img" aria-label="{label}"' in page(world, f"/meja/{inquiry.code}")


def test_failed_answer_says_why_and_leads_to_the_review(world: World) -> None:
    inquiry = world.sent()
    fate(world, "failed", "", "undeliverable")
    found = page(world, f"/meja/{inquiry.code}")
    assert "Belum terkirim. Tidak bisa dikirim ke nomor ini" in found
    assert re.search(rf'href="/meja/{inquiry.code}/periksa"[^>]*>.*?Kirim lagi', found, re.DOTALL)
    review = page(world, f"/meja/{inquiry.code}/periksa")
    assert "Pengiriman sebelumnya gagal" in review
    # The admin wrote it: there is no section to give it back to.
    assert "Kembalikan" not in review


def test_way_through_the_office_is_told(world: World) -> None:
    inquiry = world.to_review()
    found = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(world, f"/meja/{inquiry.code}")))
    for words in ("Masuk dari Sulastri", "Instruksi: “Sebutkan syaratnya.”", "Kesra Anda jawaban", "Di tangan Anda"):
        assert words in found, words


def test_earlier_inquiries_of_the_citizen(world: World) -> None:
    first = world.asks("kk", who="ID.lama")
    type(first).objects.filter(office=world.office, pk=first.pk).update(
        state="closed", holder="nobody", closed_at=world.now - timedelta(days=3), waiting_since=None
    )
    second = world.asks("akta lahir", who="ID.lama")
    assert second.pk != first.pk
    assert f'href="/meja/{first.code}"' in page(world, f"/meja/{second.code}")
