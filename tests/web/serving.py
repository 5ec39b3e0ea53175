"""The screens over real HTTP, in a thread of the test's own process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.db import connections

from pelita.config import asgi


@contextmanager
def served() -> Iterator[str]:
    """The address of the running screens. Streams that are still open end with the server."""
    config = uvicorn.Config(
        asgi.build(), port=0, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        for _ in range(400):
            if server.started or not thread.is_alive():
                break
            time.sleep(0.02)
        assert server.started, "the screens did not start"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        # The threads of the server had connections of the pool; none may outlive the test's database.
        database: Any = connections["default"]
        database.close_pool()
