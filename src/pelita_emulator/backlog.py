"""Which updates go into the next delivery. Decides only; the courier carries them.

First attempts keep the order of each lane (one citizen on one line). Retries wait apart, so that
what fails never holds up what is new.
"""

import heapq
from collections import deque
from collections.abc import Callable, Collection

from .records import Update

MOST_UPDATES = 1000
MOST_BYTES = 3_000_000 - 4096
# With more lanes than this waiting on one line they share a body, as Meta does when much happens at once.
MANY = 3


def weight(update: Update) -> int:
    """Bytes of the update within a body, with room for the envelope of a change around it."""
    return len(update.item.encode()) + len((update.contact or "").encode()) + 256


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
        self._lines: dict[str, dict[str, deque[Update]]] = {}
        self._later: list[tuple[float, int, Update]] = []

    def __len__(self) -> int:
        return sum(len(waiting) for lanes in self._lines.values() for waiting in lanes.values()) + len(self._later)

    @property
    def planned(self) -> int:
        """How many wait for their next attempt."""
        return len(self._later)

    def put(self, update: Update) -> None:
        """A first attempt, or a retry at its `next_at`."""
        if update.attempts:
            heapq.heappush(self._later, (update.next_at, update.seq, update))
        else:
            lanes = self._lines.setdefault(update.line, {})
            lanes.setdefault(update.lane, deque()).append(update)

    def clear(self) -> None:
        self._lines.clear()
        self._later.clear()

    def shift(self, seconds: float) -> None:
        """The clock was set back: plans move with it, their order stays."""
        for lanes in self._lines.values():
            for waiting in lanes.values():
                for update in waiting:
                    update.created -= seconds
        for _, _, update in self._later:
            update.created -= seconds
            update.next_at -= seconds
        self._later = [(update.next_at, seq, update) for _, seq, update in self._later]

    def next_retry(self) -> float | None:
        """When the next one is due; those of a line without a webhook are due when it has one."""
        for due, _, update in heapq.nsmallest(50, self._later):
            if self._reachable(update.line):
                return due
        return None

    def take_new(self, busy: Collection[str]) -> list[Update]:
        """First attempts for one POST: one lane's, or those of all lanes of a line when they are many."""
        for line, lanes in self._lines.items():
            if not self._reachable(line):
                continue
            free = [lane for lane in lanes if lane not in busy]
            if free:
                # The next line has its turn first, so that a busy one starves nobody.
                self._lines[line] = self._lines.pop(line)
                return self._take(lanes, free if len(free) > MANY else free[:1])
        return []

    def _take(self, lanes: dict[str, deque[Update]], chosen: list[str]) -> list[Update]:
        batch = Batch()
        for lane in chosen:
            waiting = lanes[lane]
            while waiting and batch.add(waiting[0]):
                waiting.popleft()
            if waiting:
                break
            del lanes[lane]
        return batch.updates

    def take_due(self, free: int, now: float) -> list[Update]:
        """Retries for one POST: one update, or many together when more are due than there is room for.

        An update that the business refused itself goes alone, so that it cannot spoil its neighbours.
        """
        crowded = len(self._later) > free and heapq.nsmallest(free + 1, self._later)[-1][0] <= now
        batch, aside = Batch(), []
        while self._later and self._later[0][0] <= now:
            update = self._later[0][2]
            if not self._reachable(update.line):
                aside.append(heapq.heappop(self._later))
                continue
            if (batch.updates and (not crowded or update.solo)) or not batch.add(update):
                break
            heapq.heappop(self._later)
            if update.solo:
                break
        for entry in aside:
            heapq.heappush(self._later, entry)
        return batch.updates
