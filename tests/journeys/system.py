"""The whole system as its users have it: `pelita up` on a folder of its own, and ways to talk to it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

START_SECONDS = 120
STOP_SECONDS = 30


def free_port() -> int:
    """A port whose neighbour is free as well (the emulator listens on port + 1)."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise RuntimeError("no two neighbouring ports are free")


def environment() -> dict[str, str]:
    """The tests' environment without what would point `up` at the tests' own database."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PELITA_", "DATABASE_URL", "DJANGO_", "PYTEST_"))}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "PYTHONUNBUFFERED": "1"}


@dataclass
class System:
    """A running system. Use as a context manager; it is stopped by SIGTERM as a person would."""

    data: Path
    port: int = field(default_factory=free_port)
    password: str = ""
    output: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def phones(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "pelita", "up", "--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--no-browser"], stdout=subprocess.PIPE, text=True, env=environment(), start_new_session=True
        )
        assert self.process.stdout is not None
        until = time.monotonic() + START_SECONDS
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            found = re.search(r"kata sandi\s+(\S+)", line)
            self.password = found.group(1) if found else self.password
            if line.strip() == "ready":
                return self
            if time.monotonic() > until:
                break
        self.__exit__(None, None, None)
        raise AssertionError("up did not become ready:\n" + "\n".join(self.output))

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self.process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            if process.stdout:
                process.stdout.close()

    def control(self, method: str, path: str, **kwargs: Any) -> Any:
        """A call of the emulator's control API; fails loudly on anything but success."""
        answer = httpx.request(method, f"{self.phones}/control{path}", timeout=20, trust_env=False, **kwargs)
        assert answer.is_success, f"{method} {path}: {answer.status_code}"
        return answer.json()

    def citizen(self, name: str, **fields: Any) -> str:
        return str(self.control("POST", "/citizens", json={"name": name, **fields})["id"])

    def says(self, citizen: str, text: str) -> str:
        message = {"type": "text", "text": {"body": text}}
        return str(self.control("POST", f"/citizens/{citizen}/messages", json=message)["wamid"])

    def chat(self, citizen: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", f"/citizens/{citizen}/chat")
        return found

    def export(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that `pelita export` writes, by file name."""
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pelita", "export", "--data", str(self.data), "--office", "kemlagi"]
            subprocess.run([*command, "--out", folder], check=True, env=environment(), capture_output=True, timeout=60)
            return {
                path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
                for path in Path(folder).glob("*.jsonl")
            }


def eventually(check: Any, *, seconds: float = 20, every: float = 0.1) -> Any:
    """The first true value of ``check()``; an assertion error when none comes in time."""
    until = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(every)
