"""The supervisor with small programs as children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pelita.config import supervisor as module
from pelita.config.supervisor import Child, ChildFailedError, Supervisor
from tests.runtime.conftest import SOURCE, alive, eventually, processes_with

ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE)}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    running = Supervisor(said.append)
    yield running
    running.stop()


def child(folder: Path, program: str, name: str = "anak", phase: int = 1) -> Child:
    """A module that runs `program`; it is ready once it has made the file `ready`."""
    (folder / f"{name}.py").write_text(program, encoding="utf-8")
    environment = ENVIRONMENT | {"PYTHONPATH": f"{SOURCE}:{folder}", "FOLDER": str(folder)}
    return Child(name, [name], environment, folder / f"{name}.log", (folder / "ready").exists, phase)


SLEEPER = """
import os, pathlib, time
pathlib.Path(os.environ["FOLDER"], "ready").touch()
time.sleep(300)
"""
STUBBORN = """
import os, pathlib, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "300"])
pathlib.Path(os.environ["FOLDER"], "ready").touch()
time.sleep(300)
"""


def test_dead_child_is_started_again(folder: Path, supervisor: Supervisor, said: list[str]) -> None:
    sleeper = child(folder, SLEEPER)
    supervisor.add(sleeper)
    supervisor.wait_until_ready(60)
    first = sleeper.pid
    assert first
    os.kill(first, signal.SIGKILL)
    eventually(seen(supervisor, lambda: sleeper.pid not in {None, first}), "the child was started again")
    assert "anak berhenti (sinyal SIGKILL); dinyalakan lagi" in said[0]


def test_pauses_grow_for_a_child_that_keeps_dying(folder: Path, supervisor: Supervisor) -> None:
    failing = child(folder, "raise SystemExit(3)")
    supervisor.add(failing)
    with pytest.raises(ChildFailedError, match="anak berhenti terus"):
        supervisor.wait_until_ready(60)
    assert failing.starts == module.ATTEMPTS
    assert failing.pause > module.FIRST_PAUSE * 3


def test_failure_shows_the_log(folder: Path, supervisor: Supervisor) -> None:
    supervisor.add(child(folder, "import nothing_of_that_name"))
    with pytest.raises(ChildFailedError, match="No module named 'nothing_of_that_name'"):
        supervisor.wait_until_ready(60)


def test_stop_ends_stubborn_children_with_their_own(
    folder: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    supervisor.add(child(folder, STUBBORN))
    supervisor.wait_until_ready(60)
    assert len(processes_with(str(folder))) == 2
    supervisor.stop()
    assert processes_with(str(folder)) == []


def test_later_phase_stops_later(folder: Path, supervisor: Supervisor) -> None:
    ending = """
import os, pathlib, signal, sys, time
def end(*_):
    with open(os.path.join(os.environ["FOLDER"], "order"), "a") as order: order.write(__name__ + sys.argv[0] + "\\n")
    os._exit(0)
signal.signal(signal.SIGTERM, end)
pathlib.Path(os.environ["FOLDER"], "ready").touch()
time.sleep(300)
"""
    for name, phase in (("last", 2), ("first", 1)):
        supervisor.add(child(folder, ending, name, phase))
        supervisor.wait_until_ready(60)
        (folder / "ready").unlink()
    supervisor.stop()
    order = [line.rpartition("/")[2] for line in (folder / "order").read_text(encoding="utf-8").splitlines()]
    assert order == ["first.py", "last.py"]


def seen(supervisor: Supervisor, fact: Callable[[], bool]) -> Callable[[], bool]:
    """A fact that comes true while the supervisor watches."""

    def look() -> bool:
        supervisor.watch()
        return fact()

    return look


def test_errors_in_the_log_are_shown(folder: Path, supervisor: Supervisor, said: list[str]) -> None:
    supervisor.add(child(folder, 'import sys; print("12:00 ERROR broken", file=sys.stderr)' + SLEEPER))
    supervisor.wait_until_ready(60)
    eventually(seen(supervisor, lambda: bool(said)), "the error was shown")
    assert said == ["anak: 12:00 ERROR broken"]


def test_log_is_cut_when_long(folder: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOG_LIMIT", 1000)
    talker = child(folder, 'print("x" * 2000, flush=True)' + SLEEPER)
    supervisor.add(talker)
    supervisor.wait_until_ready(60)
    older = talker.log.with_suffix(".log.1")
    eventually(seen(supervisor, older.exists), "the log was cut")
    assert older.stat().st_size == 2001
    assert talker.log.stat().st_size == 0


PARENT = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.runtime.test_supervisor import Supervisor, child, SLEEPER
supervisor = Supervisor(print)
one = child(Path(sys.argv[1]), SLEEPER)
supervisor.add(one)
supervisor.wait_until_ready(60)
print(one.pid, flush=True)
sys.stdin.read()
"""


def test_killed_supervisor_takes_its_children_along(folder: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder), root],
        env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout
    process = int(parent.stdout.readline())
    assert alive(process)
    parent.kill()
    parent.communicate()
    eventually(lambda: not alive(process), "the child ended with its parent")


def test_one_off_child(supervisor: Supervisor, folder: Path) -> None:
    one = child(folder, 'print("done")')
    assert supervisor.once("Langkah", one.arguments, one.environment) == "done\n"
    broken = child(folder, "raise SystemExit(4)", "broken")
    with pytest.raises(ChildFailedError, match=r"Langkah gagal \(kode 4\)"):
        supervisor.once("Langkah", broken.arguments, broken.environment)
