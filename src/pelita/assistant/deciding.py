"""What to say to one citizen, or nothing: a pure decision over what was read and what is known of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pelita.assistant import composing, naming
from pelita.assistant.models import ReplyKind
from pelita.base.text import words
from pelita.catalog.understanding import KnownService, Outcome, Reading, Signal
from pelita.desk import rules, workflow
from pelita.desk.models import Inquiry
from pelita.desk.rules import Placement
from pelita.whatsapp import types
from pelita.whatsapp.models import Inbound

LATE = timedelta(minutes=5)  # what reached us later than this is a person's: the citizen may have gone on since
BREATH = timedelta(seconds=2)  # whoever writes again sooner has not read the reply before
PERSON_SPOKE = timedelta(hours=4)  # after an officer's word the conversation is theirs
CARRIED = timedelta(hours=1)  # how long a list stays beside the answers that were picked from it
DIGITS_HOLD = timedelta(hours=24)  # how long a number means a row of the last list
# A machine that answers us is answered so many times within this time; from then on a person has it.
MOST, CHATTY = 6, timedelta(minutes=10)
ANSWERS = frozenset({Placement.NEW, Placement.REOPEN, Placement.JOIN})
CODE = re.compile(r"\b([A-Za-z]{2,5})[-–]\s?([0-9A-Za-z]{4,6})\b")
_IDENTITY = frozenset("ktp kk nik ktpel".split())  # noqa: SIM905
_WANTS = frozenset(  # words by which a question about a catalogue item asks for its requirements
    (  # noqa: SIM905
        "syarat syarate syaratnya persyaratan berkas dokumen bawa cara carane prosedur biaya bayar lama info informasi "
        "gimana bagaimana piye pripun apa opo nopo"
    ).split()
)
LIKELY = 0.2  # a service that scores less is not what the text is about
GENERAL = "INFO-UMUM"  # the catalogue's service for questions about the office itself: hours and place answer them
_OURS = frozenset({"kecamatan", "kec", "camat"})
_PLACES = frozenset(  # whose hours and address people ask for, and which are not ours to tell
    (  # noqa: SIM905
        "desa kelurahan lurah kades balai rt rw rumah dukcapil disdukcapil dispenduk dispendukcapil polisi polsek "
        "polres koramil kua puskesmas posyandu vaksin rs rsud pasar bank bri bpn bpjs samsat pln pdam "
        "sekolah sd smp sma toko"
    ).split()
)
_FILES = frozenset({"image", "document"})
_WORDS = frozenset({"text", "interactive", "button"})
_HUMAN_MATTERS = frozenset({Signal.HUMAN, Signal.ANGER, Signal.ABUSE, Signal.COMPLAINT, Signal.NOT_ANSWERED})
WITH_ADMIN = frozenset({workflow.NEW, workflow.REOPENED})


@dataclass(frozen=True, slots=True)
class Past:
    """What the tables say of a conversation, before this set. ``offered`` etc. are those of its newest reply.

    ``spoke``: an officer wrote within PERSON_SPOKE, or is writing. ``chatty``: MOST replies went out within CHATTY.
    ``taken``: somebody of the office acted on the inquiry. ``told``: it was said of the inquiry that a person will
    answer; ``repeated``: and once more.
    """

    known: bool = False
    spoke: bool = False
    chatty: bool = False
    blocked: bool = False
    taken: bool = False
    told: bool = False
    repeated: bool = False
    reply: int = 0
    kind: str = ""
    at: datetime | None = None
    offered: tuple[str, ...] = ()
    outcome: str = ""
    versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one citizen said in one set. ``message`` is the newest of the ``messages``, ``text`` the words of all.

    ``fresh``: the inquiry was opened or opened again by these messages, so that nothing else in it waits.
    """

    inquiry: Inquiry
    messages: tuple[Inbound, ...]
    text: str
    past: Past
    fresh: bool

    @property
    def message(self) -> Inbound:
        return self.messages[-1]


@dataclass(frozen=True, slots=True)
class Intent:
    """What to say. ``services``: codes to answer or to offer. ``about``: section of a list, or a code that was asked
    for; ``page`` of a list. ``settles``: nothing is left for a person, so the inquiry waits for the citizen.

    ``hours``, ``place``, ``photo``: to be said along with it.
    """

    kind: ReplyKind
    services: tuple[str, ...] = ()
    about: str = ""
    page: int = 0
    settles: bool = False
    hours: bool = False
    place: bool = False
    photo: bool = False
    unreadable: bool = False
    scores: tuple[tuple[str, float], ...] = field(default=())


def may_speak(heard: Heard, now: datetime) -> bool:
    """Whether the assistant may say anything at all here."""
    past, message = heard.past, heard.message
    if past.blocked or past.spoke or now - message.sent_at > LATE:
        return False
    # Whoever taps under our message has read it, and is no machine.
    if past.chatty and not message.context_wamid:
        return False
    seen = bool(message.context_wamid) or past.at is None or message.sent_at - past.at >= BREATH
    return seen and workflow.spot_of(heard.inquiry.state, heard.inquiry.holder) != workflow.SPAM


def in_hand(heard: Heard) -> bool:
    """Whether somebody of the office has the inquiry, so that only where it stands may be said."""
    spot = workflow.spot_of(heard.inquiry.state, heard.inquiry.holder)
    return heard.past.taken or heard.inquiry.secret or spot not in WITH_ADMIN


def wished(heard: Heard, now: datetime) -> tuple[str, str, int]:
    """What the citizen asked for by a tap, or by a digit under the last list: name, about, page."""
    reply = heard.message.content.get("reply")
    tapped = reply.get("id") if isinstance(reply, dict) else None
    if isinstance(tapped, str) and tapped:
        return composing.parsed(tapped)
    digit = heard.message.text.strip().rstrip(".)")
    past = heard.past
    if digit.isdecimal() and len(digit) <= 2 and past.at and now - past.at <= DIGITS_HOLD:
        at = int(digit)
        if 1 <= at <= len(past.offered):
            return composing.parsed(past.offered[at - 1])
    return "", "", 0


def decide(heard: Heard, reading: Reading, services: Sequence[KnownService], now: datetime) -> Intent | None:
    """The reply, None for silence. ``services``: all that are published. The caller has asked :func:`may_speak`."""
    name, about, page = wished(heard, now)
    code = code_in(heard)
    tracks = name == composing.TRACK or (not name and (code != "" or Signal.TRACK in reading.signals))
    scores = tuple((one.code, round(one.score, 3)) for one in reading.services)
    found = _tracked(code, reading) if tracks and not _urgent(reading) else None
    if found is None and name != composing.YES and not in_hand(heard):
        found = _wished(name, about, page) or _read(heard, reading, services)
    if found is None and heard.fresh and heard.inquiry.routed and not heard.past.taken:
        found = for_person(heard)  # a catalogue item has brought it to its section, where somebody will answer
    if found is None:
        return None
    # A tap, a digit or a code answers itself alone: what was written along with it still waits for somebody.
    whole = len(heard.messages) == 1 or not (name or tracks)
    settles = heard.fresh and whole and not in_hand(heard) and found.kind not in _PERSONS
    return Intent(
        found.kind, found.services, found.about, found.page, settles, found.hours, found.place, found.photo,
        found.unreadable, scores,
    )  # fmt: skip


_PERSONS = frozenset({ReplyKind.PERSON, ReplyKind.EMERGENCY, ReplyKind.REPEAT})


def _urgent(reading: Reading) -> bool:
    return Signal.EMERGENCY in reading.signals


def code_in(heard: Heard) -> str:
    """The code that the text quotes; empty for none. It begins as the office's codes do: "surat-surat" is a word."""
    prefix = heard.inquiry.code.partition("-")[0]
    found = (f"{one[1]}-{one[2]}".upper() for one in CODE.finditer(heard.text))
    return next((one for one in found if one.startswith(f"{prefix}-")), "")


def _tracked(code: str, reading: Reading) -> Intent | None:
    """Where a matter stands: by its code, or the citizen's newest."""
    if code:
        return Intent(ReplyKind.TRACK, about=code)
    return Intent(ReplyKind.TRACK) if reading.outcome is not Outcome.ANSWER else None


def _wished(name: str, about: str, page: int) -> Intent | None:
    match name:
        case composing.SERVICE:
            return Intent(ReplyKind.ANSWER, services=(about,))
        case composing.SECTION:
            return Intent(ReplyKind.LIST, about=about, page=page)
        case composing.MENU:
            return Intent(ReplyKind.MENU)
        case composing.HOURS:
            return Intent(ReplyKind.HOURS, hours=True, place=True)
        case composing.HUMAN | composing.NO:
            return Intent(ReplyKind.PERSON)
        case _:
            return None


def _read(heard: Heard, reading: Reading, services: Sequence[KnownService]) -> Intent | None:
    """By what the words say."""
    if rules.is_thanks(heard.text):
        return None
    if _urgent(reading):
        return _once(heard, Intent(ReplyKind.EMERGENCY))
    if reading.signals & _HUMAN_MATTERS or rules.is_not_yet(heard.text):
        return for_person(heard)
    if any(not one.supported for one in heard.messages):
        return for_person(heard, unreadable=True)
    if not heard.text.strip() or any(one.type not in _WORDS for one in heard.messages):
        return for_person(heard) if any(not types.of(one.type).nods for one in heard.messages) else None
    return _answered(heard, reading) or _unclear(heard, reading, services)


def _answered(heard: Heard, reading: Reading) -> Intent | None:
    """A text about services, the office itself or nothing in particular."""
    hours, place = Signal.HOURS in reading.signals, Signal.PLACE in reading.signals
    product = heard.message.product
    if product and _WANTS & frozenset(words(heard.text)):
        return Intent(ReplyKind.ANSWER, services=(product,), hours=hours, place=place)
    asked = tuple(one.code for one in reading.answers if one.code != GENERAL)
    if reading.outcome is Outcome.ANSWER and asked:
        return Intent(ReplyKind.ANSWER, services=asked, hours=hours, place=place)
    if product:
        return None
    if Signal.ACTIVITIES in reading.signals:
        return Intent(ReplyKind.NEWS)
    if reading.outcome is Outcome.CHOICES and asked:
        return Intent(ReplyKind.CHOICES, services=asked, hours=hours, place=place)
    return _about_us(heard, reading, hours, place, asked=bool(asked))


def _about_us(heard: Heard, reading: Reading, hours: bool, place: bool, *, asked: bool) -> Intent | None:  # noqa: FBT001
    """Hours and place of the office, or the menu for who only knocks."""
    about_us = hours or place or (reading.outcome is Outcome.ANSWER and not asked)
    if about_us and not _elsewhere(heard, reading):
        return Intent(ReplyKind.HOURS, hours=hours or not place, place=place or not hours)
    if Signal.MENU in reading.signals or _greets(heard, reading):
        return Intent(ReplyKind.MENU)
    return None


def _elsewhere(heard: Heard, reading: Reading) -> bool:
    """Whether hours or a place are those of others, or of what is reported ("jalan rusak, saya sharelok")."""
    said = frozenset(words(heard.text))
    others = bool(said & _PLACES) and not said & _OURS
    likely = any(one.score >= LIKELY for one in reading.services if one.code != GENERAL)
    return others or likely or Signal.OTHER_BODY in reading.signals


def _unclear(heard: Heard, reading: Reading, services: Sequence[KnownService]) -> Intent | None:
    """Choices where no more than a document is named; else a person."""
    asks = not heard.message.product and reading.signals <= {Signal.GREETING, Signal.THANKS}
    found = naming.named(heard.text, services) if asks else ()
    if found:
        return Intent(ReplyKind.CHOICES, services=found)
    return for_person(heard)


def _greets(heard: Heard, reading: Reading) -> bool:
    """Somebody who knocks, or says no more than good morning; not who waits for a person already."""
    short = Signal.GREETING in reading.signals and len(words(heard.text)) <= 3
    likely = any(one.score >= LIKELY for one in reading.services)
    return (rules.is_knock(heard.text) or (short and not likely)) and not heard.past.told


def for_person(heard: Heard, *, unreadable: bool = False) -> Intent | None:
    """A person answers: said once, and once more that the place in the queue stays."""
    photo = any(one.type in _FILES and _IDENTITY & frozenset(words(one.text)) for one in heard.messages)
    return _once(heard, Intent(ReplyKind.PERSON, photo=photo, unreadable=unreadable))


def _once(heard: Heard, intent: Intent) -> Intent | None:
    if intent.kind is ReplyKind.EMERGENCY:  # nobody in danger reads about a queue
        return intent if heard.past.kind != ReplyKind.EMERGENCY else None
    if not heard.past.told:
        return intent
    return None if heard.past.repeated or intent.photo else Intent(ReplyKind.REPEAT)
