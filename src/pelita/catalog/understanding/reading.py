"""What an understood text says. The contract of this package: everybody who asks it gets these shapes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What may be done with a text without a person."""

    ANSWER = "answer"
    CHOICES = "choices"
    PERSON = "person"


class Signal(StrEnum):
    """What a text is besides or instead of a question about a service. Several may hold."""

    GREETING = "greeting"
    THANKS = "thanks"
    MENU = "menu"
    HUMAN = "human"  # wants to write with a person
    ANGER = "anger"
    ABUSE = "abuse"
    EMERGENCY = "emergency"
    HOURS = "hours"  # when the office is open
    PLACE = "place"  # where it is
    TRACK = "track"  # how far a running matter is
    ACTIVITIES = "activities"
    COMPLAINT = "complaint"
    NOT_ANSWERED = "not_answered"  # says that the last answer did not help
    OTHER_BODY = "other_body"  # police, power company, tax office


@dataclass(frozen=True, slots=True)
class RankedService:
    """A published service that a text speaks of. ``score``: how likely it is asked for, 0 to 1, calibrated.

    ``words``: the citizen's own words that speak for it, as they were written, in lower case.
    """

    code: str
    service: int
    section: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedSection:
    """A section whose matter a text is. ``score`` 0 to 1; ``words`` as in ``RankedService``."""

    section: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, understood.

    ``services``: best first, at most 5; ``sections``: best first, at most 3. ``answers``: with ANSWER the one or two
    services to answer (two topics in one message), with CHOICES up to three to offer, with PERSON none.
    """

    services: tuple[RankedService, ...]
    sections: tuple[RankedSection, ...]
    outcome: Outcome
    answers: tuple[RankedService, ...]
    signals: frozenset[Signal]
