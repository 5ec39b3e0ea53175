"""The embedded PostgreSQL: one server a folder, first user starts, last one out stops, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import psycopg
import pytest

from pelita.config.postgres import account, engine, external
from pelita.config.postgres import folder as places
from pelita.config.postgres.embedded import Embedded
from pelita.config.postgres.errors import PostgresError
from tests.runtime.conftest import SOURCE, alive, eventually, ordinary, processes_with

# Prints the address and the server's number, then stays a user until its input ends.
USER = """
import sys
from pathlib import Path
from pelita.config.postgres.embedded import Embedded
database = Embedded(Path(sys.argv[1]))
with database.running() as url:
    print(url, database.state()["server"], flush=True)
    sys.stdin.read()
"""


def user_of(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the folder's database."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def gone(process: int) -> bool:
    return not alive(process)


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def test_durable_private_and_able(folder: Path) -> None:
    with Embedded(folder).running() as url:
        settings = {
            "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
            "listen_addresses": "", "server_encoding": "UTF8", "log_statement": "none",
            "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0",
        }  # fmt: skip
        assert {name: value(url, f"SHOW {name}") for name in settings} == settings
        assert str(value(url, "SHOW server_version")).startswith("18.")
        with psycopg.connect(url) as connection:
            for extension in ("pg_trgm", "unaccent"):
                connection.execute(f'CREATE EXTENSION "{extension}"')
        assert value(url, "SELECT lower('ÉLOK') = 'élok'") is True
        assert folder.stat().st_mode & 0o077 == 0
        assert (folder / "pg").stat().st_mode & 0o077 == 0


def test_progress_is_told_once(folder: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with Embedded(folder, durable=False, say=said.append).running():
            pass
    assert said == ["Menyiapkan basis data (sekali saja) …"]


def test_last_one_out_stops_it(folder: Path) -> None:
    first, second = user_of(folder), user_of(folder)
    assert first.stdout
    assert second.stdout
    said = [first.stdout.readline(), second.stdout.readline()]
    assert said[0] == said[1]
    server = int(said[0].split()[1])
    first.communicate()
    assert alive(server)
    second.communicate()
    assert not alive(server)
    assert processes_with(str(folder)) == []


LEAVES_FIRST = """
import sys
from pathlib import Path
from pelita.config.postgres.embedded import Embedded
first, second = (Embedded(Path(sys.argv[1]), durable=False) for _ in range(2))
for step in (first.acquire, second.acquire, first.release, second.release):
    step()
"""


def test_who_started_it_and_leaves_first_gets_no_warning_of_python(folder: Path) -> None:
    command = [sys.executable, "-W", "always::ResourceWarning", "-c", LEAVES_FIRST, str(folder)]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_many_first_users_at_once(folder: Path) -> None:
    seen: list[object] = []

    def use() -> None:
        database = Embedded(folder, durable=False)
        with database.running() as url:
            seen.append((value(url, "SELECT 1"), database.state()["server"]))

    threads = [threading.Thread(target=use) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 5


def test_killed_user_leaves_nothing_behind(folder: Path) -> None:
    process = user_of(folder)
    assert process.stdout
    server = int(process.stdout.readline().split()[1])
    process.kill()
    process.communicate()
    eventually(lambda: not alive(server), "the server stopped after its user was killed")
    eventually(lambda: not processes_with(str(folder)), "the guard ended")


@pytest.mark.parametrize("victim", ["server", "guard"])
def test_killed_server_comes_back_with_everything(folder: Path, victim: str) -> None:
    database = Embedded(folder)
    with database.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (number integer)")
        for number in range(3):
            with psycopg.connect(url) as connection:
                connection.execute("INSERT INTO kept VALUES (%s)", (number,))
            facts = database.state()
            os.kill(facts[victim], signal.SIGKILL)
            eventually(partial(gone, facts["server"]), "the old server is gone")
            assert value(database.ensure(), "SELECT count(*) FROM kept") == number + 1


# Calculates without ever looking whether the postmaster still lives.
SPIN = "/* spin */ SELECT count(*) FROM generate_series(1, 1000000000) AS n WHERE n % 7 = 3"


def test_busy_backend_does_not_hinder_recovery(folder: Path) -> None:
    database = Embedded(folder)
    with database.running() as url, psycopg.connect(url, autocommit=True) as busy:
        lost: list[psycopg.Error] = []

        def calculate() -> None:
            try:
                busy.execute(SPIN)
            except psycopg.Error as error:
                lost.append(error)

        worker = threading.Thread(target=calculate)
        worker.start()
        spinning = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '/* spin%'"
        eventually(lambda: value(url, spinning) == 1, "the backend is busy")
        os.kill(database.state()["server"], signal.SIGKILL)
        assert value(database.ensure(), "SELECT 1") == 1
        worker.join()
        assert len(lost) == 1


def test_stale_number_of_a_living_stranger(folder: Path) -> None:
    with Embedded(folder).running():
        pass
    left = folder / "pg" / "postmaster.pid"
    # After a restart of a container, the old server's number often belongs to some other process: here, to us.
    left.write_text(f"{os.getpid()}\n/proc/self/cwd\n0\n5432\n", encoding="ascii")
    with Embedded(folder).running() as url:
        assert value(url, "SELECT 1") == 1


def test_two_side_by_side(folder: Path) -> None:
    with Embedded(folder / "a", durable=False).running() as one, Embedded(folder / "b", durable=False).running() as two:
        assert one != two
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE only_here ()")
        assert value(two, "SELECT to_regclass('only_here')") is None


def test_other_major_version_is_refused_untouched(folder: Path) -> None:
    with Embedded(folder, durable=False).running():
        pass
    (folder / "pg" / "PG_VERSION").write_text("17\n", encoding="ascii")
    before = {path: path.stat().st_mtime_ns for path in (folder / "pg").rglob("*")}
    with pytest.raises(PostgresError, match=r"dibuat oleh PostgreSQL 17.*\n.*--data FOLDER.*pg_dump"):
        Embedded(folder).acquire()
    assert {path: path.stat().st_mtime_ns for path in (folder / "pg").rglob("*")} == before
    assert processes_with(str(folder)) == []


def test_unfinished_first_start_is_made_again(folder: Path) -> None:
    (folder / "pg.new" / "base").mkdir(parents=True)
    with Embedded(folder, durable=False).running() as url:
        assert value(url, "SELECT 1") == 1
    assert not (folder / "pg.new").exists()


def test_long_path_still_gets_a_socket(folder: Path) -> None:
    deep = folder / ("x" * 60) / ("y" * 60)
    with Embedded(deep, durable=False).running() as url:
        assert value(url, "SELECT 1") == 1


def test_file_in_the_way(folder: Path) -> None:
    (folder / "data").write_text("", encoding="ascii")
    with pytest.raises(PostgresError, match="itu bukan folder"):
        Embedded(folder / "data").acquire()


def test_damaged_database_says_what_postgres_says(folder: Path) -> None:
    with Embedded(folder, durable=False).running():
        pass
    (folder / "pg" / "global" / "pg_control").unlink()
    with pytest.raises(PostgresError, match=r"tidak dapat dijalankan(.|\n)*pg_control"):
        Embedded(folder).acquire()
    assert processes_with(str(folder)) == []


def test_log_holds_no_values(folder: Path) -> None:
    with Embedded(folder, durable=False).running() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE citizen (phone text UNIQUE)")
        connection.execute("INSERT INTO citizen VALUES ('6281234567890')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO citizen VALUES (%s)", ("6281234567890",))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'telepon 6281234567890'::integer")
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.execute("SELEC '6281234567890'")
    assert "6281234567890" not in (folder / "log" / "postgresql.log").read_text(encoding="utf-8")


def test_environment_of_the_caller_stays_outside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PELITA_SECRET_KEY", "must-not-travel")
    database = Embedded(folder, durable=False)
    with database.running() as url:
        assert value(url, "SELECT 1") == 1
        facts = database.state()
        for process in (facts["server"], facts["guard"]):
            assert b"must-not-travel" not in Path(f"/proc/{process}/environ").read_bytes()


def test_root_never_runs_the_server(folder: Path) -> None:
    database = Embedded(folder, durable=False)
    with database.running():
        status = Path(f"/proc/{database.state()['server']}/status").read_text(encoding="utf-8")
    effective = next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1]
    assert int(effective, 16) == 0


def test_ordinary_user(folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    folder.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(home / "data")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **ordinary(home),
    )  # fmt: skip
    output, errors = process.communicate()
    assert output.startswith("postgresql://pelita@/pelita?host="), errors
    assert (home / "data" / "pg" / "PG_VERSION").exists()
    assert processes_with(str(home)) == []


def test_folder_of_somebody_else(folder: Path) -> None:
    """Root's folder, an ordinary user's command (or, without root, a folder that was closed)."""
    closed, home = folder / "closed", folder / "home"
    home.mkdir()
    folder.chmod(0o755)
    closed.mkdir()
    closed.chmod(0o500)
    run = subprocess.run(
        [sys.executable, "-c", USER, str(closed / "data")], input="", capture_output=True, text=True, check=False,
        **ordinary(home),
    )  # fmt: skip
    assert run.returncode == 1
    assert "tidak ada izin; pilih folder lain dengan --data" in run.stderr


def test_programs_in_a_private_folder_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's own virtual environment under /root: the server's account cannot look into it."""
    private = folder / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(engine.installed() / engine.PACKAGE, private / engine.PACKAGE)
    for libraries in engine.installed().glob(f"{engine.PACKAGE}.*libs"):
        shutil.copytree(libraries, private / libraries.name)
    monkeypatch.setattr(engine, "installed", lambda: private)
    monkeypatch.setattr(engine, "_places", lambda: iter([Path("/dev/null/unusable"), folder / "copy"]))
    folder.chmod(0o711)
    who = account.choose(folder / "pg")
    found = engine.find(who)
    expected = folder / "copy" if who.apart else private
    assert found.bin == expected / engine.INSIDE / "bin"
    assert engine.find(who) == found


def test_external_server_too_old_or_absent(folder: Path) -> None:
    with Embedded(folder, durable=False).running() as url:
        assert external.check(url) == 18
        external_oldest = external.OLDEST
        try:
            external.OLDEST = 19
            with pytest.raises(PostgresError, match="PostgreSQL 18; PELITA MASSA memerlukan PostgreSQL 19"):
                external.check(url)
        finally:
            external.OLDEST = external_oldest
    with pytest.raises(PostgresError, match="tidak dapat dihubungi") as refused:
        external.check(url + "&password=rahasia")
    assert "rahasia" not in str(refused.value)


def test_guard_state_is_readable(folder: Path) -> None:
    database = Embedded(folder, durable=False)
    assert database.state() == {}
    with database.running():
        assert json.loads(database.folder.state.read_text(encoding="utf-8"))["state"] == "running"
        assert database.in_use()
        assert database.guarded()
    assert database.state() == {}
    assert not database.in_use()
    assert places.Folder(folder).log.exists()
