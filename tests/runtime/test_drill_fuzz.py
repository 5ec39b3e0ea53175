"""The fuzz drill: a short run of the real thing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pelita.config.cli.system import plain_environment


@pytest.mark.system
def test_a_few_seconds() -> None:
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pelita", "drill", "fuzz", "--seconds", "3"],
        env=plain_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "tidak ada yang gagal atau hilang" in run.stdout + run.stderr
