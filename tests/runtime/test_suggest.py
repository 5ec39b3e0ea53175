"""`suggest` and `evaluate` as other programs call them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pelita.config.cli.system import plain_environment

pytestmark = pytest.mark.system


def called(home: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**plain_environment(), "HOME": str(home), "XDG_DATA_HOME": str(home)}
    command = [sys.executable, "-P", "-m", "pelita", *words]
    return subprocess.run(command, input=given, env=environment, capture_output=True, check=False, timeout=120)


def test_one_object_a_line_without_any_data(tmp_path: Path) -> None:
    lines = b"ktp saya hilang syaratnya apa\n\n   \n\xff\xfe jalan rusak\nhalo"
    found = called(tmp_path, "suggest", "--json", given=lines)
    assert found.returncode == 0, found.stderr
    assert b"katalog contoh" in found.stderr
    told = [json.loads(line) for line in found.stdout.splitlines()]
    assert [one["answer"] for one in told] == ["auto", "person", "person"]
    assert told[0]["text"] == "ktp saya hilang syaratnya apa"
    assert told[0]["services"][0] == {"code": "KTP-HILANG", "score": pytest.approx(1, abs=0.2)}
    assert told[0]["sections"][0]["code"] == "PELAYANAN"
    assert told[1]["sections"][0]["code"] == "PMD"
    assert list(tmp_path.iterdir()) == []


def test_a_table_for_a_person_and_the_words_for_who_has_no_data(tmp_path: Path) -> None:
    found = called(tmp_path, "suggest", given=b"syarat skck\n")
    assert found.stdout.decode().split()[:3] == ["answer", "TRANTIB", "SKCK-PENGANTAR"]
    assert b"Belum ada data" in called(tmp_path, "suggest", "--data", str(tmp_path / "none")).stderr
    assert called(tmp_path, "suggest", "--office", "lain").returncode == 1


def test_evaluation_counts_and_names_no_sentence(tmp_path: Path) -> None:
    found = called(tmp_path, "evaluate", "--part", "test", "--json")
    kinds = json.loads(found.stdout)["kinds"]
    assert kinds["all"]["count"] == sum(one["count"] for kind, one in kinds.items() if kind != "all")
    table = called(tmp_path, "evaluate").stdout.decode().splitlines()
    assert table[0].startswith("| kind |")
    assert table[-1].startswith("| all |")


def test_the_measurement_of_suggest(tmp_path: Path) -> None:
    found = called(tmp_path, "bench", "suggest", "--json", "--scale", "0.02", "--seconds", "5")
    told = json.loads(found.stdout.splitlines()[-1])
    assert (told["name"], told["count"]) == ("suggest", 100)
    assert {"seconds", "rate", "p50_ms", "p95_ms", "p99_ms", "over_1s", "cpu_ms_each", "load_ms"} <= set(told)
