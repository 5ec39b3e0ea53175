"""What public pages say of posts: cards of lists, when and where, the pictures of one, the months of the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.news.models import PictureKind, Post, PostKind, PostPicture
from pelita.news.queries_public import Month
from pelita.offices.models import Office
from pelita.web import words
from pelita.web.present.public import zone_name
from pelita.whatsapp.media.pictures import SMALL

# Kinds as they stand in addresses.
SLUGS: dict[str, PostKind] = {
    "kegiatan": PostKind.ACTIVITY,
    "pengumuman": PostKind.ANNOUNCEMENT,
    "agenda": PostKind.AGENDA,
    "darurat": PostKind.EMERGENCY,
}
SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}
ICONS = {
    PostKind.ACTIVITY: "users", PostKind.ANNOUNCEMENT: "speakerphone", PostKind.AGENDA: "calendar-event",
    PostKind.EMERGENCY: "alert-triangle",
}  # fmt: skip
# What somebody asks about who comes from a post: the code lets the answer, and the figures, find it.
ASKS: dict[str, str | Promise] = {
    PostKind.AGENDA: gettext_lazy("Saya mau bertanya tentang agenda “{title}” (berita {code})."),
    PostKind.EMERGENCY: gettext_lazy("Saya mau bertanya tentang “{title}” (berita {code})."),
}
ASK = gettext_lazy("Saya mau bertanya tentang “{title}” (berita {code}).")
EXCERPT = 160  # letters of a list's second line, at the end of a word


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo or video. ``small`` is at most 512 pixels on its longer side; a video has its picture there."""

    address: str
    small: str
    small_width: int
    width: int
    height: int
    alt: str
    video: bool
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list."""

    code: str
    kind: str
    kind_words: str
    icon: str
    title: str
    excerpt: str
    when: str
    where: str
    photo: Photo | None
    video: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """An emergency that holds: a strip above everything."""

    code: str
    title: str
    text: str
    until: str
    updated: str


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month of the archive: ``2026-11``, ``November 2026``, how many."""

    value: str
    name: str
    count: int
    chosen: bool


def photos(office: Office, post: Post, rows: Sequence[PostPicture]) -> list[Photo]:
    """The pictures with their addresses. What stands behind ``v`` is of the content, so that each may be kept."""
    return [_photo(office, post, row) for row in rows]


def _photo(office: Office, post: Post, row: PostPicture) -> Photo:
    video = row.kind == PictureKind.VIDEO
    what = [office.code, post.code, row.position + 1]
    version = f"?v={row.sha256[:8]}"
    longer = max(row.width, row.height, 1)
    return Photo(
        address=reverse("kantor-berita-video" if video else "kantor-berita-foto", args=what) + version,
        small=reverse("kantor-berita-kecil", args=what) + version,
        small_width=max(1, round(row.width * min(1, SMALL / longer))),
        width=row.width, height=row.height, alt=row.alt, video=video, content_type=row.content_type, size=row.size,
    )  # fmt: skip


def cards(office: Office, posts: Sequence[Post], pictures: Mapping[int, Sequence[PostPicture]], now: datetime,
          tz: tzinfo) -> list[Card]:  # fmt: skip
    """Posts as a list shows them."""
    return [_card(office, post, pictures.get(post.pk, ()), now, tz) for post in posts]


def _card(office: Office, post: Post, rows: Sequence[PostPicture], now: datetime, tz: tzinfo) -> Card:
    kind = PostKind(post.kind)
    first = photos(office, post, rows[:1])
    return Card(
        code=post.code, kind=post.kind, kind_words=str(kind.label), icon=ICONS[kind], title=post.title,
        excerpt=excerpt(post.text), when=near(post, now, tz), where=where(post), photo=first[0] if first else None,
        video=any(row.kind == PictureKind.VIDEO for row in rows),
    )  # fmt: skip


def happened(post: Post) -> datetime:
    """What a post is dated by: when it happens where that is known, else when it was published."""
    at = None if post.kind == PostKind.EMERGENCY else post.starts_at
    return at or post.published_at or post.created_at


def near(post: Post, now: datetime, tz: tzinfo) -> str:
    """``Hari ini, 09.00``; of a post from long ago the day alone."""
    at = happened(post)
    day = words.day_words(at, now, tz)
    return f"{day}, {words.clock_words(at, tz)}" if post.kind == PostKind.AGENDA or "," not in day else day


def where(post: Post) -> str:
    """Place and village, each once."""
    village = post.village.name if post.village else ""
    if village and village.casefold() in post.place.casefold():
        village = ""
    return ", ".join(filter(None, (post.place, village)))


def excerpt(text: str) -> str:
    """The first words of a text in one line."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    return f"{line[:EXCERPT].rsplit(' ', 1)[0].rstrip(' .,;:')} …"


def day(at: datetime, tz: tzinfo) -> str:
    """``Kamis, 26 November 2026``."""
    local = at.astimezone(tz)
    return f"{words.weekdays()[local.weekday()]}, {local.day} {words.months()[local.month - 1]} {local.year}"


def moment(at: datetime, tz: tzinfo) -> str:
    """``Kamis, 26 November 2026, 09.00 WIB``."""
    return f"{day(at, tz)}, {words.clock_words(at, tz)} {zone_name(tz)}".rstrip()


def span(post: Post, tz: tzinfo) -> str:
    """When it takes place, in whole words: with its end where that is known, the day once where it is the same."""
    if post.starts_at is None:
        return ""
    if post.ends_at is None:
        return moment(post.starts_at, tz)
    zone = zone_name(tz)
    first, last = (words.clock_words(at, tz) for at in (post.starts_at, post.ends_at))
    if post.starts_at.astimezone(tz).date() == post.ends_at.astimezone(tz).date():
        return f"{day(post.starts_at, tz)}, {first}–{last} {zone}".rstrip()
    said = _("{first} sampai {last}")
    return said.format(first=f"{day(post.starts_at, tz)}, {first}", last=f"{day(post.ends_at, tz)}, {last} {zone}")


def alarms(posts: Sequence[Post], now: datetime, tz: tzinfo) -> list[Alarm]:
    """Emergencies that hold, for the strip."""
    return [
        Alarm(post.code, post.title, excerpt(post.text), until(post, now, tz), updated(post, now, tz)) for post in posts
    ]


def until(post: Post, now: datetime, tz: tzinfo) -> str:
    """``hari ini, 18.00 WIB``."""
    if post.ends_at is None:
        return ""
    day = words.day_words(post.ends_at, now, tz)
    day = day if "," in day else day.lower()
    return f"{day}, {words.clock_words(post.ends_at, tz)} {zone_name(tz)}".rstrip()


def updated(post: Post, now: datetime, tz: tzinfo) -> str:
    """When it was said last: ``06.40``, ``kemarin 21.10``."""
    at = post.corrected_at or post.published_at
    return words.moment_words(at, now, tz) if at else ""


def asking(post: Post) -> str:
    """What stands in a chat that somebody begins from a post."""
    return str(ASKS.get(post.kind, ASK)).format(title=post.title, code=post.code.upper())


def archive(found: Sequence[Month], chosen: date | None) -> list[MonthLink]:
    """Months as links."""
    return [
        MonthLink(f"{one.first:%Y-%m}", month_words(one.first), one.count, one.first == chosen) for one in found
    ]  # fmt: skip


def month_words(first: date) -> str:
    """``November 2026``."""
    return f"{words.months()[first.month - 1]} {first.year}"
