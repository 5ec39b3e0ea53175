"""Nobody finds another section's inquiry, and nobody but the leaders finds a secret one, by any way there is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from pelita.config.export import export
from pelita.desk.actions import dead_letters, dispose, review, secrecy
from pelita.desk.actions.noting import write_note
from pelita.desk.errors import NotAllowedError, TakenError
from pelita.desk.models import Answer, Conversation, Disposition, Inquiry
from pelita.desk.queries import queue
from pelita.desk.queries.access import by_code, visible, visible_entries
from pelita.desk.queries.colleagues import colleagues
from pelita.desk.queries.files import seen_file
from pelita.journal import queries as journal
from pelita.journal.queries import latest_id
from pelita.web.live import _missed
from pelita.whatsapp.errors import NotFailedError
from tests.web.conftest import World
from tests.web.media import stored_photo

WORDS = "Perangkat desa meminta uang"
DESK = ("/meja", "/meja?tampilan=disposisi", "/meja?tampilan=seksi", "/meja?tampilan=periksa", "/meja?tampilan=warga")
LISTS = (*DESK, "/meja?tampilan=terlambat", "/meja?tampilan=selesai", "/meja?tampilan=rahasia", "/menu", "/nomor/gagal")
TASKS = ("/tugas", "/tugas?tampilan=admin", "/tugas?tampilan=selesai", "/menu")
PARTS = ("", "?bagian=kerja", "?bagian=pesan", "?bagian=panel", "?bagian=tulis")
# Every address that speaks of one inquiry and answers to a plain look.
LINKS = ("/meja/{}", "/meja/{}/disposisi", "/meja/{}/periksa", "/meja/{}/kembalikan", "/meja/{}/lainnya", "/tugas/{}")
PAPER = "/meja/{}/lembar-disposisi.pdf"


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def secret(world: World, **fields: object) -> Inquiry:
    inquiry = world.asks(WORDS, **fields)  # type: ignore[arg-type]  # the fields of a message are many
    secrecy.hide(inquiry=inquiry, by=world.place("admin"), now=world.now)
    return world.fresh(inquiry)


def said(browser: Client, *paths: str) -> str:
    """Everything that these pages answer, whatever their status."""
    return "\n".join(browser.get(path).content.decode() for path in paths)


def test_another_section_finds_nothing(world: World) -> None:
    inquiry = world.at_section("PMD", WORDS, type="image", media=stored_photo(world))
    place, browser = world.place("kesra"), world.client("kesra")
    told = said(browser, *TASKS, *(link.format(inquiry.code) for link in LINKS))
    assert WORDS not in told
    assert "Sulastri" not in told
    assert {browser.get(link.format(inquiry.code) + part).status_code for link in LINKS for part in PARTS} == {404}
    assert queue.task_counts(place) == dict.fromkeys(queue.task_counts(place), 0)
    assert by_code(place, inquiry.code) is None
    assert not visible_entries(place).exists()
    assert seen_file(place, inquiry.message.media_id or 0) is None
    assert inquiry.code not in "".join(_missed(place, 0))
    assert seen_file(world.place("pmd"), inquiry.message.media_id or 0) is not None


def test_a_secret_one_is_the_leaders_alone(world: World) -> None:
    inquiry = secret(world, type="image", media=stored_photo(world))
    media = inquiry.message.media_id or 0
    for who in ("admin", "kesra", "operator"):
        place, browser = world.place(who), world.client(who)
        told = said(browser, *LISTS, *TASKS, *(link.format(inquiry.code) + part for link in LINKS for part in PARTS))
        assert WORDS not in told
        assert "Sulastri" not in told
        assert "rahasia" not in said(browser, *DESK).lower()
        assert browser.get(f"/meja/{inquiry.code}").status_code == 404
        assert browser.get(f"/berkas/{media}").status_code == 404
        assert browser.get(PAPER.format(inquiry.code)).status_code == 404
        assert (by_code(place, inquiry.code), seen_file(place, media)) == (None, None)
        assert not visible(place).exists()
        assert not visible_entries(place).exists()
        assert not any(queue.counts(place, now=world.now).values())
    camat = world.client("camat")
    assert WORDS in said(camat, "/meja")
    assert WORDS in said(camat, f"/meja/{inquiry.code}")
    assert queue.counts(world.place("camat"), now=world.now)[queue.View.LEADERS] == 1
    assert seen_file(world.place("camat"), media) is not None


def test_its_messages_leave_the_thread_of_another_inquiry(world: World) -> None:
    hidden = secret(world, who="ID.sama")
    row = Inquiry.objects.filter(office=world.office, pk=hidden.pk)
    row.update(state="closed", holder="nobody", closed_at=world.now - timedelta(days=9))
    other = world.asks("Syarat KTP apa?", who="ID.sama")
    assert other.pk != hidden.pk
    page = said(world.client("admin"), f"/meja/{other.code}")
    assert "Syarat KTP apa?" in page
    assert WORDS not in page
    assert hidden.code not in page
    assert WORDS in said(world.client("camat"), f"/meja/{other.code}")


def test_what_is_unread_in_it_is_not_counted_for_the_admin(world: World) -> None:
    inquiry = secret(world, who="ID.sama")
    Conversation.objects.filter(office=world.office).update(unread=0)
    world.asks("Bagaimana aduan saya?", who="ID.sama")
    assert Conversation.objects.get(office=world.office).unread == 0
    assert world.client("camat").post(f"/meja/{inquiry.code}/dibaca").status_code == 302
    assert world.fresh(inquiry).unread == 0


def test_live_and_resumed_news_of_it_reach_the_leaders_alone(world: World) -> None:
    start = latest_id(world.office)
    inquiry = secret(world)
    assert journal.of_subject(world.office, "inquiry", inquiry.pk).count() == 2
    told = "".join(_missed(world.place("admin"), start))
    assert inquiry.code not in told
    assert "event: segarkan\ndata: {}\n\n" in told  # it has to leave the screen on which it stands
    assert "".join(_missed(world.place("camat"), start)).count(inquiry.code) == 2


def test_exports_leave_it_out(transactional_db: None, tmp_path: Path) -> None:
    from tests.web.conftest import build  # noqa: PLC0415  # the committed world of this test alone

    world = build()
    inquiry = secret(world)
    write_note(inquiry=inquiry, text=f"{WORDS}, kata warga", by=world.place("camat"), now=world.now)
    world.asks("Jalan rusak di Betro")
    export(world.office.code, tmp_path)
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.stem != "updates"}
    assert "Jalan rusak di Betro" in texts["messages.jsonl"]
    for name, text in texts.items():
        assert inquiry.code not in text, name
        assert WORDS not in text, name


def test_notices_of_it_are_the_leaders_alone(world: World) -> None:
    inquiry = world.asks(WORDS)
    dispose.dispose(inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now)
    assert inquiry.code in said(world.client("kesra"), "/pemberitahuan")
    secrecy.hide(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    for who in ("admin", "kesra", "operator"):
        assert inquiry.code not in said(world.client(who), "/pemberitahuan", "/menu")
    assert inquiry.code in said(world.client("camat"), "/pemberitahuan")


def test_nobody_else_can_be_called_to_it(world: World) -> None:
    inquiry = secret(world)
    seeing = {one.officer.username for one in colleagues(inquiry, now=world.now) if one.sees}
    assert seeing == {"camat"}


def test_a_section_loses_what_becomes_secret(world: World) -> None:
    inquiry = world.at_section("KESRA", WORDS)
    secrecy.hide(inquiry=inquiry, by=world.place("camat"), now=world.now)
    assert by_code(world.place("kesra"), inquiry.code) is None
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.holder, fresh.section, fresh.secret) == ("reopened", "admin", None, True)
    assert Disposition.objects.get(office=world.office).state == "withdrawn"


def test_a_leader_answers_it_and_gives_it_back(world: World) -> None:
    inquiry = secret(world)
    camat = world.client("camat")
    assert "Tandai rahasia" not in said(camat, f"/meja/{inquiry.code}/lainnya")
    sent = camat.post(f"/meja/{inquiry.code}/jawab", {"seen": inquiry.version, "text": "Kami periksa."})
    assert sent.status_code == 302
    assert Answer.objects.get(office=world.office).author == world.place("camat").officer
    with pytest.raises(NotAllowedError):
        review.close(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    with pytest.raises(NotAllowedError):
        secrecy.reveal(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    seen = world.fresh(inquiry).version
    assert camat.post(f"/meja/{inquiry.code}/buka-rahasia", {"seen": seen}).status_code == 302
    assert by_code(world.place("admin"), inquiry.code) is not None


def test_it_goes_to_no_section(world: World) -> None:
    inquiry = secret(world)
    with pytest.raises(TakenError):
        dispose.dispose(inquiry=inquiry, section=world.section("PMD"), by=world.place("camat"), now=world.now)
    assert "Disposisikan" not in said(world.client("camat"), f"/meja/{inquiry.code}")


def test_marking_it_says_before_what_it_means(world: World) -> None:
    inquiry = world.asks(WORDS)
    admin = world.client("admin")
    assert "Anda sendiri tidak bisa membukanya lagi" in said(admin, f"/meja/{inquiry.code}/lainnya")
    done = admin.post(f"/meja/{inquiry.code}/rahasia", {"seen": inquiry.version}, follow=True)
    assert done.redirect_chain == [("/meja", 302)]
    assert WORDS not in done.content.decode()
    again = admin.post(f"/meja/{inquiry.code}/rahasia", {"seen": inquiry.version})
    assert again.status_code == 404


def test_a_failed_answer_of_it_says_nothing_but_that_it_failed(world: World) -> None:
    inquiry = secret(world)
    review.answer_directly(inquiry=inquiry, text="Kami periksa.", by=world.place("camat"), now=world.now)
    outbound = Answer.objects.get(office=world.office).outbound
    assert outbound is not None
    outbound.state, outbound.outcome, outbound.failed_at = "failed", "undeliverable", world.now
    outbound.to_phone = f"62812{uuid4().int % 10**8:08}"
    outbound.save(update_fields=["state", "outcome", "failed_at", "to_phone"])
    page = said(world.client("admin"), "/nomor/gagal")
    assert "Pesan rahasia" in page
    assert inquiry.code not in page
    assert outbound.to_phone[-4:] not in page
    with pytest.raises(NotFailedError):
        dead_letters.discard(pk=outbound.pk, by=world.place("admin"), now=world.now)
