"""The weights that the software brings along: how much each feature says for a service, a section, an answer.

Written by `scripts/train-understanding` from the lists of this repository; ``fingerprint`` says from which.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pelita.catalog.understanding import lexicon

ANSWER = "answer"  # the name of the one weight that is neither a service's nor a section's
SCALE = 100  # weights are kept as whole hundredths
_SOURCES = (
    ("pelita.catalog", "data", ("phrases.csv", "concepts.csv", "frames.csv", "function-words.txt", "services.json")),
    ("pelita.base", "data", ("slang.csv", "javanese.csv", "slang-louisowen6.csv", "protected.txt", "roots.txt")),
    ("pelita.base", "", ("language.py",)),
    ("pelita.catalog.understanding", "", ("features.py", "spelling.py", "training.py")),
)


@dataclass(frozen=True, slots=True)
class Weights:
    """``names``: what is weighed. ``features``: for each the places of names and their weights in hundredths.

    ``bias``: of each name, in the same unit. ``places``: where each name is.
    """

    names: tuple[str, ...]
    bias: tuple[int, ...]
    features: dict[str, list[int]]
    places: dict[str, int]

    def sums(self, features: Iterable[str]) -> list[float]:
        """The evidence for each name, as log odds."""
        found = list(self.bias)
        known = self.features
        for feature in features:
            row = known.get(feature)
            if row:
                for at in range(0, len(row), 2):
                    found[row[at]] += row[at + 1]
        return [one / SCALE for one in found]

    def of(self, feature: str, place: int) -> int:
        """What one feature says for one name, in hundredths."""
        row = self.features.get(feature, ())
        return next((row[at + 1] for at in range(0, len(row), 2) if row[at] == place), 0)


@cache
def weights() -> Weights:
    """Reads the packaged weights: some thousand features, a few milliseconds."""
    loaded = json.loads(lexicon.data("weights.json"))
    places = {name: place for place, name in enumerate(loaded["names"])}
    return Weights(tuple(loaded["names"]), tuple(loaded["bias"]), loaded["features"], places)


def fingerprint() -> str:
    """Of everything that the weights are made from."""
    digest = hashlib.sha256()
    for package, folder, names in _SOURCES:
        root = resources.files(package)
        for name in names:
            path = root / folder / name if folder else root / name
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def likely(log_odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
