"""The process behind `pelita drill fuzz`. atheris leads it and ends it."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from pelita.config.cli.app import setup
from pelita.config.cli.base import CHECKOUT

DATA = CHECKOUT / "tests" / "data"
MOST = 12  # changes of one body


def main() -> None:
    """Never returns: libFuzzer ends the process when its time is over or a rule was broken."""
    atheris = importlib.import_module("atheris")
    setup()
    with atheris.instrument_imports(include=["pelita.whatsapp"]):
        mutation = importlib.import_module("pelita.config.cli.drills.mutation")
    bodies = [
        body
        for folder in ("pywa", "payloads")
        for path in sorted((DATA / folder).glob("*.json"))
        for body in json.loads(path.read_text(encoding="utf-8")).values()
    ]

    def one(data: bytes) -> None:
        source = atheris.FuzzedDataProvider(data)
        if source.ConsumeIntInRange(0, 3) == 0:
            _as_json(source.ConsumeBytes(len(data)), mutation.holds)
            return
        body = bodies[source.ConsumeIntInRange(0, len(bodies) - 1)]
        times = source.ConsumeIntInRange(1, MOST)
        mutation.holds(mutation.mutated(body, lambda count: source.ConsumeIntInRange(0, count - 1), times))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


def _as_json(raw: bytes, holds: Any) -> None:
    """The bytes themselves, as the inbox reads them."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return
    holds(body)


if __name__ == "__main__":
    main()
