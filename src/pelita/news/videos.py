"""Short videos of posts: cut to what a Status holds, made small, told nothing beside what they show.

By ffmpeg, where the machine has it (Debian's package ``ffmpeg``); without it a sentence says what to do instead.

ffmpeg reads files of strangers, so it gets one file, one container, one thread, no network, and an end.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from pelita.news import pictures
from pelita.news.pictures import BadPhotoError
from pelita.whatsapp.media.store import folder

MOST_BYTES = 64 * 1024 * 1024
SECONDS = 60  # of a Status; the app cuts longer ones itself, in pieces
SIDE = 1280
MOST_PIXELS = 4096 * 2304  # of one picture of it: what phones film
SENT = 16_000_000  # bytes of a video that WhatsApp takes
LOOK, MAKE = 20.0, 180.0  # seconds that looking and making may take
TYPE = "video/mp4"
_READ = ("-protocol_whitelist", "file", "-f", "mov")  # MP4 and MOV, and no list that names other files

_SMALLER = f"scale=w='if(gt(iw,ih),min({SIDE},iw),-2)':h='if(gt(iw,ih),-2,min({SIDE},ih))'"

# One at a time in a process: it takes a whole core.
_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class Film:
    """``content``: MP4 (H.264, AAC). ``small``: a JPEG of one of its pictures. ``cut``: it was longer."""

    width: int
    height: int
    seconds: float
    content: bytes
    small: bytes
    cut: bool


def available() -> bool:
    """Whether this machine can make videos."""
    return shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def prepare(file: BinaryIO) -> Film:
    """The video as it is kept. Raises BadPhotoError; nothing has been stored by then."""
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        words = _("Video ini {n} MB, paling besar {most} MB. Rekam lebih pendek, atau pilih kualitas lebih rendah.")
        raise BadPhotoError(words.format(n=math.ceil(size / 1024 / 1024), most=MOST_BYTES // 1024 // 1024))
    if not available():
        raise BadPhotoError(
            _("Video belum bisa diolah di komputer kantor ini. Kirim fotonya, atau minta teknisi memasang ffmpeg.")
        )
    if not _one.acquire(blocking=False):
        raise BadPhotoError(_("Masih ada video lain yang sedang diolah. Tunggu sebentar, lalu kirim lagi."))
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place, prefix=".video-") as room:
            return _made(file, Path(room))
    finally:
        _one.release()


def _made(file: BinaryIO, room: Path) -> Film:
    source, target, still = room / "in.mp4", room / "out.mp4", room / "still.jpg"
    file.seek(0)
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    length = _length(source)
    _run(
        ["-i", str(source), "-t", str(SECONDS), "-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1",
         "-map_chapters", "-1", "-vf", _SMALLER,
         "-fpsmax", "30", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-maxrate", "1600k", "-bufsize",
         "3200k", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-movflags", "+faststart",
         "-fflags", "+bitexact", str(target)],
    )  # fmt: skip
    _run(["-ss", f"{min(1.0, length / 2):.2f}", "-i", str(target), "-frames:v", "1", "-q:v", "3", str(still)])
    if target.stat().st_size > SENT:
        raise BadPhotoError(_("Video ini tetap terlalu besar sesudah diperkecil. Rekam lebih pendek."))
    shown = _shown(still)
    return Film(
        shown.width, shown.height, min(length, float(SECONDS)), target.read_bytes(), shown.small, length > SECONDS + 0.5
    )


def _shown(still: Path) -> pictures.Photo:
    with still.open("rb") as file:
        return pictures.prepare(file)


def _length(source: Path) -> float:
    """Seconds. Raises BadPhotoError for what is no video that can be shown."""
    asked = ["-show_entries", "format=duration:stream=codec_type,width,height", "-of", "json"]
    done = _call(["ffprobe", "-v", "error", *_READ, *asked, str(source)], LOOK)
    try:
        found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        length = float(found.get("format", {}).get("duration", 0))
        films = [one for one in found.get("streams", []) if one.get("codec_type") == "video"]
        pixels = max((int(one["width"]) * int(one["height"]) for one in films), default=0)
    except (ValueError, TypeError, KeyError):
        length, pixels = 0.0, 0
    if not pixels or not math.isfinite(length) or length <= 0:
        raise _broken()
    if pixels > MOST_PIXELS:
        raise BadPhotoError(_("Gambar video ini terlalu besar. Rekam dengan kualitas biasa (1080p)."))
    return length


def _run(arguments: Sequence[str]) -> None:
    done = _call(["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1", *_READ, *arguments], MAKE)
    if done.returncode != 0:
        raise _broken()


def _call(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[bytes]:
    nice = ["nice", "-n", "10"] if shutil.which("nice") else []
    try:
        return subprocess.run(  # noqa: S603 (our own command; the paths in it are ours too)
            [*nice, *command], capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadPhotoError(_("Video ini terlalu lama diolah. Rekam lebih pendek, lalu kirim lagi.")) from None


def _broken() -> BadPhotoError:
    return BadPhotoError(_("Video ini rusak atau jenisnya belum dikenal. Kirim MP4 dari kamera HP."))
