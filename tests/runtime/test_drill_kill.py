"""The kill drill: its verdict on made-up cases, and a short run of the real thing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pelita.config.cli.drills.verdict import judge
from pelita.config.cli.system import plain_environment
from tests.prepared import Prepared
from tests.runtime.conftest import processes_with

Row = dict[str, Any]
ANSWER = {"direction": "in", "wamid": "out.1", "text": "Jawaban 1.\n\nKecamatan"}


def case(**changes: Any) -> list[str]:
    """The verdict on one question and its answer, with something changed."""
    found: Row = {
        "incoming": [{"wamid": "in.1", "direction": "in", "type": "text"}],
        "outgoing": [{"id": "out-1", "wamid": "out.1", "direction": "out", "type": "text"}],
        "answers": [{"final_text": "Jawaban 1."}],
        "chat": [{"direction": "out", "wamid": "in.1", "text": "?"}, ANSWER],
        "tried": {"Jawaban 1."},
    } | changes  # fmt: skip
    rows = {"messages": found["incoming"] + found["outgoing"], "answers": found["answers"]}
    return [line.split(":")[0] for line in judge(rows, {"in.1"}, found["tried"], [found["chat"]])]


def test_verdict_when_all_is_well() -> None:
    assert case() == []
    assert case(tried={"Jawaban 1.", "Jawaban 2, terputus."}) == []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"incoming": []}, ["diakui tetapi hilang"]),
        ({"incoming": [{"wamid": "in.1", "direction": "in", "type": "text"}] * 2}, ["tercatat lebih dari sekali"]),
        ({"chat": []}, ["jawaban tidak sampai", "keluar tanpa sampai di HP"]),
        ({"chat": [ANSWER, ANSWER | {"wamid": "out.2"}]}, ["jawaban sampai lebih dari sekali", "di HP tanpa tercatat"]),
        ({"answers": []}, ["jawaban sampai tanpa tercatat"]),
        ({"outgoing": []}, ["di HP tanpa tercatat"]),
    ],
)
def test_verdict_names_each_fault(changes: Row, faults: list[str]) -> None:
    assert case(**changes) == faults


@pytest.mark.system
def test_three_rounds(folder: Path, prepared: Prepared) -> None:
    begin = {"PELITA_BEGIN_WITH": str(prepared.demo(folder / "begin")), "TMPDIR": str(folder)}
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pelita", "drill", "kill", "--rounds", "3", "--seed", "7"],
        env=plain_environment() | begin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "putaran 3/3" in run.stderr
    assert "Lulus" in run.stderr
    assert processes_with(str(folder)) == []
