"""The table of control operations. Routes and the OpenAPI document are both made from it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pelita_emulator.citizens import BadRequestError
from pelita_emulator.content.files import MOST_BYTES as MOST_FILE_BYTES
from pelita_emulator.faults import BadFaultError
from pelita_emulator.lines import BadLineError
from pelita_emulator.options import BadOptionError
from pelita_emulator.records import Citizen, Json
from pelita_emulator.settings import Line
from pelita_emulator.templates import BadTemplateError

if TYPE_CHECKING:
    from pelita_emulator.world import World

MOST_BYTES = 8_000_000
# A file in base64 grows by a third.
MOST_UPLOAD = MOST_FILE_BYTES * 3 // 2

MENDABLE = (BadRequestError, BadFaultError, BadOptionError, BadLineError, BadTemplateError)


class NotThereError(LookupError):
    """Nothing with this id; the text says so, in Indonesian."""


class Ask:
    """A control request, opened: `world`, the body, and who it is about."""

    def __init__(self, request: Request, raw: bytes) -> None:
        self.world: World = request.app.state.world
        self.request = request
        self.raw = raw

    @property
    def body(self) -> Any:
        """The JSON body; an empty one is an empty object. Raises BadRequestError."""
        if not self.raw.strip():
            return {}
        try:
            return json.loads(self.raw)
        except ValueError:
            raise BadRequestError("Isi permintaan bukan JSON yang sah.") from None

    @property
    def wish(self) -> Json:
        body = self.body
        if not isinstance(body, dict):
            raise BadRequestError("Isi permintaan harus objek JSON.")
        return body

    @property
    def citizen(self) -> Citizen:
        citizen = self.world.people.get(self.request.path_params["id"])
        if citizen is None:
            raise NotThereError("Warga itu tidak ada.")
        return citizen

    @property
    def line(self) -> Line:
        """The number in `?line=`, by default the first."""
        wanted = self.request.query_params.get("line")
        line = self.world.lines.get(wanted) if wanted else self.world.lines.first
        if line is None:
            raise NotThereError("Nomor WhatsApp itu tidak ada.")
        return line

    @property
    def named_line(self) -> Line:
        """The number in the path."""
        line = self.world.lines.get(self.request.path_params["id"])
        if line is None:
            raise NotThereError("Nomor WhatsApp itu tidak ada.")
        return line

    def number(self, name: str, default: int | None, most: int) -> int | None:
        text = self.request.query_params.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise BadRequestError(f"“{name}” harus bilangan bulat.")
        return min(int(text), most)


Handler = Callable[[Ask], Awaitable[tuple[int, Any]]]


@dataclass(frozen=True)
class Operation:
    """One control route: what it does, what it takes and what it answers, each with examples."""

    method: str
    path: str
    handler: Handler
    summary: str
    about: str = ""
    body: Json | None = None
    examples: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    query: dict[str, str] = field(default_factory=dict)
    status: int = 200
    body_required: bool = True
    most_bytes: int = MOST_BYTES
    content_type: str = "application/json"


def route_of(operation: Operation) -> Route:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        if len(raw) > operation.most_bytes:
            return _error(413, "Isi permintaan terlalu besar.")
        try:
            status, answer = await operation.handler(Ask(request, raw))
        except MENDABLE as reason:
            return _error(400, str(reason))
        except NotThereError as reason:
            return _error(404, str(reason))
        if isinstance(answer, Response):
            return answer
        return JSONResponse(answer, status, headers={"Cache-Control": "no-store"})

    return Route(operation.path, endpoint, methods=[operation.method])


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": {"message": sentence}}, status)
