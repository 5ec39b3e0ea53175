"""The emulator as a process of its own, to be stopped and killed."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from .support import SECRET, TOKEN, VERIFY, Office, until

SRC = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def start(store: Path, port: int, webhook: str, **env: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pelita_emulator", "--port", str(port), "--store", str(store)]
    process = subprocess.Popen(
        [*command, "--webhook", webhook],
        env={"PATH": os.environ["PATH"], "HOME": str(store), "PYTHONPATH": str(SRC), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until(lambda: process.poll() is not None or healthy(port), "the emulator")
    return process


def healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def started(store: Path, port: int, webhook: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], Office]]:
    process = start(store, port, webhook, **env)
    office = Office(f"http://127.0.0.1:{port}")
    try:
        yield process, office
    finally:
        office.http.close()
        process.kill()
        process.communicate()


def secrets(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "token").write_text(TOKEN + "\n")
    return {
        "EMULATOR_APP_SECRET": SECRET,
        "EMULATOR_VERIFY_TOKEN": VERIFY,
        "EMULATOR_TOKEN_FILE": str(tmp_path / "token"),
    }
