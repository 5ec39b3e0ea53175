"""The shapes that components take (templatetags/pelita_ui.py draws them). Plain data: a view fills them in.

Texts come in the reader's language. Moments are aware datetimes; the tags turn them into words.
Names of icons are those of frontend/icons.txt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pelita.web.present.diffing import Piece

Look = Literal["primary", "secondary", "quiet", "danger"]
ChipState = Literal["", "proposed", "holding", "answered", "routed"]
# "" for what came in: only our own messages have ticks.
Status = Literal["", "queued", "sent", "delivered", "read", "failed"]
MediaKind = Literal["image", "video", "audio", "document", "sticker"]
# The names of whatsapp's MediaState.
MediaStage = Literal["waiting", "stored", "failed", "expired", "rejected"]

# The codes of desk's InquiryKind: icon and word, always together or with a label for screen readers.
KINDS = {
    "question": ("help-circle", _("Pertanyaan")),
    "request": ("file-text", _("Permohonan")),
    "complaint": ("speakerphone", _("Pengaduan")),
    "aspiration": ("bulb", _("Aspirasi")),
    "information": ("book-2", _("Informasi publik")),
}
STATUSES = {
    "queued": ("clock", _("menunggu dikirim")),
    "sent": ("check", _("terkirim")),
    "delivered": ("checks", _("sampai")),
    "read": ("checks", _("dibaca")),
    "failed": ("alert-circle", _("gagal terkirim")),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of rail and bottom menu. ``lit``: something in there waits for the person signed in.

    ``count``: how many unread; 0 shows nothing.
    """

    href: str
    label: str
    icon: str
    current: bool = False
    lit: bool = False
    # The bottom menu of a phone holds at most five; the rail shows all.
    phone: bool = True
    count: int = 0


@dataclass(frozen=True, slots=True)
class Nav:
    """The shell around a page. base.html draws it when the context has one as ``nav``.

    ``label`` names the menu for screen readers when a page has two of them.
    """

    items: Sequence[NavItem]
    home: str = "/meja"
    # The logo's flame burns only while something waits for this person.
    lit: bool = False
    profile: str = ""
    profile_name: str = ""
    initials: str = ""
    # State of the office's WhatsApp number in the rail: words and whether all is well.
    line_words: str = ""
    line_ok: bool = True
    line_href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation in a list. ``line`` is the first unanswered message, ``since`` when it came.

    ``since`` None: nothing waits for the office; ``ended`` then says when the last thing happened.
    """

    href: str
    name: str
    line: str
    kind: str
    since: datetime | None
    village: str = ""
    due: datetime | None = None
    unread: int = 0
    section: str = ""
    chip: ChipState = ""
    more_sections: int = 0
    mine: bool = False
    selected: bool = False
    id: str = ""
    ended: datetime | None = None
    # Said at the end of the row instead of a deadline: an answer that the citizen has not opened.
    note: str = ""
    note_icon: str = "lock"
    # Address of the same as a part of the page, for scripts.
    part: str = ""


@dataclass(frozen=True, slots=True)
class ViewTile:
    """One view of the desk with its count. ``lit``: waits for the person signed in; ``late``: count in red."""

    href: str
    label: str
    count: int
    lit: bool = False
    late: bool = False
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """The message another one answers."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Aid:
    """A sunk remark inside a bubble, such as a transcript that was really made."""

    icon: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class MediaCard:
    """The file of a message, drawn by the tag ``media_card`` inside its bubble.

    ``words`` says what it is, or why it cannot be opened; ``detail`` stands quietly under it (type and size).
    ``url`` is the guarded address of the file, empty when there is nothing to open. ``player`` plays it in place.
    ``covered``: a hatch hides it and opening it is logged. ``retry_url``: a POST that asks WhatsApp for it again.
    """

    kind: MediaKind
    state: MediaStage
    words: str = ""
    detail: str = ""
    filename: str = ""
    url: str = ""
    thumb_url: str = ""
    player: Literal["", "audio", "video"] = ""
    covered: bool = False
    retry_url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Something beside the words of a message: a place, a person, a form's answers, an order.

    ``lines`` are pairs of label (may be empty) and text. ``href`` leads out of this system (a map); ``link`` are its
    words.
    """

    icon: str
    title: str
    lines: Sequence[tuple[str, str]] = ()
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A small line above a message: forwarded, chosen from a list, asked about a catalogue item."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before it was edited, and until when."""

    text: str
    time: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message. ``side``: "in" from the citizen (left), "out" from the office (right).

    ``author``: "" (citizen or officer), "assistant" (automatic) or "phone" (typed on the office's phone).
    ``reasons``: words in the text that led to a proposal; underlined. ``failure``: cause, when status is failed.
    ``unsupported``: a kind of message we cannot show, ``text`` may say which; ``first``: first of a run, with the tail.
    ``buttons``: what the citizen can tap under a message of ours; words only, nothing to tap here.
    """

    side: Literal["in", "out"]
    time: str
    text: str = ""
    author: Literal["", "assistant", "phone"] = ""
    name: str = ""
    status: Status = ""
    quote: Quote | None = None
    reasons: Sequence[str] = ()
    aids: Sequence[Aid] = ()
    marks: Sequence[Mark] = ()
    media: MediaCard | None = None
    cards: Sequence[Card] = ()
    buttons: Sequence[str] = ()
    versions: Sequence[Version] = ()
    failure: str = ""
    reaction: str = ""
    edited: bool = False
    deleted: bool = False
    unsupported: bool = False
    first: bool = True
    id: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One station of an inquiry's way: ``who`` bold, ``to`` after an arrow, ``detail`` beside, ``note`` under it.

    ``mine``: in the hands of the person signed in, so the flame marks it. ``now``: in somebody else's hands.
    ``pieces``: what an edit changed, to open. ``late``: a deadline passed.
    """

    who: str
    time: str
    to: str = ""
    detail: str = ""
    note: str = ""
    mine: bool = False
    now: bool = False
    pieces: Sequence[Piece] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A section's task. ``note`` is the instruction, or with ``returned`` the admin's reason. ``helping`` says whom the
    section helps, when it is another one's task."""

    href: str
    code: str
    text: str
    citizen: str
    due: datetime | None = None
    village: str = ""
    note: str = ""
    returned: bool = False
    draft: bool = False
    mine: bool = True
    helping: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a few lists on the same page. ``count`` None shows no number."""

    href: str
    label: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. ``note`` is a second line (cards only); ``reasons`` its underlined words."""

    value: str
    label: str
    note: str = ""
    reasons: Sequence[str] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with few answers: drawn as segments, pills or cards. ``aside`` stands right of the legend."""

    name: str
    legend: str
    options: Sequence[Option]
    values: Sequence[str] = ()
    multiple: bool = False
    aside: str = ""
    hint: str = ""
    errors: Sequence[str] = field(default_factory=tuple)
    # Put before ids, so that one form may stand on a page twice.
    prefix: str = ""

    @classmethod
    def of(cls, bound: BoundField, aside: str = "") -> Choice:
        """The same from a field of a Django form with choices."""
        chosen = bound.value()
        many = isinstance(chosen, (list, tuple))
        values = chosen if many else [chosen]
        choices: Iterable[tuple[object, object]] = getattr(bound.field, "choices", ())
        return cls(
            name=bound.html_name,
            legend=str(bound.label),
            options=[Option(str(value), str(label)) for value, label in choices],
            values=[str(value) for value in values if value is not None],
            multiple=bound.field.widget.__class__.__name__ == "CheckboxSelectMultiple",
            aside=aside,
            hint=str(bound.help_text),
            errors=[str(error) for error in bound.errors],
        )
