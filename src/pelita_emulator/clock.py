"""The emulator's clock: real time plus an offset that people may move.

Timestamps and the 24-hour window follow it. Retries and other waiting use real time.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

HOUR = 3600.0
WINDOW_SECONDS = 24 * HOUR


@dataclass
class Clock:
    """`offset` in seconds is added to the real time."""

    offset: float = 0.0

    def now(self) -> float:
        """Emulator time in unix seconds."""
        return time.time() + self.offset


def iso(moment: float) -> str:
    """ISO 8601 in UTC with milliseconds: sortable as text, unambiguous for every reader."""
    stamp = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")
