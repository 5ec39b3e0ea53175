"""The recorded payloads and what each must give: one table for all of them (tests/data/expected_items.csv)."""

from __future__ import annotations

import csv
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from tests.whatsapp.inbox.support import NUMBER

DATA = Path(__file__).parents[2] / "data"
KINDS = ("message", "status", "echo", "error", "update")


def payloads() -> dict[str, dict[str, Any]]:
    """Every recorded body by ``file:name``: those of another project and our own."""
    return {
        f"{path.stem}:{name}": body
        for folder in ("pywa", "payloads")
        for path in sorted((DATA / folder).glob("*.json"))
        for name, body in json.loads(path.read_text(encoding="utf-8")).items()
    }


def expected() -> dict[str, dict[str, int]]:
    """The table: how many items of each kind a payload holds, and how many are stored of them (repetitions once)."""
    with (DATA / "expected_items.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["payload"]: {name: int(row[name]) for name in (*KINDS, "stored")} for row in rows}


def ours(body: dict[str, Any]) -> dict[str, Any]:
    """The same body as if it spoke of the tests' line, so that all of it goes through the whole processing."""
    found = deepcopy(body)
    for entry in found["entry"]:
        for change in entry.get("changes", []):
            value = change.get("value")
            if isinstance(value, dict) and isinstance(value.get("metadata"), dict):
                value["metadata"]["phone_number_id"] = NUMBER
    return found
