"""Meta's rates: a bucket for each number (in and out together) and one for each number and citizen."""

import time
from dataclasses import dataclass, field


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


@dataclass
class Rates:
    """Both kinds of buckets, made when first needed. Limits come from the options."""

    number_per_second: float = 80
    pair_seconds: float = 6
    pair_burst: float = 45
    numbers: dict[str, Bucket] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def number(self, line: str) -> Bucket:
        if line not in self.numbers:
            self.numbers[line] = Bucket(self.number_per_second, self.number_per_second)
        return self.numbers[line]

    def pair(self, line: str, recipient: str) -> Bucket:
        key = (line, recipient)
        if key not in self.pairs:
            self.pairs[key] = Bucket(self.pair_burst, 1 / self.pair_seconds)
        return self.pairs[key]
