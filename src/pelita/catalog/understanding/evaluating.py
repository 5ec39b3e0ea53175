"""How good readings are: sentences with their right answers, counted by kind of language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from pelita.catalog.understanding import lexicon
from pelita.catalog.understanding.reader import Reader
from pelita.catalog.understanding.reading import Outcome, Reading

PARTS = ("development", "test")
TOP_SERVICES, TOP_SECTIONS = 3, 2


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence. ``services`` and ``sections`` are codes that are right; ``answer``: the catalogue answers it."""

    text: str
    language: str
    services: frozenset[str]
    sections: frozenset[str]
    answer: bool


@dataclass(slots=True)
class Tally:
    """Counts of sentences. ``right`` and ``wrong``: answered without a person; shares are properties."""

    count: int = 0
    answerable: int = 0
    right: int = 0
    wrong: int = 0
    choices: int = 0
    person: int = 0
    with_service: int = 0
    service_found: int = 0
    with_section: int = 0
    section_found: int = 0

    def add(self, other: Tally) -> None:
        """Counts the other's sentences too."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def right_share(self) -> float:
        """Of those that have an answer."""
        return self.right / self.answerable if self.answerable else 1.0

    @property
    def wrong_share(self) -> float:
        """Of all."""
        return self.wrong / self.count if self.count else 0.0

    @property
    def service_share(self) -> float:
        """The right service is among the first three, of those about a service."""
        return self.service_found / self.with_service if self.with_service else 1.0

    @property
    def section_share(self) -> float:
        """The right section is among the first two, of those for a section."""
        return self.section_found / self.with_section if self.with_section else 1.0


def packaged_cases(part: str) -> list[Case]:
    """The sentences of ``development`` or ``test`` (`catalog/data/evaluation`)."""
    return [
        Case(text, kind, frozenset(services.split()), frozenset(sections.split()), answer == "yes")
        for text, kind, services, sections, answer in lexicon.rows(f"evaluation/{part}.csv")
    ]


def judged(reading: Reading, case: Case, section_codes: dict[int, str]) -> Tally:
    """One sentence. An automatic answer is right when every service in it is."""
    automatic = reading.outcome is Outcome.ANSWER
    right = automatic and case.answer and all(one.code in case.services for one in reading.answers)
    first_services = {one.code for one in reading.services[:TOP_SERVICES]}
    first_sections = {section_codes[one.section] for one in reading.sections[:TOP_SECTIONS]}
    return Tally(
        count=1,
        answerable=int(case.answer),
        right=int(right),
        wrong=int(automatic and not right),
        choices=int(reading.outcome is Outcome.CHOICES),
        person=int(reading.outcome is Outcome.PERSON),
        with_service=int(bool(case.services)),
        service_found=int(bool(case.services & first_services)),
        with_section=int(bool(case.sections)),
        section_found=int(bool(case.sections & first_sections)),
    )


def measure(reader: Reader, cases: Iterable[Case]) -> dict[str, Tally]:
    """Counts by kind of language, in their order, and ``all``."""
    codes = {one.section: one.code for one in reader.knowledge.sections}
    found: dict[str, Tally] = {}
    total = Tally()
    for case in cases:
        one = judged(reader.read(case.text), case, codes)
        found.setdefault(case.language, Tally()).add(one)
        total.add(one)
    return {**found, "all": total}
