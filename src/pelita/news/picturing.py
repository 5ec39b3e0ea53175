"""A post as files for WhatsApp: its cards in the office's look, its videos as they are, and the words below them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from pelita.base import phone
from pelita.base.text import one_line
from pelita.news import queries
from pelita.news.cards import Card, Look, Shape, render
from pelita.news.models import CardLook, PictureKind, Post, PostKind, PostPicture
from pelita.offices.models import Office
from pelita.offices.queries import arms_of
from pelita.offices.rules import zone
from pelita.whatsapp.media.store import opened
from pelita.whatsapp.queries import line_of

MOST = 10  # cards of one post
LEAD = 320  # letters of a post's text on a card without a photo
CAPTION = 700  # letters below a Status
LOOKS = {CardLook.FULL: Look.FULL, CardLook.FRAME: Look.BOWL}
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be shared, ``kartu-k7f2qd-1.jpg``."""

    name: str
    content_type: str
    data: bytes


def address_of(post: Post) -> str:
    """The post's public page, as the internet knows it. The post's office must be loaded or costs a query."""
    return f"{settings.PUBLIC_URL}/kantor/{post.office.code}/berita/{post.code}"


def when_words(post: Post) -> str:
    """``Selasa, 24 November 2026 · 09.00–11.00 WIB``; of an emergency until when it holds; "" without a time."""
    tz = zone(post.office)
    if post.kind == PostKind.EMERGENCY:
        return _("Sampai {when}").format(when=_moment(post.ends_at.astimezone(tz), ", ")) if post.ends_at else ""
    if post.starts_at is None:
        return ""
    starts = post.starts_at.astimezone(tz)
    ends = post.ends_at.astimezone(tz) if post.ends_at else None
    if ends is not None and ends.date() == starts.date() and ends > starts:
        return _moment(starts, " · ", f"–{ends:%H.%M}")
    return _moment(starts, " · ")


def where_words(post: Post) -> str:
    """``Balai Desa, Mojogebang``: the place, and the village where the place does not name it."""
    village = post.village.name if post.village else ""
    if village and village.casefold() in post.place.casefold():
        village = ""
    return ", ".join(filter(None, (post.place, village)))


def caption_of(post: Post) -> str:
    """What stands below a Status or a shared card: the title, when, where, the first sentences, the address."""
    kind = f"{PostKind(post.kind).label}: " if post.kind == PostKind.EMERGENCY else ""
    head = [f"*{one_line(kind + post.title, 140)}*", when_words(post), where_words(post)]
    foot = address_of(post)
    if post.corrected_at and post.correction:
        head.append(_("Perbaikan: {what}").format(what=one_line(post.correction, 160)))
    said = "\n".join(filter(None, head))
    room = CAPTION - len(said) - len(foot) - 4
    text = one_line(post.text, room) if post.text and room > 40 else ""
    return "\n\n".join(filter(None, (said, text, foot)))


def pictures_of(post: Post) -> list[PostPicture]:
    """Its photos and videos in their order. One query."""
    return queries.pictures_of([post])[post.pk]


def count_of(post: Post, photos: int) -> int:
    """How many cards a post with so many photos has: of an emergency one, without a photo."""
    return 1 if post.kind == PostKind.EMERGENCY else max(1, min(photos, MOST))


def cards_of(post: Post, pictures: list[PostPicture]) -> list[Card]:
    """The cards of a post without their photos, which :func:`drawn` puts in. Four queries."""
    office, photos = post.office, [one for one in pictures if one.kind == PictureKind.PHOTO][:MOST]
    look = queries.policy(office)
    card = _card(post, office, look.card_colour, LOOKS[CardLook(look.card_look)])
    many = count_of(post, len(photos))
    return [card] if many == 1 else [replace(card, part=(at, many)) for at in range(1, many + 1)]


def drawn(card: Card, photo: PostPicture | None, shape: Shape) -> bytes:
    """A card as JPEG. A photo whose file is gone leaves a card of words."""
    if photo is None or card.urgent:
        return render(card, shape)
    try:
        with opened(photo.path) as file:
            return render(replace(card, picture=file.read()), shape)
    except OSError:
        return render(card, shape)


def card_of(post: Post, number: int, shape: Shape) -> bytes | None:
    """The card with this number from 1, None when the post has no such. Five queries."""
    pictures = pictures_of(post)
    photos = [one for one in pictures if one.kind == PictureKind.PHOTO]
    cards = cards_of(post, pictures)
    if not 1 <= number <= len(cards):
        return None
    return drawn(cards[number - 1], photos[number - 1] if photos else None, shape)


def files_of(post: Post, shape: Shape = Shape.STORY) -> list[Attachment]:
    """All that is shared of a post, cards first. Takes about a third of a second of one core a card."""
    pictures = pictures_of(post)
    photos = [one for one in pictures if one.kind == PictureKind.PHOTO]
    found = [
        Attachment(f"kartu-{post.code}-{at + 1}.jpg", "image/jpeg", drawn(card, photos[at] if photos else None, shape))
        for at, card in enumerate(cards_of(post, pictures))
    ]
    for at, video in enumerate((one for one in pictures if one.kind == PictureKind.VIDEO), 1):
        with opened(video.path) as file:
            found.append(Attachment(f"video-{post.code}-{at}.mp4", video.content_type, file.read()))
    return found


def _card(post: Post, office: Office, colour: str, look: Look) -> Card:
    line, urgent = line_of(office), post.kind == PostKind.EMERGENCY
    return Card(
        office=office.name,
        regency=office.regency,
        number=phone.local(line.display_phone) if line and line.display_phone else "",
        kind=str(PostKind(post.kind).label),
        title=post.title,
        when=when_words(post),
        where=where_words(post),
        lead=one_line(post.text, LEAD),
        help=_("Butuh pertolongan: telepon 112") if urgent else "",
        address=address_of(post),
        arms=arms_of(office) or None,
        colour=colour,
        look=look,
        urgent=urgent,
    )


def _moment(at: datetime, between: str, until: str = "") -> str:
    days = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
    months = (
        _("Januari"), _("Februari"), _("Maret"), _("April"), _("Mei"), _("Juni"), _("Juli"), _("Agustus"),
        _("September"), _("Oktober"), _("November"), _("Desember"),
    )  # fmt: skip
    offset = at.utcoffset()
    mark = _ZONES.get(int(offset.total_seconds() // 3600), "") if offset else ""
    day = f"{days[at.weekday()]}, {at.day} {months[at.month - 1]} {at.year}"
    return f"{day}{between}{at:%H.%M}{until} {mark}".rstrip()
