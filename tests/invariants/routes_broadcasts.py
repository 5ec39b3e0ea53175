"""Rows of ``test_routes``: broadcasts, which admin and leaders see and send; and one that goes on."""

from __future__ import annotations

from pelita.news.models import Broadcast
from tests.web.broadcasting import broadcasting
from tests.web.conftest import World

LOGIN, OK, NOT_HERE, NO, METHOD, WAY_ON = 302, 200, 404, 403, 405, 303
BROADCASTS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "siaran": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "siaran-pelanggan": ((LOGIN, OK, NO, NO, OK, NO, OK, NO), (METHOD,) * 8),
    "siaran-templat": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, WAY_ON, NO)),
    "siaran-siapkan": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, NOT_HERE, NO)),
    "siaran-satu": ((LOGIN, OK, NO, NO, OK, NO, NOT_HERE, NO), (METHOD,) * 8),
    "siaran-langkah": ((METHOD,) * 8, (LOGIN, WAY_ON, NO, NO, WAY_ON, NO, NOT_HERE, NO)),
}


def broadcast_of(world: World) -> int:
    """The office's broadcast; made when it has none."""
    found = Broadcast.objects.filter(office=world.office).order_by("pk").first()
    return (found or broadcasting(world)).pk
