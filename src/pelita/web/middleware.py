"""Gives every request its officer's place in the office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any


class OfficerMiddleware:
    """Filled in by the screens."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any | Awaitable[Any]:
        return self.get_response(request)
