"""The measurement of live updates, small: every message is heard, and the result has its fields."""

from __future__ import annotations

from pelita.config.cli.benches import live
from tests.journeys.system import System


def test_every_message_is_heard(system: System) -> None:
    found = live.measure(system, 1.0)
    assert {"name", "count", "seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s", "list_p50_ms"} <= set(found)
    count = found["count"]
    assert isinstance(count, int)
    assert count >= 1
