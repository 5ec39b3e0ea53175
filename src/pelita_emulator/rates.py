"""Meta's rates: a bucket for each number (in and out together), one for each number and citizen, one an account.

The number's limit is 80 messages a second, 1,000 after an upgrade, 20 in coexistence; the pair's is one message
per 6 seconds with a burst of 45; management calls are counted by the hour of the emulator's clock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .options import Options

COEXISTENCE_PER_SECOND = 20.0
HIGH_PER_SECOND = 1000.0
HOUR = 3600


@dataclass
class Bucket:
    """`size` tokens at most, refilled with `rate` tokens a second of real time."""

    size: float
    rate: float
    tokens: float = field(init=False)
    seen: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.size
        self.seen = time.monotonic()

    def _refill(self) -> None:
        now = time.monotonic()
        self.tokens = min(self.size, self.tokens + (now - self.seen) * self.rate)
        self.seen = now

    def allows(self) -> bool:
        self._refill()
        return self.tokens >= 1

    def spend(self) -> None:
        """Take one token, down to none: what comes in cannot be refused but still counts."""
        self._refill()
        self.tokens = max(0.0, self.tokens - 1)


class Rates:
    """Buckets, made when first needed. `per_second` gives a number's limit."""

    def __init__(self, options: Options, per_second: Callable[[str], float]) -> None:
        self._options = options
        self._per_second = per_second
        self._numbers: dict[str, Bucket] = {}
        self._pairs: dict[tuple[str, str], Bucket] = {}
        self._calls: dict[tuple[str, int], int] = {}

    def number(self, line: str) -> Bucket:
        if line not in self._numbers:
            limit = self._per_second(line)
            self._numbers[line] = Bucket(limit, limit)
        return self._numbers[line]

    def pair(self, line: str, recipient: str) -> Bucket:
        key = (line, recipient)
        if key not in self._pairs:
            self._pairs[key] = Bucket(self._options.pair_burst, 1 / self._options.pair_seconds)
        return self._pairs[key]

    def manage(self, account: str, now: float) -> bool:
        """Count one management call of an account; False when the hour's calls are used up."""
        key = (account, int(now // HOUR))
        used = self._calls.get(key, 0)
        if used >= self._options.management_per_hour:
            return False
        self._calls[key] = used + 1
        return True
