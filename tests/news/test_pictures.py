"""Pictures of posts: what is refused and leaves nothing, what is kept and tells nothing more, what a blur hides."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from PIL import Image, ImageCms, ImageDraw
from pytest_django.fixtures import Settings

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.news import actions, actions_pictures, pictures, queries
from pelita.news.models import Post, PostPicture
from pelita.whatsapp.media.store import store
from tests.news.conftest import Newsroom
from tests.whatsapp.media.support import DRAWING, MP4, PAGE, PDF, PLACE, PROGRAM, picture

Captured = Callable[..., Any]
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(80)


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def left(place: Path) -> list[Path]:
    return [one for one in place.rglob("*") if one.is_file()]


def encoded(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (80, 80), (shade, 0, 0)) for shade in (0, 120, 255)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    return encoded(Image.new("1", (20_000, 20_000)), "PNG")


def huge() -> bytes:
    """A hundred megapixels, as some phones' cameras make them."""
    return encoded(Image.new("L", (11_600, 8_700)), "JPEG", quality=1)


def add(newsroom: Newsroom, post: Post, content: bytes, **more: Any) -> PostPicture:
    return actions_pictures.add(
        post=post, file=io.BytesIO(content), filename=more.pop("filename", "foto.jpg"),
        by=newsroom.place(more.pop("by", "pmd")), now=newsroom.now, **more,
    )  # fmt: skip


def of(post: Post) -> list[PostPicture]:
    return queries.pictures_of([post])[post.pk]


def image(path: str) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(store().read(path))))


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "kosong"),
    "page": (lambda: PAGE, "bukan foto"),
    "paper": (lambda: PDF, "bukan foto"),
    "program": (lambda: PROGRAM, "bukan foto"),
    "drawing": (lambda: DRAWING, "SVG"),
    "film": (lambda: MP4, "rusak atau jenisnya belum dikenal"),
    "heic": (lambda: HEIC, "HEIC"),
    "gif": (lambda: picture("GIF"), "GIF"),
    "moving gif": (lambda: moving("GIF"), "GIF"),
    "moving webp": (lambda: moving("WEBP"), "bergerak"),
    "moving png": (lambda: moving("PNG"), "bergerak"),
    "cut": (lambda: picture()[:4000], "rusak"),
    "cut png": (lambda: picture("PNG")[:600], "rusak"),
    "only a head": (lambda: b"\xff\xd8\xff\xe0" + bytes(400), "rusak"),
    "bomb": (bomb, "terlalu besar"),
    "100 megapixels": (huge, "terlalu besar"),
    "many bytes": (lambda: picture() + bytes(pictures.MOST_BYTES), "21 MB"),
}


def test_what_cannot_be_a_photo_is_refused_and_leaves_nothing(newsroom: Newsroom, files: Path) -> None:
    post = newsroom.draft()
    for case, (make, said) in BAD.items():
        with pytest.raises(InvalidError, match=said) as found:
            add(newsroom, post, make())
        assert found.value.field == "photos", case
        assert left(files) == [], case
    assert of(post) == []
    assert newsroom.fresh(post).lock == post.lock


@pytest.mark.parametrize("name", ["foto.png", "surat.pdf", "", "laporan.html"])
def test_a_photo_is_known_by_its_bytes_whatever_it_is_called(name: str) -> None:
    assert pictures.prepare(io.BytesIO(picture()), name).width == 1200


def test_what_is_kept_stands_upright_and_tells_no_place(newsroom: Newsroom, files: Path) -> None:
    content = picture(size=(3000, 2000), turned=True, place=True) + b"<script>Sulastri</script>"
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(PLACE)
    row = add(newsroom, newsroom.draft(), content, alt="  Warga\nmembersihkan saluran ")
    assert (row.width, row.height, row.alt, row.position) == (1365, 2048, "Warga membersihkan saluran", 0)
    for path in left(files):
        kept = path.read_bytes()
        assert b"Sulastri" not in kept
        shown = Image.open(io.BytesIO(kept))
        assert not shown.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile", "mp"} & set(shown.info)
    # The upper left quarter of the file is red; held upright it is the upper right one.
    red, green = image(row.path).getpixel((1300, 100)), image(row.path).getpixel((100, 100))
    assert red[0] > 150 > green[0]  # type: ignore[index]  # a pixel of RGB is three numbers


@pytest.mark.parametrize(
    ("mode", "kind", "colour"),
    [("1", "PNG", 1), ("L", "PNG", 255), ("P", "PNG", 0), ("I;16", "PNG", 65535), ("CMYK", "JPEG", (0, 0, 0, 0)),
     ("LA", "PNG", (0, 0)), ("RGBA", "WEBP", (0, 0, 0, 0))],
)  # fmt: skip
def test_pixels_of_every_kind_become_plain_ones(mode: str, kind: str, colour: Any) -> None:
    made = Image.new(mode, (64, 48), colour)
    if mode == "P":
        made.putpalette([255, 255, 255] * 256)
    photo = pictures.prepare(io.BytesIO(encoded(made, kind)))
    shown = Image.open(io.BytesIO(photo.content))
    assert (shown.mode, shown.size, shown.format) == ("RGB", (64, 48), "JPEG")
    assert min(shown.getpixel((20, 20))) > 250  # type: ignore[arg-type]  # three numbers; clear parts lie on white


def test_a_profile_that_lies_is_left_out() -> None:
    grey = encoded(Image.new("RGB", (40, 40), (128, 128, 128)), "JPEG", icc_profile=b"bukan profil" * 20)
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    other = encoded(Image.new("RGB", (40, 40), (128, 128, 128)), "JPEG", icc_profile=wide.tobytes())
    for content in (grey, other):
        assert Image.open(io.BytesIO(pictures.prepare(io.BytesIO(content)).content)).getpixel((9, 9)) == (128,) * 3


def test_a_phones_photo_with_a_second_one_behind_it(newsroom: Newsroom) -> None:
    main, second = Image.new("RGB", (4400, 3300), (9, 90, 9)), Image.new("RGB", (64, 64), (200, 0, 0))
    content = encoded(main, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(content)).format == "MPO"
    row = add(newsroom, newsroom.draft(), content)
    assert (row.width, row.height) == (2048, 1536)


def stripes() -> bytes:
    """Fine black lines on white: what a blur must not leave."""
    made = Image.new("RGB", (800, 600), "white")
    for x in range(0, 800, 8):
        ImageDraw.Draw(made).rectangle((x, 0, x + 3, 600), fill="black")
    return encoded(made, "PNG")


def range_of(shown: Image.Image, box: tuple[int, int, int, int]) -> int:
    low, high = shown.convert("L").crop(box).getextrema()
    return int(high) - int(low)  # type: ignore[arg-type]  # of one band they are two numbers


def test_a_blur_leaves_nothing_and_only_there(newsroom: Newsroom, files: Path) -> None:
    row = add(newsroom, newsroom.draft(), stripes(), circles=[(0.5, 0.5, 0.125)])
    shown = image(row.path)
    assert range_of(shown, (340, 260, 460, 340)) < 40
    assert range_of(shown, (10, 10, 200, 590)) > 200
    assert range_of(image(row.small_path), (280, 220, 360, 260)) < 40
    assert row.blurs == [[0.5, 0.5, 0.125]]
    assert range_of(image(row.original_path), (340, 260, 460, 340)) > 200
    assert len(left(files)) == 4


def test_many_small_blurs_hide_as_much_as_one() -> None:
    photo = pictures.prepare(io.BytesIO(stripes()))
    hidden = pictures.blurred(io.BytesIO(photo.content), [(0.4 + n * 0.01, 0.5, 0.03) for n in range(20)])
    assert range_of(Image.open(io.BytesIO(hidden.content)), (330, 295, 460, 305)) < 60


def test_a_blur_can_be_taken_back_until_it_goes_out(
    newsroom: Newsroom, files: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    post, by = newsroom.draft(), newsroom.place("pmd")
    first = add(newsroom, post, stripes())
    plain = first.sha256

    def blur(*circles: pictures.Circle) -> PostPicture:
        with django_capture_on_commit_callbacks(execute=True):
            return actions_pictures.blur(post=post, picture=first.pk, circles=circles, by=by, now=newsroom.now)

    assert blur((0.5, 0.5, 0.1)).sha256 != plain
    assert blur((0.2, 0.2, 0.1)).blurs == [[0.2, 0.2, 0.1]]
    assert len(left(files)) == 4
    again = blur()
    assert (again.sha256, again.path, again.blurs) == (plain, first.original_path, [])
    assert len(left(files)) == 2
    hidden = blur((0.5, 0.5, 0.1))
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve(post=post, seen=newsroom.fresh(post).lock, by=newsroom.place("admin"), now=newsroom.now)
    assert {str(one.relative_to(Path(live.DATA) / "media")) for one in left(files)} == {hidden.path, hidden.small_path}
    assert of(post)[0].original_path == ""
    with pytest.raises(TakenError):
        actions_pictures.blur(post=newsroom.fresh(post), picture=first.pk, circles=(), by=by, now=newsroom.now)


@pytest.mark.parametrize("circles", ["x", [[1]], [["a", 1, 1]], [[2, 0, 0]], [[float("nan")] * 3], [[0, 0, 0.1]] * 41])
def test_circles_that_are_none_are_refused(circles: Any) -> None:
    with pytest.raises(InvalidError, match="dikaburkan"):
        pictures.circles_of(circles)


def test_sent_twice_is_one_photo_and_ten_are_enough(newsroom: Newsroom, files: Path) -> None:
    post, key, content = newsroom.draft(), uuid.uuid4(), picture(size=(60, 40))
    first = add(newsroom, post, content, key=key)
    assert add(newsroom, post, content, key=key) == first
    for _n in range(9):
        add(newsroom, post, content)
    with pytest.raises(InvalidError, match="Paling banyak 10"):
        add(newsroom, post, content)
    assert add(newsroom, post, content, key=key) == first
    assert [one.position for one in of(post)] == list(range(10))
    assert len(left(files)) == 20


def test_order_words_and_taking_away(
    newsroom: Newsroom, files: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    post, by, now = newsroom.draft(), newsroom.place("pmd"), newsroom.now
    one, two, three = (add(newsroom, post, picture(size=(60 + n, 40))) for n in range(3))
    actions_pictures.move(post=post, picture=three.pk, to=0, by=by, now=now)
    actions_pictures.describe(post=post, texts={one.pk: "Rapat desa", 999: "bukan"}, by=by, now=now)
    assert [(row.pk, row.alt) for row in of(post)] == [(three.pk, ""), (one.pk, "Rapat desa"), (two.pk, "")]
    with django_capture_on_commit_callbacks(execute=True):
        actions_pictures.remove(post=post, picture=one.pk, by=by, now=now)
    assert [row.pk for row in of(post)] == [three.pk, two.pk]
    assert len(left(files)) == 4
    post = newsroom.fresh(post)
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop(post=post, seen=post.lock, by=by, now=now)
    assert left(files) == []


def test_who_may_not_write_may_not_add(newsroom: Newsroom, files: Path) -> None:
    post = newsroom.draft()
    with pytest.raises(NotAllowedError):
        add(newsroom, post, picture(), by="kesra")
    actions.submit(post=post, seen=post.lock, by=newsroom.place("pmd"), now=newsroom.now)
    with pytest.raises(TakenError):
        add(newsroom, newsroom.fresh(post), picture())
    add(newsroom, newsroom.fresh(post), picture(), by="admin")
    assert len(left(files)) == 2


def test_who_approves_sees_every_change_of_pictures(newsroom: Newsroom) -> None:
    post = newsroom.draft()
    add(newsroom, post, picture())
    with pytest.raises(TakenError):
        actions.approve(post=post, seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)


def test_a_film_is_known_by_its_bytes() -> None:
    assert pictures.is_video(io.BytesIO(MP4))
    assert not pictures.is_video(io.BytesIO(HEIC))
    assert not pictures.is_video(io.BytesIO(picture()))
