"""The measurement of receiving, small: everything acknowledged is stored, also when all is killed in the middle."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pelita.config.cli.benches import ingest
from pelita.config.cli.benches.wire import Wire
from tests.prepared import Prepared

pytestmark = pytest.mark.system
FIELDS = {"name", "count", "seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s"}
COSTS = {"cpu_load_s", "cpu_web_s", "cpu_database_s", "memory_start_mib", "memory_end_mib"}


@pytest.fixture(scope="module")
def wire(prepared: Prepared) -> Iterator[Wire]:
    with tempfile.TemporaryDirectory(prefix="pelita-t-", ignore_cleanup_errors=True) as folder:
        made = Wire(prepared.demo(Path(folder)))
        try:
            made.start()
            yield made
        finally:
            made.end()


@pytest.mark.parametrize(("rate", "first"), [(0, 1000), (200, 2_000_000)])
def test_what_was_acknowledged_is_what_is_stored(wire: Wire, rate: float, first: int) -> None:
    found = ingest.measure(wire, 1.0, connections=8, rate=rate, first=first)
    assert set(found) >= FIELDS | COSTS
    assert found["count"] == found["acknowledged"] == found["stored"]
    assert (found["missing"], found["refused"], found["broken"]) == (0, {}, 0)
    assert found["count"]


def test_killed_in_the_middle_and_nothing_acknowledged_is_lost(wire: Wire) -> None:
    found = ingest.measure(wire, 6.0, connections=8, kill=True, first=5_000_000)
    acknowledged, stored, broken = (int(str(found[name])) for name in ("acknowledged", "stored", "broken"))
    assert found["missing"] == 0
    assert broken >= 8  # each connection had a body on its way
    assert 0 < acknowledged <= stored <= acknowledged + broken


def test_missing_body_is_noticed(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = wire.stored
    monkeypatch.setattr(wire, "stored", lambda first: [number for number in stored(first) if number != first + 3])
    assert ingest.measure(wire, 0.5, connections=4, first=9_000_000)["missing"] == 1
