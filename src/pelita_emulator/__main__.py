"""`python -m pelita_emulator`: the emulator as a process of its own."""

import argparse
import logging
import os
import sys
from pathlib import Path

from .serve import server
from .settings import from_env
from .store import StoreInUseError

logger = logging.getLogger("pelita_emulator")


def default_store() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "pelita-emulator"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="pelita_emulator", description="Peraga WhatsApp untuk latihan dan uji coba.")
    made.add_argument("--host", default="127.0.0.1", help="alamat untuk didengarkan (bawaan: 127.0.0.1)")
    made.add_argument("--port", type=int, default=8001, help="porta (bawaan: 8001)")
    made.add_argument("--store", type=Path, default=None, help="map penyimpanan")
    made.add_argument("--webhook", default=None, help="alamat webhook kantor")
    made.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    return made


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    settings = from_env(options.store or default_store(), options.webhook)
    try:
        runner = server(settings, options.host, options.port, options.log_level)
    except StoreInUseError:
        logger.error("Map penyimpanan sedang dipakai peraga lain. Pilih --store lain.")  # noqa: TRY400 - a traceback would tell nothing more
        return 1
    logger.info("Peraga WhatsApp: http://%s:%d", options.host, options.port)
    if settings.generated_secrets is not None:
        logger.info("Rahasia dibuat sendiri; bacalah di %s", settings.generated_secrets)
    runner.run()
    return 0 if runner.started else 1


if __name__ == "__main__":
    sys.exit(main())
