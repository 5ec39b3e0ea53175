"""Makes the weights from the phrases of this repository. Only `scripts/train-understanding` needs it.

One logistic regression for each service, each section, and for "is answered by requirements", trained together with
the same features: plain Python, the same result everywhere.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pelita.catalog.understanding import features, lexicon, weights

_ROUNDS = 14
_STEP = 0.35
_DECAY = 0.0004  # of every weight that is touched, so that rare features stay small
_UNSURE = 0.01  # errors below this change nothing
_ASKED, _RUNNING, _PAIRS = 5, 2, 900
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with what is right for it; ``answer`` is None where nobody needs to know."""

    words: str
    services: frozenset[str]
    sections: frozenset[str]
    answer: bool


def examples() -> list[Example]:
    """Our phrases, alone, in frames, and two at a time."""
    return [*_single(), *_two()]


def _sections_of() -> dict[str, str]:
    return {one["code"]: one["section"] for one in json.loads(lexicon.data("services.json"))["services"]}


def _phrases() -> list[lexicon.Phrase]:
    named = [
        lexicon.Phrase(service=one["code"], answer=True, section="", words=words)
        for one in json.loads(lexicon.data("services.json"))["services"]
        for words in (*one["aliases"], one["short_name"], one["name"])
        if one["code"] not in _REPORTS
    ]
    return [*lexicon.phrases(), *named]


# What people say of these is mostly a report, and an alias alone ("jalan rusak") is one.
_REPORTS = frozenset({"INFRA-ADUAN", "SENGKETA", "PENGADUAN", "INFO-UMUM"})


_TOLD = frozenset({"INFRA-ADUAN", "SENGKETA"})


def _single() -> Iterator[Example]:
    chance = random.Random(_SEED)  # noqa: S311  # the same choices every time, nothing secret
    section_of = _sections_of()
    frames: dict[str, list[str]] = {}
    for kind, frame in lexicon.rows("frames.csv"):
        frames.setdefault(kind, []).append(frame)
    for phrase in _phrases():
        services = frozenset({phrase.service} - {""})
        section = section_of.get(phrase.service, phrase.section)
        sections = frozenset({section} - {""})
        yield Example(phrase.words, services, sections, phrase.answer)
        if phrase.answer or not phrase.service:
            for frame in chance.sample(frames["ask"], _ASKED):
                yield Example(frame.format(phrase.words), services, sections, phrase.answer)
        elif phrase.service in _TOLD:
            # "jalan rusak" is told; "cara lapor jalan rusak" asks.
            for frame in chance.sample(frames["report"], _RUNNING):
                yield Example(frame.format(phrase.words), services, sections, answer=True)
        if phrase.answer and phrase.service not in _REPORTS:
            for frame in chance.sample(frames["case"], _RUNNING):
                yield Example(frame.format(phrase.words), services, sections, answer=False)


def _two() -> Iterator[Example]:
    chance = random.Random(_SEED + 1)  # noqa: S311
    section_of = _sections_of()
    known = [one for one in _phrases() if one.service and one.answer]
    for _pair in range(_PAIRS):
        one, other = chance.sample(known, 2)
        joined = f"{one.words} {chance.choice(('dan', 'sekalian', 'sama', 'terus', 'karo'))} {other.words}"
        services = frozenset({one.service, other.service})
        yield Example(joined, services, frozenset(section_of[code] for code in services), answer=True)


class _Learner:
    """Weights while they are being learned: for each feature one row, a column for each name."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.bias = [-2.0] * len(names)
        self.rows: dict[str, list[float]] = {}
        self.seen: dict[str, list[float]] = {}

    def learn(self, given: list[str], right: set[int]) -> None:
        """One step towards what is right."""
        width = len(self.names)
        rows = [self.rows.setdefault(one, [0.0] * width) for one in given]
        sums = [sum(column) for column in zip(self.bias, *rows, strict=True)]
        for place, total in enumerate(sums):
            error = (place in right) - weights.likely(total)
            if abs(error) > _UNSURE:
                self._move(given, rows, place, error)

    def _move(self, given: list[str], rows: list[list[float]], place: int, error: float) -> None:
        self.bias[place] += 0.02 * error
        for feature, row in zip(given, rows, strict=True):
            seen = self.seen.setdefault(feature, [0.5] * len(self.names))
            seen[place] += error * error
            row[place] += _STEP * error / math.sqrt(seen[place]) - _DECAY * row[place]


def train() -> dict[str, object]:
    """The contents of `weights.json`."""
    section_of = _sections_of()
    matters = [*section_of, *(f"section:{code}" for code in sorted(set(section_of.values())))]
    about, asking = _Learner(matters), _Learner([weights.ANSWER])
    prepared = [_prepared(one, matters) for one in examples()]
    chance = random.Random(_SEED + 2)  # noqa: S311
    for _round in range(_ROUNDS):
        chance.shuffle(prepared)
        for spoken_of, right, asked, answer in prepared:
            about.learn(spoken_of, right)
            asking.learn(asked, {0} if answer else set())
    return {
        "fingerprint": weights.fingerprint(),
        "names": [*matters, weights.ANSWER],
        "bias": [round(one * weights.SCALE) for one in (*about.bias, *asking.bias)],
        "features": dict(sorted({**_kept(about, 0), **_kept(asking, len(matters))}.items())),
    }


def _prepared(one: Example, names: list[str]) -> tuple[list[str], set[int], list[str], bool]:
    words = features.words_of(one.words)
    concepts = [concept for concept, _tokens in features.conceived(words)]
    right = {names.index(code) for code in (*one.services, *(f"section:{code}" for code in one.sections))}
    return sorted(features.about(concepts)), right, sorted(features.asking(words, concepts)), one.answer


def _kept(learned: _Learner, first: int) -> dict[str, list[int]]:
    """Weights worth keeping, as whole hundredths."""
    found = {}
    for feature, row in learned.rows.items():
        kept = [(first + place, round(one * weights.SCALE)) for place, one in enumerate(row)]
        flat = [number for pair in kept if abs(pair[1]) >= 8 for number in pair]
        if flat:
            found[feature] = flat
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(train(), separators=(",", ":")).replace('],"', '],\n"') + "\n")
