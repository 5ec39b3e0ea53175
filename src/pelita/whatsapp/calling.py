"""Calls of one gateway after another on an event loop of this thread: for jobs that write down between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, Self, TypeVar


class _Closes(Protocol):
    async def aclose(self) -> None: ...


G = TypeVar("G", bound=_Closes)
T = TypeVar("T")


class Calls(Generic[G]):
    """``make`` is called on the loop that will use the gateway. Entering raises what ``make`` raises (BadLineError)."""

    def __init__(self, make: Callable[[], G]) -> None:
        self._make = make

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        try:
            self._gateway = self._runner.run(self._open())
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._runner.run(self._gateway.aclose())
        finally:
            self._runner.close()

    async def _open(self) -> G:
        return self._make()

    def run(self, call: Callable[[G], Coroutine[Any, Any, T]]) -> T:
        return self._runner.run(call(self._gateway))
