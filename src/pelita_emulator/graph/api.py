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

from .calls import Call, HungUpError
from .errors import GraphError, bad_token, disconnected, refusal, too_many_calls, unknown_object, unknown_path
from .files import download
from .routes import CATALOG, TOKEN, Route, find

if TYPE_CHECKING:
    from pelita_emulator.world import World

PATH = re.compile(r"^/v\d+\.\d+/(?P<id>[^/]+)(?:/(?P<edge>[a-z_]+))?/?$")
STRIKES = ("timeout_before_accept", "http_502_html", "token_expired_190", "error")
LATER_STRIKES = ("failed_status", "slow", "timeout_after_accept")
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class GatewayError(Exception):
    """Answer with an HTML page, as a broken gateway in front of Meta does."""


async def graph(request: Request) -> Response:
    """Any call below /v{N}/; logged with its outcome and never with its content."""
    world: World = request.app.state.world
    started = time.monotonic()
    call = Call(world=world, request=request)
    try:
        response: Response = JSONResponse(await _answer(call))
    except GraphError as error:
        response = JSONResponse({**error.beside, "error": error.error}, error.status)
    except GatewayError:
        response = HTMLResponse(BAD_GATEWAY, 502)
    except HungUpError:
        world.log.call(call.event, 0, _since(started), "timeout")
        await hang_up(request)
        return Response(status_code=504)
    world.log.call(call.event, response.status_code, _since(started))
    return response


async def media(request: Request) -> Response:
    """GET of a file's address: the bytes, for a bearer of the token, within five minutes."""
    world: World = request.app.state.world
    started = time.monotonic()
    call = Call(world=world, request=request, event="media")
    try:
        call.lines = _lines(call)
        await _strike(call, world.faults.take(STRIKES, {"citizen": None, "type": "media"}))
        response = download(call)
    except GraphError as error:
        response = JSONResponse({"error": error.error}, error.status)
    except GatewayError:
        response = HTMLResponse(BAD_GATEWAY, 502)
    except HungUpError:
        await hang_up(request)
        return Response(status_code=504)
    world.log.call(call.event, response.status_code, _since(started))
    return response


async def _answer(call: Call) -> Json:
    world = call.world
    call.lines = _lines(call)
    route = _route(call)
    call.raw = await call.request.body()
    if route.parsed:
        call.content = _parsed(call.raw)
    type_ = route.type_of(call)
    call.event = f"send.{type_}" if route.sends and type_ != "read" else type_
    faults: list[Fault] = []
    if world.faults.active:
        subject = {"citizen": _citizen_of(call) if route.sends else None, "type": type_}
        await _strike(call, world.faults.take(STRIKES, subject))
        found = [world.faults.take((kind,), subject) for kind in LATER_STRIKES]
        faults = [fault for fault in found if fault is not None]
    if route.managing and world.options.rates and not world.rates.manage(call.line.waba_id, world.clock.now()):
        raise too_many_calls()
    call.faults = faults
    answer = route.handle(call)
    for fault in faults:
        if fault.kind != "failed_status":
            await _wait(call, fault.seconds)
        if fault.kind == "timeout_after_accept":
            raise HungUpError
    return answer


def _lines(call: Call) -> list[Line]:
    """Token first, as Meta does."""
    token = call.request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    known = call.world.lines.of_token(token) if token else []
    if not known and "|" in token:
        known = call.world.lines.of_app(token)
        call.by_app = bool(known)
    if not known:
        raise bad_token()
    return known


def _route(call: Call) -> Route:
    """Version, then object: a number, an account, a file or a template that the token may see."""
    path = PATH.match(call.request.url.path)
    if path is None:
        raise unknown_path(call.request.url.path)
    call.object_id = path["id"]
    route = find(call, path["edge"] or "")
    if route is None:
        raise unknown_object(html.escape(path["id"]))
    state = call.world.lines.state(call.line.phone_number_id)
    needed = "whatsapp_business_management" if route.managing else "whatsapp_business_messaging"
    if route.owner == CATALOG:
        needed = "catalog_management"
    if needed not in state.scopes and route.owner != TOKEN:
        raise refusal(10)
    if route.sends and not state.connected:
        raise disconnected()
    return route


def _citizen_of(call: Call) -> str | None:
    to, recipient = call.content.get("to"), call.content.get("recipient")
    if isinstance(to, str):
        citizen = call.world.people.at(re.sub(r"\D", "", to))
    elif isinstance(recipient, str):
        citizen = call.world.people.at(recipient)
    else:
        message = call.world.chats.get(str(call.content.get("message_id")))
        return message.citizen if message else None
    return citizen.id if citizen else None


async def _strike(call: Call, fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.kind == "timeout_before_accept":
        await _wait(call, fault.seconds)
        raise HungUpError
    if fault.kind == "http_502_html":
        raise GatewayError
    if fault.kind == "token_expired_190":
        raise bad_token(expired=True)
    raise refusal(fault.code, fault.details, fault.status)


async def _wait(call: Call, seconds: float) -> None:
    """Let the caller wait, but not beyond its own patience or the emulator's end."""
    gone = asyncio.create_task(_disconnected(call.request))
    stopping = asyncio.create_task(call.request.app.state.stopping.wait())
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


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
