"""`pelita emulator`: the emulator of WhatsApp alone, for any developer of WhatsApp software.

It is a program of its own that knows nothing of this one, so it is started as one and takes this process's place.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pelita.config.cli.base import SOURCE, RefusalError, data_argument

# Secrets travel in the environment: what stands in a command line can be read by every user of the machine.
SECRETS = ("app_secret", "verify_token", "token")


def arguments(parser: argparse.ArgumentParser) -> None:
    """--host, --port, --store, --webhook, the number, its secrets as files, further numbers."""
    data_argument(parser)
    parser.add_argument("--host", metavar="ALAMAT", help="alamat untuk didengarkan (bawaan 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="NOMOR", help="port (bawaan 8001)")
    parser.add_argument("--store", type=Path, metavar="FOLDER", help="folder penyimpanan peraga")
    parser.add_argument("--webhook", metavar="ALAMAT", help="alamat webhook yang menerima pesan")
    parser.add_argument("--samples", action="store_true", help="mulai dengan tiga warga contoh")
    parser.add_argument("--lines", type=Path, metavar="BERKAS", help="nomor lain, berkas JSON")
    for name in SECRETS:
        option = name.replace("_", "-")
        parser.add_argument(f"--{option}-file", type=Path, metavar="BERKAS", help=f"berkas yang memuat {option}")


def run(options: argparse.Namespace) -> int:
    """Never returns: this process becomes the emulator. Ctrl-C ends it; everything is kept in the store."""
    command = [sys.executable, "-m", "pelita_emulator"]
    store = options.store or (options.data / "emulator" if options.data else None)
    for name, value in (("host", options.host), ("port", options.port), ("store", store), ("webhook", options.webhook)):
        if value is not None:
            command += [f"--{name}", str(value)]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    files = {f"EMULATOR_{name.upper()}_FILE": getattr(options, f"{name}_file") for name in SECRETS}
    files["EMULATOR_MORE_LINES_FILE"] = options.lines
    for name, path in files.items():
        if path is None:
            continue
        if not path.is_file():
            raise RefusalError(f"Berkas {path} tidak ada. / There is no such file.")
        environment[name] = str(path.absolute())
    if options.samples:
        environment["EMULATOR_SAMPLES"] = "1"
    os.execve(command[0], command, environment)  # noqa: S606 - our own interpreter and our own words
