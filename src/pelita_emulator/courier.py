"""Carries updates to the business's webhook: signed, concurrent, again and again until it says 200."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from .backlog import Backlog, Batch
from .clock import Clock
from .faults import HOLDS, Fault, Faults
from .lines import Lines
from .payloads import body_of, signature
from .records import Json, Update
from .settings import Line, Settings
from .updates import Queue

logger = logging.getLogger("pelita_emulator")

# A first attempt that hangs longer than this no longer holds up the same citizen's next message.
LANE_PATIENCE = 2.0
USER_AGENT = "facebookexternalua"

Report = Callable[..., None]


@dataclass(frozen=True)
class _Flight:
    """A delivery on its way: whether it is a retry, and the lanes it keeps in order."""

    retry: bool
    lanes: Collection[str]
    since: float


class Courier:
    """`address` gives a line's webhook ("" for none); `delivered` hears what arrived; `report` logs.

    Retries follow the emulator's clock: who moves it ahead by a day sees a day's retries at once.
    """

    def __init__(
        self,
        settings: Settings,
        lines: Lines,
        clock: Clock,
        queue: Queue,
        faults: Faults,
        address: Callable[[str], str],
        delivered: Callable[[list[Update]], None],
        report: Report,
    ) -> None:
        self._settings = settings
        self._lines = lines
        self._clock = clock
        self._queue = queue
        self._faults = faults
        self._address = address
        self._delivered = delivered
        self._report = report
        self.backlog = Backlog(lambda line: bool(address(line)))
        self._busy: dict[str, float] = {}
        self._flying: dict[asyncio.Task[None], _Flight] = {}
        self._held: list[Update] = []
        self._hold: Fault | None = None
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._pump: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None
        self._age = 0

    async def start(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=self._settings.in_flight)
        # Proxies of the environment must never see what is meant for this computer.
        self._client = httpx.AsyncClient(
            timeout=self._settings.webhook_timeout,
            limits=limits,
            trust_env=False,
            headers={"User-Agent": USER_AGENT},
        )
        for update in self._queue.waiting():
            self.backlog.put(update)
        self._pump = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Whatever was in flight stays in the store and goes out at the next start."""
        if self._timer is not None:
            self._timer.cancel()
        tasks = [*self._flying, *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def forget(self) -> None:
        """After a reset: nothing waits any more, and what is in flight is not taken up again."""
        self._age += 1
        self.backlog.clear()
        self._held.clear()
        self._hold = None
        if self._timer is not None:
            self._timer.cancel()
        self._busy.clear()

    def wake(self) -> None:
        self._wake.set()

    def shift(self, seconds: float) -> None:
        """The clock was set back: what waits for a later time waits for the same while as before."""
        self.backlog.shift(seconds)
        self._queue.shift(seconds)

    def put_all(self, updates: Iterable[Update]) -> None:
        for update in updates:
            self.put(update)

    def put(self, update: Update) -> None:
        """Take an update that the store already holds."""
        if self._hold is None and not self._faults.active:
            self.backlog.put(update)
            self._wake.set()
            return
        subject = _subject(update)
        if self._hold is None:
            self._hold = self._faults.take(HOLDS, subject)
            if self._hold is not None:
                self._timer = asyncio.get_running_loop().call_later(self._hold.seconds, self._release)
        if self._hold is not None and self._hold.match.get("citizen") in (None, subject["citizen"]):
            self._held.append(update)
            if self._hold.kind == "batch_webhooks" and len(self._held) >= self._hold.size:
                self._release()
            return
        self.backlog.put(update)
        self._wake.set()

    @property
    def waiting(self) -> int:
        return len(self.backlog) + len(self._held) + len(self._flying)

    async def _run(self) -> None:
        while True:
            self._launch()
            self._wake.clear()
            pause = 0.5 if self._busy else None
            due = self.backlog.next_retry()
            if due is not None:
                pause = min(pause or 60.0, max(0.01, due - self._clock.now()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    def _launch(self) -> None:
        """Start as many deliveries as there is room for; retries may fill at most half of it."""
        now = time.monotonic()
        busy = {lane for lane, since in self._busy.items() if now - since < LANE_PATIENCE}
        room = self._settings.in_flight
        while len(self._flying) < room:
            updates = self.backlog.take_new(busy)
            if not updates:
                break
            lanes = {update.lane for update in updates}
            busy |= lanes
            self._busy.update(dict.fromkeys(lanes, now))
            self._fly(self._carry(updates), lanes=lanes)
        while len(self._flying) < room:
            free = max(1, room // 2) - sum(flight.retry for flight in self._flying.values())
            if free <= 0 or not (updates := self.backlog.take_due(free, self._clock.now())):
                break
            self._fly(self._carry(updates), retry=True)

    def _fly(self, work: Coroutine[Any, Any, None], *, retry: bool = False, lanes: Collection[str] = ()) -> None:
        task = asyncio.create_task(work)
        self._flying[task] = _Flight(retry, lanes, time.monotonic())
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        flight = self._flying.pop(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            # Its updates are still in the store and go out after a restart. The text may hold content.
            logger.error("a delivery broke: %s", type(problem).__name__)
        for lane in flight.lanes:
            # A lane that hung for long may have been taken by a later flight: leave that one's mark.
            if self._busy.get(lane, 0.0) <= flight.since:
                self._busy.pop(lane, None)
        self._wake.set()

    def _release(self) -> None:
        """End a hold: one body, or one by one with the newest first."""
        if self._timer is not None:
            self._timer.cancel()
        hold, held = self._hold, self._held
        self._hold, self._held = None, []
        if hold is None or not held:
            return
        if hold.kind == "reorder_webhooks":
            self._fly(self._one_by_one(held[::-1]))
            return
        batch = Batch()
        for update in held:
            if not batch.add(update):
                self._fly(self._carry(batch.updates))
                batch = Batch()
                batch.add(update)
        self._fly(self._carry(batch.updates))

    async def _one_by_one(self, updates: list[Update]) -> None:
        for update in updates:
            await self._carry([update])

    async def _carry(self, updates: list[Update]) -> None:
        """One delivery with what the faults make of it, and the outcome recorded."""
        age = self._age
        if self._faults.active:
            updates = self._after_losses(updates)
        if updates:
            line = self._lines[updates[0].line]
            body = body_of(line, updates)
            twice = bool(self._faults.active) and self._is_doubled(updates)
            statuses = await asyncio.gather(*(self._post(line, body, updates, age) for _ in range(1 + twice)))
            if age == self._age:
                self._settle(updates, statuses)

    def _after_losses(self, updates: list[Update]) -> list[Update]:
        """What is left after the faults that let deliveries vanish, once or for good."""
        left = []
        for update in updates:
            fault = None
            if update.attempts == 0:
                fault = self._faults.take(("drop_first_delivery", "drop_webhooks"), _subject(update))
            if fault is None:
                left.append(update)
                continue
            self._report("webhook", [update], status=0, ms=0, note="lost")
            if fault.kind == "drop_webhooks":
                self._queue.done([update])
            else:
                self._again([update], alive=False)
        return left

    def _is_doubled(self, updates: list[Update]) -> bool:
        return self._faults.take(("duplicate_webhooks",), *map(_subject, updates)) is not None

    async def _post(self, line: Line, body: bytes, updates: list[Update], age: int) -> int:
        status, ms, _ = await self.send(line, body)
        if age == self._age:
            self._report("webhook", updates, status=status, ms=ms)
        return status

    async def send(
        self, line: Line, body: bytes, sign: str = "valid", content_type: str = "application/json"
    ) -> tuple[int, int, str]:
        """POST once. HTTP status (0 when there was no answer), milliseconds, and what went wrong."""
        headers = {"Content-Type": content_type}
        if sign != "none":
            secret = line.app_secret if sign == "valid" else line.app_secret + "?"
            headers["X-Hub-Signature-256"] = signature(secret, body)
        return await self._timed("POST", self._address(line.phone_number_id), content=body, headers=headers)

    async def handshake(self, line: Line, challenge: str) -> tuple[int, int, bool]:
        """GET as Meta does when a webhook is registered: HTTP status, milliseconds, right answer."""
        query = {"hub.mode": "subscribe", "hub.verify_token": line.verify_token, "hub.challenge": challenge}
        url = self._address(line.phone_number_id)
        status, ms, text = await self._timed("GET", url, params=query)
        return status, ms, status == 200 and text == challenge

    async def _timed(self, method: str, url: str, **rest: Any) -> tuple[int, int, str]:
        started = time.monotonic()
        try:
            if self._client is None or not url:
                raise httpx.UnsupportedProtocol("no webhook")
            answer = await self._client.request(method, url, **rest)
            status, text = answer.status_code, answer.text[:1000] if method == "GET" else ""
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            status, text = 0, type(problem).__name__
        return status, round((time.monotonic() - started) * 1000), text

    def _settle(self, updates: list[Update], statuses: list[int]) -> None:
        if 200 in statuses:
            self._queue.done(updates)
            self._delivered(updates)
        else:
            self._again(updates, alive=any(statuses))

    def _again(self, updates: list[Update], *, alive: bool) -> None:
        """Plan the next attempt with a growing delay; after `retry_for` an update is given up."""
        now, delays = self._clock.now(), self._settings.retry_delays
        expired = [update for update in updates if now - update.created > self._settings.retry_for]
        if expired:
            self._queue.done(expired)
            self._report("webhook", expired, status=0, ms=0, note="expired")
        later = [update for update in updates if now - update.created <= self._settings.retry_for]
        for update in later:
            update.next_at = now + delays[min(update.attempts, len(delays) - 1)]
            update.attempts += 1
            update.solo = alive
            self.backlog.put(update)
        self._queue.delayed(later)


def _subject(update: Update) -> Json:
    return {"citizen": update.lane.partition("/")[2], "type": update.event.partition(".")[2]}
