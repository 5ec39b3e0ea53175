"""Was anything lost or doubled? Judged from outside: the export on one side, the citizens' phones on the other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pelita.config.cli.system import plain_environment

MOST = 5  # examples of each kind of fault

Row = dict[str, Any]


def exported(data: Path, out: Path) -> dict[str, list[Row]]:
    """`pelita export` of the seeded office, read back."""
    command = [sys.executable, "-P", "-m", "pelita", "export", "--office", "kemlagi", "--out", str(out)]
    subprocess.run(  # noqa: S603 (our own command, no shell)
        [*command, "--data", str(data)], check=True, env=plain_environment(), capture_output=True
    )
    return {
        name: [json.loads(line) for line in (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for name in ("messages", "answers")
    }


def judge(rows: dict[str, list[Row]], sent: set[str], tried: set[str], chats: list[list[Row]]) -> list[str]:
    """Every fault in one line each; empty when all is well.

    `sent`: wamids that were acknowledged. `tried`: texts of answers that an officer gave, committed or not.
    `chats`: what each citizen's phone shows.
    """
    incoming = Counter(row["wamid"] for row in rows["messages"] if row["direction"] == "in")
    outgoing = [row for row in rows["messages"] if row["direction"] == "out" and row["type"] == "text"]
    shown = Counter(entry["wamid"] for chat in chats for entry in chat if entry["direction"] == "in")
    answers = Counter(text for chat in chats for entry in chat for text in tried if entry["text"].startswith(text))
    committed = {row["final_text"] for row in rows["answers"]}
    return [
        *faults("diakui tetapi hilang", (wamid for wamid in sent if not incoming[wamid])),
        *faults("tercatat lebih dari sekali", (wamid for wamid, times in incoming.items() if times > 1)),
        *faults("jawaban tidak sampai", (text for text in committed if not answers[text])),
        *faults("jawaban sampai lebih dari sekali", (text for text, times in answers.items() if times > 1)),
        *faults("jawaban sampai tanpa tercatat", (text for text in answers if text not in committed)),
        *faults("keluar tanpa sampai di HP", (row["id"] for row in outgoing if not shown[row["wamid"]])),
        *faults("di HP tanpa tercatat", (wamid for wamid in shown if wamid not in {row["wamid"] for row in outgoing})),
    ]


def faults(what: str, found: Iterable[str]) -> list[str]:
    """One line with the number and some examples, or none."""
    every = sorted(found)
    return [f"{what}: {len(every)} ({', '.join(every[:MOST])})"] if every else []
