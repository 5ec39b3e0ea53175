"""The feed and the calendar, held against their standards by readers that share nothing with the writers."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar
from lxml import etree
from pytest_django.fixtures import Settings

from pelita.offices.models import Office
from tests.web.conftest import World
from tests.web.told_news import add_picture, corrected, told, village, withdrawn

K = "/kantor/kemlagi"
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287: what may stand in a feed and in an entry, and how often at most (sections 4.1.1, 4.1.2); we use no others.
ONCE = {"id", "title", "updated", "subtitle", "content", "published", "summary"}
MANY = {"author", "category", "link", "entry"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339
# The grammar of the standard itself, by a validator that shares nothing with us.
SCHEMA = etree.RelaxNG(file=str(Path(__file__).parent.parent / "data" / "atom.rng"))
UGLY = "Rapat, <b>desa</b>; \\ & \x0b “PKK” ꦗꦮ 🌾 " + "panjang" * 6


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def text_of(node: ET.Element, name: str) -> str:
    found = node.find(f"{ATOM}{name}")
    assert found is not None
    return found.text or ""


def links(node: ET.Element) -> dict[str, str]:
    return {one.get("rel", "alternate"): one.get("href", "") for one in node.findall(f"{ATOM}link")}


def read(path: str = f"{K}/berita.atom") -> ET.Element:
    """The feed, after a look whether it is one."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    SCHEMA.assertValid(etree.fromstring(answer.content))
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert links(feed)["self"].endswith(path)
    ids = []
    for node in (feed, *feed.findall(f"{ATOM}entry")):
        names = Counter(child.tag.removeprefix(ATOM) for child in node)
        assert set(names) <= ONCE | MANY, names
        assert all(names[name] <= 1 for name in ONCE), names
        assert all(names[name] == 1 for name in ("id", "title", "updated")), names
        assert text_of(node, "id").startswith("http")
        assert STAMP.fullmatch(text_of(node, "updated"))
        assert links(node)["alternate"].startswith("http")
        if node is not feed:
            assert text_of(node.findall(f"{ATOM}author")[0], "name")
            assert STAMP.fullmatch(text_of(node, "published"))
            ids.append(text_of(node, "id"))
    assert len(ids) == len(set(ids))
    return feed


def entries(feed: ET.Element) -> list[ET.Element]:
    return feed.findall(f"{ATOM}entry")


def test_a_feed_holds_the_whole_post_with_its_picture(world: World) -> None:
    post = told(world, title=UGLY, village=village(world, "Betro"), text="Baris <satu>\nbaris dua\x01")
    picture = add_picture(world, post)
    feed = read()
    (entry,) = entries(feed)
    assert text_of(entry, "title") == UGLY.replace("\x0b", "").strip().replace("  ", " ")
    assert "<p>Baris &lt;satu&gt;<br>baris dua</p>" in text_of(entry, "content")
    assert "Betro" in text_of(entry, "content")
    enclosure = next(one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "enclosure")
    assert (enclosure.get("type"), enclosure.get("length")) == ("image/jpeg", str(picture.size))
    assert Client().get(enclosure.get("href", "").partition("8000")[2]).status_code == 200
    assert text_of(feed, "updated") == text_of(entry, "updated") == text_of(entry, "published")


def test_a_correction_moves_the_entry_and_a_withdrawal_takes_it_out(world: World) -> None:
    post, other = told(world), told(world, title="Posyandu")
    before = {text_of(one, "id"): text_of(one, "updated") for one in entries(read())}
    post = corrected(world, post, at=world.now + timedelta(hours=1), title="Kerja bakti di Betro")
    feed = read()
    after = {text_of(one, "id"): text_of(one, "updated") for one in entries(feed)}
    assert before.keys() == after.keys()
    assert [one for one in after if after[one] > before[one]] == [one for one in after if post.code in one]
    assert "Diralat: Jamnya keliru" in text_of(entries(feed)[1], "content")
    withdrawn(world, post, at=world.now + timedelta(hours=2))
    assert [text_of(one, "id")[-6:] for one in entries(read())] == [other.code]


def test_an_old_feed_goes_on_in_pages_and_an_empty_one_is_one(world: World) -> None:
    assert entries(read()) == []
    assert Client().get(f"{K}/berita.atom").content == Client().get(f"{K}/berita.atom").content
    made = [told(world, title=f"Kegiatan {n}").code for n in range(53)][::-1]
    first = read()
    second = read(f"{K}/berita.atom?{links(first)['next'].partition('?')[2]}")
    assert [text_of(one, "id")[-6:] for one in [*entries(first), *entries(second)]] == made
    assert text_of(first, "id") == text_of(second, "id") == links(second)["first"]
    assert "next" not in links(second)


@pytest.mark.parametrize(
    ("old", "new"), [("<updated>", "<updated>x"), ("</id>", "</id><id>2</id>"), ("<title>", "<name>")]
)
def test_the_validator_refuses_what_is_no_feed(world: World, old: str, new: str) -> None:
    told(world)
    written = Client().get(f"{K}/berita.atom").content.decode()
    assert SCHEMA.validate(etree.fromstring(written.encode()))
    broken = written.replace(old, new, 1).replace("</title>", "</name>", 1 if new == "<name>" else 0)
    assert not SCHEMA.validate(etree.fromstring(broken.encode()))


def calendar(path: str) -> tuple[list[tuple[str, str]], list[dict[str, str]]]:
    """A calendar's own properties and its events, read as RFC 5545 says: unfolded, split, unescaped."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    raw = answer.content
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    # And by a reader of others.
    read_by_others = Calendar.from_ical(raw)
    own: list[tuple[str, str]] = []
    events: list[dict[str, str]] = []
    inside: list[str] = []
    for line in raw.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        head, _, value = line.partition(":")
        name = head.partition(";")[0]
        assert re.fullmatch(r"[A-Z][A-Z0-9-]*", name), line
        value = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
        if name == "BEGIN":
            inside.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert inside.pop() == value
        elif inside == ["VCALENDAR"]:
            own.append((name, value))
        else:
            assert name not in events[-1], name
            events[-1][name] = value
    assert inside == []
    assert {name for name, _value in own} >= {"VERSION", "PRODID"}
    for event in events:
        assert event.keys() >= {"UID", "DTSTAMP", "DTSTART", "SUMMARY"}
        for stamp in ("DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED"):
            assert stamp not in event or re.fullmatch(r"\d{8}T\d{6}Z", event[stamp]), event
        assert "DTEND" not in event or event["DTEND"] > event["DTSTART"]
    assert [str(one["SUMMARY"]) for one in read_by_others.walk("VEVENT")] == [one["SUMMARY"] for one in events]
    assert not read_by_others.errors
    return own, events


def test_a_calendar_holds_what_is_to_come_and_strikes_out_what_was_withdrawn(world: World) -> None:
    starts = (world.now + timedelta(days=3)).replace(microsecond=0)
    place = "Balai Desa; Gang 2, Mojokumpul"
    ugly = told(world, kind="agenda", title=UGLY, place=place, starts_at=starts, ends_at=starts + timedelta(hours=2))
    plain = told(world, kind="agenda", title="Lomba", starts_at=starts + timedelta(days=1), text="Satu\n\nDua")
    told(world, kind="agenda", title="Lama", starts_at=world.now - timedelta(days=200))
    told(world, title="Bukan agenda")
    own, events = calendar(f"{K}/agenda.ics")
    assert dict(own)["X-WR-CALNAME"] == "Agenda Kecamatan Kemlagi"
    assert [one["SUMMARY"] for one in events] == [UGLY.replace("\x0b", "").strip().replace("  ", " "), "Lomba"]
    assert events[0]["LOCATION"] == place
    assert events[1]["DESCRIPTION"] == "Satu\n\nDua"
    assert datetime.strptime(events[0]["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == starts
    assert {(one["SEQUENCE"], one["STATUS"]) for one in events} == {("0", "CONFIRMED")}
    uids = [one["UID"] for one in events]
    plain = corrected(world, plain, at=world.now + timedelta(hours=1), title="Lomba desa")
    withdrawn(world, plain, at=world.now + timedelta(hours=2))
    _own, events = calendar(f"{K}/agenda.ics")
    assert [one["UID"] for one in events] == uids
    assert (events[1]["SEQUENCE"], events[1]["STATUS"]) == ("2", "CANCELLED")
    assert "DESCRIPTION" not in events[1]
    _own, alone = calendar(f"{K}/berita/{ugly.code}/acara.ics")
    assert alone == events[:1]


def test_an_empty_calendar_is_one(world: World) -> None:
    assert calendar(f"{K}/agenda.ics")[1] == []
    assert Office.objects.filter(code="kemlagi").exists()
