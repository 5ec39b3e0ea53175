"""The way of an office message to the phone: accepted → sent → delivered → read, or failed.

Each step is a conditional move and its status update in one transaction, so a kill at any moment
neither repeats nor loses one. Times between steps are real time.
"""

import asyncio
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .payloads import status_payload
from .records import Citizen, Message, Update

if TYPE_CHECKING:
    from .world import World


def lane_of(line: str, citizen: str | None) -> str:
    return f"{line}/{citizen or '-'}"


class Journey:
    """Timers of messages on their way; `resume` sets them again after a restart."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._timers: set[asyncio.TimerHandle] = set()
        self._last_due: dict[str, float] = {}

    def resume(self) -> None:
        for message in self._world.store.moving():
            citizen = self._citizen(message)
            if message.status == "accepted":
                self.accepted(message)
            elif message.status == "sent" and citizen is not None and citizen.online:
                self._later(message, self._world.settings.delivered_delay, self._deliver)
            elif message.status == "delivered" and citizen is not None and citizen.auto_read:
                self._later(message, self._world.settings.auto_read_delay, self._auto_read)

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._last_due.clear()

    def accepted(self, message: Message) -> None:
        self._later(message, self._world.settings.sent_delay, self._send)

    def online(self, citizen: Citizen) -> None:
        """The phone is on again: what waited for it arrives."""
        for line in self._world.settings.lines:
            waiting = self._world.store.messages_up_to(citizen.id, line.phone_number_id, "in", ("sent",), 2**62)
            for message in waiting:
                self._later(message, (0.02, 0.08), self._deliver)

    def read(self, messages: list[Message]) -> None:
        """The citizen saw these; each gets its own status, as Meta sends them."""
        for message in messages:
            self._move(message.wamid, ("delivered",), "read")

    def _later(self, message: Message, delay: tuple[float, float], step: Callable[[str], None]) -> None:
        """Do the step after a random delay, never before the step of an earlier message of the chat."""
        lane = lane_of(message.line, message.citizen or message.recipient) + step.__name__
        now = time.monotonic()
        due = max(now + random.uniform(*delay), self._last_due.get(lane, 0.0) + 0.001)  # noqa: S311 - a delay is no secret
        self._last_due[lane] = due

        def run() -> None:
            self._timers.discard(timer)
            step(message.wamid)

        timer = asyncio.get_running_loop().call_later(due - now, run)
        self._timers.add(timer)

    def _send(self, wamid: str) -> None:
        message = self._world.store.message(wamid)
        if message is None:
            return
        if message.error is not None:
            self._move(wamid, ("accepted",), "failed")
            return
        citizen = self._citizen(message)
        if self._move(wamid, ("accepted",), "sent") and citizen is not None and citizen.online:
            self._later(message, self._world.settings.delivered_delay, self._deliver)

    def _deliver(self, wamid: str) -> None:
        message = self._world.store.message(wamid)
        citizen = self._citizen(message) if message else None
        if message is None or citizen is None or not citizen.online:
            return
        self._world.typing.pop(lane_of(message.line, citizen.id), None)
        if self._move(wamid, ("sent",), "delivered") and citizen.auto_read:
            self._later(message, self._world.settings.auto_read_delay, self._auto_read)

    def _auto_read(self, wamid: str) -> None:
        self._move(wamid, ("delivered",), "read")

    def _move(self, wamid: str, expected: tuple[str, ...], status: str) -> bool:
        world = self._world
        message = world.store.message(wamid)
        if message is None:
            return False
        citizen = self._citizen(message)
        now = world.clock.now()
        with world.store.transaction():
            if not world.store.move_message(wamid, expected, status=status):
                return False
            update = world.queue.add(
                Update(
                    seq=0,
                    line=message.line,
                    lane=lane_of(message.line, message.citizen or message.recipient),
                    kind="status",
                    event=f"status.{status}",
                    payload=status_payload(citizen, message, status, now),
                    created=time.time(),
                    wamid=wamid,
                )
            )
        world.courier.put(update)
        if citizen is not None:
            world.tell_message(wamid, citizen, message.line)
        return True

    def _citizen(self, message: Message) -> Citizen | None:
        return self._world.store.citizen("id", message.citizen) if message.citizen else None
