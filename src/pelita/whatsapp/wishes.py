"""The worker's side of what is asked of WhatsApp beside messages: one call a row, outside any transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.models import Line
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.sending import access_of

logger = logging.getLogger(__name__)


class _Closes(Protocol):
    async def aclose(self) -> None: ...


R = TypeVar("R")
G = TypeVar("G", bound=_Closes)


def outcomes_of(
    line: Line,
    rows: Sequence[R],
    factory: Callable[[Access], G],
    ask: Callable[[G, R], Awaitable[Outcome]],
    *,
    what: str,
) -> list[Outcome]:
    """What WhatsApp says to each row of one line, in their order. ``what``: for the log, when the line is of no use."""

    async def all_of_them() -> list[Outcome]:
        gateway = factory(access_of(line))
        try:
            return [await ask(gateway, row) for row in rows]
        finally:
            await gateway.aclose()

    try:
        return asyncio.run(all_of_them())
    except BadLineError:
        logger.warning("%s: line %s cannot be used", what, line.pk)
        return [Outcome.PERMISSION] * len(rows)
