"""From a plan to pixels: the photo by Pillow, words and signs by resvg, which sets the letters of Java too."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape

import resvg_py
from PIL import Image

from pelita.base import qr, typeface
from pelita.news.cards import colours, photo, signs, words
from pelita.news.cards.card import Card, Look, Shape
from pelita.news.cards.colours import RGB, WHITE, written
from pelita.news.cards.layout import SIZES, Mark, Plan, Text, plan

QUALITY = 88
MOST = 600_000  # bytes; a phone in the field sends it on
ALARM: RGB = (168, 31, 23)
RISE = 380  # pixels in which a scrim comes up
VERSION = 1  # of the looks; a change of them is a change of every card


@lru_cache(maxsize=24)
def render(card: Card, shape: Shape) -> bytes:
    """The card as JPEG. The same card gives the same bytes. Half a second of one core the first time."""
    found = photo.opened(card.picture) if card.drawn is not Look.TEXT and card.picture else None
    if found is None and card.drawn is not Look.TEXT:
        return render(_without(card), shape)
    made = plan(card, shape)
    under = ALARM if card.urgent else colours.ground(card.colour)
    sheet = ground(found, shape, made, under)
    overlay = resvg_py.svg_to_bytes(
        svg_string=svg(card, shape, made, under),
        skip_system_fonts=True,
        font_files=[*(str(typeface.file_of(weight)) for weight in (600, 700, 800)), str(typeface.JAVANESE)],
        width=shape.size[0],
        height=shape.size[1],
    )
    with Image.open(BytesIO(overlay)) as drawn:
        drawn.load()
        sheet.paste(drawn, (0, 0), drawn if drawn.mode == "RGBA" else None)
    return _jpeg(sheet)


def _without(card: Card) -> Card:
    return replace(card, picture=None)


def _jpeg(sheet: Image.Image) -> bytes:
    """As good as fits under the limit: only a photo full of leaves needs less than the usual quality."""
    for quality in (QUALITY, 80, 70, 60, 45):
        out = BytesIO()
        sheet.save(out, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=0 if quality > 80 else 2)
        if out.tell() < MOST:
            break
    return out.getvalue()


def ground(found: Image.Image | None, shape: Shape, made: Plan, under: RGB) -> Image.Image:
    """What lies below the words: colour, photo, scrim."""
    wide, high = shape.size
    sheet = Image.new("RGB", (wide, high), under)
    if found is None:
        return sheet
    if made.bowl is not None:
        upper = min(high, made.bowl + signs.NOTCH)
        sheet.paste(photo.placed(found, (wide, upper)), (0, 0))
        return sheet
    whole = photo.placed(found, (wide, high), below=high - made.begins + 24)
    return _scrimmed(whole, made, colours.mixed(under, (0, 0, 0), 0.45))


def _scrimmed(whole: Image.Image, made: Plan, over: RGB) -> Image.Image:
    """A veil over the lower part, as strong as the photo below the words asks for."""
    wide, high = whole.size
    begins = max(0, made.begins - 24)
    strength = colours.scrim(over, photo.colours(whole, (0, begins, wide, high)))
    ramp = [0.0] * high
    for y in range(high):
        share = min(1.0, max(0.0, (y - begins + RISE) / RISE))
        ramp[y] = strength * share * share * (3 - 2 * share)
    mask = Image.new("L", (1, high))
    mask.putdata([round(255 * one) for one in ramp])
    return Image.composite(Image.new("RGB", whole.size, over), whole, mask.resize(whole.size))


def svg(card: Card, shape: Shape, made: Plan, under: RGB) -> str:
    """Everything but the photo. Where the photo shows through, the drawing is transparent."""
    wide, high = shape.size
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="{typeface.FAMILY}">',
        signs.PATTERN.format(fill=written(colours.pattern(under, light=card.drawn is Look.BOWL))),
    ]
    look = card.drawn
    if made.bowl is not None:
        parts.append(signs.bowl(made.bowl, wide, high, written(under), SIZES[shape].bottom))
    elif look is Look.TEXT:
        parts.append(f'<rect width="{wide}" height="{high}" fill="url(#kawung)"/>')
        if not card.urgent:
            parts.append(signs.glow(wide, SIZES[shape].bottom, written(colours.pattern(under))))
    label = WHITE if look is Look.FULL else colours.label(under)
    if made.rule is not None:
        sizes = SIZES[shape]
        parts.append(
            f'<path d="M{sizes.left} {made.rule}H{sizes.right}" stroke="#fff" stroke-opacity=".35" stroke-width="2"/>'
        )
    parts += [_arms(card, one) if one.name == "arms" else signs.sign(one, label) for one in made.marks]
    parts += [_text(one, label) for one in made.texts]
    if made.count:
        parts.append(_count(made.count))
    if made.code:
        parts.append(_code(made))
    return "".join([*parts, "</svg>"])


def _text(one: Text, label: RGB) -> str:
    """A line. Each script gets its own typeface by name: left to itself, resvg takes one for the whole line."""
    fill = written(label if one.role == "label" else WHITE)
    runs = "".join(
        f'<tspan font-family="{typeface.JAVANESE_FAMILY}" font-weight="700">{escape(run)}</tspan>'
        if words.javanese(run)
        else f'<tspan letter-spacing="{one.spacing:.2f}">{escape(run)}</tspan>'
        for run in words.runs(one.text)
    )
    return (
        f'<text x="{one.x:.1f}" y="{one.y:.1f}" font-size="{one.size}" font-weight="{one.weight}" xml:space="preserve" '
        f'fill="{fill}">{runs}</text>'
    )


def _count(one: Text) -> str:
    """On a dark pill, for a photo may be of any colour there."""
    wide, high = one.ends - one.x + 44, one.size * 1.7
    return (
        f'<rect x="{one.x - 22:.1f}" y="{one.y - one.size * 1.2:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f'rx="{high / 2:.1f}" fill="#0b1614" fill-opacity=".82"/>' + _text(one, WHITE)
    )


def _arms(card: Card, mark: Mark) -> str:
    """The office's arms on white: they were drawn for paper."""
    data = base64.b64encode(card.arms or b"").decode("ascii")
    x, y, size = mark.x, mark.y, mark.size
    inner = size * 0.8
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size}" height="{size}" rx="{size * 0.2:.1f}" fill="#fff"/>'
        f'<image x="{x + size * 0.1:.1f}" y="{y + size * 0.1:.1f}" width="{inner:.1f}" height="{inner:.1f}" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _code(made: Plan) -> str:
    code = made.code
    if code is None:
        return ""
    return (
        f'<rect x="{code.x}" y="{code.y}" width="{code.edge}" height="{code.edge}" rx="18" fill="#fff"/>'
        f'<path transform="translate({code.x} {code.y}) scale({code.module})" shape-rendering="crispEdges" '
        f'fill="#14211f" d="{qr.outline(code.rows)}"/>'
    )
