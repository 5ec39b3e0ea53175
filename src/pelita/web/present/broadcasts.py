"""Broadcasts and subscribers, as their pages tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.desk.models import Citizen
from pelita.news import chatting
from pelita.news.models import Broadcast, Recipient, Subscription
from pelita.news.models_broadcast import BroadcastState, Consent, Fate, Pause, Skip
from pelita.news.queries_broadcast import Preview
from pelita.offices.rules import zone
from pelita.web import words
from pelita.web.present import people
from pelita.web.present.lines import category_words, number_words, rupiah
from pelita.web.ui import Tab
from pelita.whatsapp.outcomes import words_of

# In the order in which a recipient goes through them.
SHOWN = (
    Fate.WAITING, Fate.QUEUED, Fate.UNCERTAIN, Fate.SENT, Fate.DELIVERED, Fate.READ, Fate.FAILED, Fate.SKIPPED,
    Fate.STOPPED,
)  # fmt: skip
# Figures that are told even when they are nought.
ALWAYS = frozenset({Fate.DELIVERED, Fate.READ, Fate.FAILED, Fate.SKIPPED})
VERBS: Mapping[str, str | Promise] = {
    "mulai": gettext_lazy("Siaran dimulai."),
    "jeda": gettext_lazy("Siaran dijeda."),
    "lanjut": gettext_lazy("Siaran dilanjutkan."),
    "hentikan": gettext_lazy("Siaran dihentikan."),
    "uji": gettext_lazy("Pesan uji dikirim ke HP Anda."),
    "hapus": gettext_lazy("Siaran dihapus. Tidak ada yang dikirim."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One broadcast in the list. ``reached``: how many have it on their phone."""

    row: Broadcast
    state: str
    figures: str


def row(one: Broadcast, sums: Mapping[str, int]) -> Row:
    arrived = sums[Fate.DELIVERED] + sums[Fate.READ]
    if one.state == BroadcastState.DRAFT:
        figures = _("belum dimulai")
    else:
        figures = _("{arrived} dari {all} sudah menerima").format(
            arrived=number_words(arrived), all=number_words(one.recipients)
        )
    return Row(one, state_words(one), figures)


def state_words(one: Broadcast) -> str:
    """Where it stands, and why it rests."""
    if one.state == BroadcastState.PAUSED and one.pause:
        return str(Pause(one.pause).label)
    return str(BroadcastState(one.state).label)


def sleeps(one: Broadcast, now: datetime) -> str:
    """Until when it waits for the morning; empty when it does not."""
    at = one.wakes_at
    if one.state != BroadcastState.RUNNING or at is None or (at - now).total_seconds() < 60:
        return ""
    tz = zone(one.post.office)
    when = f"{words.day_words(at, now, tz).lower()} {words.clock_words(at, tz)}"
    return _("Jam tenang: dilanjutkan sendiri {when}.").format(when=when)


def figures(sums: Mapping[str, int]) -> list[tuple[str, str]]:
    """How many, by what became of them."""
    return [(str(fate.label), number_words(sums[fate])) for fate in SHOWN if sums[fate] or fate in ALWAYS]


def tabs(one: Broadcast, sums: Mapping[str, int], chosen: str) -> list[Tab]:
    """The list of recipients: all, and those of each fate that occurs."""
    base = reverse("siaran-satu", args=[one.pk])
    everybody = Tab(f"{base}#hasil", _("Semua"), one.recipients, current=not chosen)
    return [everybody] + [
        Tab(f"{base}?hasil={fate.value}#hasil", str(fate.label), sums[fate], current=fate == chosen)
        for fate in SHOWN
        if sums[fate] or fate == chosen
    ]


@dataclass(frozen=True, slots=True)
class Reached:
    """One recipient."""

    name: str
    fate: str
    reason: str
    free: bool
    at: datetime | None


def recipients(rows: Sequence[Recipient], known: Mapping[int, Mapping[str, str]]) -> list[Reached]:
    return [
        Reached(name_of(one.citizen, known), str(Fate(one.state).label), reason(one), one.free, one.served_at)
        for one in rows
    ]


def name_of(citizen: Citizen, known: Mapping[int, Mapping[str, str]]) -> str:
    """A name, else the masked number."""
    return people.name(citizen, known.get(citizen.pk, {}))


def reason(one: Recipient) -> str:
    """Why nothing was sent, or why it failed."""
    if one.state == Fate.SKIPPED:
        return str(Skip(one.reason).label)
    return words_of(one.reason, failed=True) if one.reason else ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a broadcast would reach, in words. ``cost`` empty: ``missing`` says which price is not known."""

    total: int
    reached: str
    ways: str
    skipped: list[str]
    cost: str
    missing: str
    template: bool


def reach(found: Preview) -> Reach:
    ways = []
    if found.free:
        ways.append(_("{n} sebagai pesan biasa").format(n=number_words(found.free)))
    if found.templated:
        ways.append(_("{n} lewat templat").format(n=number_words(found.templated)))
    missing = ", ".join(category_words(one).lower() for one in found.missing)
    return Reach(
        found.total,
        number_words(found.reached),
        chatting.listed(ways),
        [
            _("{n} warga: {why}").format(n=number_words(count), why=why.label)
            for why, count in sorted(found.skipped.items(), key=lambda one: -one[1])
        ],
        rupiah(found.amount),
        missing,
        template=found.template is not None,
    )


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One subscriber in the list."""

    name: str
    topics: str
    villages: str
    at: datetime | None


def subscribers(
    rows: Sequence[Subscription], known: Mapping[int, Mapping[str, str]], names: chatting.Names
) -> list[Subscriber]:
    return [
        Subscriber(
            name_of(one.citizen, known), chatting.topic_words(one.topics) if one.topics else "",
            chatting.village_words(one.villages, names), one.changed_at,
        )
        for one in rows
    ]  # fmt: skip


def consent_words(one: Consent | None) -> str:
    """The newest words that somebody agreed to; empty before anybody has."""
    return one.wording if one is not None else ""
