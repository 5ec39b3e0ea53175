"""Real processes on this machine: folders, waiting, and an ordinary user to run as."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pelita.config.postgres.account import enter_namespace

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE = 60.0


def eventually(true: Callable[[], bool], what: str) -> None:
    """Waits for a fact; fails with its name when it never comes."""
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"never happened: {what}")
        time.sleep(0.02)


def alive(process: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def processes_with(text: str) -> list[int]:
    """Living processes whose command line, current folder or environment names `text` (a unique folder)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            known = [(entry / "cmdline").read_bytes(), os.fsencode((entry / "cwd").readlink())]
            known.append((entry / "environ").read_bytes())
            if any(os.fsencode(text) in part for part in known) and alive(int(entry.name)):
                found.append(int(entry.name))
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty private folder with a short path, outside pytest's own (whose paths are long)."""
    place = Path(tempfile.mkdtemp(prefix="pelita-t-"))
    yield place
    shutil.rmtree(place, ignore_errors=True)


def ordinary(home: Path) -> dict[str, Any]:
    """Arguments for subprocess to run as somebody who is not root, with `home` as home.

    Root becomes "nobody" when that account can run this Python, otherwise (a Python under /root) nobody in a
    user namespace, where nothing of root is left either.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    found: dict[str, Any] = {"env": kept | {"HOME": str(home), "PYTHONPATH": str(SOURCE)}, "cwd": "/"}
    if os.getuid() != 0:
        return found
    nobody = pwd.getpwnam("nobody")
    switch: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        trial = subprocess.run(
            [sys.executable, "-c", "import pelita"], check=False, capture_output=True, **switch, **found
        )
        usable = trial.returncode == 0
    except OSError:
        usable = False
    if usable:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        return found | switch
    return found | {"preexec_fn": enter_namespace}
