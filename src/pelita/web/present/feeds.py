"""Posts as a feed (Atom, RFC 4287, in pages by RFC 5005) and as a calendar (iCalendar, RFC 5545). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _

from pelita.base.contentlines import escaped, joined

# What XML 1.0 cannot hold, however it is written: a text from a word processor may have such signs.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Picture:
    """An enclosure: absolute address, what it is, bytes."""

    address: str
    content_type: str
    size: int
    alt: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A post for both. ``address`` is absolute and for ever, so that it is the entry's id as well."""

    address: str
    title: str
    text: str
    author: str
    kind: str
    published: datetime
    changed: datetime
    revision: int = 0
    withdrawn: bool = False
    correction: str = ""
    where: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    code: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose feed it is. ``here``: the address of this page of it; ``following`` of the older one, empty at the end."""

    title: str
    site: str
    first: str
    here: str
    changed: datetime
    following: str = ""
    subtitle: str = ""


class _Atom(Atom1Feed):
    """Django's writer with what it lacks: the whole text, pages, and the day of an empty feed."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "first", "href": self.feed["first"]})
        if self.feed["following"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["following"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed"]
        return changed


def atom(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The feed as UTF-8. An entry's ``updated`` moves with its correction; what was withdrawn must not be handed in."""
    found = _Atom(
        title=plain(feed.title), link=feed.site, description="", language="id", subtitle=plain(feed.subtitle),
        feed_url=feed.here, feed_guid=feed.first, first=feed.first, following=feed.following, changed=feed.changed,
    )  # fmt: skip
    for one in entries:
        found.add_item(
            title=plain(one.title), link=one.address, description=None, unique_id=one.address,  # type: ignore[arg-type]  # None leaves the summary out
            author_name=plain(one.author), pubdate=one.published, updateddate=one.changed, categories=(one.kind,),
            enclosures=[Enclosure(each.address, str(each.size), each.content_type) for each in one.pictures],
            content=_html(one),
        )  # fmt: skip
    written: str = found.writeString("utf-8")
    return written.encode()


def _html(entry: Entry) -> str:
    """The text with its pictures, as readers show it."""
    parts = [
        f'<p><img src="{escape(one.address)}" alt="{escape(one.alt)}"></p>'
        for one in entry.pictures
        if one.content_type.startswith("image/")
    ]
    if entry.where:
        parts.append(f"<p>{escape(entry.where)}</p>")
    parts.append(linebreaks(entry.text, autoescape=True))
    if entry.correction:
        parts.append(f"<p><em>{escape(_('Diralat: {what}').format(what=entry.correction))}</em></p>")
    return plain("".join(parts))


def plain(text: str) -> str:
    """A text that XML can hold."""
    return _NO_XML.sub("", text)


def calendar(name: str, entries: Sequence[Entry], host: str) -> bytes:
    """Dates as a calendar that phones subscribe to. Times are in UTC, so that no table of zones travels along.

    ``host`` makes the ids unique in the world. What was withdrawn stands there as cancelled, with a higher number:
    calendars then strike it out. No method is said, because subscribers are asked nothing.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PELITA MASSA//Agenda//ID", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    for one in entries:
        lines += _event(one, host)
    return joined([*lines, "END:VCALENDAR"]).encode()


def _event(entry: Entry, host: str) -> list[str]:
    if entry.starts_at is None:
        return []
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.code}@{host}",
        f"DTSTAMP:{_utc(entry.changed)}",
        f"LAST-MODIFIED:{_utc(entry.changed)}",
        f"SEQUENCE:{entry.revision + entry.withdrawn}",
        f"STATUS:{'CANCELLED' if entry.withdrawn else 'CONFIRMED'}",
        f"DTSTART:{_utc(entry.starts_at)}",
    ]
    if entry.ends_at is not None and entry.ends_at > entry.starts_at:
        lines.append(f"DTEND:{_utc(entry.ends_at)}")
    lines.append(f"SUMMARY:{escaped(entry.title)}")
    if entry.where:
        lines.append(f"LOCATION:{escaped(entry.where)}")
    if entry.text and not entry.withdrawn:
        lines.append(f"DESCRIPTION:{escaped(entry.text)}")
    return [*lines, f"URL:{entry.address}", f"CATEGORIES:{escaped(entry.kind)}", "END:VEVENT"]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
