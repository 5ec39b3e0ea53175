"""`pelita up`: the whole system on one machine, for as long as the terminal stays open."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
import time
import webbrowser
from pathlib import Path

from pelita.config import env
from pelita.config.cli import vault
from pelita.config.cli.base import RefusalError, data_argument, data_folder, external_url, say
from pelita.config.cli.parts import Plan, children, prepared
from pelita.config.postgres import external
from pelita.config.postgres.embedded import Embedded
from pelita.config.postgres.errors import PostgresError, explain_os_error
from pelita.config.postgres.folder import Folder
from pelita.config.postgres.locks import FileLock
from pelita.config.supervisor import ChildFailedError, Supervisor

DEFAULT_PORT = 8000
LOOPBACK = "127.0.0.1"
START = 120.0  # seconds until everything must be ready
PORT_PATIENCE = 6.0  # seconds
TICK = 0.1
DATABASE_LOOK = 0.5  # seconds between two looks at the database
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ERASED = ("pg", "pg.new", "media", "emulator", "log")


class StopRequested(BaseException):
    """Raised out of whatever is going on by the first signal that asks us to stop."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """--port, --host, --no-browser, --reset."""
    data_argument(parser)
    parser.add_argument(
        "--port", type=int, metavar="NOMOR", help=f"port web (bawaan {DEFAULT_PORT}); peraga WhatsApp memakai port+1"
    )
    parser.add_argument(
        "--host", default=LOOPBACK, metavar="ALAMAT", help="alamat web (bawaan hanya komputer ini, 127.0.0.1)"
    )
    parser.add_argument("--no-browser", action="store_true", help="jangan membuka peramban")
    parser.add_argument(
        "--reset", action="store_true", help="hapus dahulu basis data, media, dan peraga di folder data itu"
    )


def run(options: argparse.Namespace) -> int:
    """Until SIGTERM, SIGINT or SIGHUP; then everything is stopped and the exit code is 0."""
    for name in STOPPED_BY:
        signal.signal(name, _request_stop)
    try:
        with contextlib.ExitStack() as stack:
            try:
                _run(options, stack)
            finally:
                # From here on nothing may interrupt the orderly end.
                for name in STOPPED_BY:
                    signal.signal(name, signal.SIG_IGN)
    except StopRequested:
        show("Berhenti. Semua data tersimpan.")
    except ChildFailedError as error:
        raise RefusalError(str(error)) from error
    return 0


def _request_stop(*_: object) -> None:
    raise StopRequested


def _run(options: argparse.Namespace, stack: contextlib.ExitStack) -> None:
    folder = data_folder(options)
    outside = external_url(options)
    plan = Plan(folder, options.host, options.port or int(env.number("PELITA_PORT", DEFAULT_PORT)))
    check_ports(plan)
    if options.reset and outside:
        raise RefusalError("--reset hanya untuk basis data bawaan, bukan DATABASE_URL. / Not with DATABASE_URL.")
    Folder(folder).prepare()
    only_one(folder, stack)
    database = Embedded(folder, say=show)
    if options.reset:
        reset(database)
    vault.ensure(folder)
    if outside:
        external.check(outside)
        plan.url = outside
    else:
        show("Menyalakan basis data …")
        stack.callback(database.release)
        plan.url = database.acquire()
    supervisor = Supervisor(say)
    stack.callback(supervisor.stop)
    _start(plan, supervisor, options)
    _watch(supervisor, None if outside else database)


def _start(plan: Plan, supervisor: Supervisor, options: argparse.Namespace) -> None:
    vault.into_environment(plan.folder, {"PELITA_DATA": str(plan.folder)})
    # For commands that must find this start, such as doctor.
    (plan.folder / "run" / "port").write_text(f"{plan.port}\n", encoding="ascii")
    show("Menyiapkan contoh Kecamatan Kemlagi …")
    logins = prepared(plan, supervisor)
    show("Menyalakan web, pekerja, dan peraga WhatsApp …")
    for child in children(plan):
        supervisor.add(child)
    supervisor.wait_until_ready(START)
    greet(plan, logins)
    if not options.no_browser:
        open_browser(f"http://{plan.reached_at}:{plan.port}/")


def _watch(supervisor: Supervisor, database: Embedded | None) -> None:
    """Never returns; a signal ends it."""
    server = database.state().get("server") if database else None
    look = 0.0
    while True:
        supervisor.watch()
        if database and time.monotonic() >= look:
            look = time.monotonic() + DATABASE_LOOK
            try:
                if not database.guarded():
                    database.ensure()
            except PostgresError as error:
                say(str(error))
                look = time.monotonic() + 10 * DATABASE_LOOK
            now = database.state().get("server")
            if now and now != server:
                say("Basis data berhenti mendadak; dinyalakan lagi.")
                server = now
        time.sleep(TICK)


def show(line: str) -> None:
    """One line on stdout, at once; nobody reading any more is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def check_ports(plan: Plan) -> None:
    """Raises RefusalError when a port is taken or may not be used; nothing has been started yet."""
    if not 0 < plan.port < 65_535:
        raise RefusalError(f"Port {plan.port} tidak dapat dipakai; pilih 1024–65534 dengan --port. / Invalid port.")
    if plan.host not in {LOOPBACK, "localhost", "::1"}:
        say(f"Perhatian: web dapat dibuka dari jaringan lewat {plan.host}. Akun peraga memakai satu kata sandi.")
    for host, port in ((plan.host, plan.port), (LOOPBACK, plan.port + 1)):
        until = time.monotonic() + PORT_PATIENCE
        while error := cannot_listen(host, port):
            # Right after a killed `up`, its children still need a moment to end.
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise RefusalError(
                    f"Port {port} di {host} tidak dapat dipakai ({error.strerror}). Mungkin PELITA MASSA atau "
                    f"program lain sudah berjalan. Hentikan program itu, atau pilih port lain: "
                    f"--port {other_port(plan.port)}\n"
                    f"/ Port {port} is not available; stop the other program or choose another --port."
                ) from error
            time.sleep(TICK)


def cannot_listen(host: str, port: int) -> OSError | None:
    """Why nobody can listen there now, or None."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except OSError as error:
        return error
    return None


def other_port(port: int) -> int:
    """A port to propose instead."""
    return port + 10 if port + 11 < 65_535 else DEFAULT_PORT


def only_one(folder: Path, stack: contextlib.ExitStack) -> None:
    """Keeps a second `up` away from this folder. Raises RefusalError."""
    lock = FileLock(folder / "run" / "up.lock")
    try:
        taken = lock.take()
    except OSError as error:
        raise explain_os_error(error, str(lock.path)) from error
    if not taken:
        raise RefusalError(
            f"PELITA MASSA sudah berjalan dengan folder data {folder}. Hentikan dahulu, atau pakai folder lain: "
            "--data FOLDER. / It is already running on this folder."
        )
    stack.callback(lock.free)


def reset(database: Embedded) -> None:
    """Erases everything but the secrets, in a folder that is surely ours and that nobody uses."""
    folder = database.folder.data
    if not vault.is_data_folder(folder):
        if any(entry.name not in {"run", "log"} for entry in folder.iterdir()):
            raise RefusalError(f"{folder} bukan folder data PELITA MASSA; tidak ada yang dihapus. / Not our folder.")
        return
    if database.in_use():
        raise RefusalError(f"Basis data di {folder} sedang dipakai perintah lain. / Another command uses it.")
    show(f"Menghapus data lama di {folder} …")
    for name in ERASED:
        path = folder / name
        try:
            if path.is_symlink():
                raise RefusalError(f"{path} adalah tautan ke tempat lain; hapus isinya sendiri. / It is a link.")
            if path.exists():
                shutil.rmtree(path)
        except OSError as error:
            raise explain_os_error(error, str(path)) from error
    database.folder.prepare()


def greet(plan: Plan, logins: list[tuple[str, str]]) -> None:
    """Addresses and logins, then the line that scripts wait for."""
    web = f"http://{plan.reached_at}:{plan.port}"
    width = max((len(name) for name, _ in logins), default=0)
    lines = [
        "",
        "PELITA MASSA berjalan (peraga, tidak terhubung ke WhatsApp yang sebenarnya).",
        "",
        f"  Meja kerja       {web}/masuk",
        f"  Halaman umum     {web}/",
        f"  Peraga WhatsApp  http://{LOOPBACK}:{plan.port + 1}/",
        f"  Folder data      {plan.folder}",
        "",
        f"  Akun peraga, semua dengan kata sandi  {env.text('PELITA_DEMO_PASSWORD', '')}",
        *(f"    {name:<{width}}  {words}" for name, words in logins),
        "",
        "Tekan Ctrl-C untuk berhenti.",
        "ready",
    ]
    show("\n".join(lines))


def open_browser(address: str) -> None:
    """Only for a person at a screen; in a terminal without one a text browser would take it over."""
    if not sys.stdout.isatty():
        return
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)
