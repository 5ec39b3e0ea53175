"""The drill of broadcasts, small: a hundred subscribers, a worker killed, people who opt out, a stop half-way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pelita.config.cli.system import plain_environment
from tests.prepared import Prepared


@pytest.mark.system
def test_a_hundred_subscribers(folder: Path, prepared: Prepared) -> None:
    begin = {"PELITA_BEGIN_WITH": str(prepared.demo(folder / "begin")), "TMPDIR": str(folder)}
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pelita", "drill", "broadcast", "--scale", "0.02"],
        env=plain_environment() | begin | {"PELITA_SETTLE_AFTER": "10"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Lulus" in run.stderr
