"""One file for each measurement, and the arithmetic they share."""

from __future__ import annotations

from collections.abc import Sequence


def summary(name: str, durations: Sequence[float], seconds: float) -> dict[str, object]:
    """The fields every measurement ends with. `durations` in seconds, one for each thing done."""
    ordered = sorted(durations)
    count = len(ordered)

    def percentile(share: float) -> float:
        return round(ordered[min(count - 1, int(share * count))] * 1000, 1) if count else 0.0

    return {
        "name": name,
        "count": count,
        "seconds": round(seconds, 3),
        "rate": round(count / seconds, 2) if seconds else 0.0,
        "p50_ms": percentile(0.5),
        "p95_ms": percentile(0.95),
        "p99_ms": percentile(0.99),
        "over_1s": round(sum(value > 1 for value in ordered) / count, 4) if count else 0.0,
    }
