"""The ways of a post as an officer sees them: where each stands, what proves it, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from pelita.news import queries, rules
from pelita.news.actions_ways import BY_HAND
from pelita.news.models import Post, PostState, Publication, PublicationState, Way
from pelita.news.publishers.linked import linked_capabilities
from pelita.news.publishing import PUBLISHERS
from pelita.offices.rules import Place
from pelita.web import words

ICONS = {
    Way.PAGE: "world",
    Way.SHARE: "device-mobile",
    Way.PHONE: "device-mobile-message",
    Way.LINKED: "link",
    Way.BROADCAST: "speakerphone",
}
# Sign and tone of a state: nothing is said by colour alone.
SIGNS = {
    PublicationState.WAITING: ("hourglass", ""),
    PublicationState.HAND: ("fire", "lamp"),
    PublicationState.RUNNING: ("send", ""),
    PublicationState.DONE: ("circle-check", "leaf"),
    PublicationState.FAILED: ("alert-circle", "late"),
    PublicationState.WITHDRAWN: ("ban", ""),
}


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way. ``deed``: what a hand must do, "" for nothing; ``undo``: a slip may be taken back; ``again``: tried."""

    way: str
    label: str
    icon: str
    state: str
    state_words: str
    sign: str
    tone: str
    proof: str
    error: str
    hint: str
    limits: tuple[str, ...]
    deed: str = ""
    undo: bool = False
    again: bool = False


def ways_of(post: Post, place: Place, *, now: datetime, tz: tzinfo) -> list[WayRow]:
    """Every way of a post that went out, in order. One query."""
    may = rules.may_edit(place, post)
    return [_row(one, post, now, tz, may=may) for one in queries.publications(post)]


def _row(row: Publication, post: Post, now: datetime, tz: tzinfo, *, may: bool) -> WayRow:
    state = PublicationState(row.state)
    sign, tone = SIGNS[state]
    capabilities = PUBLISHERS[row.way].capabilities if row.way in PUBLISHERS else linked_capabilities()
    hand = may and state == PublicationState.HAND and row.way != Way.BROADCAST
    public = post.state == PostState.PUBLISHED
    proved = row.way == Way.PHONE and state == PublicationState.DONE
    undo = may and public and state == PublicationState.DONE and row.way in BY_HAND and row.way != Way.BROADCAST
    return WayRow(
        way=row.way,
        label=str(Way(row.way).label),
        icon=ICONS[Way(row.way)],
        state=row.state,
        # A card on a phone is no Status yet.
        state_words=_("Sampai di HP kantor") if proved else str(state.label),
        sign=sign,
        tone=tone,
        proof=_proof(row, now, tz),
        error=row.error,
        hint=capabilities.hint,
        limits=capabilities.limits,
        deed=str(row.proof.get("deed", "publish")) if hand else "",
        undo=undo,
        again=may and public and state == PublicationState.FAILED,
    )


def _proof(row: Publication, now: datetime, tz: tzinfo) -> str:
    """``Ditandai Siti, kemarin 10.21``; "" where nothing is proved yet."""
    if row.at is None or row.state not in (PublicationState.DONE, PublicationState.WITHDRAWN):
        return ""
    when = words.moment_words(row.at, now, tz)
    if row.way == Way.PHONE and row.state == PublicationState.DONE:
        return _("Sampai di HP {who}, {when}").format(who=row.proof.get("to", _("Admin")), when=when)
    if row.way == Way.SHARE and row.by is not None:
        return _("Ditandai {who}, {when}").format(who=row.by.full_name, when=when)
    return when
