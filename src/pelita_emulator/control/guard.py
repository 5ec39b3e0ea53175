"""Who may use the control API and the page.

There is no login, so a web page from elsewhere must not reach it through somebody's browser:
the Host has to be this computer (no DNS rebinding) and an Origin has to be this very page.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN_PATHS = ("/healthz",)
REFUSED = "Peraga hanya menerima permintaan dari komputer ini sendiri."


class Guard:
    """Refuses with 403. Graph paths (/v…) are free of it: they ask for a bearer token."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = set(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._allowed(scope):
            answer = JSONResponse({"error": {"message": REFUSED}}, 403)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        path = scope["path"]
        if path in OPEN_PATHS or not (path == "/" or path.startswith(("/control", "/assets"))):
            return True
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_here(host):
            return False
        origin = headers.get("origin")
        if origin is not None:
            return origin == f"{scope['scheme']}://{host}"
        return path == "/" or headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _is_here(self, host: str) -> bool:
        try:
            name = urlsplit("//" + host).hostname or ""
        except ValueError:
            return False
        if name == "localhost" or name in self._hosts:
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False
