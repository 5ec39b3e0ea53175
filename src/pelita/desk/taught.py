"""What an office's own dispositions say of a question, and how much that counts. Pure and explainable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HALF = 5  # dispositions after which they count as much as what was known before
FEWEST = 2  # one disposition may be a mistake


@dataclass(frozen=True, slots=True)
class Lesson:
    """``shares``: of each section, how much of these words it got; ``weight``: how much that counts, 0 to 1."""

    shares: dict[int, float]
    weight: float
    words: dict[int, tuple[str, ...]]


class Taught:
    """Sums of words by section."""

    def __init__(self, memories: Mapping[int, Mapping[str, int]]) -> None:
        self._words: dict[str, dict[int, int]] = {}
        for section, words in memories.items():
            for word, times in words.items():
                self._words.setdefault(word, {})[section] = times

    def lesson(self, words: Iterable[str]) -> Lesson:
        """What these words teach. A word counts the more, the oftener it was seen and the fewer sections had it."""
        shares: dict[int, float] = {}
        reasons: dict[int, tuple[str, ...]] = {}
        total = heaviest = 0.0
        for word in words:
            times = self._words.get(word, {})
            seen = sum(times.values())
            if seen < FEWEST:
                continue
            first = max(times, key=lambda section: (times[section], -section))
            weight = seen / (seen + HALF) * (times[first] / seen) ** 2
            heaviest, total = max(heaviest, weight), total + weight
            reasons[first] = (*reasons.get(first, ()), word)
            for section, count in times.items():
                shares[section] = shares.get(section, 0.0) + weight * count / seen
        return Lesson({section: share / total for section, share in shares.items()}, heaviest, reasons)


NOTHING = Taught({})
