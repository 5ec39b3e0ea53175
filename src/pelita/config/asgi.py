"""What the web process serves: the webhook, static files and two health addresses in front of Django."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs

from django.apps import apps
from django.core.asgi import get_asgi_application
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pelita.config.settings")
_django = get_asgi_application()

from pelita.base import rubbish  # noqa: E402 (as below)
from pelita.web.assets import hash_of  # noqa: E402 (as below)
from pelita.web.lean import is_text, lean  # noqa: E402 (as below)
from pelita.whatsapp import receive, webhook  # noqa: E402 (models exist only after the set-up above)

READY_PATIENCE = 2.0  # seconds
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"


class Static(StaticFiles):
    """The ``static`` folders of our rooms. An address that carries its file's own hash may be kept for good."""

    def __init__(self) -> None:
        ours = [one for one in apps.get_app_configs() if one.name.startswith("pelita.")]
        super().__init__(packages=[(one.name, "static") for one in ours if (Path(one.path) / "static").is_dir()])

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        content = lean(Path(full_path))
        if is_text(Path(full_path)):
            response = self._text(content, response.headers.get("content-type", ""), Headers(scope=scope))
        wanted = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        response.headers["Cache-Control"] = FOREVER if wanted and wanted == _hash(content) else ASK
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _text(self, content: bytes, kind: str, asked: Headers) -> Response:
        """A style or a script as it is served: its mark and length are not those of the file on disk."""
        mark = f'"{_hash(content)}"'
        # The mark is weak: compressed or not, it is the same.
        headers = {"content-type": kind, "vary": "Accept-Encoding", "etag": f"W/{mark}"}
        if self.is_not_modified(Headers({"etag": mark}), asked):
            return NotModifiedResponse(Headers(headers))
        if "gzip" in asked.get("accept-encoding", ""):
            content, headers["content-encoding"] = _packed(content), "gzip"
        return Response(content, 200, headers)


@lru_cache(maxsize=512)
def _packed(content: bytes) -> bytes:
    """Once for each process, as well as it can be."""
    return gzip.compress(content, 9, mtime=0)


_hash = lru_cache(maxsize=512)(hash_of)


class Readiness:
    """Whether the database answers and has every migration. Migrations are looked at until they are complete."""

    def __init__(self) -> None:
        self._migrated = False
        self._looking: asyncio.Task[bool] | None = None

    async def ready(self) -> bool:
        """One look at a time, however many ask; False when it takes longer than READY_PATIENCE."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(asyncio.to_thread(self._look))
        done, _ = await asyncio.wait({self._looking}, timeout=READY_PATIENCE)
        return bool(done) and self._looking.result()

    def _look(self) -> bool:
        try:
            if not self._migrated:
                executor = MigrationExecutor(connection)
                self._migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return False
        finally:
            connection.close()
        return self._migrated


def build() -> ASGIApp:
    """The application. One for each process; tests build their own."""
    hook, others = webhook.Webhook(), _others()

    async def application(scope: Scope, stream: Receive, send: Send) -> None:
        # Before any routing: thousands a second come this way.
        if scope["type"] == "http" and scope["path"] == webhook.PATH:
            await hook(scope, stream, send)
        else:
            await others(scope, stream, send)

    return application


def _others() -> Starlette:
    readiness = Readiness()

    async def healthz(_request: Request) -> Response:
        return _plain_json({"status": "ok"}, 200)

    async def readyz(_request: Request) -> Response:
        ready = await readiness.ready()
        return _plain_json({"status": "ready" if ready else "unavailable"}, 200 if ready else 503)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        rubbish.look_seldom(rubbish.FOR_PAGES)
        yield
        await receive.close()

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Mount("/static", Static()),
            Mount("/", _pages),
        ],
        lifespan=lifespan,
    )


async def _pages(scope: Scope, stream: Receive, send: Send) -> None:
    """Everything else is Django's, which knows nothing of web sockets."""
    if scope["type"] == "websocket":
        await WebSocketClose()(scope, stream, send)
    else:
        await _django(dict(scope), stream, cast("Any", send))  # its type wants to be told less


def _plain_json(content: dict[str, str], status: int) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


application = build()
