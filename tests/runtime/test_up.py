"""`pelita up` as a whole: what it starts, prints, keeps alive, and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from pelita.config.cli import vault
from pelita.config.cli.system import System, SystemFailedError, free_port, plain_environment
from pelita.config.postgres.embedded import Embedded
from tests.prepared import Prepared
from tests.runtime.conftest import alive, eventually, ordinary, processes_with

pytestmark = pytest.mark.system


@pytest.fixture
def system(folder: Path, prepared: Prepared) -> Iterator[System]:
    """A running system."""
    running = System(prepared.demo(folder / "data"), free_port())
    running.start()
    yield running
    running.stop()
    assert processes_with(str(folder)) == []


@pytest.fixture(scope="module")
def shared() -> Iterator[System]:
    """One system for the tests that only look at it."""
    place = Path(tempfile.mkdtemp(prefix="pelita-t-"))
    running = System(place / "data", free_port(), officers=True)
    running.start()
    yield running
    assert running.stop() == 0
    assert processes_with(str(place)) == []
    shutil.rmtree(place, ignore_errors=True)


def pelita(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end."""
    command = [sys.executable, "-P", "-m", "pelita", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=plain_environment())


def status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):  # the latter when, nobody listening, the socket met itself
            return 0


def listeners(processes: list[int]) -> set[str]:
    """Addresses on which these processes accept connections, as the kernel lists them ("0100007F:1F40")."""
    inodes = set()
    for process in processes:
        for entry in Path(f"/proc/{process}/fd").glob("*"):
            try:
                inodes.add(str(entry.readlink()).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            field = line.split()
            if field[9] in inodes and (field[3] == "0A" or table.startswith("udp")):
                found.add(field[1])
    return found


def test_first_start_prints_everything_then_ready(shared: System) -> None:
    text = "\n".join(shared.lines)
    assert shared.lines[-1] == "ready"
    assert "Menyiapkan basis data (sekali saja) …" in text
    assert f"http://127.0.0.1:{shared.port}/masuk" in text
    assert f"http://127.0.0.1:{shared.port + 1}/" in text
    assert re.search(r"kata sandi\s+[a-z]+-[a-z]+-[a-z]+-\d{4}$", text, re.MULTILINE)
    for login in ("admin", "pelayanan", "camat"):
        assert re.search(rf"^    {login} +\S", text, re.MULTILINE)
    assert status(shared.port, "/readyz") == 200
    assert status(shared.port + 1, "/healthz") == 200
    secrets = shared.data / "secrets.json"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(shared.data.stat().st_mode) == 0o700


def test_two_officers_phones_are_connected_from_the_start(shared: System) -> None:
    def control(path: str) -> Any:
        url = f"http://127.0.0.1:{shared.port + 1}/control/citizens{path}"
        return httpx.get(url, timeout=20, trust_env=False).json()

    played = {one["name"]: one["id"] for one in control("")}
    officers = [played["Endang Lestari (Admin)"], played["Retno Wulandari (petugas seksi)"]]

    def connected() -> bool:
        return all("terhubung dengan PELITA MASSA" in str(control(f"/{one}/chat")) for one in officers)

    eventually(connected, "the answer to both codes")
    assert "PETUGAS" not in "\n".join(shared.lines)


def test_nothing_listens_beyond_loopback_and_no_secret_shows(shared: System) -> None:
    processes = processes_with(str(shared.data))
    addresses = listeners(processes)
    assert {f"0100007F:{port:04X}" for port in (shared.port, shared.port + 1)} == addresses
    secrets = json.loads((shared.data / "secrets.json").read_text(encoding="utf-8")).values()
    for process in processes:
        line = Path(f"/proc/{process}/cmdline").read_bytes().decode()
        assert not [secret for secret in secrets if secret in line]


def test_term_ends_everything_and_the_next_start_keeps_everything(folder: Path, prepared: Prepared) -> None:
    system = System(prepared.demo(folder / "data"), free_port())
    system.start()
    password = next(line for line in system.lines if "kata sandi" in line)
    processes = processes_with(str(folder))
    assert len(processes) >= 5
    assert system.stop() == 0
    assert [process for process in processes if alive(process)] == []
    assert processes_with(str(folder)) == []
    system.start()
    assert "Menyiapkan basis data (sekali saja) …" not in system.lines
    assert next(line for line in system.lines if "kata sandi" in line) == password
    assert system.stop() == 0


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGHUP])
def test_other_ways_to_stop_while_starting(folder: Path, name: signal.Signals) -> None:
    process = subprocess.Popen(
        System(folder / "data", free_port()).command, env=plain_environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if line.startswith("Menyiapkan contoh"):
            break
    process.send_signal(name)
    process.communicate()
    assert process.returncode == 0
    assert processes_with(str(folder)) == []


def test_killed_parts_come_back(system: System) -> None:
    database = Embedded(system.data)
    for part, path, port in (("web", "/readyz", system.port), ("emulator", "/healthz", system.port + 1)):
        before = system.part(part)
        assert before
        os.kill(before, signal.SIGKILL)
        eventually(lambda part=part, before=before: system.part(part) not in {None, before}, f"{part} is back")  # type: ignore[misc]  # bound now
        eventually(lambda port=port, path=path: status(port, path) == 200, f"{part} answers")  # type: ignore[misc]  # as above
    worker = system.part("worker")
    assert worker
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: system.part("worker") not in {None, worker}, "the worker is back")
    for victim in ("server", "guard"):
        facts = database.state()
        os.kill(facts[victim], signal.SIGKILL)
        eventually(
            lambda facts=facts: database.state().get("server") not in {None, facts["server"]},  # type: ignore[misc]  # as above
            "another server runs",
        )
        eventually(lambda: status(system.port, "/readyz") == 200, "the web process has its database again")


def test_killed_up_takes_everything_along_and_starts_again(system: System, folder: Path) -> None:
    assert len(processes_with(str(folder))) >= 5
    system.kill()
    eventually(lambda: not processes_with(str(folder)), "all processes ended")
    system.start()
    assert status(system.port, "/readyz") == 200


def test_two_side_by_side(shared: System, folder: Path, prepared: Prepared) -> None:
    other = System(prepared.demo(folder / "other"), free_port())
    other.start()
    try:
        assert status(shared.port, "/readyz") == status(other.port, "/readyz") == 200
    finally:
        other.stop()
    assert status(shared.port, "/readyz") == 200


def test_commands_share_the_running_database(shared: System, folder: Path) -> None:
    server = Embedded(shared.data).state()["server"]
    out = folder / "out"
    done = pelita("export", "--office", "kemlagi", "--out", str(out), "--data", str(shared.data))
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in out.iterdir()} == {".jsonl"}
    assert Embedded(shared.data).state()["server"] == server
    refused = pelita("export", "--office", "nowhere", "--out", str(out), "--data", str(shared.data))
    assert refused.returncode == 1
    assert "kemlagi" in refused.stderr


def test_doctor_examines_the_number_of_a_running_system(shared: System) -> None:
    answer = pelita("doctor", "--json", "--data", str(shared.data))
    report = json.loads(answer.stdout)
    found = {
        check["name"].rpartition(", ")[2]: check["state"] for check in report["checks"] if "nomor" in check["name"]
    }
    asked = ("kunci akses", "id nomor telepon", "id akun whatsapp business", "rahasia aplikasi", "alamat webhook")
    for name in (*asked, "tanda tangan webhook", "langganan webhook"):
        assert found[name] == "ok", (name, report)


def test_commands_without_up_start_and_stop_the_database(folder: Path, prepared: Prepared) -> None:
    data = prepared.demo(folder / "data")
    healthy = pelita("doctor", "--offline", "--json", "--data", str(data))
    report = json.loads(healthy.stdout)
    assert report["ok"] is True, report
    assert healthy.returncode == 0
    assert {"python", "disk", "basis data", "tabel", "jam", "rahasia"} <= {check["name"] for check in report["checks"]}
    (data / "secrets.json").chmod(0o644)
    ill = pelita("doctor", "--data", str(data))
    assert ill.returncode == 1
    assert "dapat dibaca orang lain" in ill.stdout
    assert processes_with(str(folder)) == []


def test_second_up_on_the_same_folder_is_refused(shared: System) -> None:
    with pytest.raises(SystemFailedError, match="sudah berjalan dengan folder data"):
        System(shared.data, free_port()).start()
    assert status(shared.port, "/readyz") == 200


@pytest.mark.parametrize("offset", [0, 1])
def test_taken_port_is_named_before_anything_starts(folder: Path, offset: int) -> None:
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + offset))
        other.listen()
        with pytest.raises(SystemFailedError, match=rf"Port {port + offset} .*--port"):
            System(folder / "data", port).start()
    assert not (folder / "data").exists()


def test_reset_erases_all_but_the_secrets(folder: Path, prepared: Prepared) -> None:
    data = prepared.demo(folder / "data")
    password = vault.read(data)["PELITA_DEMO_PASSWORD"]
    database = Embedded(data)
    with database.running() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE left_over ()")
    again = System(data, free_port(), "--reset")
    again.start()
    assert password in next(line for line in again.lines if "kata sandi" in line)
    with database.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('left_over')").fetchone() == (None,)
    again.stop()


def test_reset_refuses_a_folder_that_is_not_ours(folder: Path) -> None:
    (folder / "media").mkdir()
    (folder / "media" / "letter.txt").write_text("dear", encoding="ascii")
    with pytest.raises(SystemFailedError, match="bukan folder data"):
        System(folder, free_port(), "--reset").start()
    assert (folder / "media" / "letter.txt").exists()


def test_other_major_version_ends_with_a_sentence(folder: Path, prepared: Prepared) -> None:
    system = System(prepared.demo(folder / "data"), free_port())
    (folder / "data" / "pg" / "PG_VERSION").write_text("16\n", encoding="ascii")
    with pytest.raises(SystemFailedError, match="dibuat oleh PostgreSQL 16"):
        system.start()
    assert processes_with(str(folder)) == []


def test_database_of_the_administrator(folder: Path) -> None:
    """DATABASE_URL instead of the embedded one: nothing is made in the data folder but what is not a database."""
    with Embedded(folder / "server", durable=False).running() as url:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pelita", "up", "--no-browser", "--port", str(port)],
            env=plain_environment() | {"DATABASE_URL": url, "PELITA_DATA": str(folder / "data")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        for line in process.stdout:
            if line == "ready\n":
                break
        assert status(port, "/readyz") == 200
        process.terminate()
        process.communicate()
        assert process.returncode == 0
        assert not (folder / "data" / "pg").exists()


def test_from_nothing_as_an_ordinary_user(folder: Path) -> None:
    """A fresh copy, an empty home, no virtual environment: ./pelita up, and the data lies in the home."""
    home, copy = folder / "home", folder / "checkout"
    home.mkdir()
    folder.chmod(0o755)
    root = Path(__file__).resolve().parents[2]
    kept = shutil.ignore_patterns("__pycache__", ".venv", "node_modules")
    shutil.copytree(root / "src", copy / "src", ignore=kept)
    for name in ("pelita", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy2(root / name, copy / name)
    user = ordinary(home)
    user["env"] |= {"PELITA_PYTHON": str(Path(sys.executable).resolve())}
    user["env"] |= {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))}
    if "user" in user:
        for path in (copy, *copy.rglob("*")):
            os.chown(path, user["user"], user["group"])
    port = free_port()
    process = subprocess.Popen(
        [copy / "pelita", "up", "--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **user,
    )  # fmt: skip
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if line == "ready\n":
            break
    assert said[-1] == "ready\n", "".join(said)
    assert status(port, "/readyz") == 200
    process.terminate()
    process.communicate()
    assert process.returncode == 0
    assert (home / ".local" / "share" / "pelita" / "pg").is_dir()
    assert processes_with(str(folder)) == []
