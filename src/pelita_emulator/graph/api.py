"""The Graph API's HTTP side: token, version, path, faults, answers."""

import asyncio
import html
import json
import re
import time
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from pelita_emulator.faults import Fault
from pelita_emulator.records import Json
from pelita_emulator.settings import Line

from .errors import GraphError, bad_token, refusal, unknown_object, unknown_path
from .sending import accept, mark_read

if TYPE_CHECKING:
    from pelita_emulator.world import World

PATH = re.compile(r"^/v\d+\.\d+/(?P<id>[^/]+)(?P<edge>/messages)?/?$")
STRIKES = ("timeout_before_accept", "http_502_html", "token_expired_190", "error")
LATER_STRIKES = ("failed_status", "slow", "timeout_after_accept")
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class HungUpError(Exception):
    """The connection ends without an answer."""


async def graph(request: Request) -> Response:
    """Any call below /v{N}/; logged with its outcome and never with its content."""
    world: World = request.app.state.world
    started = time.monotonic()
    call = Call(world, request)
    try:
        response: Response = JSONResponse(await call.answer(await request.body()))
    except GraphError as error:
        response = JSONResponse({"error": error.error}, error.status)
    except GatewayError:
        response = HTMLResponse(BAD_GATEWAY, 502)
    except HungUpError:
        world.log.call(call.event, 0, _since(started), "timeout")
        await hang_up(request)
        return Response(status_code=504)
    world.log.call(call.event, response.status_code, _since(started))
    return response


class GatewayError(Exception):
    """Answer with an HTML page, as a broken gateway in front of Meta does."""


class Call:
    """One request; `event` becomes known while it is read."""

    def __init__(self, world: "World", request: Request) -> None:
        self._world = world
        self._request = request
        self.event = "call"

    async def answer(self, raw: bytes) -> Json:
        line = self._line()
        if self._request.method == "GET":
            self.event = "number"
            return _about(line)
        content = _parsed(raw)
        marks_read = "status" in content and "type" not in content
        type_ = "read" if marks_read else str(content.get("type", "text"))
        self.event = "read" if marks_read else f"send.{type_}"
        subject = {"citizen": self._citizen_of(content), "type": type_}
        await self._strike(self._world.faults.take(STRIKES, subject))
        found = [self._world.faults.take((kind,), subject) for kind in LATER_STRIKES]
        faults = [fault for fault in found if fault is not None]
        world = self._world
        answer = mark_read(world, line, content) if marks_read else accept(world, line, content, faults)
        for fault in faults:
            if fault.kind != "failed_status":
                await self._wait(fault.seconds)
            if fault.kind == "timeout_after_accept":
                raise HungUpError
        return answer

    def _line(self) -> Line:
        """Token first, as Meta does; then version and object."""
        token = self._request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        known = [line for line in self._world.settings.lines if line.token == token]
        if not known:
            raise bad_token()
        path = PATH.match(self._request.url.path)
        if path is None:
            raise unknown_path(self._request.url.path)
        edge = path["edge"] is not None
        for line in known:
            if line.phone_number_id == path["id"] and edge == (self._request.method == "POST"):
                return line
        raise unknown_object(html.escape(path["id"]))

    def _citizen_of(self, content: Json) -> str | None:
        store = self._world.store
        to, recipient = content.get("to"), content.get("recipient")
        if isinstance(to, str):
            citizen = store.citizen("phone", re.sub(r"\D", "", to))
        elif isinstance(recipient, str):
            citizen = store.citizen("user_id", recipient)
        else:
            message = store.message(str(content.get("message_id")))
            return message.citizen if message else None
        return citizen.id if citizen else None

    async def _strike(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.kind == "timeout_before_accept":
            await self._wait(fault.seconds)
            raise HungUpError
        if fault.kind == "http_502_html":
            raise GatewayError
        if fault.kind == "token_expired_190":
            raise bad_token(expired=True)
        raise refusal(fault.code, fault.details, fault.status)

    async def _wait(self, seconds: float) -> None:
        """Let the caller wait, but not beyond its own patience or the emulator's end."""
        gone = asyncio.create_task(_disconnected(self._request))
        stopping = asyncio.create_task(self._request.app.state.stopping.wait())
        await asyncio.wait({gone, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        stopping.cancel()


async def hang_up(request: Request) -> None:
    """Close the connection under the answer. The server offers this through the scope (see `serve`)."""
    abort = request.scope.get("extensions", {}).get("emulator.abort")
    if abort is not None:
        abort()
        await asyncio.wait_for(_disconnected(request), 5)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _parsed(raw: bytes) -> Json:
    """A body that is no JSON object holds no parameters: Meta then misses the first required one."""
    try:
        content = json.loads(raw)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _about(line: Line) -> Json:
    """The phone number's own object, enough for a health check."""
    return {
        "id": line.phone_number_id,
        "verified_name": line.name,
        "display_phone_number": "+" + line.display_phone,
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "code_verification_status": "VERIFIED",
        "throughput": {"level": "STANDARD"},
    }


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
