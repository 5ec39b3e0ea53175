"""A question that three sections have, and a complaint that only the Camat may read, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, WIDE, Opens, Picture
from tests.journeys.system import System, eventually

QUESTION = "pak, bantuan buat lansia yang belum punya ktp gimana ya?"
PART = "Surat keterangan dari desa, ditandatangani kepala desa."
ANSWER = "Bawa surat keterangan desa dan KK ke loket. Gratis."
COMPLAINT = "perangkat desa kami meminta uang untuk surat pindah"


def said_to(system: System, citizen: str, text: str) -> bool:
    return any(m["direction"] == "in" and text in (m["text"] or "") for m in system.chat(citizen))


def hand_to_three(desk: Page) -> None:
    """Kesra answers, PMD and Trantib help."""
    desk.get_by_role("group", name="Seksi lain").or_(desk.get_by_role("group", name="Seksi", exact=True)).get_by_role(
        "radio", name="Kesra"
    ).or_(desk.get_by_role("group", name="Usulan seksi").get_by_role("radio", name=re.compile("Kesra"))).first.check(
        force=True
    )
    desk.get_by_text("Libatkan seksi lain").click()
    helpers = desk.get_by_role("group", name="Seksi yang membantu")
    for name in ("PMD", "Trantib"):
        helpers.get_by_role("checkbox", name=name).check(force=True)
    desk.get_by_label("Instruksi").fill("Jelaskan syaratnya untuk lansia.")
    desk.get_by_role("button", name=re.compile("^Disposisikan ke")).click()
    expect(desk.get_by_text("Diteruskan ke Kesra").first).to_be_visible()


def test_a_chain_of_three_sections(system: System, opens: Opens, both_sizes: Picture) -> None:
    citizen = system.citizen("Mbah Karto")
    system.says(citizen, QUESTION)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Mbah Karto")).first.click()
    expect(desk).to_have_url(re.compile(r"/meja/KML-\w+"))
    code = desk.url.split("/meja/")[1][:8]
    hand_to_three(desk)

    # One section gives its help back: nothing moves.
    trantib = opens("trantib", size=PHONE)
    task = trantib.get_by_role("link", name=re.compile("lansia"))
    expect(task.get_by_text("membantu Kesra")).to_be_visible()
    both_sizes(trantib, "rantai-1-tugas-membantu")
    task.click()
    trantib.get_by_role("link", name="Bukan tupoksi kami").click()
    trantib.get_by_label("Alasan").last.fill("Ini bukan soal ketertiban.")
    trantib.get_by_role("button", name="Sampaikan ke admin").click()
    expect(trantib).to_have_url(re.compile(r"/tugas$"))
    assert trantib.goto(f"{system.web}/tugas/{code}").status == 404  # type: ignore[union-attr]  # it has an answer

    # The other one hands in its part.
    pmd = opens("pmd", size=PHONE)
    pmd.get_by_role("link", name=re.compile("lansia")).click()
    pmd.get_by_label("Bahan jawaban").fill(PART)
    both_sizes(pmd, "rantai-2-bahan")
    pmd.get_by_role("button", name="Serahkan bahan").click()
    expect(pmd.get_by_text("Bahan diserahkan").first).to_be_visible()

    # Whoever coordinates finds it beside the form and answers.
    kesra = opens("kesra", size=PHONE)
    kesra.get_by_role("link", name=re.compile("lansia")).click()
    expect(kesra.get_by_role("heading", name="Bahan dari seksi lain")).to_be_visible()
    kesra.get_by_role("button", name="Kami kerjakan").click()
    kesra.get_by_label("Jawaban untuk warga").fill(ANSWER)
    both_sizes(kesra, "rantai-3-jawab")
    kesra.get_by_role("button", name="Serahkan ke admin").click()
    kesra.wait_for_load_state()

    # The admin sees the whole chain, and sends.
    desk.goto(f"{system.web}/meja/{code}")
    panel = desk.get_by_role("complementary", name="Rincian pertanyaan")
    for words in ("penanggung jawab", "tidak ikut membantu", "memberi bahan jawaban", "mengerjakan"):
        expect(panel.get_by_text(re.compile(words)).first).to_be_attached()
    both_sizes(desk, "rantai-4-perjalanan")
    desk.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    desk.goto(f"{system.web}/meja/{code}/periksa")
    expect(desk.get_by_text(PART).first).to_be_visible()
    desk.get_by_role("button", name="Kirim", exact=True).click()
    eventually(lambda: said_to(system, citizen, ANSWER))


def test_a_complaint_marked_secret(system: System, opens: Opens, both_sizes: Picture) -> None:
    citizen = system.citizen("Pak Bromo Sasongko")
    system.says(citizen, COMPLAINT)
    desk = opens("admin")
    desk.get_by_role("link", name=re.compile("Bromo")).first.click()
    expect(desk).to_have_url(re.compile(r"/meja/KML-\w+"))
    code = desk.url.split("/meja/")[1][:8]
    desk.get_by_role("link", name="Langkah lain").click()
    expect(desk.get_by_text("Anda sendiri tidak bisa membukanya lagi.")).to_be_visible()
    both_sizes(desk, "rahasia-1-menandai")
    desk.get_by_role("button", name="Tandai rahasia").click()
    desk.wait_for_timeout(700)  # the second click of a double click is no second thought
    desk.get_by_role("button", name="Tekan sekali lagi").click()
    expect(desk).to_have_url(re.compile(r"/meja$"))
    expect(desk.get_by_text(f"{code} kini rahasia")).to_be_visible()
    expect(desk.get_by_text(COMPLAINT)).to_have_count(0)
    assert desk.goto(f"{system.web}/meja/{code}").status == 404  # type: ignore[union-attr]  # it has an answer

    camat = opens("camat", size=PHONE)
    camat.goto(f"{system.web}/meja?tampilan=rahasia")
    both_sizes(camat, "rahasia-2-meja-camat")
    camat.get_by_role("link", name=re.compile("Bromo")).first.click()
    thread = camat.get_by_role("log", name="Pesan")
    expect(thread.get_by_text(COMPLAINT).first).to_be_visible()

    # What the citizen goes on writing is the Camat's alone as well, and so is the answer.
    desk.goto(f"{system.web}/meja")
    system.says(citizen, "tolong jangan sampai diketahui pak kades")
    expect(thread.get_by_text("tolong jangan sampai").first).to_be_visible()
    camat.get_by_label("Jawaban untuk warga").fill("Kami terima dan kami periksa sendiri.")
    both_sizes(camat, "rahasia-3-dijawab-camat")
    camat.get_by_role("button", name="Kirim ke warga").click()
    eventually(lambda: said_to(system, citizen, "kami periksa sendiri"))
    assert "Bromo" not in desk.locator("main").inner_text()
    desk.goto(f"{system.web}/pemberitahuan")
    assert code not in desk.content()
