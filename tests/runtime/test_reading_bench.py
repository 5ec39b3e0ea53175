"""The measurements of reading, small: every kind is read, with the queries that it takes at any size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pelita.config.cli.system import plain_environment

pytestmark = pytest.mark.system
FIELDS = {"name", "count", "seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s", "kinds", "messages"}


SMALL = ("--json", "--scale", "0.002", "--seconds", "0.1")


def measured(name: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "pelita", "bench", name, *SMALL, "--keep", str(folder), *more]
    return subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False, timeout=240)


def test_every_kind_is_read_in_an_archive_that_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    for name, kinds, makes in (("inbox", 11, True), ("search", 13, False)):
        found = measured(name, folder)
        assert ("Menyusun arsip" in found.stderr) is makes, found.stderr
        told = json.loads(found.stdout.splitlines()[-1])
        assert set(told) >= FIELDS
        assert (told["name"], told["messages"], len(told["kinds"])) == (name, 2000, kinds)
        for one in told["kinds"].values():
            assert 0 < one["queries"] < 40
            assert 0 < one["kb"] < 100
            assert 0 < one["cpu_python_ms"] <= one["cpu_p95_ms"]
    assert "--scale 0.002" in measured("inbox", folder, "--scale", "0.01").stderr


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("penting", encoding="utf-8")
    assert "berisi hal lain" in measured("inbox", tmp_path).stderr
    assert [one.name for one in tmp_path.iterdir()] == ["surat.txt"]
