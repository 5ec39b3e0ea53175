"""Where everything on a card stands: from a card to a plan of texts, marks and a code. No pixel is drawn here.

WhatsApp lays its own bars over a Status: sender and progress above, caption and reply below. Words keep out of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pelita.base import qr
from pelita.base.typeface import Weight
from pelita.news.cards import words
from pelita.news.cards.card import Card, Look, Shape

TITLE, JAVANESE = 1.1, 1.8  # height of a title's line in sizes; letters of Java stand on each other
TIGHT = -0.03  # between the letters of a title, in shares of its size
LABEL_SPACING = 0.09
SMALLEST_MODULE = 5  # pixels; half of it still reads on a phone's screen


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures of a shape in pixels. ``titles``, ``posters``: size and most lines, the first that fits is taken."""

    left: int
    right: int
    top: int
    bottom: int
    titles: tuple[tuple[int, int], ...]
    posters: tuple[tuple[int, int], ...]
    label: int
    lead: int
    meta: int
    name: int
    small: int
    icon: int
    code: int
    gap: int


STORY = Sizes(
    left=72, right=1008, top=250, bottom=1580, label=36, lead=46, meta=42, name=38, small=31, icon=96, code=264,
    titles=((108, 2), (96, 3), (84, 3), (72, 4), (64, 5), (56, 6)),
    posters=((148, 3), (128, 3), (112, 4), (96, 5), (80, 6), (68, 7)), gap=40,
)  # fmt: skip
SQUARE = Sizes(
    left=64, right=1016, top=60, bottom=1024, label=32, lead=40, meta=36, name=31, small=27, icon=72, code=246,
    titles=((84, 2), (72, 2), (60, 3), (52, 4), (46, 5)),
    posters=((108, 2), (92, 3), (80, 3), (68, 4), (56, 5), (48, 6)), gap=26,
)  # fmt: skip
SIZES = {Shape.STORY: STORY, Shape.SQUARE: SQUARE}


@dataclass(frozen=True, slots=True)
class Text:
    """One line on its baseline; ``role`` chooses the ink."""

    x: float
    y: float
    text: str
    size: int
    weight: Weight
    role: str
    spacing: float = 0

    @property
    def ends(self) -> float:
        """Where the line ends on the right."""
        return self.x + words.wide(self.text, self.size, self.weight, self.spacing)


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign by name with its upper left corner."""

    name: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code: corner and edge of its white box, pixels of a module."""

    x: int
    y: int
    module: int
    rows: tuple[bytes, ...]

    @property
    def edge(self) -> int:
        """With the quiet zone."""
        return self.module * (len(self.rows) + 2 * qr.QUIET)


@dataclass(slots=True)
class Plan:
    """A card, laid out. ``begins``: words stand below it, but for the count of cards; ``bowl``: its upper edge."""

    begins: int = 0
    bowl: int | None = None
    rule: int | None = None
    code: Code | None = None
    count: Text | None = None
    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, other: Column, down: float) -> None:
        """Take over what was laid out from zero."""
        self.texts += [replace(one, y=one.y + down) for one in other.texts]
        self.marks += [replace(one, y=one.y + down) for one in other.marks]


@dataclass(slots=True)
class Column:
    """Lines below each other, from zero; ``at`` is how far it has come."""

    left: float
    room: float
    at: float = 0
    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def lines(
        self, lines: list[str], size: int, weight: Weight, role: str, *, lead: float = 1.3, tight: float = 0
    ) -> None:
        """Lines of one size; letters of Java get more air."""
        for line in lines:
            step, base = size * lead, size * (lead / 2 + 0.36)
            if words.javanese(line):  # letters with marks above and others hung below
                step, base = size * JAVANESE, size * 1.02
            self.texts.append(Text(self.left, self.at + base, line, size, weight, role, tight * size))
            self.at += step

    def flowing(self, text: str, size: int, weight: Weight, role: str, most: int) -> None:
        """A text in as many lines as it needs, at most ``most``."""
        lines = words.wrapped(words.shown(text), size, weight, self.room)
        self.lines(words.cut(lines, most, size, weight, self.room), size, weight, role)


def plan(card: Card, shape: Shape) -> Plan:
    """The plan of a card. Every word lies within the shape's safe zone, whatever its title says."""
    sizes = SIZES[shape]
    made = Plan()
    later = card.part is not None and card.part[0] > 1
    made.code = _code(card, sizes, later=later)
    foot = _foot(made, card, sizes, below=shape is Shape.STORY)
    # In a square the code reaches up beside date and place.
    beside = foot - made.code.y if made.code and shape is Shape.SQUARE else 0
    head = _label(card, sizes, shape)
    column = _words(card, sizes, foot - sizes.top - head.at, later=later, beside=beside)
    if card.drawn is Look.TEXT:
        free = foot - sizes.top - head.at - column.at
        head_at = sizes.top + free * (0.3 if shape is Shape.STORY else 0.4)
    else:
        head_at = foot - column.at - head.at
    made.add(head, head_at)
    made.add(column, head_at + head.at)
    made.begins = round(head_at)
    if card.drawn is Look.BOWL:
        made.bowl = made.begins
    if card.part:
        made.count = _count(card.part, sizes)
    return made


def _label(card: Card, sizes: Sizes, shape: Shape) -> Column:
    """The kind of post; in the bowl it stands beside the flame."""
    text = words.shown(card.kind).upper()
    spacing = sizes.label * LABEL_SPACING
    if card.drawn is Look.BOWL:
        left = 392 if shape is Shape.STORY else 340
        head = Column(left, sizes.right - left, at=44)
    else:
        sign = round(sizes.label * (2.4 if card.urgent else 1.5))
        head = Column(sizes.left + sign + 18, sizes.right - sizes.left - sign - 18)
        step = max(sign, round(sizes.label * 1.3))
        head.marks.append(Mark("warning" if card.urgent else "flame", sizes.left, 0, sign))
        head.at = (step - sizes.label * 1.3) / 2
    line = words.ended(text, sizes.label, 800, head.room, spacing)
    head.lines([line], sizes.label, 800, "label", tight=LABEL_SPACING)
    if card.drawn is Look.BOWL:
        head.at = max(head.at, 138)  # as deep as the notch
    else:
        head.at = step + sizes.gap * 0.6
    return head


def _words(card: Card, sizes: Sizes, room: float, *, later: bool, beside: int) -> Column:
    """Title, first sentences where no photo is, when and where; ``beside``: how far the code reaches up into it."""
    column = Column(sizes.left, sizes.right - sizes.left)
    large = card.drawn is Look.TEXT
    title = words.shown(card.title) or words.shown(card.kind)
    size, lines = fitted(title, sizes.posters if large else sizes.titles[-3:] if later else sizes.titles, column.room)
    column.lines(lines, size, 800, "title", lead=TITLE, tight=TIGHT)
    facts = Column(sizes.left, column.room - (sizes.code + sizes.gap if beside else 0))
    if not later:
        _facts(facts, card, sizes)
    facts.at = max(facts.at, beside)
    if large and card.lead:
        column.at += sizes.gap * 0.5
        left = room - column.at - facts.at - 2 * sizes.gap
        column.flowing(card.lead, sizes.lead, 600, "lead", max(1, min(6, int(left // (sizes.lead * 1.3)))))
    if facts.at:
        column.at += sizes.gap * (0.9 if large else 0.5)
        column.texts += [replace(one, y=one.y + column.at) for one in facts.texts]
        column.marks += [replace(one, y=one.y + column.at) for one in facts.marks]
        column.at += facts.at
    column.at += sizes.gap
    return column


def fitted(title: str, choices: tuple[tuple[int, int], ...], room: float) -> tuple[int, list[str]]:
    """Size and lines of a title: the largest that fits, with an ellipsis where none does."""
    for size, most in choices:
        lines = words.wrapped(title, size, 800, room, TIGHT * size)
        longest = max(
            (words.wide(one, size, 800, TIGHT * size) for one in title.split() if not words.javanese(one)), default=0
        )
        if sum(map(_leading, lines)) <= most * TITLE and longest <= room:
            return size, lines
    size, most = choices[-1]
    lines = words.wrapped(title, size, 800, room, TIGHT * size)
    while most > 1 and sum(map(_leading, lines[:most])) > choices[-1][1] * TITLE:
        most -= 1
    return size, words.cut(lines, most, size, 800, room, TIGHT * size)


def _leading(line: str) -> float:
    return JAVANESE if words.javanese(line) else TITLE


def _facts(rows: Column, card: Card, sizes: Sizes) -> None:
    """Date, place and call for help, each behind its sign; smaller before it takes a second line."""
    sign = round(sizes.meta * 1.05)
    said = [
        (name, shown)
        for name, text in (("calendar", card.when), ("pin", card.where), ("phone", card.help))
        if (shown := words.shown(text))
    ]
    size, room = sizes.meta, rows.room - sign - 24
    while size > sizes.meta * 0.82 and any(words.wide(text, size, 600) > room for _name, text in said):
        size -= 1
    for name, text in said:
        inner = Column(sizes.left + sign + 24, room)
        inner.flowing(text, size, 600, "meta", 2)
        rows.marks.append(Mark(name, sizes.left, rows.at + size * 0.65 - sign / 2, sign))
        rows.texts += [replace(one, y=one.y + rows.at) for one in inner.texts]
        rows.at += inner.at + 8


def _code(card: Card, sizes: Sizes, *, later: bool) -> Code | None:
    """The code in the lower right corner. Long addresses get smaller modules, and in the end a larger box."""
    if not card.address or later or card.urgent:
        return None
    rows = qr.cells(card.address)
    many = len(rows) + 2 * qr.QUIET
    module = max(SMALLEST_MODULE, sizes.code // many)
    return Code(sizes.right - module * many, sizes.bottom - module * many, module, rows)


def _sender(card: Card, sizes: Sizes, room: float) -> Column:
    """Arms or lamp, the office, its number."""
    column = Column(sizes.left + sizes.icon + 24, room - sizes.icon - 24)
    column.flowing(card.office, sizes.name, 700, "name", 2)
    if card.regency:
        column.flowing(card.regency, sizes.small, 600, "small", 1)
    if card.number:
        column.flowing(f"WhatsApp {card.number}", sizes.small, 600, "small", 1)
    name = "arms" if card.arms else "lamp"
    column.marks.append(Mark(name, sizes.left, max(0, (column.at - sizes.icon) / 2), sizes.icon))
    column.at = max(column.at, sizes.icon)
    return column


def _foot(made: Plan, card: Card, sizes: Sizes, *, below: bool) -> int:
    """Who writes, at the lower edge, below a rule where there is room for one. Returns where the foot begins."""
    room = (made.code.x - sizes.gap if made.code else sizes.right) - sizes.left
    sender = _sender(card, sizes, room)
    if not below:
        made.add(sender, sizes.bottom - sender.at)
        return round(sizes.bottom - sender.at)
    high = max(made.code.edge if made.code else 0, sender.at)
    made.add(sender, sizes.bottom - high + (high - sender.at) / 2)
    made.rule = round(sizes.bottom - high - sizes.gap)
    return made.rule


def _count(part: tuple[int, int], sizes: Sizes) -> Text:
    """ "2/3" in the upper right corner of the safe zone."""
    text, size = f"{part[0]}/{part[1]}", sizes.small + 5
    wide = words.wide(text, size, 700)
    return Text(sizes.right - wide - 22, sizes.top + size * 1.2, text, size, 700, "count")
