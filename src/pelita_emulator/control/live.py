"""Server-sent events for the page: every change as it happens."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from pelita_emulator.hub import Hub

HEARTBEAT_SECONDS = 15.0


async def live(request: Request) -> StreamingResponse:
    """The page reads everything anew on each connection, so a gap between two loses nothing."""
    hub: Hub = request.app.state.world.hub
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(hub), media_type="text/event-stream", headers=headers)


async def _events(hub: Hub) -> AsyncIterator[str]:
    queue = hub.join()
    try:
        yield "retry: 1000\n\nevent: hello\ndata: {}\n\n"
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
    finally:
        hub.leave(queue)
