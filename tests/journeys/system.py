"""The whole system as its users have it: `pelita up` on a folder of its own, and ways to talk to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from pelita.config.cli import system


class System(system.System):
    """A running system and ways to talk to it. Use as a context manager; it is stopped as a person would."""

    def __init__(self, data: Path, *, assistant: bool = False) -> None:
        super().__init__(data, system.free_port(), assistant=assistant)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def phones(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def password(self) -> str:
        """The one of the sample officers, as `up` prints it."""
        return next(found.group(1) for line in self.lines if (found := re.search(r"kata sandi\s+(\S+)", line)))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.stop() == 0

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
            subprocess.run(
                [*command, "--out", folder], check=True, env=system.plain_environment(), capture_output=True, timeout=60
            )
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
