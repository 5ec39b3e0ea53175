"""Who held it how long: a table of ways through the office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pelita.desk.clocks import clocks
from pelita.journal.models import Fact

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NEW, AT, REVIEW = ("new", "admin"), ("dispositioned", "section"), ("answered", "admin")
OUT, SEEN, CLOSED, AGAIN = ("answered", "nobody"), ("delivered", "citizen"), ("closed", "nobody"), ("reopened", "admin")


def fact(minute: int, verb: str, spot: tuple[str, str] | None = None, section: int = 0) -> Fact:
    data: dict[str, object] = {"state": spot[0], "holder": spot[1]} if spot else {}
    if section:
        data["section"] = section
    return Fact(at=START + timedelta(minutes=minute), verb=verb, data=data)


ASKED = fact(0, "inquiry.opened", NEW)
GIVEN = fact(10, "inquiry.dispositioned", AT, 1)
HANDED = fact(40, "answer.submitted", REVIEW, 1)
SENT = fact(45, "answer.sent", OUT)
ARRIVED = fact(46, "inquiry.delivered", SEEN)
FINISHED = fact(20, "inquiry.closed", CLOSED)
# Facts, minute of the look, then minutes: admin, section, citizen, silence, by section.
CASES: list[tuple[str, list[Fact], int, int, int, int, int, dict[int, int]]] = [
    ("nothing yet", [], 5, 0, 0, 0, 0, {}),
    ("just asked", [ASKED], 5, 5, 0, 0, 5, {}),
    ("at the section", [ASKED, GIVEN], 30, 10, 20, 0, 20, {1: 20}),
    ("in review", [ASKED, GIVEN, HANDED], 42, 12, 30, 0, 2, {1: 30}),
    ("on its way", [ASKED, GIVEN, HANDED, SENT], 45, 15, 30, 0, 0, {1: 30}),
    ("at the citizen", [ASKED, GIVEN, HANDED, SENT, ARRIVED], 106, 15, 30, 60, 60, {1: 30}),
    ("closed", [ASKED, FINISHED], 500, 20, 0, 0, 0, {}),
    ("opened again", [ASKED, FINISHED, fact(80, "inquiry.reopened", AGAIN)], 90, 30, 0, 0, 10, {}),
    ("a repeat ends the silence", [ASKED, fact(8, "inquiry.joined")], 10, 10, 0, 0, 2, {}),
    ("a look does not", [ASKED, GIVEN, fact(25, "disposition.read", AT, 1)], 30, 10, 20, 0, 20, {1: 20}),
    ("nor does an escalation", [ASKED, GIVEN, fact(25, "inquiry.escalated", AT)], 30, 10, 20, 0, 20, {1: 20}),
    ("help changes no hand", [ASKED, GIVEN, fact(20, "help.given", AT, 2)], 30, 10, 20, 0, 10, {1: 20}),
    (
        "two sections", [ASKED, GIVEN, fact(20, "inquiry.refused", ("returned", "admin"), 1),
         fact(25, "inquiry.dispositioned", AT, 2)], 65, 15, 50, 0, 40, {1: 10, 2: 40},
    ),
    (
        "sent back", [ASKED, GIVEN, HANDED, fact(50, "answer.returned", ("returned", "section"), 1)],
        60, 20, 40, 0, 10, {1: 40},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "facts", "look", "admin", "section", "citizen", "silence", "sections"), CASES, ids=[c[0] for c in CASES]
)
def test_clocks(
    name: str, facts: list[Fact], look: int, admin: int, section: int, citizen: int, silence: int,
    sections: dict[int, int],
) -> None:  # fmt: skip
    found = clocks(facts, START + timedelta(minutes=look))
    minutes = [found.admin, found.section, found.citizen, found.silence]
    assert [one // timedelta(minutes=1) for one in minutes] == [admin, section, citizen, silence]
    assert {pk: lasted // timedelta(minutes=1) for pk, lasted in found.sections.items()} == sections


def test_they_add_up_while_it_is_open() -> None:
    now = START + timedelta(hours=5)
    found = clocks([ASKED, GIVEN, HANDED], now)
    assert found.admin + found.section + found.citizen == now - START
