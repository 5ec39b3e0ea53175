"""Videos of posts with the real ffmpeg: cut, small, bare; and what happens without it, or with what is no video."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from pelita.base.errors import InvalidError
from pelita.news import videos
from pelita.news.actions_pictures import add, blur
from pelita.news.pictures import BadPhotoError
from pelita.whatsapp.media.store import store
from tests.news.conftest import Newsroom


def filmed(path: Path, *arguments: str, seconds: float = 2, size: str = "320x180") -> io.BytesIO:
    """A film of a test picture with a tone, made here."""
    picture, tone = f"testsrc2=size={size}:rate=10:duration={seconds}", f"sine=frequency=300:duration={seconds}"
    made = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-c:v", "libx264", "-preset", "ultrafast"]
    where = ["-metadata", "location=-7.4012+112.3941/", "-movflags", "use_metadata_tags"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *made, "-c:a", "aac", *where, *arguments, str(path)], check=True
    )
    return io.BytesIO(path.read_bytes())


def facts(content: bytes, path: Path) -> dict[str, object]:
    path.write_bytes(content)
    shown = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    found: dict[str, object] = json.loads(subprocess.run(shown, check=True, capture_output=True).stdout)
    return found


@pytest.fixture(autouse=True)
def room(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]  # pytest-django's


def test_a_video_is_cut_small_and_bare(tmp_path: Path) -> None:
    film = videos.prepare(filmed(tmp_path / "a.mp4", seconds=61.5, size="1600x900"))
    assert (film.width, film.height, film.seconds, film.cut) == (1280, 720, 60.0, True)
    assert b"112.3941" not in film.content
    found = facts(film.content, tmp_path / "b.mp4")
    kinds = {one["codec_name"]: one for one in found["streams"]}  # type: ignore[attr-defined]  # JSON
    assert set(kinds) == {"h264", "aac"}
    assert 59.5 <= float(found["format"]["duration"]) <= 60.5  # type: ignore[index]  # JSON
    assert Image.open(io.BytesIO(film.small)).size == (640, 360)
    assert not list((tmp_path / "data" / "media").iterdir())


def test_an_upright_video_stays_upright(tmp_path: Path) -> None:
    film = videos.prepare(filmed(tmp_path / "a.mp4", size="180x320"))
    assert (film.width, film.height, film.cut) == (180, 320, False)


@pytest.mark.parametrize("kind", ["cut off", "other bytes", "only a tone", "list"])
def test_what_is_no_video_is_refused(tmp_path: Path, kind: str) -> None:
    whole = filmed(tmp_path / "a.mp4").getvalue()
    tone = tmp_path / "tone.mp4"
    made = ["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(tone)]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *made], check=True)
    given = {
        "cut off": whole[: len(whole) // 3],
        "other bytes": whole[:12] + bytes(4000),
        "only a tone": tone.read_bytes(),
        "list": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    }[kind]
    with pytest.raises(BadPhotoError) as found:
        videos.prepare(io.BytesIO(given))
    assert "rusak atau jenisnya belum dikenal" in str(found.value)
    assert not list((tmp_path / "data" / "media").iterdir())


def test_too_large_is_said_before_it_is_read() -> None:
    with pytest.raises(BadPhotoError, match="65 MB, paling besar 64 MB"):
        videos.prepare(io.BytesIO(bytes(videos.MOST_BYTES + 1)))


def test_without_ffmpeg_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadPhotoError, match="memasang ffmpeg"):
        videos.prepare(io.BytesIO(b"\0\0\0\x18ftypmp42"))


def test_one_at_a_time(tmp_path: Path) -> None:
    film = filmed(tmp_path / "a.mp4")
    with videos._one, pytest.raises(BadPhotoError, match="sedang diolah"):
        videos.prepare(film)


def test_a_post_with_a_video(newsroom: Newsroom, tmp_path: Path) -> None:
    post = newsroom.draft()
    row = add(post=post, file=filmed(tmp_path / "a.mp4"), filename="a.mp4", by=newsroom.place("pmd"), now=newsroom.now)
    assert (row.kind, row.content_type, row.seconds, row.original_path) == ("video", "video/mp4", 2.0, "")
    assert b"".join(store().read(row.small_path))[:2] == b"\xff\xd8"
    with pytest.raises(InvalidError, match="belum video"):
        blur(post=post, picture=row.pk, circles=[(0.5, 0.5, 0.1)], by=newsroom.place("pmd"), now=newsroom.now)
    with pytest.raises(InvalidError, match="rusak"):
        add(
            post=post, file=io.BytesIO(b"\0\0\0\x18ftypmp42" + bytes(500)), filename="b.mp4", by=newsroom.place("pmd"),
            now=newsroom.now,
        )  # fmt: skip
    stored = [one for one in (tmp_path / "data" / "media").rglob("*") if one.is_file()]
    assert len(stored) == 2
