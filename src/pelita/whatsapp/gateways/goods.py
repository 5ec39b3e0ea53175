"""The port for a line's catalogue. No Django models in here, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.goods import Change
from pelita.whatsapp.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of handing a batch over. ``handle`` names it; ``errors`` are items refused at once (id, why)."""

    outcome: Outcome
    handle: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    details: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a batch fares. ``lost``: the provider knows it no more or gave up on it, so it must be handed over again."""

    outcome: Outcome
    finished: bool = False
    lost: bool = False
    errors: tuple[tuple[str, str], ...] = ()
    details: str = ""


class GoodsGateway(Protocol):
    """One line's catalogue. Never raises for what the network or the provider does."""

    async def show(self) -> Outcome:
        """Let citizens see the catalogue, without a cart."""
        ...

    async def write(self, changes: Sequence[Change]) -> Taken:
        """Hand a batch over: one entry an item. Writing the same again changes nothing."""
        ...

    async def ask(self, handle: str) -> Progress:
        """What became of a batch."""
        ...

    async def aclose(self) -> None: ...


class GoodsGatewayFactory(Protocol):
    """Makes it for a line and its catalogue, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access, catalog_id: str) -> GoodsGateway: ...
