"""`pelita drill fuzz`: broken webhook bodies against the parser, led by what of its code they reach (atheris).

Only in a source checkout whose `.venv` has the development libraries. A body that breaks a rule is written to
``build/fuzz`` and can be tried again by naming it.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

from pelita.config.cli import vault
from pelita.config.cli.base import CHECKOUT, SOURCE, RefusalError, say

FOUND = CHECKOUT / "build" / "fuzz"
RUNS = re.compile(r"Done (\d+) runs in (\d+) second")


def run(options: argparse.Namespace) -> int:
    """0 when every body was read without an exception and without a loss, 1 with the body that was not."""
    if importlib.util.find_spec("atheris") is None or not (CHECKOUT / "tests" / "data").is_dir():
        raise RefusalError(
            "Latihan ini memerlukan salinan sumber dan pustaka pengembang. Jalankan ./pelita test sekali lebih dulu. / "
            "The drill needs a source checkout and the development libraries."
        )
    FOUND.mkdir(parents=True, exist_ok=True)
    seed = options.seed if options.seed is not None else 1
    with tempfile.TemporaryDirectory(prefix="pelita-fuzz-") as corpus:
        words = [f"-max_total_time={options.seconds}", f"-seed={seed}", "-max_len=4096", f"-artifact_prefix={FOUND}/"]
        child = subprocess.run(  # noqa: S603 (our own interpreter and module, no shell)
            [sys.executable, "-P", "-m", "pelita.config.cli.drills.fuzzing", *words, corpus],
            env=_environment(), capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
    done = RUNS.search(child.stderr)
    if child.returncode or done is None:
        trouble = child.stderr.find("Uncaught Python exception")
        say(child.stderr[max(trouble, len(child.stderr) - 6000) :])
        say(f"Ada badan yang tidak terbaca dengan benar; lihat {FOUND}. / A body broke a rule.")
        return 1
    say(f"Latihan “fuzz”: {done[1]} badan dalam {done[2]} detik, tidak ada yang gagal atau hilang.")
    return 0


def _environment() -> dict[str, str]:
    """Settings that load; the parser asks no database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PELITA_")}
    return kept | {
        "PYTHONPATH": str(SOURCE),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "PELITA_SECRET_KEY": vault.token(),
        "PELITA_FIELD_KEYS": vault.key(),
    }
