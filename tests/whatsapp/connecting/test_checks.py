"""What each answer means, and that every finding says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pelita.whatsapp.checks import Known, Verdict, judge, titles
from pelita.whatsapp.gateways.examining import Answered, Question
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.quota import Level

YES, NO = Outcome.ACCEPTED, Outcome.REJECTED
KNOWN = Known(
    "100", "app", "APPROVED", coexistence=False, link="connected", phone_seen_at=None, level=Level.CALM, silent=0
)
GOOD = {
    Question.NUMBER: Answered(YES, 200, {"quality_rating": "GREEN"}),
    Question.ACCOUNT: Answered(YES, 200, {"ids": ["100", "200"]}),
    Question.SUBSCRIPTION: Answered(YES, 200, {"ids": ["app"]}),
    Question.APP: Answered(YES, 200, {"id": "app"}),
    Question.HANDSHAKE: Answered(YES, 200),
    Question.SIGNED: Answered(YES, 200),
    Question.FORGED: Answered(NO, 401),
}
OK, WARNING, PROBLEM = Verdict.OK, Verdict.WARNING, Verdict.PROBLEM


def states(answers: dict[Question, Answered], known: Known, now: datetime) -> dict[str, Verdict]:
    return {check.name: check.state for check in judge(answers, known, now=now)}


def test_all_is_well(moment: datetime) -> None:
    found = judge(GOOD, KNOWN, now=moment)
    assert {check.state for check in found} == {OK}
    assert [check.name for check in found] == [name for name in titles() if name != "coexistence"]
    coexisting = replace(KNOWN, coexistence=True, phone_seen_at=moment)
    assert [check.name for check in judge(GOOD, coexisting, now=moment)] == list(titles())


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (Question.NUMBER, Answered(Outcome.TOKEN_INVALID, 401), {"token": PROBLEM, "number": WARNING}),
        (Question.NUMBER, Answered(Outcome.NOT_SENT), {"token": PROBLEM, "number": WARNING}),
        (Question.NUMBER, Answered(Outcome.UNCERTAIN), {"token": PROBLEM, "number": WARNING}),
        (Question.NUMBER, Answered(Outcome.PERMISSION, 400), {"number": PROBLEM}),
        (Question.NUMBER, Answered(YES, 200, {"quality_rating": "YELLOW"}), {"quality": WARNING}),
        (Question.NUMBER, Answered(YES, 200, {"quality_rating": "RED"}), {"quality": PROBLEM}),
        (Question.NUMBER, Answered(YES, 200, {"quality_rating": 7}), {}),
        (Question.ACCOUNT, Answered(Outcome.PERMISSION, 400), {"account": PROBLEM}),
        (Question.ACCOUNT, Answered(Outcome.TEMPORARY, 500), {"account": WARNING}),
        (Question.ACCOUNT, Answered(Outcome.TOKEN_INVALID, 401), {"account": WARNING}),
        (Question.ACCOUNT, Answered(YES, 200, {"ids": ["200"]}), {"account": PROBLEM}),
        (Question.APP, Answered(Outcome.TOKEN_INVALID, 400), {"app": PROBLEM}),
        (Question.APP, Answered(NO, 400), {"app": PROBLEM}),
        (Question.APP, Answered(Outcome.NOT_SENT), {"app": WARNING}),
        (Question.HANDSHAKE, Answered(NO), {"handshake": PROBLEM}),
        (Question.HANDSHAKE, Answered(NO, 403), {"handshake": PROBLEM}),
        (Question.HANDSHAKE, Answered(NO, 502), {"handshake": PROBLEM}),
        (Question.SIGNED, Answered(NO, 401), {"signature": PROBLEM}),
        (Question.SIGNED, Answered(NO), {"signature": WARNING}),
        (Question.FORGED, Answered(YES, 200), {"signature": PROBLEM}),
        (Question.SUBSCRIPTION, Answered(YES, 200, {"ids": []}), {"subscription": PROBLEM}),
        (Question.SUBSCRIPTION, Answered(Outcome.RATE_LIMITED, 429), {"subscription": WARNING}),
    ],
)
def test_what_an_answer_means(
    question: Question, answer: Answered, expected: dict[str, Verdict], moment: datetime
) -> None:
    found = states({**GOOD, question: answer}, KNOWN, moment)
    assert {name: state for name, state in found.items() if state is not OK} == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"template_state": ""}, {"template": WARNING}),
        ({"template_state": "draft"}, {"template": WARNING}),
        ({"template_state": "PENDING"}, {"template": WARNING}),
        ({"template_state": "REJECTED"}, {"template": PROBLEM}),
        ({"template_state": "PAUSED"}, {"template": PROBLEM}),
        ({"level": Level.SOON}, {}),
        ({"level": Level.NEAR}, {"quota": WARNING}),
        ({"level": Level.OVER}, {"quota": WARNING}),
        ({"silent": 3}, {"quota": PROBLEM}),
    ],
)
def test_what_our_own_tables_say(changes: dict[str, Any], expected: dict[str, Verdict], moment: datetime) -> None:
    found = states(GOOD, replace(KNOWN, **changes), moment)
    assert {name: state for name, state in found.items() if state is not OK} == expected


@pytest.mark.parametrize(
    ("link", "days", "state"),
    [
        ("connected", 0, OK),
        ("connected", 9, OK),
        ("connected", 10, WARNING),
        ("connected", 20, WARNING),
        ("connected", None, WARNING),
        ("inactive", 0, PROBLEM),
        ("removed", 0, PROBLEM),
    ],
)
def test_the_phone_of_a_shared_number(link: str, days: int | None, state: Verdict, moment: datetime) -> None:
    seen = None if days is None else moment - timedelta(days=days)
    known = replace(KNOWN, coexistence=True, link=link, phone_seen_at=seen)
    assert states(GOOD, known, moment)["coexistence"] is state


def test_whatsapp_does_not_see_the_phone(moment: datetime) -> None:
    known = replace(KNOWN, coexistence=True, phone_seen_at=moment)
    answers = {**GOOD, Question.NUMBER: Answered(YES, 200, {"is_on_biz_app": False})}
    assert states(answers, known, moment)["coexistence"] is PROBLEM


def test_nobody_is_told_that_a_code_is_wrong(moment: datetime) -> None:
    """Words are for people: whole sentences, no codes of Meta's."""
    for answer in (Answered(Outcome.TOKEN_INVALID, 401), Answered(NO, 400), Answered(Outcome.NOT_SENT)):
        for check in judge(dict.fromkeys(Question, answer), KNOWN, now=moment):
            assert check.words.endswith(".")
            assert "190" not in check.words
