"""Which updates go into the next delivery. Decides only; the courier carries them.

First attempts keep the order of each lane (one citizen on one line). Retries wait apart, so that
what fails never holds up what is new.
"""

import heapq
import json
from collections import deque
from collections.abc import Callable, Collection

from .records import Update

MOST_UPDATES = 1000
MOST_BYTES = 3_000_000 - 4096


def weight(update: Update) -> int:
    """Bytes of the update within a body, with room for the envelope of a change around it."""
    return len(json.dumps(update.payload, ensure_ascii=False).encode()) + 256


class Batch:
    """Updates of one line, within Meta's limits for one POST."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self._bytes = 0

    def add(self, update: Update) -> bool:
        """False, and nothing added, when it does not fit or belongs to another line."""
        size = weight(update)
        if self.updates and (
            len(self.updates) >= MOST_UPDATES or self._bytes + size > MOST_BYTES or update.line != self.updates[0].line
        ):
            return False
        self.updates.append(update)
        self._bytes += size
        return True


class Backlog:
    """`reachable` tells whether a line has a webhook at all."""

    def __init__(self, reachable: Callable[[str], bool]) -> None:
        self._reachable = reachable
        self._lanes: dict[str, deque[Update]] = {}
        self._later: list[tuple[float, int, Update]] = []

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values())) + len(self._later)

    def put(self, update: Update) -> None:
        """A first attempt, or a retry at its `next_at`."""
        if update.attempts:
            heapq.heappush(self._later, (update.next_at, update.seq, update))
        else:
            self._lanes.setdefault(update.lane, deque()).append(update)

    def clear(self) -> None:
        self._lanes.clear()
        self._later.clear()

    def next_retry(self) -> float | None:
        return self._later[0][0] if self._later else None

    def take_new(self, free: int, busy: Collection[str]) -> list[Update]:
        """First attempts for one POST: one lane's, or a share of all lanes when they are too many."""
        lanes = [lane for lane, waiting in self._lanes.items() if lane not in busy and self._reachable(waiting[0].line)]
        batch = Batch()
        for lane in lanes[: -(-len(lanes) // free)]:
            waiting = self._lanes[lane]
            while waiting and batch.add(waiting[0]):
                waiting.popleft()
            if waiting:
                break
            del self._lanes[lane]
        return batch.updates

    def take_due(self, free: int, now: float) -> list[Update]:
        """Retries for one POST: one update, or many together when more are due than there is room for.

        An update that the business refused itself goes alone, so that it cannot spoil its neighbours.
        """
        crowded = len(self._later) > free and heapq.nsmallest(free + 1, self._later)[-1][0] <= now
        batch = Batch()
        while self._later and self._later[0][0] <= now:
            update = self._later[0][2]
            if (batch.updates and (not crowded or update.solo)) or not self._reachable(update.line):
                break
            if not batch.add(update):
                break
            heapq.heappop(self._later)
            if update.solo:
                break
        return batch.updates
