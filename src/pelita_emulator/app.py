"""The ASGI application: Graph API, control API and page in one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from .control.guard import Guard
from .control.live import live
from .control.openapi import document
from .control.operations import route_of
from .control.table import OPERATIONS
from .graph.api import graph, media
from .settings import Settings
from .world import World

PAGE = Path(__file__).parent / "page"
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Assets(StaticFiles):
    """Files of the page; a browser asks each time whether its copy is still right."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


async def healthz(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def openapi(_request: Request) -> Response:
    return JSONResponse(document(OPERATIONS))


async def page(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)


def create_app(settings: Settings) -> Starlette:
    """A fresh application over the settings' store. Raises StoreInUseError when another one holds it."""
    world = World(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await world.start()
        yield
        app.state.stopping.set()
        await world.stop()

    app = Starlette(
        routes=[
            # First, since most calls are these.
            Route("/v{version:path}", graph, methods=["GET", "POST", "DELETE"]),
            Route("/media/{id}", media),
            Route("/", page),
            Route("/healthz", healthz),
            Mount("/assets", Assets(directory=PAGE / "assets")),
            Route("/control/openapi.json", openapi),
            Route("/control/live", live),
            *(route_of(operation) for operation in OPERATIONS),
            Route("/{path:path}", graph, methods=["GET", "POST", "DELETE"]),
        ],
        middleware=[Middleware(Guard, hosts=settings.hosts)],
        lifespan=lifespan,
    )
    app.state.world = world
    app.state.stopping = asyncio.Event()
    return app
