"""Whether a text may be answered without a person. Favours the person: a wrong answer costs a trip."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.catalog.understanding.reading import Outcome, RankedService, Signal

# A citizen who says one of these wants somebody, whatever else the text is about.
FOR_A_PERSON = frozenset(
    {Signal.HUMAN, Signal.ANGER, Signal.ABUSE, Signal.EMERGENCY, Signal.TRACK, Signal.NOT_ANSWERED}
)
DOUBTFUL = frozenset({Signal.COMPLAINT, Signal.OTHER_BODY})

# How sure it must be that it is this service, and that requirements answer it; more when something makes it doubtful.
SURE, ASKED = 0.85, 0.65
DOUBTFUL_SURE, DOUBTFUL_ASKED = 0.92, 0.9
RIVAL = 0.4  # another service as likely as this makes it a choice,
FAR_BEHIND = 20.0  # unless its odds are so many times smaller than those of the first
OFFERED = 0.25  # a service less likely than this is not offered
PERHAPS_ASKED = 0.3  # below it nobody asks for requirements
CHOICES = 3


def decide(
    services: Sequence[RankedService],
    topics: Sequence[RankedService],
    asked: float,
    heard: frozenset[Signal],
    *,
    doubt: bool = False,
) -> tuple[Outcome, tuple[RankedService, ...]]:
    """``services``: best first; ``topics``: two services that clauses of their own speak of, or fewer; ``asked``: how
    likely requirements answer it; ``doubt``: something in the words says that it is a story."""
    if not services or heard & FOR_A_PERSON:
        return Outcome.PERSON, ()
    doubtful = doubt or bool(heard & DOUBTFUL)
    sure = DOUBTFUL_SURE if doubtful else SURE
    really_asked = asked >= (DOUBTFUL_ASKED if doubtful else ASKED)
    if really_asked and len(topics) == 2 and min(one.score for one in topics) >= sure:
        return Outcome.ANSWER, tuple(topics)
    rivals = [one for one in services[1:] if one.score >= RIVAL and _odds(services[0]) < FAR_BEHIND * _odds(one)]
    if really_asked and services[0].score >= sure and not rivals:
        return Outcome.ANSWER, (services[0],)
    offered = tuple(one for one in services if one.score >= OFFERED)[:CHOICES]
    if offered and asked >= PERHAPS_ASKED and not doubtful:
        return Outcome.CHOICES, offered
    return Outcome.PERSON, ()


def _odds(one: RankedService) -> float:
    return one.score / max(1e-4, 1 - one.score)
