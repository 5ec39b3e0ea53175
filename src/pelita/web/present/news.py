"""Posts as officers see them: rows of the list, buttons of the next step, where every way out stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.news import rules
from pelita.news.models import NewsPolicy, Post, PostKind, PostPicture, PostState, Way
from pelita.news.workflow import OPEN, Move, allowed
from pelita.offices.rules import Place, zone
from pelita.web import words
from pelita.web.present import news_ways
from pelita.web.ui import Choice, Option

KIND_ICONS = {
    PostKind.ACTIVITY: "photo", PostKind.ANNOUNCEMENT: "speakerphone", PostKind.AGENDA: "calendar-event",
    PostKind.EMERGENCY: "alert-triangle",
}  # fmt: skip
STATE_ICONS = {
    PostState.DRAFT: "pencil", PostState.SUBMITTED: "hourglass", PostState.APPROVED: "clock",
    PostState.PUBLISHED: "circle-check", PostState.WITHDRAWN: "ban",
}  # fmt: skip
# What each way does, for who chooses it.
WAY_NOTES = {
    Way.SHARE: gettext_lazy("Dari HP kantor, Anda bagikan kartu dan teksnya ke Status dengan dua ketukan."),
    Way.PHONE: gettext_lazy("Kartu dan teks dikirim ke HP kantor sebagai pesan, untuk diteruskan ke Status."),
    Way.LINKED: gettext_lazy("Tayang sendiri di Status lewat perangkat tertaut."),
    Way.BROADCAST: gettext_lazy("Warga yang berlangganan mendapat pesan, sesudah Anda lihat jumlah dan biayanya."),
}


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of the list. ``mine``: it waits for the person signed in."""

    href: str
    title: str
    kind: str
    kind_icon: str
    state: str
    state_icon: str
    facts: str
    thumb: str
    mine: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a post. ``circles``: those that can still be taken back."""

    pk: int
    key: str
    small: str
    large: str
    original: str
    alt: str
    circles: Sequence[Any]
    blurred: bool
    video: bool
    width: int
    height: int


def row(post: Post, pictures: Sequence[PostPicture], place: Place, policy: NewsPolicy, now: datetime) -> PostRow:
    tz = zone(place.office)
    waits = post.state == PostState.SUBMITTED and rules.may_approve(place, post.section_id, policy)
    mine = waits or (bool(post.return_reason) and post.author_id == place.officer.pk)
    where = post.village.name if post.village else _("Seluruh kecamatan")
    facts = [post.section.short_name, where, post.author.full_name, words.moment_words(post.changed_at, now, tz)]
    return PostRow(
        href=reverse("berita-satu", args=[post.code]),
        title=post.title or _("Belum berjudul"),
        kind=str(PostKind(post.kind).label),
        kind_icon=KIND_ICONS[PostKind(post.kind)],
        state=state_words(post, now, tz),
        state_icon=STATE_ICONS[PostState(post.state)],
        facts=" · ".join(facts),
        thumb=_file(post, pictures[0], "kecil") if pictures else "",
        mine=mine,
        late=post.kind == PostKind.EMERGENCY,
    )


def state_words(post: Post, now: datetime, tz: tzinfo) -> str:
    """The state with the moment that matters in it."""
    if post.state == PostState.APPROVED and post.publish_at:
        return _("Terjadwal, tayang {when}").format(when=at_words(post.publish_at, now, tz))
    if post.state == PostState.PUBLISHED and post.published_at:
        return _("Tayang {when}").format(when=words.moment_words(post.published_at, now, tz))
    if post.state == PostState.DRAFT and post.return_reason:
        return _("Dikembalikan")
    return str(PostState(post.state).label)


def at_words(at: datetime, now: datetime, tz: tzinfo) -> str:
    """``hari ini 14.00``, ``besok 07.00``, ``Selasa, 1 Desember 07.00``."""
    day = words.day_words(at, now, tz)
    near = day in {_("Hari ini"), _("Besok"), _("Kemarin")}
    return f"{day.lower() if near else day} {words.clock_words(at, tz)}"


def when_words(post: Post, now: datetime, tz: tzinfo) -> str:
    """When it happens, in one line; empty when nobody said so."""
    if post.kind == PostKind.EMERGENCY and post.ends_at:
        return _("Sampai {when}").format(when=at_words(post.ends_at, now, tz))
    if post.starts_at is None:
        return ""
    begins = at_words(post.starts_at, now, tz)
    begins = begins[:1].upper() + begins[1:]
    if post.ends_at is None:
        return begins
    same = words.day_words(post.starts_at, now, tz) == words.day_words(post.ends_at, now, tz)
    ends = words.clock_words(post.ends_at, tz) if same else at_words(post.ends_at, now, tz)
    return _("{begins} sampai {ends}").format(begins=begins, ends=ends)


def shown(post: Post, pictures: Iterable[PostPicture]) -> list[Shown]:
    return [
        Shown(
            pk=one.pk, key=str(one.key), small=_file(post, one, "kecil"), large=_file(post, one, "besar"),
            original=_file(post, one, "asli") if one.original_path else "", alt=one.alt,
            circles=one.blurs if one.original_path else [], blurred=bool(one.blurs), video=one.kind == "video",
            width=one.width, height=one.height,
        )
        for one in pictures
    ]  # fmt: skip


def _file(post: Post, picture: PostPicture, size: str) -> str:
    # A blur makes another file: the address changes with it, so that no browser shows the one before.
    return f"{reverse('berita-foto', args=[post.code, size, picture.pk])}?v={picture.sha256[:12]}"


def chosen(post: Post) -> list[tuple[str, str]]:
    """Icon and name of every way on which the post is to go out."""
    return [(news_ways.ICONS[Way(way)], str(Way(way).label)) for way in post.ways]


def way_choice(bound: BoundField) -> Choice:
    """The ways with what each does."""
    chosen = Choice.of(bound)
    notes = {way.value: str(note) for way, note in WAY_NOTES.items()}
    options = [Option(one.value, one.label, notes.get(one.value, "")) for one in chosen.options]
    return replace(chosen, options=options)


def may(place: Place, post: Post, policy: NewsPolicy) -> set[str]:
    """Names of the steps that the officer may take now, and ``edit``."""
    if not rules.may_edit(place, post):
        return set()
    approves = rules.may_approve(place, post.section_id, policy)
    own = post.author_id == place.officer.pk
    found = {move.value for move in Move if allowed(post.state, move) and move is not Move.PUBLISH}
    if not approves:
        found -= {Move.APPROVE, Move.CORRECT, Move.WITHDRAW}
        found -= set() if own else {Move.RETURN}
    else:
        found.discard(Move.SUBMIT)  # whose posts need nobody else's look lets them go at once
    if post.state in OPEN and (post.state == PostState.DRAFT or approves):
        found.add("edit")
    return found
