"""`pelita test`: every check and every test, on a database of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pelita.config.cli import vault
from pelita.config.cli.base import CHECKOUT, SOURCE, RefusalError, data_argument, say
from pelita.config.postgres.embedded import temporary

OUTPUT = CHECKOUT / "build" / "test-output"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Words for pytest; with some, the checks before it are left out."""
    data_argument(parser)
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="…", help="diteruskan ke pytest; pemeriksaan lain dilewati"
    )


def run(options: argparse.Namespace) -> int:
    """0 when everything passed. pytest speaks last, so that its closing line is the last one."""
    if not (CHECKOUT / "tests").is_dir():
        raise RefusalError("Pengujian hanya ada di salinan sumber (git clone). / Tests need a source checkout.")
    with temporary() as url, tempfile.TemporaryDirectory(prefix="pelita-test-") as folder:
        environment = surroundings(url, Path(folder))
        failed = [] if options.words else check(environment)
        pytest = call(["-m", "pytest", *(options.words or side_by_side())], environment)
    return 1 if failed or pytest else 0


def side_by_side() -> list[str]:
    """Words for pytest: a process for each core, whole files at a time, because files share what is slow to begin.

    No more than four: each may hold a whole system and a browser. In the order of tests/conftest.py, not by the number
    of tests.
    """
    return ["--numprocesses", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]


def surroundings(url: str, folder: Path) -> dict[str, str]:
    """The same environment for everybody: nothing of the caller's own installation may leak into a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PELITA_", "EMULATOR_", "PG"))}
    kept |= {name: os.environ[name] for name in ("PELITA_VENV", "PELITA_PYTHON") if name in os.environ}
    OUTPUT.mkdir(parents=True, exist_ok=True)
    return kept | {
        "PYTHONPATH": str(SOURCE),
        "DATABASE_URL": url,
        "PELITA_DATA": str(folder),
        "PELITA_SECRET_KEY": vault.token(),
        "PELITA_FIELD_KEYS": vault.key(),
        "PELITA_PUSH_KEY": vault.token(),
        "TEST_OUTPUT": str(OUTPUT),
    }


def check(environment: dict[str, str]) -> list[str]:
    """Runs the linters, tells the outcome of each, returns the names of those that failed."""
    scripts = Path(sys.executable).parent
    checks = {
        "ruff check": ["-m", "ruff", "check"],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "lint-imports": [str(scripts / "lint-imports")],
    }
    outcome = {}
    for name, words in checks.items():
        started = time.monotonic()
        outcome[name] = call(words, environment) == 0, time.monotonic() - started
    for name, (passed, seconds) in outcome.items():
        say(f"  {'lulus' if passed else 'GAGAL'}  {name} ({seconds:.1f} d)")
    return [name for name, (passed, _) in outcome.items() if not passed]


def call(words: list[str], environment: dict[str, str]) -> int:
    """Runs a Python tool in the checkout; its output goes straight to the terminal."""
    sys.stdout.flush()
    return subprocess.run(  # noqa: S603 (our own interpreter and tools, no shell)
        [sys.executable, *words], cwd=CHECKOUT, env=environment, check=False
    ).returncode
