"""The way of an office message to the phone: accepted → sent → delivered → read → played, or failed.

Each step is a conditional move and its status update in one transaction, so a kill at any moment
neither repeats nor loses one. What is due at the same moment is moved together. Times between steps are real time.
"""

import asyncio
import heapq
import itertools
import random
from typing import TYPE_CHECKING

from .chats import NEWEST
from .payloads import contact_text, status_item
from .records import IN, PHONE, Citizen, Message, Update
from .updates import dumps

if TYPE_CHECKING:
    from .world import World

# Steps that are due within this many seconds are taken together; more when many messages are on their way.
GRAIN, COARSE_GRAIN, MANY = 0.005, 0.1, 100
STEPS = ("sent", "delivered", "read")
BEFORE = {"sent": ("accepted",), "failed": ("accepted",), "delivered": ("sent",), "read": ("delivered",)}


def lane_of(line: str, citizen: str | None) -> str:
    return f"{line}/{citizen or '-'}"


class Journey:
    """Plans of messages on their way; `resume` makes them again after a restart."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._plans: list[tuple[float, int, str, Message]] = []
        self._last_due: dict[str, float] = {}
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at = 0.0

    def resume(self) -> None:
        for message in self._world.chats.moving():
            citizen = self._world.people.get(message.citizen)
            if message.status == "accepted":
                self.accepted(message)
            elif message.status == "sent" and citizen is not None and citizen.online:
                self._plan(message, "delivered")
            elif message.status == "delivered" and citizen is not None and citizen.auto_read:
                self._plan(message, "read")

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._plans.clear()
        self._last_due.clear()

    def accepted(self, message: Message) -> None:
        self._plan(message, "sent")

    def online(self, citizen: Citizen) -> None:
        """The phone is on again: what waited for it arrives."""
        for line in self._world.chats.lines_of(citizen.id):
            for message in self._world.chats.up_to(citizen.id, line, IN, ("sent",), NEWEST):
                self._plan(message, "delivered", (0.02, 0.08))

    def read(self, messages: list[Message]) -> None:
        """The citizen saw these; each gets its own status, as Meta sends them."""
        self._take([("read", message) for message in messages])

    def played(self, message: Message) -> bool:
        """The citizen listened to a voice message; False when it was not there to be played."""
        return bool(self._take([("played", message)]))

    def _plan(self, message: Message, step: str, delay: tuple[float, float] | None = None) -> None:
        """Take the step after a random delay, never before the step of an earlier message of the chat."""
        least, most = delay or self._world.settings.delays[step]
        lane = f"{step} {message.line}/{message.citizen or message.recipient}"
        now = asyncio.get_running_loop().time()
        due = max(now + random.uniform(least, most), self._last_due.get(lane, 0.0))  # noqa: S311 - a delay is no secret
        self._last_due[lane] = due
        heapq.heappush(self._plans, (due, next(self._numbers), step, message))
        self._arm()

    def _arm(self) -> None:
        """Wake for the earliest plan, unless that is set already."""
        if not self._plans:
            return
        grain = GRAIN if len(self._plans) < MANY else COARSE_GRAIN
        when = self._plans[0][0] + grain
        if self._timer is not None:
            if self._wakes_at <= when:
                return
            self._timer.cancel()
        self._wakes_at = when
        self._timer = asyncio.get_running_loop().call_at(when, self._run)

    def _run(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        due = []
        while self._plans and self._plans[0][0] <= now:
            _, _, step, message = heapq.heappop(self._plans)
            due.append((step, message))
        self._take(due)
        self._arm()

    def _take(self, steps: list[tuple[str, Message]]) -> list[Message]:
        """Move each message that is still where it was; the moved ones, their updates on the way."""
        updates, moved = [], []
        with self._world.store.transaction():
            for step, message in steps:
                status = "failed" if step == "sent" and message.error is not None else step
                citizen = self._world.people.get(message.citizen)
                if status == "delivered" and (citizen is None or not citizen.online):
                    continue
                if self._world.chats.move(message.wamid, BEFORE.get(status, ("delivered", "read")), status):
                    moved.append((status, message, citizen))
                    if message.origin != PHONE:
                        updates.append(self._update(message, citizen, status))
        self._world.courier.put_all(updates)
        for status, message, citizen in moved:
            self._after(status, message, citizen)
        return [message for _, message, _ in moved]

    def _after(self, status: str, message: Message, citizen: Citizen | None) -> None:
        """What follows from a step that was taken."""
        if citizen is None:
            return
        if status == "sent" and citizen.online:
            self._plan(message, "delivered")
        elif status == "delivered":
            self._world.typing.pop(lane_of(message.line, citizen.id), None)
            if citizen.auto_read:
                self._plan(message, "read")
        self._world.tell_message(message.wamid, citizen, message.line)

    def _update(self, message: Message, citizen: Citizen | None, status: str) -> Update:
        now = self._world.clock.now()
        return self._world.queue.add(
            Update(
                seq=0,
                line=message.line,
                lane=lane_of(message.line, message.citizen or message.recipient),
                kind="status",
                event=f"status.{status}",
                item=dumps(status_item(citizen, message, status, now)),
                contact=None if citizen is None or status == "failed" else contact_text(citizen),
                created=now,
                wamid=message.wamid,
            )
        )
