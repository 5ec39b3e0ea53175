"""`pelita serve`: the web process."""

from __future__ import annotations

import argparse
import os

import uvicorn

from pelita.config import env
from pelita.config.cli.base import data_argument, database, refuse_insecure

DEFAULT_PORT = 8000
STOP = 3  # seconds for open requests; live streams never end by themselves


def arguments(parser: argparse.ArgumentParser) -> None:
    """--host, --port, --processes."""
    data_argument(parser)
    parser.add_argument("--host", default="127.0.0.1", metavar="ALAMAT", help="alamat yang dilayani (bawaan 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="NOMOR", help=f"bawaan PELITA_PORT atau {DEFAULT_PORT}")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="banyaknya proses web (bawaan 1)")


def run(options: argparse.Namespace) -> int:
    """Serves until SIGTERM or Ctrl-C."""
    port = options.port or int(env.number("PELITA_PORT", DEFAULT_PORT))
    proxies = env.listing("PELITA_PROXIES")
    with database(options, make=True):
        refuse_insecure()
        os.environ["PELITA_PORT"] = str(port)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pelita.config.settings")
        uvicorn.run(
            "pelita.config.asgi:application",
            host=options.host,
            port=port,
            workers=options.processes if options.processes > 1 else None,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            # The address behind X-Forwarded-For decides whom the login lock counts: only a named proxy may say it.
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies or None,
            timeout_graceful_shutdown=STOP,
        )
    return 0
