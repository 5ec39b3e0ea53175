"""The `pelita` command without a system: names, help, refusals."""

from __future__ import annotations

import importlib
import json
import os
import re
import stat
from pathlib import Path

import pytest

from pelita.config.cli import bench, drill, main, vault
from pelita.config.cli.benches import summary
from pelita.config.cli.parts import hosts
from pelita.config.cli.system import temporary_folder
from pelita.config.postgres.errors import PostgresError


def test_unknown_command_lists_what_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["tanam"]) == 2
    said = capsys.readouterr().err
    assert "“tanam” tidak dikenal" in said
    assert all(name in said for name in main.COMMANDS)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 2
    assert "tidak dikenal" not in capsys.readouterr().err
    assert main.main(["--help"]) == 0
    listed = re.findall(r"^  (\w+)  ", capsys.readouterr().err, re.MULTILINE)
    assert listed == list(main.COMMANDS)


@pytest.mark.parametrize("name", list(main.COMMANDS))
def test_every_command_explains_itself_and_takes_data(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main([name, "--help"])
    assert ended.value.code == 0
    assert "--data FOLDER" in capsys.readouterr().out


@pytest.mark.parametrize(("table", "rooms"), [(drill.DRILLS, "drills"), (bench.BENCHES, "benches")])
def test_every_listed_name_has_its_module(table: dict[str, str], rooms: str) -> None:
    for name in table:
        assert callable(importlib.import_module(f"pelita.config.cli.{rooms}.{name}").run)


@pytest.mark.parametrize("command", ["drill", "bench"])
def test_unknown_drill_or_bench(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([command, "tidur"]) == 1
    assert "“tidur” tidak dikenal. Yang ada:" in capsys.readouterr().err


def test_wrong_usage_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["export", "--data", "/nowhere"])
    assert ended.value.code == 2
    assert "Perintah belum tepat" in capsys.readouterr().err


def test_folder_without_data_is_not_made_by_an_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = folder / "data"
    assert main.main(["export", "--office", "kemlagi", "--out", str(folder / "out"), "--data", str(data)]) == 1
    assert "Belum ada data di" in capsys.readouterr().err
    assert not data.exists()


def test_doctor_of_nothing_is_a_problem(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["doctor", "--json", "--data", str(folder / "data")]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert {"name": "basis data", "state": "problem"}.items() <= report["checks"][-1].items()


def test_secrets_are_made_once_and_kept_private(folder: Path) -> None:
    made = vault.ensure(folder / "data")
    assert vault.ensure(folder / "data") == made
    assert stat.S_IMODE((folder / "data" / vault.NAME).stat().st_mode) == 0o600
    assert len(set(made.values())) == len(vault.MAKERS)


def test_new_kind_of_secret_joins_the_old_ones(folder: Path) -> None:
    (folder / vault.NAME).write_text(json.dumps({"PELITA_SECRET_KEY": "old"}), encoding="ascii")
    assert vault.ensure(folder)["PELITA_SECRET_KEY"] == "old"
    assert set(vault.read(folder)) == set(vault.MAKERS)


def test_damaged_secrets_are_never_replaced(folder: Path) -> None:
    (folder / vault.NAME).write_text("{", encoding="ascii")
    with pytest.raises(PostgresError, match="rusak"):
        vault.ensure(folder)
    assert (folder / vault.NAME).read_text(encoding="ascii") == "{"


def test_settings_from_outside_win(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.ensure(folder)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["PELITA_SECRET_KEY"] = "mine"
    os.environ["PELITA_FIELD_KEYS_FILE"] = "/run/secrets/keys"
    os.environ.pop("PELITA_FIELD_KEYS", None)
    vault.into_environment(folder, {"PELITA_DATA": str(folder)})
    assert os.environ["PELITA_SECRET_KEY"] == "mine"
    assert "PELITA_FIELD_KEYS" not in os.environ
    assert os.environ["PELITA_APP_SECRET"] == vault.read(folder)["PELITA_APP_SECRET"]


def test_passwords_are_easy_to_type_and_differ() -> None:
    made = {vault.password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-[1-9]\d{3}", password) for password in made)


@pytest.mark.parametrize(
    ("bound", "more"), [("127.0.0.1", []), ("::1", []), ("192.168.1.7", ["192.168.1.7"]), ("fd00::7", ["[fd00::7]"])]
)
def test_only_names_that_lead_here_are_served(bound: str, more: list[str]) -> None:
    assert hosts(bound) == ["localhost", "127.0.0.1", "[::1]", *more]


def test_every_address_means_every_name() -> None:
    assert hosts("0.0.0.0") == ["*"]


def test_summary_of_a_measurement() -> None:
    result = summary("x", [0.1, 0.2, 0.3, 2.0], 4.0)
    assert result == {
        "name": "x", "count": 4, "seconds": 4.0, "rate": 1.0, "p50_ms": 300.0, "p95_ms": 2000.0, "p99_ms": 2000.0,
        "over_1s": 0.25,
    }  # fmt: skip
    assert summary("x", [], 0.0)["p50_ms"] == 0.0


def test_a_temporary_folder_is_empty_unless_something_is_to_begin_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("PELITA_BEGIN_WITH", raising=False)
    assert list(temporary_folder().iterdir()) == []
    begin = tmp_path / "begin"
    begin.mkdir()
    (begin / "tabel").write_text("x", encoding="utf-8")
    monkeypatch.setenv("PELITA_BEGIN_WITH", str(begin))
    assert [one.name for one in temporary_folder().iterdir()] == ["tabel"]
