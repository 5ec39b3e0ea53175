"""Pure decisions about broadcasts: who may send one, who gets it and in which form, when people sleep, what it says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from math import ceil

from django.utils.translation import gettext as _

from pelita.base.text import cut, one_line
from pelita.news.models import Post, PostKind
from pelita.news.models_broadcast import Fate, Skip, SubscriptionState
from pelita.news.rules import may_alarm
from pelita.offices.rules import Place
from pelita.whatsapp.models import Delivery, OutboundState

TICK = 0.25  # seconds between two portions
SHARE = 0.8  # of the number's rate; the rest is for answers
AHEAD = 1.0  # seconds of sending that may wait in the outbox, whoever they belong to
WEEK, HELD = timedelta(days=7), timedelta(hours=24)
LEAD, SHORT = 700, 300  # letters of the post's text in a message, and in a template's variable


def may_broadcast(place: Place) -> bool:
    """It costs money and reaches people at home: the admin and the leaders."""
    return place.sees_all


def may_warn(place: Place, post: Post) -> bool:
    """Whoever may tell of an emergency tells the subscribers in the same moment."""
    return urgent(post) and may_alarm(place, post.section_id)


def urgent(post: Post) -> bool:
    """Goes out at night, all at once, and whatever came before: it is why people subscribed to it."""
    return post.kind == PostKind.EMERGENCY


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one recipient. ``lately``: broadcasts of this week; ``open``: the reply window is."""

    citizen: int
    state: str
    topics: Collection[str]
    villages: Collection[int]
    phone: str
    user_id: str
    blocked: bool
    lately: int
    held: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which a broadcast goes out. ``templated``: a template outside the window is there."""

    kind: str
    village: int | None
    cap: int
    urgent: bool
    templated: bool


def why_not(person: Person, terms: Terms) -> Skip | None:  # noqa: PLR0911  # one line a reason
    """Why this person gets nothing; None: it is sent."""
    if person.state != SubscriptionState.ACTIVE:
        return Skip.LEFT
    if terms.kind not in person.topics or not _near(person, terms):
        return Skip.OTHER
    if person.blocked:
        return Skip.BLOCKED
    if not (person.phone or person.user_id):
        return Skip.ADDRESS
    if person.lately >= terms.cap and not terms.urgent:
        return Skip.CAPPED
    if person.open:
        return None
    if person.held:
        return Skip.HELD
    return None if terms.templated else Skip.TEMPLATE


def _near(person: Person, terms: Terms) -> bool:
    return terms.village is None or not person.villages or terms.village in person.villages


def portion(rate: int, waiting: int) -> int:
    """How many may be added to an outbox in which so many wait, a tick's worth at most."""
    a_second = max(1.0, rate * SHARE)
    return max(0, min(ceil(a_second * TICK), int(a_second * AHEAD) - waiting))


def quiet_until(now: datetime, tz: tzinfo, begins: time, ends: time) -> datetime | None:
    """When the quiet hours end in which ``now`` lies; None outside them. The same two times: never quiet."""
    local = now.astimezone(tz)
    clock = local.time().replace(tzinfo=None)
    overnight = begins > ends
    if begins == ends or not (
        (overnight and (clock >= begins or clock < ends)) or (not overnight and begins <= clock < ends)
    ):
        return None
    day = local.date() + timedelta(days=1 if overnight and clock >= begins else 0)
    return datetime.combine(day, ends, tzinfo=tz)


def fate_of(state: str, delivery: str) -> Fate | None:
    """What a message's state and delivery make of its recipient."""
    if state == OutboundState.FAILED:
        return Fate.FAILED
    if state == OutboundState.UNKNOWN:
        return Fate.UNCERTAIN
    if state in {OutboundState.QUEUED, OutboundState.SENDING}:
        return Fate.QUEUED
    return {Delivery.DELIVERED: Fate.DELIVERED, Delivery.READ: Fate.READ}.get(Delivery(delivery), Fate.SENT)


def free_text(post: Post, address: str, about: str) -> str:
    """The message inside the reply window. ``about``: when and where, one line or none."""
    parts = (
        "\n".join(filter(None, (f"*{post.title.replace('*', '')}*", about))),
        cut(post.text, LEAD),
        _("Selengkapnya: {address}").format(address=address),
        _("Balas BERHENTI bila tidak ingin menerima kabar lagi."),
    )
    return "\n\n".join(filter(None, parts))


def template_values(post: Post, address: str, about: str) -> list[str]:
    """Title, the beginning of the text in one line, the address: what the template's three variables get."""
    words = one_line(" ".join(filter(None, (about and f"{about}.", post.text))), SHORT)
    return [one_line(post.title, 120), words or _("Lihat selengkapnya di halaman kami."), address]
