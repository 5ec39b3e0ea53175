"""One call of the business, as the handlers see it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request

from pelita_emulator.faults import Fault
from pelita_emulator.records import Json
from pelita_emulator.settings import Line

if TYPE_CHECKING:
    from pelita_emulator.world import World


class HungUpError(Exception):
    """The connection ends without an answer."""


@dataclass
class Call:
    """`lines` are the numbers of the token, or of the application when `by_app`; `object_id` is what the path names;
    `content` the JSON body."""

    world: "World"
    request: Request
    event: str = "call"
    lines: list[Line] = field(default_factory=list)
    by_app: bool = False
    object_id: str = ""
    raw: bytes = b""
    content: Json = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def line(self) -> Line:
        """The number, account or catalogue that the path names, else the token's first number."""
        for line in self.lines:
            catalog = self.world.lines.state(line.phone_number_id).catalog_id
            if self.object_id in (line.phone_number_id, line.waba_id, catalog):
                return line
        return self.lines[0]

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)
