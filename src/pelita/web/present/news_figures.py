"""Figures of posts in words. Each says what was counted; what nobody counted is not shown as zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils.translation import gettext as _

from pelita.news.models import Post, PostKind
from pelita.news.queries_figures import Reach
from pelita.web import words
from pelita.web.present.public_news import month_words as month_words

NONE = Reach()


@dataclass(frozen=True, slots=True)
class Figure:
    """One sum with what it counts."""

    label: str
    said: str
    aside: str


@dataclass(frozen=True, slots=True)
class Row:
    """A post with its own figures; empty where a way was not taken."""

    code: str
    title: str
    about: str
    visits: str
    sent: str
    viewers: str
    replies: str


def shifted(month: date, by: int) -> date:
    """So many months later; within the years that a calendar has."""
    count = min(max(month.year * 12 + month.month - 1 + by, 12), 9999 * 12)
    return date(count // 12, count % 12 + 1, 1)


def figures(reach: Mapping[int, Reach]) -> list[Figure]:
    """The sums of a month."""
    whole = Reach()
    for one in reach.values():
        whole.add(one)
    known = sum(one.viewers is not None for one in reach.values())
    seen = _("dilihat {n} orang pada {known} kiriman").format(n=number(whole.viewers or 0), known=known)
    return [
        Figure(_("Halaman dibuka"), number(whole.visits), _("kali; siapa yang membuka tidak dicatat")),
        Figure(
            _("Siaran terkirim"), number(whole.sent),
            _("sampai {delivered}, dibaca {read}").format(delivered=number(whole.delivered), read=number(whole.read)),
        ),
        Figure(
            _("Tayang di Status"), number(whole.statuses),
            seen if known else _("kali; penontonnya hanya terlihat di HP kantor"),
        ),
        Figure(
            _("Balasan warga"), number(whole.replies),
            _("{n} menjadi pertanyaan").format(n=number(whole.inquiries)),
        ),
    ]  # fmt: skip


def villages(found: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Villages by name, the whole kecamatan in words."""
    return [(name or _("Seluruh kecamatan"), n) for name, n in found]


def rows(posts: Sequence[Post], reach: Mapping[int, Reach], now: datetime, tz: tzinfo) -> list[Row]:
    """Posts as the table shows them."""
    return [_row(post, reach.get(post.pk, NONE), now, tz) for post in posts]


def _row(post: Post, reach: Reach, now: datetime, tz: tzinfo) -> Row:
    at = words.moment_words(post.published_at, now, tz) if post.published_at else ""
    village = post.village.name if post.village else ""
    about = " · ".join(filter(None, (str(PostKind(post.kind).label), post.section.short_name, village, at)))
    sent = f"{number(reach.sent)} / {number(reach.read)}" if reach.sent else ""
    viewers = number(reach.viewers) if reach.viewers is not None else ""
    return Row(post.code, post.title, about, number(reach.visits), sent, viewers, number(reach.replies))


def number(count: int) -> str:
    """``1.234``."""
    return f"{count:,}".replace(",", ".")
