"""`pelita linked`: an office's number as a linked device, for Status that goes out by itself."""

from __future__ import annotations

import argparse
import importlib
import signal
import threading
from importlib.util import find_spec

from pelita.config.cli.app import setup
from pelita.config.cli.base import RefusalError, data_argument, database, refuse_insecure, say

WARNING = (
    "Perangkat tertaut memakai WhatsApp dengan cara yang tidak diizinkan WhatsApp.\n"
    "Nomor kantor dapat diblokir selamanya, beserta semua percakapannya.\n"
    "Jangan pakai untuk nomor yang tidak boleh hilang.\n"
    "Cara yang aman: bagikan dari HP kantor (Berita, Bagikan ke Status)."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """--office, --risk-understood."""
    data_argument(parser)
    parser.add_argument("--office", required=True, metavar="KODE", help="kode kantor, misalnya kemlagi")
    parser.add_argument("--risk-understood", action="store_true", help="tanda bahwa risiko pemblokiran sudah dipahami")


def run(options: argparse.Namespace) -> int:
    """Works until SIGTERM or Ctrl-C. The pairing's code is shown at /nomor, Perangkat tertaut."""
    if not options.risk_understood:
        raise RefusalError(f"{WARNING}\nBila tetap mau: tambahkan --risk-understood. / Not allowed by WhatsApp.")
    if find_spec("neonize") is None:
        raise RefusalError("Pustakanya belum terpasang: pip install 'pelita-massa[linked]'. / Extra not installed.")
    with database(options, make=True):
        refuse_insecure()
        setup()
        return _work(options.office)


def _work(code: str) -> int:
    offices = importlib.import_module("pelita.offices.queries")
    office = offices.office_by_code(code)
    if office is None:
        raise RefusalError(f"Tidak ada kantor “{code}”. / No such office.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say(WARNING)
    importlib.import_module("pelita.news.linked.process").run(office, stop)
    return 0
