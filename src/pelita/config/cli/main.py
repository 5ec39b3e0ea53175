"""Entry of `pelita`: finds the subcommand, runs it, turns known errors into sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType
from typing import Any, NoReturn

from pelita.config.cli.base import RefusalError, say
from pelita.config.env import MissingSettingError
from pelita.config.postgres.errors import PostgresError

# name → what it does. The module of the same name has `arguments(parser)` and `run(options) -> exit code`; it is
# imported only when it is called, because most of them load Django and `up` must start quickly.
COMMANDS = {
    "up": "menjalankan seluruh sistem di komputer ini, dengan contoh Kecamatan Kemlagi",
    "serve": "menjalankan proses web (produksi)",
    "work": "menjalankan proses pekerja di latar belakang (produksi)",
    "linked": "menautkan nomor kantor sebagai perangkat, untuk Status (berisiko diblokir)",
    "test": "menjalankan semua pengujian",
    "export": "menyalin semua data sebuah kantor ke berkas JSON Lines",
    "suggest": "menunjukkan layanan dan seksi yang ditanyakan setiap baris masukan",
    "evaluate": "mengukur ketepatan membaca pertanyaan dengan kalimat contoh",
    "doctor": "memeriksa pengaturan, basis data, nomor, disk, dan jam",
    "emulator": "menjalankan peraga WhatsApp saja, untuk pengembang",
    "manage": "meneruskan perintah ke Django (manage migrate, manage shell, …)",
    "drill": "menjalankan latihan kegagalan yang panjang",
    "bench": "mengukur kecepatan",
    "version": "menunjukkan versi",
}
USAGE_ERROR = 2


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 well, 1 a problem that was explained, 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0 if words else USAGE_ERROR
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        say(f"Perintah “{name}” tidak dikenal. Yang ada: {', '.join(COMMANDS)}. / Unknown command.")
        return USAGE_ERROR
    try:
        return call(name, rest)
    except (RefusalError, PostgresError, MissingSettingError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (| head); Python would complain once more at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class Parser(argparse.ArgumentParser):
    """argparse speaks English only; at least its frame is Indonesian here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._positionals.title, self._optionals.title = "isi", "pilihan"

    def error(self, message: str) -> NoReturn:
        """Exit code 2 with the sentence and the way to the explanation."""
        say(f"Perintah belum tepat ({message}). Penjelasan: {self.prog} --help / See --help.")
        raise SystemExit(USAGE_ERROR)


def call(name: str, rest: list[str]) -> int:
    """Parses the words after the command's name and runs it."""
    module: ModuleType = importlib.import_module(f"pelita.config.cli.{name}")
    parser = Parser(
        prog=f"pelita {name}", description=COMMANDS[name][0].upper() + COMMANDS[name][1:] + ".", allow_abbrev=False
    )
    module.arguments(parser)
    return int(module.run(parser.parse_args(rest)))


def usage() -> str:
    """The list of commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {words}" for name, words in COMMANDS.items()]
    return "\n".join(
        ["pelita PERINTAH [--data FOLDER] …", "", *lines, "", "Penjelasan sebuah perintah: pelita PERINTAH --help"]
    )
