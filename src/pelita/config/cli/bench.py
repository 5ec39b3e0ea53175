"""`pelita bench NAME`: measurements (docs/benchmarks.md says how each works)."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from pelita.config.cli.base import RefusalError, data_argument

# name → what it measures. The module of the same name in `benches` has `run(options) -> dict` (see `summary`).
BENCHES = {
    "start": "waktu dari ./pelita up sampai siap, mulai kedua kalinya",
    "live": "waktu dari pesan warga sampai terdengar di meja admin yang terbuka",
    "process": "banyaknya kabar yang sampai ke tempatnya dalam sedetik: percakapan, pertanyaan, jurnal, meja",
    "send": "banyaknya pesan yang diterima WhatsApp dalam sedetik dari lima nomor sekaligus",
    "broadcast": "waktu siaran ke 5.000 pelanggan, dan lamanya jawaban menunggu di sampingnya",
    "inbox": "waktu membuka daftar, percakapan, dan hitungan di kantor dengan sejuta pesan",
    "search": "waktu mencari kata, nama, nomor, dan kode di kantor dengan sejuta pesan",
    "suggest": "banyaknya pertanyaan warga yang dipahami dalam sedetik oleh satu inti prosesor",
    "public": "waktu sampai halaman publik tampil di ponsel yang lambat, kunjungan pertama",
    "ingest": "banyaknya webhook yang tersimpan dan diakui dalam sedetik",
}


FAULTS = ("missing", "twice", "out_of_order", "untold", "unknown", "after_stop")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The measurement's name, --json, --seconds, --scale; --rate, --kill and --keep for those that know them."""
    data_argument(parser)
    known = "; ".join(f"{name}: {words}" for name, words in BENCHES.items())
    parser.add_argument("name", metavar="NAMA", help=known)
    parser.add_argument("--json", action="store_true", help="akhiri dengan satu objek JSON dalam satu baris")
    parser.add_argument("--seconds", type=float, default=30.0, metavar="N", help="batas waktu mengukur (bawaan 30)")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="pengali banyaknya data (bawaan 1)")
    rate = "ingest, process: sebanyak N kiriman sedetik"
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help=rate)
    parser.add_argument("--together", action="store_true", help="process: sambil menerima, sebanyak --rate sedetik")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="process: banyaknya proses pekerja")
    kill = "ingest: matikan web dan basis data; send, broadcast: matikan pekerja; lalu hitung yang hilang atau ganda"
    parser.add_argument("--kill", action="store_true", help=kill)
    keep = "inbox, search: susun arsip di folder ini sekali, lalu pakai lagi pada pengukuran berikutnya"
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help=keep)


def run(options: argparse.Namespace) -> int:
    """Prints the result: name, count, seconds, rate, p50_ms, p95_ms, p99_ms, over_1s, and what else matters.

    1 when something that was acknowledged is missing, or a message came twice or out of order.
    """
    if options.name not in BENCHES:
        known = ", ".join(BENCHES)
        raise RefusalError(f"Pengukuran “{options.name}” tidak dikenal. Yang ada: {known}. / Unknown benchmark.")
    result = importlib.import_module(f"pelita.config.cli.benches.{options.name}").run(options)
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:>10}  {value}")
    return 1 if any(result.get(fault) for fault in FAULTS) else 0
