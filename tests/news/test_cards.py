"""Picture cards: whatever an office writes and photographs, words stay inside, whole and legible."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from itertools import pairwise
from random import Random

import pytest
from PIL import Image

from pelita.base import qr
from pelita.news.cards import Card, Look, Shape, colours, drawing, layout, photo, render, words

LONG = (
    "Pembinaan dan pengawasan pengelolaan keuangan desa serta penyusunan laporan pertanggungjawaban anggaran 2026 tahap"
)
JAVA = "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ ꦲꦶꦁꦏꦼꦩ꧀ꦭꦒꦶ"
TITLES = {
    "usual": "Musrenbang Desa Mojogebang",
    "long": LONG,
    "longest word": "Pertanggungjawabannyasekecamatankemlagiyang luar biasa",
    "wide letters": "W" * 120,
    "one letter": "X",
    "letters of Java": JAVA + " · Kirab Budaya",
    "all of Java": "ꦱꦱꦿꦲꦤ꧀ꦧꦤ꧀ꦠꦸꦮꦤ꧀ꦏꦁꦒꦺꦴꦮꦂꦒꦢꦺꦱꦩꦗꦒꦼꦧꦁ" * 2,
    "nothing to draw": "🎉🎊",
    "markup": "<b>&\"'</b> \x02",
}


def card(**changed: object) -> Card:
    values: dict[str, object] = {
        "office": "Kecamatan Kemlagi", "regency": "Kabupaten Mojokerto", "number": "0851 5556 5667",
        "kind": "Kegiatan", "title": TITLES["usual"], "when": "Selasa, 24 November 2026 · 09.00 WIB",
        "where": "Balai Desa Mojogebang", "lead": "Warga dan perangkat desa menyusun usulan pembangunan. " * 5,
        "address": "https://pelita.contoh.go.id/kantor/kemlagi/berita/k7f2qd",
    }  # fmt: skip
    return Card(**{**values, **changed})  # type: ignore[arg-type]  # checked by the dataclass's users


@cache
def shot(wide: int = 1200, high: int = 900, base: int = 128, amp: int = 0) -> bytes:
    random = Random(wide * high + base)
    small = Image.new("RGB", (wide // 20, high // 20))
    level = [min(255, max(0, base + random.randint(-amp, amp))) for _ in range(small.width * small.height)]
    small.putdata([(one, one, one) for one in level])
    out = BytesIO()
    small.resize((wide, high), Image.Resampling.NEAREST).save(out, "JPEG", quality=90)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    with Image.open(BytesIO(jpeg)) as found:
        found.load()
        return found


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("title", TITLES)
def test_no_word_leaves_the_safe_zone_or_meets_another(title: str, look: Look, shape: Shape) -> None:
    for changed in ({}, {"where": LONG, "office": LONG}, {"when": "", "where": ""}, {"part": (2, 3)}, {"urgent": True}):
        one = card(title=TITLES[title], look=look, picture=None if look is Look.TEXT else b"x", **changed)
        made, sizes = layout.plan(one, shape), layout.SIZES[shape]
        assert any(text.role == "title" for text in made.texts)
        for text in [*made.texts, *([made.count] if made.count else [])]:
            assert sizes.left <= text.x
            assert text.ends <= sizes.right + 1, (text, changed)
            assert text.y - text.size * 0.75 >= sizes.top, (text, changed)
            assert text.y + text.size * 0.25 <= sizes.bottom, (text, changed)
            if made.code:
                beside = text.ends <= made.code.x
                above = text.y + text.size * 0.25 <= made.code.y
                assert beside or above, (text, changed)
        ends = sorted((text.y - text.size * 0.72, text.y) for text in made.texts)
        assert all(below[0] >= above[1] for above, below in pairwise(ends)), changed
        if look is not Look.TEXT and not changed.get("urgent"):
            assert made.begins >= (500 if shape is Shape.STORY else 250), "the photo keeps its room"


@pytest.mark.parametrize("shape", Shape)
def test_a_card_is_a_jpeg_of_its_size_and_the_same_every_time(shape: Shape) -> None:
    one = card(picture=shot(amp=120))
    first = render(one, shape)
    render.cache_clear()
    assert render(one, shape) == first
    assert len(first) < drawing.MOST
    assert opened(first).format == "JPEG"
    assert opened(first).size == shape.size


def test_the_code_on_the_finished_picture_says_the_address() -> None:
    """Read off the pixels, module by module, as a camera sees them."""
    for shape in Shape:
        one = card(picture=shot())
        code = layout.plan(one, shape).code
        assert code is not None
        assert code.module >= 6
        seen = opened(render(one, shape)).convert("L")
        data, half = seen.tobytes(), code.module // 2
        for row, cells in enumerate(qr.cells(one.address)):
            for column, dark in enumerate(cells):
                x, y = (at * code.module + code.module * qr.QUIET + half for at in (column, row))
                assert (data[(code.y + y) * seen.width + code.x + x] < 110) == bool(dark)
        quiet = seen.crop((code.x + 8, code.y + 8, code.x + code.edge - 8, code.y + code.module * qr.QUIET - 2))
        assert min(quiet.tobytes()) > 235


@pytest.mark.parametrize("base", [0, 60, 128, 200, 255])
@pytest.mark.parametrize("amp", [0, 140])
def test_white_words_can_be_read_on_every_photo(base: int, amp: int) -> None:
    """The finished ground below the words, without the words themselves."""
    for wide, high in ((1200, 900), (900, 1600), (2400, 600)):
        one = card(picture=shot(wide, high, base, amp), look=Look.FULL)
        made = layout.plan(one, Shape.STORY)
        found = photo.opened(one.picture or b"")
        assert found is not None
        under = colours.ground(one.colour)
        ground = drawing.ground(found, Shape.STORY, made, under)
        seen = photo.colours(ground, (0, made.begins, 1080, 1600))
        assert min(colours.contrast(colours.WHITE, colour) for colour in seen) >= colours.LEAST


@pytest.mark.parametrize("colour", ["#ffffff", "#f2d21b", "#0a4f45", "#000000", "#e04040", "#9fd0ff"])
def test_every_colour_of_an_office_carries_white_words(colour: str) -> None:
    under = colours.ground(colour)
    assert colours.contrast(colours.WHITE, colours.pattern(under)) >= colours.LEAST
    assert colours.contrast(colours.label(under), under) >= colours.LEAST


def test_a_photo_that_cannot_be_read_leaves_a_card_of_words() -> None:
    broken = render(card(picture=b"\xff\xd8 no photo"), Shape.SQUARE)
    assert broken == render(card(picture=None), Shape.SQUARE)
    assert broken != render(card(picture=shot()), Shape.SQUARE)


@pytest.mark.parametrize("size", [(1600, 1200), (900, 1600), (3000, 500), (300, 2400), (40, 40)])
def test_photos_of_every_proportion_fill_their_place(size: tuple[int, int]) -> None:
    found = photo.opened(shot(*size, base=200))
    assert found is not None
    assert photo.placed(found, (1080, 900)).size == (1080, 900)
    assert photo.placed(found, (1080, 1920), below=900).size == (1080, 1920)


def test_signs_that_no_typeface_has_are_left_out_and_dressed_letters_undressed() -> None:
    assert words.shown("🎉 Lomba  17 Agustus 🇮🇩 👨‍👩‍👧") == "Lomba 17 Agustus"
    assert words.shown("𝗠𝗲𝗿𝗮𝗵 Ｐｕｔｉｈ\nkita – é") == "Merah Putih kita – é"
    assert words.shown(JAVA) == JAVA
    assert words.shown("中文 \u202e") == ""


def test_letters_of_java_are_never_torn() -> None:
    pieces = words.clusters("ꦧꦤ꧀ꦠꦸꦮꦤ꧀")
    assert pieces == ["ꦧ", "ꦤ꧀ꦠꦸ", "ꦮ", "ꦤ꧀"]
    lines = words.wrapped("ꦱꦱꦿꦲꦤ꧀ꦧꦤ꧀ꦠꦸꦮꦤ꧀ꦏꦁꦒꦺꦴ" * 3, 80, 800, 400)
    assert len(lines) > 2
    assert all(words.wide(line, 80, 800) <= 400 for line in lines)


def test_letters_of_java_are_set_in_their_own_typeface() -> None:
    """Each differs from the next, which boxes for missing letters would not."""
    dark = []
    for sign in "ꦲꦤꦕꦫꦏ":
        made = opened(render(card(title=sign, lead="", when="", where="", address="", colour="#000000"), Shape.SQUARE))
        dark.append(made.convert("L").crop((64, 300, 300, 620)).tobytes())
    assert len(set(dark)) == len(dark)


def test_what_is_too_long_ends_with_dots_and_what_fits_is_whole() -> None:
    size, lines = layout.fitted(LONG, layout.STORY.titles, 936)
    assert " ".join(lines) == LONG
    assert size == 64
    _size, cut = layout.fitted("W" * 120, layout.STORY.titles, 936)
    assert cut[-1].endswith("…")
