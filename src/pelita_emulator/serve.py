"""Running the application: uvicorn with what the emulator needs of it, alone or inside a test."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import create_app
from .settings import Settings

PATIENCE = 10.0


class Protocol(HttpToolsProtocol):
    """Lets the application close a connection without an answer, as a time-out does."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"emulator.abort": {}, **(self.scope.get("extensions") or {})}
        self.scope["extensions"]["emulator.abort"] = self.transport.abort  # type: ignore[assignment] # a call


class Server(uvicorn.Server):
    """Ends open event streams and hanging calls at once, so that a stop takes no time."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.release()

    def stop(self) -> None:
        """From any thread."""
        self.should_exit = True
        self.release()

    def release(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.state.world.hub.close)
            self._loop.call_soon_threadsafe(self._app.state.stopping.set)


def server(settings: Settings, host: str, port: int, log_level: str = "warning") -> Server:
    # Whoever binds to another address means to open the page there.
    url = settings.url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    app = create_app(replace(settings, hosts=(*settings.hosts, host), url=url))
    # httpx writes addresses with their query into its log: the handshake's token would stand there.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Protocol,
        loop="auto",
        access_log=False,
        log_level=log_level,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    return Server(config, app)


@contextlib.contextmanager
def running(settings: Settings, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The emulator in a thread of this process; its base URL, for example "http://127.0.0.1:40123"."""
    listener = socket.create_server((host, port))
    runner = server(settings, host, listener.getsockname()[1])
    thread = threading.Thread(target=runner.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    waiter = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if runner.started or not thread.is_alive():
            break
        waiter.wait(0.01)
    if not runner.started:
        raise RuntimeError("the emulator did not start")
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        runner.stop()
        thread.join(PATIENCE)
        listener.close()
