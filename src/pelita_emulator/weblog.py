"""What went over the wire, for people to read: never a text, a number or a name."""

import itertools
from collections import Counter, deque

from .clock import Clock, iso
from .hub import Hub
from .records import Json, Update

KEPT = 500


class WireLog:
    """The newest entries and the counters since the start."""

    def __init__(self, clock: Clock, hub: Hub) -> None:
        self._clock = clock
        self._hub = hub
        self._numbers = itertools.count(1)
        self.entries: deque[Json] = deque(maxlen=KEPT)
        self.counters: Counter[str] = Counter()

    def call(self, event: str, status: int, ms: int, note: str = "") -> None:
        """A call of the business to the Graph API; status 0 when it got no answer."""
        self.counters["api_calls"] += 1
        self.counters["api_refused"] += status != 200
        self._keep(direction="from_office", event=event, count=1, status=status, ms=ms, attempt=1, note=note)

    def delivery(self, what: str, updates: list[Update], status: int, ms: int, note: str = "") -> None:
        """A delivery to the webhook, with all its updates; `what` is "webhook"."""
        self.counters[f"{what}_deliveries"] += 1
        self.counters[f"{what}_refused"] += status != 200
        self.counters[f"{what}_retries"] += any(update.attempts for update in updates)
        self._keep(
            direction="to_office",
            event=updates[0].event,
            count=len(updates),
            status=status,
            ms=ms,
            attempt=updates[0].attempts + 1,
            note=note,
        )

    def other(self, event: str, status: int, ms: int) -> None:
        """A raw delivery or a handshake."""
        self._keep(direction="to_office", event=event, count=1, status=status, ms=ms, attempt=1, note="")

    def clear(self) -> None:
        self.entries.clear()
        self.counters.clear()

    def _keep(self, **values: object) -> None:
        entry: Json = {"id": next(self._numbers), "at": iso(self._clock.now()), **values}
        self.entries.append(entry)
        if self._hub.heard:
            self._hub.publish("log", entry=entry)
