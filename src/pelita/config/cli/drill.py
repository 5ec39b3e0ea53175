"""`pelita drill NAME`: the long failure drills. Each starts a system of its own and breaks it."""

from __future__ import annotations

import argparse
import importlib

from pelita.config.cli.base import RefusalError, data_argument

# name → what it shows. The module of the same name in `drills` has `run(options) -> exit code`.
DRILLS = {
    "kill": "web, pekerja, atau basis data dimatikan paksa berulang kali; tidak ada pesan yang hilang atau ganda",
    "broadcast": "siaran ke 5.000 pelanggan, pekerja dimatikan, warga berhenti, siaran dihentikan; tanpa ganda",
    "fuzz": "badan webhook yang rusak dalam segala cara; pembacanya tidak pernah gagal dan tidak kehilangan pesan",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The drill's name, --rounds, --seed, --port, --keep, --seconds."""
    data_argument(parser)
    known = "; ".join(f"{name}: {words}" for name, words in DRILLS.items())
    parser.add_argument("name", metavar="NAMA", help=known)
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="banyaknya putaran (bawaan 30)")
    parser.add_argument("--seed", type=int, metavar="N", help="benih angka acak, untuk mengulang putaran yang sama")
    parser.add_argument("--port", type=int, metavar="NOMOR", help="port web (bawaan: yang kosong)")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="lamanya latihan “fuzz” (bawaan 60)")
    scale = "pengali banyaknya pelanggan dalam latihan “broadcast” (bawaan 1)"
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help=scale)
    parser.add_argument("--keep", action="store_true", help="simpan folder datanya")


def run(options: argparse.Namespace) -> int:
    """0 when the drill found nothing wrong."""
    if options.name not in DRILLS:
        raise RefusalError(f"Latihan “{options.name}” tidak dikenal. Yang ada: {', '.join(DRILLS)}. / Unknown drill.")
    return int(importlib.import_module(f"pelita.config.cli.drills.{options.name}").run(options))
