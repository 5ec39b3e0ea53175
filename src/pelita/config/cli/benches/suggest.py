"""How many questions are understood in a second on one core: `./pelita bench suggest`. No database."""

from __future__ import annotations

import argparse
import random
import resource
import time

from pelita.catalog.understanding import compiled, evaluating, packaged
from pelita.config.cli.benches import summary

_SEED = 5
_SENTENCES = 5000  # at scale 1; each is asked once, so that a remembered word is all that helps


def run(options: argparse.Namespace) -> dict[str, object]:
    """Asks distinct sentences one after the other until they or the seconds end."""
    began = time.perf_counter()
    reader = compiled(packaged.sample())
    reader.read("ktp hilang")
    loading = time.perf_counter() - began
    durations: list[float] = []
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    started = time.perf_counter()
    for text in _questions(max(50, round(_SENTENCES * options.scale))):
        before = time.perf_counter()
        reader.afresh(text)
        after = time.perf_counter()
        durations.append(after - before)
        if after - started > options.seconds:
            break
    seconds = sum(durations)
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime - used
    return summary("suggest", durations, seconds) | {
        "cpu_ms_each": round(1000 * cpu / len(durations), 3),
        "load_ms": round(1000 * loading),
    }


def _questions(count: int) -> list[str]:
    """Sentences of citizens, each with a name of its own and one letter lost, so that no two are the same."""
    chance = random.Random(_SEED)  # noqa: S311  # the same questions every time
    known = [case.text for case in evaluating.packaged_cases("development")]
    found = []
    for _one in range(count):
        words = chance.choice(known).split()
        at = chance.randrange(len(words))
        if len(words[at]) > 4:
            lost = chance.randrange(1, len(words[at]))
            words[at] = words[at][:lost] + words[at][lost + 1 :]
        name = "".join(chance.choice("bdgjklmnprst") + chance.choice("aeiou") for _syllable in range(3))
        found.append(f"{' '.join(words)} {name}")
    return found
