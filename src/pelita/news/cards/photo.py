"""Photos on cards: cut to fit, or whole before a blurred copy where cutting would take too much."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST = 50_000_000  # pixels; what comes in was made smaller long before
KEPT_WIDE, KEPT_TALL = 0.55, 0.4  # of a photo must be left when it is cut to fit; of a panorama, of a tall one
UPPER = 0.38  # where the middle of a cut lies: heads are in the upper half


def opened(picture: bytes) -> Image.Image | None:
    """The photo as RGB, None when it cannot be read: a card without it is better than none."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as found:
            if found.width * found.height > MOST or min(found.size) < 1:
                return None
            found.draft("RGB", (2160, 2160))
            straight = ImageOps.exif_transpose(found)
            if straight.mode in ("RGBA", "LA", "P", "PA"):
                straight = straight.convert("RGBA")
                paper = Image.new("RGBA", straight.size, (255, 255, 255, 255))
                straight = Image.alpha_composite(paper, straight)
            return straight.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def placed(photo: Image.Image, size: tuple[int, int], *, below: int = 0) -> Image.Image:
    """A picture of exactly this size. A photo too wide or too tall for it stands before a blurred copy of itself, in
    what ``below`` leaves for it."""
    wide, high = size
    if _may_be_cut(photo, size):
        return ImageOps.fit(photo, size, Image.Resampling.LANCZOS, centering=(0.5, UPPER))
    small = ImageOps.fit(photo, (max(1, wide // 12), max(1, high // 12)), Image.Resampling.BOX)
    behind = small.filter(ImageFilter.GaussianBlur(5)).resize(size, Image.Resampling.BICUBIC)
    behind = Image.blend(behind, Image.new("RGB", size, (16, 26, 24)), 0.35)
    room = (wide, max(1, high - below))
    if _may_be_cut(photo, room):
        behind.paste(ImageOps.fit(photo, room, Image.Resampling.LANCZOS, centering=(0.5, UPPER)), (0, 0))
        return behind
    whole = ImageOps.contain(photo, room, Image.Resampling.LANCZOS)
    behind.paste(whole, ((wide - whole.width) // 2, round((room[1] - whole.height) * 0.6)))
    return behind


def _may_be_cut(photo: Image.Image, size: tuple[int, int]) -> bool:
    own, wanted = photo.width / photo.height, size[0] / size[1]
    return wanted / own >= KEPT_WIDE if own > wanted else own / wanted >= KEPT_TALL


def colours(picture: Image.Image, box: tuple[int, int, int, int]) -> list[tuple[int, int, int]]:
    """The colours below words, each the mean of eight by eight pixels."""
    part = picture.crop(box).reduce(8)
    data = part.tobytes()
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]
