"""The measurement of broadcasts: its verdict on made-up cases. A small drill: test_drill_broadcast.py."""

from __future__ import annotations

import pytest

from pelita.config.cli.benches.broadcast import judged

FATES = {"1": "read", "2": "delivered", "3": "skipped", "4": "stopped"}


@pytest.mark.parametrize(
    ("fates", "shown", "left", "faults"),
    [
        ({}, {"1": 1, "2": 1}, {"3"}, (0, 0, 0, 0, 0)),
        ({}, {"1": 1, "2": 0}, (), (1, 0, 0, 0, 0)),
        ({}, {"1": 2, "2": 1}, (), (0, 1, 0, 0, 0)),
        ({}, {"1": 1, "2": 1, "4": 1}, (), (0, 0, 1, 0, 0)),
        ({"4": "uncertain"}, {"1": 1, "2": 1}, (), (0, 0, 0, 1, 0)),
        ({}, {"1": 1, "2": 1}, {"2"}, (0, 0, 0, 0, 1)),
    ],
    ids=["well", "missing", "twice", "untold", "unknown", "after stop"],
)
def test_verdict(fates: dict[str, str], shown: dict[str, int], left: set[str], faults: tuple[int, ...]) -> None:
    assert tuple(judged(FATES | fates, shown, left).values()) == faults
