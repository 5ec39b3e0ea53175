"""Load on the webhook: distinct signed bodies over kept connections, from a process of its own.

`run(plan)` (or `start(plan)`, then `.result()`) starts `python -m pelita.config.cli.benches.load`, so that the
measured processes and the measuring one never share an interpreter. Body number n is the same in every run with the
same plan (`bodies.Bodies`); what was acknowledged comes back as numbers.

Two ways to press:

- closed loop (`rate` 0): every connection sends its next body as soon as the last one is answered. A latency counts
  from the first byte sent to the answer.
- open loop (`rate` bodies a second): bodies are due at fixed moments, whether or not the receiver keeps up. A latency
  counts from the moment the body was due, the wait for a free connection included.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hmac
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import IO, Any, cast

import uvloop

from pelita.config.cli.base import SOURCE
from pelita.config.cli.benches.bodies import Bodies, Mix

HOST = "127.0.0.1"
PATH = "/webhooks/whatsapp"
TICK = 0.002  # seconds between two looks at what is due
LAST_WORD = 10.0  # seconds for the answers that are open when the time is over
AGAIN = 0.05  # seconds before a lost connection is made again
# The headers that WhatsApp sends.
HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nAccept: */*\r\nAccept-Encoding: deflate, gzip\r\n"
    "User-Agent: facebookexternalua\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    "X-Hub-Signature-256: sha256=%s\r\n\r\n"
).encode()
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. Ends after `seconds`, or after `count` bodies when that is not 0. `first` is the first body's number."""

    port: int
    secret: str
    seconds: float
    mix: Mix
    connections: int = 64
    rate: float = 0.0
    count: int = 0
    first: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """`latencies` (seconds) and `acknowledged` (body numbers) belong together, in the order of the answers.

    `refused` counts other answers by status code; `broken` the bodies that were sent and not answered; `unsent` those
    that were due (open loop) and found no connection in time. `seconds` from the first body to the last answer;
    `cpu_seconds` of the generator itself.
    """

    latencies: list[float]
    acknowledged: list[int]
    refused: dict[str, int]
    broken: int
    unsent: int
    seconds: float
    cpu_seconds: float


@dataclass
class Running:
    """A generator at work."""

    process: subprocess.Popen[str]
    output: IO[str] = field(repr=False)
    plan: Plan = field(repr=False)

    def working(self) -> bool:
        """Whether the load still lasts; it also ends when the generator fails."""
        return self.process.poll() is None

    def result(self) -> Result:
        """Waits for the end. Raises RuntimeError when the generator failed."""
        code = self.process.wait(timeout=self.plan.seconds + LAST_WORD + 60)
        if code != 0:
            raise RuntimeError(f"the load generator ended with {code}")
        with self.output as output:
            output.seek(0)
            return Result(**json.load(output))


def start(plan: Plan) -> Running:
    """Returns as soon as the generator's process exists."""
    output = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 (Running closes it)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pelita.config.cli.benches.load"],
        stdin=subprocess.PIPE,
        stdout=output,
        text=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    if process.stdin is not None:
        # By the standard input, not by the command line: the plan holds a secret.
        process.stdin.write(json.dumps(asdict(plan)))
        process.stdin.close()
        process.stdin = None
    return Running(process, output, plan)


def run(plan: Plan) -> Result:
    """Returns when every answer is there, or can no longer be hoped for."""
    return start(plan).result()


class _Connection(asyncio.Protocol):
    """One body at a time."""

    __slots__ = ("answer", "due", "load", "number", "transport")

    def __init__(self, load: _Load) -> None:
        self.load = load
        self.answer = b""
        self.number = -1
        self.due = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        self.load.ready(self)

    def send(self, number: int, due: float, request: bytes) -> None:
        self.number, self.due = number, due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        answer = self.answer + data if self.answer else data
        end = answer.find(b"\r\n\r\n")
        length = _LENGTH.search(answer, 0, end + 2) if end > 0 else None
        if length is None or len(answer) < end + 4 + int(length[1]):
            self.answer = answer
            return
        number, self.number, self.answer = self.number, -1, b""
        self.load.answered(number, answer[9:12], self.due)
        self.load.ready(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol says so)
        self.load.lost(self)


class _Load:
    """The run inside the generator's own loop."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.body = Bodies(plan.mix)
        self.secret = plan.secret.encode()
        self.loop = asyncio.get_running_loop()
        self.idle: list[_Connection] = []
        self.waiting: deque[tuple[int, float]] = deque()
        self.latencies, self.acknowledged = array("d"), array("Q")
        self.refused: Counter[str] = Counter()
        self.broken = self.open = self.taken = 0
        self.over = False
        self.quiet = asyncio.Event()
        self.reconnecting: set[asyncio.Task[None]] = set()
        self.began = self.last = 0.0

    async def run(self) -> Result:
        await asyncio.gather(*(self._connect() for _ in range(self.plan.connections)))
        self.began = self.last = time.perf_counter()
        self.loop.call_later(self.plan.seconds, self._end)
        if self.plan.rate:
            self._tick()
        else:
            for _ in range(len(self.idle)):
                self._press()
        await self.quiet.wait()
        for task in self.reconnecting:
            task.cancel()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return Result(
            [round(one, 6) for one in self.latencies],
            list(self.acknowledged),
            dict(self.refused),
            self.broken + self.open,
            len(self.waiting),
            self.last - self.began,
            usage.ru_utime + usage.ru_stime,
        )

    async def _connect(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                await self.loop.create_connection(lambda: _Connection(self), HOST, self.plan.port)
                return
            await asyncio.sleep(AGAIN)

    def ready(self, connection: _Connection) -> None:
        """A connection has nothing to do."""
        self.idle.append(connection)
        if not self.began or self.over:
            return
        if not self.plan.rate:
            self._press()
        elif self.waiting:
            self._send(*self.waiting.popleft())

    def answered(self, number: int, status: bytes, due: float) -> None:
        self.last = time.perf_counter()
        self.open -= 1
        if status == b"200":
            self.latencies.append(self.last - due)
            self.acknowledged.append(number)
        else:
            self.refused[status.decode("latin-1")] += 1
        self._look_for_the_end()

    def lost(self, connection: _Connection) -> None:
        with contextlib.suppress(ValueError):
            self.idle.remove(connection)
        if connection.number >= 0:
            self.broken += 1
            self.open -= 1
        self._look_for_the_end()
        if not self.quiet.is_set():
            task = self.loop.create_task(self._connect())
            self.reconnecting.add(task)
            task.add_done_callback(self.reconnecting.discard)

    def _press(self) -> None:
        number = self._next()
        if number is not None:
            self._send(number, time.perf_counter())

    def _all_taken(self) -> bool:
        return self.plan.count > 0 and self.taken >= self.plan.count

    def _next(self) -> int | None:
        if self.over or self._all_taken():
            return None
        self.taken += 1
        return self.plan.first + self.taken - 1

    def _send(self, number: int, due: float) -> None:
        raw = self.body(number)
        request = HEAD % (len(raw), hmac.digest(self.secret, raw, "sha256").hex().encode()) + raw
        self.open += 1
        self.idle.pop().send(number, due, request)

    def _tick(self) -> None:
        """Sends what has come due since the last look; what finds no connection waits for one."""
        if self.over:
            return
        wanted = int((time.perf_counter() - self.began) * self.plan.rate) + 1
        while self.taken < wanted and (number := self._next()) is not None:
            due = self.began + (self.taken - 1) / self.plan.rate
            if self.idle:
                self._send(number, due)
            else:
                self.waiting.append((number, due))
        self.loop.call_later(TICK, self._tick)

    def _look_for_the_end(self) -> None:
        if not self.open and (self.over or (self._all_taken() and not self.waiting)):
            self.quiet.set()

    def _end(self) -> None:
        self.over = True
        self._look_for_the_end()
        self.loop.call_later(LAST_WORD, self.quiet.set)


def main() -> int:
    """Reads a plan, prints the result; both as JSON."""
    given: dict[str, Any] = json.load(sys.stdin)
    plan = Plan(**(given | {"mix": Mix.from_json(given["mix"])}))
    gc.freeze()
    gc.disable()  # a pause of ours would be counted as the receiver's

    async def load() -> Result:
        return await _Load(plan).run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(load())
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
