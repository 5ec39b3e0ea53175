"""The measurement of processing, small: every update is in its place, and one that is not is noticed."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from pelita.config.cli.benches import process
from tests.prepared import Prepared

pytestmark = pytest.mark.system
FIELDS = {"name", "count", "seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s"}


@pytest.fixture(autouse=True)
def begun(prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELITA_BEGIN_WITH", str(prepared.demo(tmp_path / "begin")))


def options(**fields: object) -> argparse.Namespace:
    return argparse.Namespace(
        **({"scale": 1.0, "seconds": 2.0, "rate": 0.0, "together": False, "processes": 1} | fields)
    )


def test_all_that_waits_gets_to_its_place() -> None:
    found = process.run(options(scale=0.016, processes=2))
    assert set(found) >= FIELDS | {"cpu_worker_s", "cpu_database_s", "cpu_us_an_update"}
    assert (found["count"], found["wrong"]) == (1600, {})
    assert int(str(found["notices"])) >= 1600


def test_all_that_comes_in_gets_to_its_place() -> None:
    found = process.run(options(together=True, rate=100.0))
    assert set(found) >= FIELDS | {"oldest_s", "cpu_web_s"}
    assert (found["count"], found["wrong"], found["refused"], found["unsent"]) == (200, {}, {}, 0)


def test_update_that_is_not_in_its_place_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = process.FAULTS | {"statuses": process.FAULTS["statuses"] + " AND status <> 'read'"}
    monkeypatch.setattr(process, "FAULTS", faults)
    found = process.run(options(scale=0.008))
    assert found["wrong"] == {"statuses": -200}
    assert found["missing"] == 200
