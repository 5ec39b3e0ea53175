"""The measurements of reading, small: every kind is read, with the queries that it takes at any size."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from pelita.config.cli.system import plain_environment

pytestmark = pytest.mark.system
FIELDS = {"name", "count", "seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s", "kinds", "messages"}


@pytest.mark.parametrize(("name", "kinds"), [("inbox", 10), ("search", 13)])
def test_every_kind_is_read(name: str, kinds: int) -> None:
    command = [sys.executable, "-P", "-m", "pelita", "bench", name, "--json", "--scale", "0.002", "--seconds", "0.1"]
    found = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=True, timeout=120)
    told = json.loads(found.stdout.splitlines()[-1])
    assert set(told) >= FIELDS
    assert (told["name"], told["messages"], len(told["kinds"])) == (name, 2000, kinds)
    for one in told["kinds"].values():
        assert 0 < one["queries"] < 40
        assert 0 < one["kb"] < 100
