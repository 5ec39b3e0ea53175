"""How well an office's texts are understood, by sentences of which it is known what is right. Pure.

Answering wrongly is worse than not answering: a wrong automatic answer sends somebody home for the wrong paper, a
question that goes to a person waits. So both are counted, and neither is traded for the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from pelita.catalog import understanding
from pelita.catalog.understanding import Knowledge, KnownService, Outcome

FIRST_SERVICES, FIRST_SECTIONS = 3, 2


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with what is right. ``services``, ``sections``: codes; ``answer``: the catalogue answers it."""

    key: int
    text: str
    language: str
    services: tuple[str, ...]
    sections: tuple[str, ...]
    answer: bool


class Verdict(StrEnum):
    """What would happen to a citizen who writes it."""

    RIGHT = "right"  # answered, rightly
    WRONG = "wrong"  # answered with something else, or where only a person can
    OFFERED = "offered"  # to choose, and the right one among them
    LEFT = "left"  # to a person


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what the office's texts make of it. ``said``: codes answered or offered, else the likely ones.

    ``found``: a right service among the first three; ``placed``: a right section among the first two. Both are True
    where nothing was to be found.
    """

    case: Case
    verdict: Verdict
    said: tuple[str, ...]
    found: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Sums over a set. Shares are 0 to 1; 1 where there is nothing to share."""

    total: int = 0
    answerable: int = 0
    right: int = 0
    wrong: int = 0
    offered: int = 0
    with_service: int = 0
    found: int = 0
    with_section: int = 0
    placed: int = 0

    @property
    def coverage(self) -> float:
        """Of those that the catalogue answers, how many are answered rightly without a person."""
        return _share(self.right, self.answerable)

    @property
    def accuracy(self) -> float:
        """Of those that are about a service, how many have a right one among the first three."""
        return _share(self.found, self.with_service)

    @property
    def routed(self) -> float:
        """Of those that have a section, how many have a right one among the first two."""
        return _share(self.placed, self.with_section)

    @property
    def wrong_rate(self) -> float:
        """Of all, how many are answered wrongly."""
        return _share(self.wrong, self.total) if self.total else 0.0

    def worse_than(self, before: Score) -> bool:
        """More wrong answers, or fewer right ones. One does not make up for the other."""
        return self.wrong > before.wrong or self.right < before.right


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole set, judged: its sums and every sentence, in the order of the set."""

    score: Score
    rows: tuple[Judged, ...]

    def by_language(self) -> dict[str, Score]:
        """The sums of each kind of language that the set names, in its order."""
        found: dict[str, list[Judged]] = {}
        for row in self.rows:
            found.setdefault(row.case.language, []).append(row)
        return {language: _sum(rows) for language, rows in found.items()}

    @property
    def failing(self) -> tuple[Judged, ...]:
        """Answered wrongly, or about a service or section that is not among the first."""
        return tuple(row for row in self.rows if row.verdict is Verdict.WRONG or not (row.found and row.placed))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A set before and after a change. ``turned``: sentences that fare worse, as they were and as they would be."""

    before: Score
    after: Score
    turned: tuple[tuple[Judged, Judged], ...] = ()

    @property
    def worse(self) -> bool:
        return self.after.worse_than(self.before)


@lru_cache(maxsize=16)
def judge(knowledge: Knowledge, cases: tuple[Case, ...]) -> Judgement:
    """The set against what an office knows. About half a millisecond a sentence; the same is judged once a process."""
    reader = understanding.compiled(knowledge)
    codes = {one.code for one in knowledge.services}
    sections = {one.section: one.code for one in knowledge.sections}
    rows = []
    for given in cases:
        # What the office does not offer any more is for a person.
        known = tuple(code for code in given.services if code in codes)
        case = replace(given, services=known, answer=given.answer and bool(known))
        read = reader.read(case.text)
        said = tuple(one.code for one in read.answers)
        ranked = tuple(one.code for one in read.services[:FIRST_SERVICES])
        to = {sections.get(one.section, "") for one in read.sections[:FIRST_SECTIONS]}
        found = not known or bool(set(known) & set(ranked))
        placed = not case.sections or bool(set(case.sections) & to)
        rows.append(Judged(case, _verdict(case, read.outcome, said), said or ranked, found, placed))
    return Judgement(_sum(rows), tuple(rows))


def _verdict(case: Case, outcome: Outcome, said: tuple[str, ...]) -> Verdict:
    if outcome is Outcome.ANSWER:
        return Verdict.RIGHT if case.answer and set(said) <= set(case.services) else Verdict.WRONG
    if outcome is Outcome.CHOICES and set(said) & set(case.services):
        return Verdict.OFFERED
    return Verdict.LEFT


def _sum(rows: list[Judged]) -> Score:
    about = [row for row in rows if row.case.services]
    placed = [row for row in rows if row.case.sections]
    verdicts = [row.verdict for row in rows]
    return Score(
        total=len(rows),
        answerable=sum(row.case.answer for row in rows),
        right=verdicts.count(Verdict.RIGHT),
        wrong=verdicts.count(Verdict.WRONG),
        offered=verdicts.count(Verdict.OFFERED),
        with_service=len(about),
        found=sum(row.found for row in about),
        with_section=len(placed),
        placed=sum(row.placed for row in placed),
    )


def compare(before: Judgement, after: Judgement) -> Comparison:
    """Two judgements of one set."""
    turned = [
        (was, is_)
        for was, is_ in zip(before.rows, after.rows, strict=True)
        if (was.verdict is Verdict.RIGHT) > (is_.verdict is Verdict.RIGHT)
        or (was.verdict is Verdict.WRONG) < (is_.verdict is Verdict.WRONG)
    ]
    return Comparison(before.score, after.score, tuple(turned))


def with_service(knowledge: Knowledge, service: KnownService) -> Knowledge:
    """What the office would know with this instead of what it knows of the same service."""
    others = [one for one in knowledge.services if one.service != service.service]
    return replace(knowledge, services=tuple(sorted([*others, service], key=lambda one: one.service)))
