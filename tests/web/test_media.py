"""Files of messages: who gets them, how they are handed out, and what is written down."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from pelita.desk.actions.files import files_changed
from pelita.desk.models import Inquiry
from pelita.journal.models import Fact
from pelita.web.files import part_of
from pelita.web.present.media import REJECTED
from pelita.whatsapp.media.checking import ERRORS
from pelita.whatsapp.models import Inbound, Media, Outbound
from tests.web.conftest import World, build
from tests.web.media import missing, stored, stored_photo
from tests.web.serving import served
from tests.whatsapp.media.support import MP4, OGG, PAGE, PDF, picture

PHOTO = picture()


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def facts(world: World, verb: str) -> list[Fact]:
    return list(Fact.objects.filter(office=world.office, verb=verb).order_by("id"))


def asked_with(world: World, media: Media, text: str = "niki surate pak") -> Inquiry:
    return world.asks(text, type=media.kind, media=media)


def test_a_photo_is_handed_out_and_the_opening_written_down(world: World) -> None:
    media = stored_photo(world)
    inquiry = asked_with(world, media)
    response = world.client("admin").get(f"/berkas/{media.pk}")
    assert b"".join(response) == PHOTO
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Length"] == str(len(PHOTO))
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    (fact,) = facts(world, "media.opened")
    assert fact.actor is not None
    assert (fact.actor.username, fact.subject_type, fact.subject_id) == ("admin", "media", media.pk)
    assert fact.data == {"code": inquiry.code, "kind": "image"}


def test_the_small_copy_of_a_covered_photo_is_written_down_too(world: World) -> None:
    media = stored_photo(world)
    asked_with(world, media)
    assert b"".join(world.client("admin").get(f"/berkas/{media.pk}/kecil")).startswith(b"\xff\xd8")
    assert len(facts(world, "media.opened")) == 1


@pytest.mark.parametrize(("content", "kind", "mime"), [(OGG, "audio", "audio/ogg"), (MP4, "video", "video/mp4")])
def test_voices_and_films_are_not_covered(world: World, content: bytes, kind: str, mime: str) -> None:
    media = stored(world, content, kind, mime)
    asked_with(world, media)
    response = world.client("admin").get(f"/berkas/{media.pk}")
    assert (response.headers["Content-Type"], response.status_code) == (mime, 200)
    assert facts(world, "media.opened") == []


def test_looking_without_reading_is_not_opening(world: World) -> None:
    media = stored_photo(world)
    asked_with(world, media)
    response = world.client("admin").head(f"/berkas/{media.pk}")
    assert (b"".join(response), response.headers["Content-Length"]) == (b"", str(len(PHOTO)))
    assert facts(world, "media.opened") == []


@pytest.mark.parametrize(
    ("content", "name", "claimed", "kind", "disposition"),
    [
        (PDF, "Surat keterangan.pdf", "application/pdf", "application/pdf", "inline"),
        (PAGE, "halaman.html", "text/html", "application/octet-stream", "attachment"),
        (b"nama,nik\n", "data.csv", "text/csv", "application/octet-stream", "attachment"),
        (picture("PNG"), "pindai.png", "image/png", "image/png", "inline"),
    ],
)
def test_documents(world: World, content: bytes, name: str, claimed: str, kind: str, disposition: str) -> None:
    media = stored(world, content, "document", claimed, name=name)
    asked_with(world, media)
    response = world.client("admin").get(f"/berkas/{media.pk}")
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"] == f'{disposition}; filename="{name}"'
    assert ("sandbox" in response.headers["Content-Security-Policy"]) == (kind != "application/pdf")
    assert len(facts(world, "media.opened")) == 1


def test_a_name_cannot_write_headers(world: World) -> None:
    media = stored(world, PDF, "document", name='a"\r\nSet-Cookie: x=1; \u202efdp.pdf')
    asked_with(world, media)
    response = world.client("admin").get(f"/berkas/{media.pk}")
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response.headers["Content-Disposition"]


def test_a_section_gets_its_own_inquiries_files_only(world: World) -> None:
    earlier = stored_photo(world)
    asked_with(world, earlier)
    media = stored_photo(world)
    inquiry = world.at_section("KESRA", type="image", media=media, who="ID.lain")
    kesra, pmd = world.client("kesra"), world.client("pmd")
    assert kesra.get(f"/berkas/{media.pk}").status_code == 200
    assert kesra.get(f"/berkas/{earlier.pk}").status_code == 404
    assert pmd.get(f"/berkas/{media.pk}").status_code == 404
    assert inquiry.section is not None
    assert [fact.audience for fact in facts(world, "media.opened")] == [[inquiry.section.pk]]


def test_what_was_deleted_for_everyone_is_gone(world: World) -> None:
    media = stored_photo(world)
    asked_with(world, media)
    Inbound.objects.filter(office=world.office, media=media).update(revoked_at=world.now)
    assert world.client("admin").get(f"/berkas/{media.pk}").status_code == 404


def test_a_file_without_a_message_is_nobodys(world: World) -> None:
    assert world.client("admin").get(f"/berkas/{stored_photo(world).pk}").status_code == 404


@pytest.mark.parametrize("state", ["waiting", "failed", "expired", "rejected"])
def test_a_file_that_is_not_there(world: World, state: str) -> None:
    media = missing(world, state)
    asked_with(world, media)
    for path in ("", "/kecil"):
        assert world.client("admin").get(f"/berkas/{media.pk}{path}").status_code == 404


def test_a_file_that_vanished_from_the_store(world: World) -> None:
    media = stored_photo(world)
    asked_with(world, media)
    Media.objects.filter(office=world.office, pk=media.pk).update(path=f"{media.path}x")
    assert world.client("admin").get(f"/berkas/{media.pk}").status_code == 404


def test_the_offices_own_file_is_open(world: World) -> None:
    inquiry = world.sent()
    media = stored(world, PHOTO, "image", incoming=False)
    Outbound.objects.filter(office=world.office, kind="text").update(kind="image", media=media)
    assert b"".join(world.client("admin").get(f"/berkas/{media.pk}")) == PHOTO
    assert facts(world, "media.opened") == []
    assert world.client("kesra").get(f"/berkas/{media.pk}").status_code == 404
    assert inquiry.section_id is None


RANGES: list[tuple[str, tuple[int, int] | None]] = [
    ("", (0, 100)),
    ("bytes=0-", (0, 100)),
    ("bytes=10-19", (10, 10)),
    ("bytes=90-500", (90, 10)),
    ("bytes=-5", (95, 5)),
    ("bytes=-500", (0, 100)),
    ("bytes=99-99", (99, 1)),
    ("bytes=100-", None),
    ("bytes=20-10", None),
    ("bytes=-0", None),
    ("bytes=0-1,5-6", (0, 100)),
    ("bytes=a-b", (0, 100)),
    ("zeilen=1-2", (0, 100)),
    ("bytes=" + "9" * 400 + "-", (0, 100)),
]


@pytest.mark.parametrize(("header", "wanted"), RANGES)
def test_ranges(header: str, wanted: tuple[int, int] | None) -> None:
    found = part_of(header, 100)
    assert (found and (found.start, found.length)) == wanted


def test_a_film_is_fetched_in_parts(world: World) -> None:
    media = stored(world, MP4, "video", "video/mp4")
    asked_with(world, media)
    browser = world.client("admin")
    response = browser.get(f"/berkas/{media.pk}", headers={"range": "bytes=4-11"})
    assert (response.status_code, b"".join(response)) == (206, b"ftypisom")
    assert response.headers["Content-Range"] == f"bytes 4-11/{len(MP4)}"
    refused = browser.get(f"/berkas/{media.pk}", headers={"range": f"bytes={len(MP4)}-"})
    assert (refused.status_code, refused.headers["Content-Range"]) == (416, f"bytes */{len(MP4)}")


@pytest.mark.parametrize("part", ["bytes=0-9", "bytes=1-", "bytes=-8", "bytes=999999999-"])
def test_no_part_of_a_paper_is_read_without_a_trace(world: World, part: str) -> None:
    media = stored(world, PDF, "document", "application/pdf")
    asked_with(world, media)
    response = world.client("admin").get(f"/berkas/{media.pk}", headers={"range": part})
    assert (response.status_code, b"".join(response)) == (200, PDF)
    assert response.headers["Accept-Ranges"] == "none"
    assert len(facts(world, "media.opened")) == 1


def test_asking_again(world: World) -> None:
    media = missing(world, "failed", "unreachable")
    inquiry = asked_with(world, media)
    browser = world.client("admin")
    response = browser.post(f"/berkas/{media.pk}/ambil")
    assert response["Location"] == f"/meja/{inquiry.code}"
    assert Media.objects.get(office=world.office, pk=media.pk).state == "waiting"
    browser.post(f"/berkas/{media.pk}/ambil")
    (fact,) = facts(world, "media.asked")
    assert (fact.actor and fact.actor.username, fact.data["code"]) == ("admin", inquiry.code)


@pytest.mark.parametrize("state", ["stored", "expired", "rejected", "waiting"])
def test_only_what_failed_is_asked_for_again(world: World, state: str) -> None:
    media = missing(world, state)
    asked_with(world, media)
    world.client("admin").post(f"/berkas/{media.pk}/ambil")
    assert Media.objects.get(office=world.office, pk=media.pk).state == state
    assert facts(world, "media.asked") == []


def test_a_section_comes_back_to_its_task(world: World) -> None:
    media = missing(world, "failed")
    inquiry = world.at_section("KESRA", type="image", media=media)
    assert world.client("kesra").post(f"/berkas/{media.pk}/ambil")["Location"] == f"/tugas/{inquiry.code}"


def test_open_threads_hear_of_a_file(world: World) -> None:
    media, old = stored_photo(world), stored_photo(world)
    inquiry = world.at_section("KESRA", type="image", media=media)
    asked_with(world, old)
    Inbound.objects.filter(office=world.office, media=old).update(quiet=True)
    files_changed([media, old], now=world.now)
    (fact,) = facts(world, "media.stored")
    assert (fact.audience, fact.data["code"]) == ([inquiry.section_id], inquiry.code)


def test_a_large_file_flows_over_http_and_only_in_part_when_the_reader_leaves(
    transactional_db: None, settings: Settings
) -> None:
    """Through the real server: headers, the whole, a part, a reader who goes away, and a stranger."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = build()
    content = MP4 + bytes(9_000_000)
    media = stored(world, content, "video", "video/mp4")
    asked_with(world, media)
    session = world.client("admin").cookies["pelita"].value
    with served() as url:
        wanted = urllib.request.Request(f"{url}/berkas/{media.pk}", headers={"Cookie": f"pelita={session}"})
        with urllib.request.urlopen(wanted) as response:
            assert response.read() == content
        wanted.add_header("Range", "bytes=8999990-")
        with urllib.request.urlopen(wanted) as response:
            assert (response.status, response.read()) == (206, content[8999990:])
        with urllib.request.urlopen(wanted) as response:
            response.read(10)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(
                urllib.request.Request(f"{url}/berkas/{media.pk + 1}", headers={"Cookie": f"pelita={session}"})
            )


# -- cards ---------------------------------------------------------------------------------------------------------


def shown(world: World, media: Media, text: str = "") -> str:
    """The thread with this file in it."""
    inquiry = world.asks(text, type=media.kind, media=media, content={"caption": text} if text else {})
    return world.client("admin").get(f"/meja/{inquiry.code}?bagian=pesan").content.decode()


def test_a_photo_is_covered(world: World) -> None:
    media = stored_photo(world)
    page = shown(world, media, "niki surate pak")
    assert "Foto ditutup" in page
    assert "Setiap pembukaan tercatat" in page
    assert f'href="/berkas/{media.pk}"' in page
    assert "<img" not in page
    assert "niki surate pak" in page


def test_voices_and_films_are_played_in_place(world: World) -> None:
    voice, film = stored(world, OGG, "audio", "audio/ogg"), stored(world, MP4, "video", "video/mp4")
    assert f'<audio class="voice" controls preload="none" src="/berkas/{voice.pk}"' in shown(world, voice)
    assert f'<video class="film" controls preload="none" src="/berkas/{film.pk}"' in shown(world, film)


def test_what_no_browser_plays_is_a_file(world: World) -> None:
    media = stored(world, b"#!AMR\n" + bytes(90), "audio", "audio/amr")
    page = shown(world, media)
    assert "<audio" not in page
    assert f'href="/berkas/{media.pk}"' in page


def test_a_paper_names_itself_without_its_numbers(world: World) -> None:
    media = stored(world, PDF, "document", "application/pdf", name="KK Sulastri 3516012345670003.pdf")
    page = shown(world, media)
    assert "KK Sulastri 3516••••••••0003.pdf" in page
    assert "PDF · 1 kB · pembukaan tercatat" in page
    assert "3516012345670003" not in page


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        ("waiting", "", "Sedang diambil…"),
        ("failed", "unreachable", "Belum bisa diambil"),
        ("expired", "gone", "minta warga mengirim lagi"),
        ("expired", "no_id", "Berkasnya tidak ada di sini"),
        *(("rejected", error, str(words)) for error, words in REJECTED.items()),
    ],
)
def test_why_a_file_is_not_there(world: World, state: str, error: str, words: str) -> None:
    media = missing(world, state, error)
    page = shown(world, media)
    assert words in page
    assert (f'action="/berkas/{media.pk}/ambil"' in page) == (state == "failed")
    assert f'"/berkas/{media.pk}"' not in page


def test_every_reason_of_a_rejection_has_a_sentence() -> None:
    assert set(REJECTED) == ERRORS - {
        *("no_id", "gone", "not_allowed", "unreachable", "busy", "altered", "storage", "refused")
    }


def test_the_offices_photo_is_shown(world: World) -> None:
    inquiry = world.sent()
    media = stored(world, PHOTO, "image", incoming=False)
    Outbound.objects.filter(office=world.office, kind="text").update(kind="image", media=media)
    page = world.client("admin").get(f"/meja/{inquiry.code}?bagian=pesan").content.decode()
    assert f'src="/berkas/{media.pk}/kecil"' in page
    # While it is still being uploaded as well.
    Media.objects.filter(office=world.office, pk=media.pk).update(state="waiting")
    page = world.client("admin").get(f"/meja/{inquiry.code}?bagian=pesan").content.decode()
    assert f'src="/berkas/{media.pk}/kecil"' in page
