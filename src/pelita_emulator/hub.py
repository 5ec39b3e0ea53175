"""What happens, told to whoever looks at the page: a small publish and subscribe in one process."""

import asyncio
from typing import Any

Event = dict[str, Any]
ROOM_FOR = 2000


class Hub:
    """Listeners get every event after they joined; a slow one gets a single "refresh" instead."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self.closed = False

    def join(self) -> asyncio.Queue[Event | None]:
        """A queue of events; None means that the emulator stops."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(ROOM_FOR + 1)
        if self.closed:
            queue.put_nowait(None)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Event | None]) -> None:
        self._listeners.discard(queue)

    @property
    def heard(self) -> bool:
        """Whether anybody listens; saves building events for nobody."""
        return bool(self._listeners)

    def publish(self, kind: str, **values: Any) -> None:
        for queue in self._listeners:
            if queue.qsize() >= ROOM_FOR:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"kind": "refresh"})
            queue.put_nowait({"kind": kind, **values})

    def close(self) -> None:
        self.closed = True
        for queue in self._listeners:
            while queue.qsize() >= ROOM_FOR:
                queue.get_nowait()
            queue.put_nowait(None)
