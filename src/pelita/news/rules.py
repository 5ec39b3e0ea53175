"""Pure decisions about posts: who may do what, and what is missing before one goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError
from pelita.news.models import Approval, NewsPolicy, Post, PostKind, PostState, Way
from pelita.offices.models import Section, Village
from pelita.offices.rules import Place

MAX_TEXT = 4000
MAX_TITLE = MAX_PLACE = 120
MAX_REASON = 300
ALWAYS = Way.PAGE  # what is public in one place is public on the office's own page


@dataclass(frozen=True, slots=True)
class Content:
    """What an officer writes. ``village`` None: the whole kecamatan. ``publish_at`` None: as soon as it is approved."""

    kind: str
    title: str
    text: str
    section: Section
    village: Village | None = None
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    ways: tuple[str, ...] = field(default=(Way.PAGE, Way.SHARE))
    publish_at: datetime | None = None


def may_write(place: Place, section: int) -> bool:
    """For the own section; the admin and the leaders for every one."""
    return place.sees_all or section in place.section_ids


def may_edit(place: Place, post: Post) -> bool:
    """The author, and everybody of its section: who was in the field is rarely who finishes it."""
    return post.author_id == place.officer.pk or may_write(place, post.section_id)


def may_approve(place: Place, section: int, policy: NewsPolicy) -> bool:
    """Let a post of that section go out, put it right, take it back."""
    if place.sees_all:
        return True
    if policy.approval == Approval.HEADS:
        return section in place.headed_ids
    return policy.approval == Approval.NONE and section in place.section_ids


def may_alarm(place: Place, section: int | None = None) -> bool:
    """Tell of an emergency without anybody else's look: minutes count, and heads answer for their word. Without a
    section: of any."""
    return place.sees_all or (bool(place.headed_ids) if section is None else section in place.headed_ids)


def may_see(place: Place, post: Post) -> bool:
    """Drafts are seen by those who may write on them; what went out by everybody."""
    return post.state in {PostState.PUBLISHED, PostState.WITHDRAWN} or may_edit(place, post)


def tidy(content: Content) -> Content:
    """With blanks and lines in order and the office's page among the ways. Raises InvalidError with what is wrong."""
    title, where = " ".join(content.title.split()), " ".join(content.place.split())
    text = "\n".join(line.rstrip() for line in content.text.replace("\r\n", "\n").strip().split("\n"))
    if content.kind not in PostKind.values:
        raise InvalidError("kind", _("Pilih jenisnya."))
    for name, value, most in (("title", title, MAX_TITLE), ("place", where, MAX_PLACE), ("text", text, MAX_TEXT)):
        if len(value) > most:
            raise InvalidError(name, _("Paling panjang {most} huruf; ini {n}.").format(most=most, n=len(value)))
        if "\0" in value:
            raise InvalidError(name, _("Ada huruf yang tidak dapat disimpan. Ketik ulang bagian itu."))
    if content.ends_at and content.starts_at and content.ends_at < content.starts_at:
        raise InvalidError("ends_at", _("Selesainya sebelum mulainya. Periksa lagi."))
    unknown = set(content.ways) - set(Way.values)
    if unknown:
        raise InvalidError("ways", _("Pilih jalan tayang dari daftar."))
    ways = tuple(way for way in Way.values if way in {*content.ways, ALWAYS})
    return Content(
        kind=content.kind, title=title, text=text, section=content.section, village=content.village, place=where,
        starts_at=content.starts_at, ends_at=content.ends_at, ways=ways, publish_at=content.publish_at,
    )  # fmt: skip


def complete(post: Post, pictures: int, after: datetime | None) -> None:
    """Raises InvalidError for the first thing that is missing before the post may go out.

    ``after``: an emergency must last longer; None where that does not matter any more.
    """
    if not post.title:
        raise InvalidError("title", _("Tulis judulnya dulu."))
    if not post.text and not pictures:
        raise InvalidError("text", _("Tulis isinya atau tambahkan foto."))
    if post.kind == PostKind.AGENDA and post.starts_at is None:
        raise InvalidError("starts_at", _("Agenda perlu tanggal dan jam mulai."))
    if post.kind == PostKind.EMERGENCY and post.ends_at is None:
        raise InvalidError("ends_at", _("Kabar darurat perlu batas waktu, supaya turun sendiri."))
    starts = max(after, post.publish_at or after) if after else None
    if post.kind == PostKind.EMERGENCY and post.ends_at and starts and post.ends_at <= starts:
        raise InvalidError("ends_at", _("Batas waktunya sudah lewat. Perpanjang dulu."))


def reason_of(text: str, field: str, sentence: str) -> str:
    """One line of at most ``MAX_REASON`` letters. Raises InvalidError with the sentence when it is empty."""
    text = " ".join(text.split())
    if not text:
        raise InvalidError(field, sentence)
    if len(text) > MAX_REASON:
        raise InvalidError(field, _("Paling panjang {most} huruf.").format(most=MAX_REASON))
    return text
