"""Photos and papers from officers' own phones become answers, once they have been fetched; one to an answer."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from pelita.config.wiring import HANDLERS
from pelita.desk.actions import review, section
from pelita.desk.models import Answer, Inquiry
from pelita.desk.officers import phones
from pelita.desk.queries.files import seen_file
from pelita.whatsapp.actions import media as wire
from pelita.whatsapp.media import checking, store
from pelita.whatsapp.models import Inbound, Media, Outbound
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, HOUR, SITI, Phone, at_kesra, carry, facts
from tests.whatsapp.media.support import PAGE, PDF, picture


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def coming(world: World, kind: str = "image", name: str = "") -> Media:
    """A file that WhatsApp announced and nobody has fetched yet."""
    return Media.objects.create(
        office=world.office, line=world.line, kind=kind, provider_id="1", filename=name,
        path=store.new_path(world.office.pk, world.now), next_at=world.now, created_at=world.now,
    )  # fmt: skip


def sends(siti: Phone, shown: Outbound | None, words: str = "", *, kind: str = "image", name: str = "") -> Media:
    media = coming(siti.world, kind, name)
    siti.writes(words, quotes=shown, type=kind, media=media)
    return media


def fetched(world: World, media: Media, content: bytes | None = None, after: timedelta = timedelta()) -> None:
    """The worker has it, and everybody hears of it."""
    content = picture() if content is None else content
    checked = checking.check(io.BytesIO(content), kind=media.kind, claimed_type="", filename=media.filename)
    store.store().put(media.path, io.BytesIO(content))
    assert wire.stored(media=media, checked=checked, thumbnail="", now=world.now + after, handlers=HANDLERS.files)


def failed(world: World, media: Media, error: str, *, attempts: int = 3, age: timedelta = timedelta()) -> None:
    Media.objects.filter(office=world.office, pk=media.pk).update(attempts=attempts, created_at=world.now - age)
    media.refresh_from_db()
    assert wire.failed(media=media, error=error, now=world.now, handlers=HANDLERS.files)


def handed(world: World) -> Answer:
    return Answer.objects.select_related("file", "author").get(office=world.office)


def test_a_quoted_photo_with_its_words_becomes_the_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    media = sends(siti, siti.last, "Ini contoh suratnya.")
    before = len(siti.shows())
    assert world.fresh(inquiry).state == "dispositioned"
    fetched(world, media)
    answer = handed(world)
    assert (answer.text, answer.state, answer.author.username) == ("Ini contoh suratnya.", "submitted", "kesra")
    assert world.fresh(inquiry).holder == "admin"
    file = answer.file
    assert file is not None
    assert (file.incoming, file.kind, file.path, file.copy_of_id) == (False, "image", media.path, media.pk)
    assert (file.size, file.sha256, file.width) == (len(picture()), checking.digest_of(io.BytesIO(picture())), 1200)
    said = siti.shows()[before:]
    assert [one.text for one in said] == [
        f"Jawaban {inquiry.code} sudah diserahkan ke admin, bersama berkas Anda. Terima kasih."
    ]
    (fact,) = facts(world, "officer.acted")
    assert (fact["step"], fact["via"]) == ("answer.submitted", "whatsapp")


def test_the_admin_sees_the_file_on_both_ways_and_the_citizen_gets_it(world: World) -> None:
    admin, siti = Phone(world, "admin", ADMIN), Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    fetched(world, sends(siti, siti.last, "Isi formulir ini.", kind="document", name="Formulir.pdf"), PDF)
    carry(world)
    file, buttons = admin.shows()[-2:]
    assert (file.kind, file.media_id) == ("document", handed(world).file_id)
    assert "Isi formulir ini." in buttons.text
    seen = seen_file(world.place("admin"), handed(world).file_id or 0)
    assert seen is not None
    assert not seen.from_citizen
    assert seen_file(world.place("pmd"), handed(world).file_id or 0) is None
    admin.taps(buttons, "Kirim")
    sent = handed(world).outbound
    assert sent is not None
    assert (sent.kind, sent.content["filename"]) == ("document", "Formulir.pdf")
    assert sent.text.startswith("Isi formulir ini.")
    assert world.fresh(inquiry).state == "answered"


def test_a_photo_without_words_gets_a_plain_sentence(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    siti.taps(siti.last, "Jawab")
    fetched(world, sends(siti, siti.last))
    assert handed(world).text == "Berikut kami sampaikan fotonya."


def test_words_that_follow_go_along_with_the_file(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    media = sends(siti, shown)
    siti.writes("Bawa yang asli juga.", quotes=shown)
    assert siti.last.text == f"Teks ini menjadi keterangan berkas Anda untuk {inquiry.code}."
    assert world.fresh(inquiry).state == "dispositioned"
    fetched(world, media)
    assert handed(world).text == "Bawa yang asli juga."


def test_what_quotes_nothing_is_asked_about_once_for_an_album(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    first = sends(siti, None, "Contohnya begini.")
    question = siti.last
    assert (
        question.text
        == f"Apakah berkas Anda tadi menjadi jawaban untuk {inquiry.code}? Satu jawaban memuat satu berkas."
    )
    sends(siti, None)
    assert siti.last == question
    fetched(world, first)
    assert world.fresh(inquiry).state == "dispositioned"
    siti.taps(question, f"Ya, {inquiry.code}")
    assert handed(world).text == "Contohnya begini."


def test_one_answer_has_one_file_and_an_album_hears_it_once(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    shown = siti.last
    first, *others = [sends(siti, shown) for _ in range(4)]
    told = [one.text for one in siti.shows() if one.text.startswith("Satu jawaban memuat satu berkas")]
    assert len(told) == 1
    for one in (others[0], first, *others[1:]):
        fetched(world, one)
    assert handed(world).file is not None
    assert handed(world).file.copy_of_id == first.pk  # type: ignore[union-attr]  # just asserted
    assert [one["why"] for one in facts(world, "officer.refused")] == ["one_file"] * 3


def test_a_file_after_the_answer_comes_too_late(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("Bawa KK.", quotes=shown)
    media = sends(siti, shown)
    assert siti.last.text.startswith(f"Jawaban {inquiry.code} sudah diserahkan tanpa berkas ini.")
    fetched(world, media)
    assert handed(world).file is None


def test_a_slow_file_is_told_of_and_words_need_not_wait_for_it(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    media = sends(siti, shown)
    failed(world, media, "unreachable")
    assert siti.last.text == (
        f"Berkas sedang diambil dari WhatsApp. Jawaban {inquiry.code} diserahkan begitu berkasnya ada."
    )
    siti.writes("Bawa KK.", quotes=shown)
    assert (handed(world).text, handed(world).file) == ("Bawa KK.", None)
    fetched(world, media)
    assert Answer.objects.filter(office=world.office).count() == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("gone", "tidak bisa diambil dari WhatsApp. Kirim sekali lagi."),
        ("too_large", "tidak bisa diterima: bukan foto atau dokumen yang aman, atau terlalu besar."),
        ("page", "Berkas ini tidak bisa dikirim lewat WhatsApp. Pakai JPG atau PNG, PDF, Word"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of_and_another_may_come(world: World, how: str, words: str) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    media = sends(siti, shown, "Ini.", kind="document", name="syarat.html")
    if how == "page":
        fetched(world, media, PAGE)
    else:
        failed(world, media, how)
    assert words in siti.last.text
    assert world.fresh(inquiry).state == "dispositioned"
    assert not Media.objects.filter(office=world.office, incoming=False).exists()
    fetched(world, sends(siti, shown, "Ini yang benar.", kind="document", name="syarat.pdf"), PDF)
    assert handed(world).text == "Ini yang benar."


def test_late_words_are_not_said_outside_the_window(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    media = sends(siti, siti.last)
    before = len(siti.shows())
    late = World(world.office, world.line, world.now + timedelta(days=8))
    Media.objects.filter(office=world.office, pk=media.pk).update(attempts=9)
    media.refresh_from_db()
    assert wire.failed(media=media, error="unreachable", now=late.now, handlers=HANDLERS.files)
    assert len(siti.shows()) == before
    assert [one["why"] for one in facts(world, "officer.refused")] == ["file_expired"]


def test_an_answer_that_comes_late_is_handed_in_without_a_word(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    media = sends(siti, siti.last)
    before = len(siti.shows())
    fetched(World(world.office, world.line, world.now + timedelta(days=2)), media)
    assert handed(world).file is not None
    assert len(siti.shows()) == before


def test_what_happened_meanwhile_counts(world: World) -> None:
    """A colleague answered, or the officer took the picture back, or let the number go."""
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    taken_back = sends(siti, shown)
    Inbound.objects.filter(office=world.office, media=taken_back).update(revoked_at=world.now)
    fetched(world, taken_back)
    assert world.fresh(inquiry).state == "dispositioned"
    media = sends(siti, shown)
    section.submit(inquiry=inquiry, text="Dari meja.", by=world.place("kesra"), now=world.now)
    fetched(world, media)
    assert handed(world).text == "Dari meja."
    assert siti.last.text == "Siti Muthmainnah sudah menyerahkan jawaban pukul 10.00."
    assert [one["why"] for one in facts(world, "officer.refused")] == ["revoked", "TakenError"]


def test_a_number_that_was_let_go_meanwhile_hands_nothing_in(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    media = sends(siti, siti.last)
    siti.row.delete()
    fetched(world, media)
    assert world.fresh(inquiry).state == "dispositioned"


def test_a_matter_from_the_counter_takes_no_file(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    conversation = inquiry.conversation
    conversation.line = None
    conversation.save(update_fields=["line"])
    fetched(world, sends(siti, siti.last, "Ini."))
    assert "berkas tidak bisa dikirim" in siti.last.text
    assert world.fresh(inquiry).state == "dispositioned"


def test_the_received_bytes_stay_when_the_answer_drops_its_file(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    media = sends(siti, siti.last, "Ini.")
    fetched(world, media)
    review.send_back(inquiry=world.fresh(inquiry), reason="Salah foto.", by=world.place("admin"), now=world.now)
    section.save_draft(
        inquiry=world.fresh(inquiry), text="Ini.", by=world.place("kesra"), now=world.now, drop_file=True
    )
    assert b"".join(store.store().read(media.path)) == picture()


@pytest.mark.parametrize("kind", ["video", "audio", "location", "contacts"])
def test_other_kinds_are_refused_politely(world: World, kind: str) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.writes("", quotes=siti.last, type=kind)
    label = {"audio": "Pesan suara", "video": "Video"}.get(kind, "")
    assert siti.last.text.startswith(label)
    assert siti.last.text.endswith(" belum bisa diteruskan. Tulis jawabannya, atau kirim foto atau dokumen.")
    assert world.fresh(inquiry).state == "dispositioned"


def test_a_sticker_is_a_nod_and_a_reason_is_in_words(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("", type="sticker")
    assert siti.last == shown
    siti.taps(shown, "Bukan tupoksi kami")
    media = sends(siti, siti.last)
    assert siti.last.text == "Untuk yang ini tulis dengan kata-kata. Berkas tidak bisa ikut."
    fetched(world, media)
    assert world.fresh(inquiry).state == "dispositioned"


def test_a_photo_that_begins_with_warga_is_a_citizens(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    sends(siti, None, "WARGA jalan rusak di Mojodadi")
    assert Inquiry.objects.filter(office=world.office, citizen__identities__value=SITI).count() == 1


def test_a_file_from_before_the_number_was_proved_anew_is_nobodys_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    media = sends(siti, siti.last, "Dari orang lain?")
    place, later = world.place("kesra"), world.now + HOUR
    code = phones.register(officer=place.officer, number="6281200000009", by=place, now=later)
    siti.number = "6281200000009"
    siti.writes(f"PETUGAS {code}", at=later)
    fetched(world, media, after=2 * HOUR)
    assert not Answer.objects.filter(office=world.office).exists()
    assert world.fresh(inquiry).state == "dispositioned"
    assert siti.last.text.endswith("Kirim sekali lagi.")
    assert facts(world, "officer.refused")[-1]["why"] == "proved_anew"


def test_doubts_are_told_to_whoever_wrote_the_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.writes("Pasti selesai besok. Hubungi 0812-3333-4444.", quotes=siti.last)
    assert siti.last.text == (
        f"Jawaban {inquiry.code} sudah diserahkan ke admin. Terima kasih.\n\nAdmin diminta memeriksa dulu:\n"
        "• nomor HP seseorang: “0812-••••-4444”\n• janji tanpa tanggal atau syarat: “Pasti selesai besok”"
    )
