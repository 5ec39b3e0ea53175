"""Files come in: fetched, looked at, put away privately; or told why not, and tried on."""

from __future__ import annotations

import logging
import stat
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.config.jobs import find_work
from pelita.whatsapp.actions import media as actions
from pelita.whatsapp.errors import OutsideTransactionError
from pelita.whatsapp.media import steps, store
from pelita.whatsapp.models import Media
from pelita.whatsapp.parse_content import MediaView
from tests.whatsapp.media.conftest import World
from tests.whatsapp.media.support import MP4, OGG, PAGE, PDF, PROGRAM, picture
from tests.whatsapp.outbox.support import TOKEN, look
from tests.whatsapp.scripted import Answer, Close, Deed, Hang, Reset, refusal

PHOTO = picture(place=True, turned=True)
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'media' AND status = 'todo'"


def view(known: str = "1", kind: str = "image") -> MediaView:
    return MediaView(kind, known, "image/jpeg", "", "", voice=False, animated=False)


def test_a_photo_is_fetched_and_stored(world: World) -> None:
    media = world.file(PHOTO)
    assert media.state == "waiting"
    world.drain()
    media = world.fresh(media)
    assert (media.state, media.real_type, media.size, media.error) == ("stored", "image/jpeg", len(PHOTO), "")
    assert (media.width, media.height) == (800, 1200)
    assert media.stored_at is not None
    assert world.content(media.path) == PHOTO
    assert b"Exif" not in world.content(media.thumbnail)
    assert world.told.states == ["stored"]


@pytest.mark.parametrize(
    ("content", "kind", "mime"), [(OGG, "audio", "audio/ogg"), (MP4, "video", "video/mp4"), (PDF, "document", "")]
)
def test_other_kinds(world: World, content: bytes, kind: str, mime: str) -> None:
    media = world.file(content, kind, mime, name="Surat RT.pdf" if kind == "document" else "")
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).thumbnail) == ("stored", "")


def test_the_token_goes_along_and_the_path_says_nothing(world: World) -> None:
    media = world.file(PHOTO, name="KTP Sulastri 081234567890.jpg")
    world.drain()
    server = world.keeper.server
    assert server is not None
    assert [request.path for request in server.requests] == [
        f"/v26.0/{media.provider_id}",
        f"/unduh/{media.provider_id}",
    ]
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}
    office, year, month, name = world.fresh(media).path.split("/")
    assert (office, f"{year}-{month}") == (str(media.office_id), f"{world.now:%Y-%m}")
    assert len(name) == 32


def test_only_this_account_may_look_into_the_folder(world: World) -> None:
    media = world.file(PHOTO)
    world.drain()
    root = store.folder()
    places = [root, *root.rglob("*")]
    assert len(places) == 6  # the root, three folders, the photo, its small copy
    for place in places:
        assert stat.S_IMODE(place.stat().st_mode) == (0o700 if place.is_dir() else 0o600)
    assert world.fresh(media).path in {str(place.relative_to(root)) for place in places}


@pytest.mark.parametrize(
    ("content", "kind", "mime", "reason"),
    [
        (PAGE, "image", "image/jpeg", "mismatch"),
        (PROGRAM, "document", "application/pdf", "program"),
        (picture()[:400], "image", "image/jpeg", "broken_picture"),
        (bytes(600_000), "sticker", "image/webp", "too_large"),
    ],
)
def test_what_may_not_be_kept_is_not(world: World, content: bytes, kind: str, mime: str, reason: str) -> None:
    media = world.file(content, kind, mime)
    world.drain()
    media = world.fresh(media)
    assert (media.state, media.error, media.stored_at) == ("rejected", reason, None)
    assert world.told.states == ["rejected"]
    with pytest.raises(FileNotFoundError):
        world.content(media.path)


def test_a_file_that_goes_on_and_on_is_not_read_to_its_end(world: World) -> None:
    """The answer says that it is small; the bytes say otherwise."""
    media = world.file(b"x" * 10, "sticker", "image/webp", digest="")
    world.keeper.deeds = [
        Answer(body=f'{{"url": "{_url(world, media)}", "file_size": 10}}'.encode()),
        Answer(body=bytes(3_000_000), kind="image/webp"),
    ]
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("rejected", "too_large")


def _url(world: World, media: Media) -> str:
    assert world.keeper.server is not None
    return f"{world.keeper.server.url}/unduh/{media.provider_id}"


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (Reset(), "unreachable"),
        (Close(), "unreachable"),
        (Answer(502, b"<html>bad gateway</html>", "text/html"), "unreachable"),
        (Answer(200, b"[1]"), "unreachable"),
        (Answer(200, b"{}"), "unreachable"),
        (Answer(200, b'{"url": 7}'), "unreachable"),
        (refusal(190, 401), "not_allowed"),
        (refusal(131042, 400), "not_allowed"),
        (refusal(10, 403), "not_allowed"),
        (refusal(80007, 400), "busy"),
        (Answer(429, b""), "busy"),
        (refusal(131000, 500), "unreachable"),
        (refusal(100, 400), "gone"),
    ],
)
def test_a_failed_try_is_made_again(world: World, deed: Deed, error: str) -> None:
    media = world.file(PHOTO)
    world.keeper.deeds = [deed]
    world.drain()
    media = world.fresh(media)
    assert (media.state, media.error, media.attempts) == ("waiting", error, 1)
    assert media.next_at > clock.now()
    assert world.told.states == []  # nobody is bothered by one hiccup
    assert world.moved(media).state == "stored"


@pytest.mark.parametrize(
    "deed", [Answer(404, b""), Answer(200, PHOTO, cut=99), Answer(403, b""), Answer(302, b""), Reset()]
)
def test_an_address_that_died_is_asked_for_anew(world: World, deed: Deed) -> None:
    media = world.file(PHOTO)
    first = Answer(body=f'{{"url": "{_url(world, media)}"}}'.encode())
    world.keeper.deeds = [first, deed]
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("waiting", "unreachable")
    assert world.moved(media).state == "stored"


def test_other_bytes_than_announced_are_not_kept(world: World) -> None:
    media = world.file(PHOTO, digest="AAAA" + "A" * 39 + "=")
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("waiting", "altered")
    with pytest.raises(FileNotFoundError):
        world.content(media.path)


def test_the_third_failure_is_told_and_it_is_tried_on(world: World) -> None:
    media = world.file(PHOTO)
    world.keeper.deeds = [refusal(190, 401)] * 5
    states = [world.moved(media).state for _ in range(5)]
    assert states == ["waiting", "waiting", "failed", "failed", "failed"]
    assert world.told.states == ["failed"]
    assert world.moved(media).state == "stored"
    assert world.told.states == ["failed", "stored"]


def test_what_whatsapp_does_not_have_is_believed_at_the_third_time(world: World) -> None:
    media = world.file(PHOTO)
    world.keeper.files.clear()
    assert [world.moved(media).state for _ in range(3)] == ["waiting", "waiting", "expired"]
    assert world.told.states == ["expired"]


def test_after_a_week_the_id_is_dead(world: World) -> None:
    media = world.file(PHOTO)
    world.keeper.deeds = [Reset()]
    world.due(media, age=timedelta(days=7))
    world.drain()
    assert world.fresh(media).state == "expired"


def test_pauses_grow_to_an_hour(world: World) -> None:
    media = world.file(PHOTO)
    pauses = []
    for attempts in range(1, 10):
        media.attempts = attempts
        pauses.append((steps.after_failure(media, "busy", world.now).next_at - world.now).total_seconds())
    assert pauses == [5, 20, 60, 300, 900, 3600, 3600, 3600, 3600]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://example.org/berkas",
        "https://fbsbx.com.example.org/x",
        "https://lookaside.fbsbx.com:8443/x",
        "http://lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/x",
        "",
    ],
)
def test_the_token_goes_to_nobody_else(world: World, url: str) -> None:
    media = world.file(PHOTO)
    world.keeper.url = lambda _name: url
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("waiting", "unreachable")
    assert world.keeper.server is not None
    assert len(world.keeper.server.requests) == 1


def test_many_are_fetched_by_one_bell(world: World) -> None:
    for _ in range(5):
        world.file(PHOTO)
    assert look(JOBS) == [(1,)]
    world.drain()
    assert world.told.states == ["stored"] * 5


def test_a_forgotten_file_is_found_by_the_sweep(world: World) -> None:
    world.file(PHOTO)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    find_work(clock.now())
    assert look(JOBS) == [(1,)]


def test_a_file_is_lent_to_one_run(world: World) -> None:
    media = world.file(PHOTO)
    held = actions.claim(now=clock.now())
    assert held is not None
    world.drain()  # a second worker finds nothing
    assert world.fresh(media).state == "waiting"
    # The first one died. Its lease ends, another run takes over, and whatever the first still says is too late.
    assert world.moved(media).state == "stored"
    assert not actions.failed(media=held, error="busy", now=clock.now(), handlers=(world.told,))
    assert world.told.states == ["stored"]


def test_whoever_lost_the_lease_settles_nothing(world: World) -> None:
    media = world.file(PHOTO)
    slow = actions.claim(now=clock.now())
    world.due(media)
    second = actions.claim(now=clock.now())
    assert slow is not None
    assert second is not None
    assert not actions.rejected(media=slow, reason="program", now=clock.now(), handlers=(world.told,))
    assert actions.failed(media=second, error="busy", now=clock.now(), handlers=(world.told,))
    assert (world.fresh(media).state, world.fresh(media).error, world.told.states) == ("waiting", "busy", [])


def test_a_full_disk_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    media = world.file(PHOTO)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("waiting", "storage")
    assert not list(store.folder().rglob(".part-*"))
    assert world.moved(media).state == "stored"


def test_a_hanging_keeper_holds_up_nobody(world: World, settings: Settings) -> None:
    first, second = world.file(PHOTO), world.file(PHOTO)
    world.keeper.deeds = [Hang()]
    settings.SEND_TIMEOUT = 0.2
    world.drain()
    assert (world.fresh(first).error, world.fresh(second).state) == ("unreachable", "stored")


def test_nothing_private_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.file(PAGE, name="KTP Sulastri.jpg")
    world.keeper.deeds = [Reset()]
    with caplog.at_level(logging.DEBUG):
        world.drain()
    for private in ("Sulastri", TOKEN, "fbsbx"):
        assert private not in caplog.text


def test_rows_are_made_in_one_insert(world: World) -> None:
    wanted = [(world.line, view(str(number))) for number in range(40)]
    with transaction.atomic(), CaptureQueriesContext(connection) as found:
        rows = actions.prepare([*wanted, (world.line, None)], now=world.now, apart=timedelta(seconds=1))
    assert len(found) == 1
    assert rows[-1] is None
    assert [row.next_at - world.now for row in rows[:3] if row] == [timedelta(seconds=n) for n in range(3)]
    assert len({row.path for row in rows if row}) == 40


def test_rows_belong_to_the_transaction_of_their_messages(world: World) -> None:
    with pytest.raises(OutsideTransactionError):
        actions.prepare([(world.line, view())], now=world.now)
    assert actions.prepare([(world.line, None)], now=world.now) == [None]


def test_a_placeholder_is_filled_later(world: World) -> None:
    with transaction.atomic():
        (media,) = actions.prepare([(world.line, view(""))], now=world.now)
    assert media is not None
    assert (media.state, media.error) == ("expired", "no_id")
    known = world.keeper.keep(PHOTO)
    assert actions.fill(media=media, view=view(known), now=world.now)
    assert not actions.fill(media=media, view=view(known), now=world.now)
    world.drain()
    assert world.fresh(media).state == "stored"


def test_a_person_may_ask_again(world: World) -> None:
    media = world.file(PHOTO)
    world.keeper.deeds = [Reset()] * 3
    for _ in range(3):
        world.moved(media)
    media = world.fresh(media)
    with transaction.atomic():
        assert actions.ask_again(media=media, now=clock.now())
    with transaction.atomic():
        assert not actions.ask_again(media=world.fresh(media), now=clock.now())
    world.drain()
    assert world.fresh(media).state == "stored"
