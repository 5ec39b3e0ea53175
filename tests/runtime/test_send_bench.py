"""The measurement of sending: its verdict on made-up cases, and a small run in which the worker dies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pelita.config.cli.benches.send import judged
from pelita.config.cli.system import plain_environment
from tests.prepared import Prepared

SENT = [("1/7", "Pesan 0."), ("1/8", "Pesan 1."), ("1/7", "Pesan 2.")]


@pytest.mark.parametrize(
    ("shown", "faults"),
    [
        ([["Pesan 0.", "Pesan 2."], ["Pesan 1."]], (0, 0, 0)),
        ([["Templat lain", "Pesan 0.", "Pesan 2."], ["Pesan 1."]], (0, 0, 0)),
        ([["Pesan 0.", "Pesan 2."], []], (1, 0, 0)),
        ([["Pesan 0.", "Pesan 2.", "Pesan 2."], ["Pesan 1."]], (0, 1, 0)),
        ([["Pesan 2.", "Pesan 0."], ["Pesan 1."]], (0, 0, 1)),
    ],
    ids=["well", "others", "missing", "twice", "out of order"],
)
def test_verdict(shown: list[list[str]], faults: tuple[int, int, int]) -> None:
    assert tuple(judged(SENT, shown).values()) == faults


@pytest.mark.system
def test_five_numbers_while_the_worker_is_killed(prepared: Prepared, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "pelita", "bench", "send", "--json", "--kill"]
    # Answers that were lost are waited for; three minutes of that would be all that this test does.
    surroundings = plain_environment() | {
        "PELITA_SETTLE_AFTER": "10",
        "PELITA_BEGIN_WITH": str(prepared.demo(tmp_path / "begin")),
    }
    run = subprocess.run(
        [*command, "--seconds", "4", "--scale", "0.1"], env=surroundings, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert (found["name"], found["lines"], found["queued"], found["count"]) == ("send", 5, 160, 160)
    assert (found["missing"], found["twice"], found["out_of_order"], found["failed"]) == (0, 0, 0, 0)
    assert (found["rate_limited"], found["pair_limited"], found["delivered"]) == (0, 0, 160)
