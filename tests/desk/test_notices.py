"""What officers are told: by moves, once, only what they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from pelita.desk.actions import dispose, section
from pelita.desk.actions.telling import mark_read, tell
from pelita.desk.models import Inquiry, Notice
from pelita.desk.queries import notices
from pelita.journal.models import Fact
from tests.desk.conftest import World


def told(world: World, who: str) -> list[tuple[str, str]]:
    rows = notices.page(world.place(who)).rows
    return [(row.notice.verb, row.inquiry.code if row.inquiry else "") for row in rows]


def pass_on(world: World, inquiry: Inquiry, code: str = "KESRA") -> None:
    dispose.dispose(inquiry=inquiry, section=world.section(code), by=world.place("admin"), now=world.now)


def test_a_disposition_is_told_to_the_section_and_nobody_else(world: World) -> None:
    inquiry = world.asks()
    pass_on(world, inquiry)
    assert told(world, "kesra") == [("inquiry.dispositioned", inquiry.code)]
    assert [told(world, who) for who in ("pmd", "admin", "camat", "operator")] == [[], [], [], []]
    fact = Fact.objects.get(office=world.office, verb="notice.made")
    assert fact.data == {"officers": [world.place("kesra").officer.pk]}
    assert not fact.audience


def test_an_answer_is_told_to_every_admin(world: World) -> None:
    inquiry = world.asks()
    pass_on(world, inquiry)
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    for who in ("admin", "pengganti"):
        assert told(world, who) == [("answer.submitted", inquiry.code)]


def test_nobody_is_told_of_the_own_deed(world: World) -> None:
    inquiry = world.asks()
    pass_on(world, inquiry, "PELAYANAN")  # whose head the admin is
    assert told(world, "admin") == []
    assert told(world, "pelayanan") == [("inquiry.dispositioned", inquiry.code)]


def test_the_same_is_told_once(world: World) -> None:
    inquiry, officer = world.asks(), world.place("admin").officer
    for minute in range(3):
        with transaction.atomic():
            tell(
                officers=[officer, officer.pk], inquiry=inquiry, verb="note.mentioned", key="mention:1",
                now=world.now + timedelta(minutes=minute),
            )  # fmt: skip
    assert told(world, "admin") == [("note.mentioned", inquiry.code)]
    assert Fact.objects.filter(office=world.office, verb="notice.made").count() == 1


def test_what_left_the_officers_sight_leaves_the_list(world: World) -> None:
    inquiry = world.asks()
    pass_on(world, inquiry)
    dispose.recall(inquiry=world.fresh(inquiry), by=world.place("admin"), now=world.now)
    # That it was taken back is told, without a way to it.
    assert told(world, "kesra") == [("inquiry.recalled", "")]
    assert notices.unread_count(world.place("kesra")) == 1


def test_seen_notices_are_read_and_the_other_tabs_hear_it(world: World) -> None:
    for _ in range(3):
        pass_on(world, world.asks(user_id=f"ID.{_}", wa_id=f"628120000000{_}"))
    place = world.place("kesra")
    first = Notice.objects.filter(office=world.office, officer=place.officer).earliest("id")
    assert mark_read(by=place, now=world.now, notice=first.pk) == 1
    assert notices.unread_count(place) == 2
    assert mark_read(by=place, now=world.now) == 2
    assert mark_read(by=place, now=world.now) == 0
    facts = Fact.objects.filter(office=world.office, verb="notice.read")
    assert [fact.data["officers"] for fact in facts] == [[place.officer.pk]] * 2
    assert mark_read(by=world.place("pmd"), now=world.now, notice=first.pk) == 0


def test_pages_follow_each_other(world: World) -> None:
    officer = world.place("kesra").officer
    for number in range(notices.PAGE + 5):
        tell(officers=[officer], inquiry=None, office=world.office, verb="digest", key=f"d:{number}", now=world.now)
    first = notices.page(world.place("kesra"))
    second = notices.page(world.place("kesra"), after=first.cursor)
    keys = [row.notice.key for row in first.rows + second.rows]
    assert keys == [f"d:{number}" for number in range(notices.PAGE + 4, -1, -1)]
    assert second.cursor == ""
    assert notices.unread_count(world.place("kesra")) == notices.PAGE + 5


def test_a_notice_names_its_office(world: World) -> None:
    with pytest.raises(ValueError, match="office"):
        tell(officers=[world.place("admin").officer], inquiry=None, verb="digest", key="d", now=world.now)


COPIES = """
INSERT INTO desk_inquiry ({columns}, code) SELECT {columns}, 'KML-X' || number
FROM desk_inquiry, generate_series(1, 5000) AS number WHERE id = %s
"""


def test_counting_reads_no_more_inquiries_than_there_are_notices(world: World) -> None:
    """It stands on every page, and an office has hundreds of thousands of inquiries."""
    inquiry = world.asks()
    place = world.place("admin")
    tell(officers=[place.officer], inquiry=inquiry, verb="answer.submitted", key="one", now=world.now)
    names = {field.column for field in Inquiry._meta.concrete_fields if field.column} - {"id", "code"}
    with connection.cursor() as cursor:
        cursor.execute(COPIES.format(columns=", ".join(sorted(names))), [inquiry.pk])
        cursor.execute("ANALYZE desk_inquiry")
        cursor.execute("ANALYZE desk_notice")
    assert "Seq Scan on desk_inquiry" not in notices.own(place).explain()
    assert notices.unread_count(place) == 1
