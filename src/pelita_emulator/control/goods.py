"""The number's catalogue as a citizen's phone shows it."""

from typing import Any
from urllib.parse import quote

import httpx
from starlette.responses import Response

from pelita_emulator.records import Json

from .operations import Ask, NotThereError

Answer = tuple[int, Any]
MOST_PICTURE = 8_000_000
PATIENCE = 10.0


async def list_goods(ask: Ask) -> Answer:
    """Its items, none while the catalogue is hidden."""
    line = ask.named_line
    state = ask.world.lines.state(line.phone_number_id)
    shown = ask.world.goods.all(state.catalog_id) if state.catalog_id and state.is_catalog_visible else []
    items = [_plain(line.phone_number_id, item) for item in shown]
    return 200, {"catalog_id": state.catalog_id, "visible": state.is_catalog_visible, "items": items}


def _plain(line: str, item: Json) -> Json:
    kept = {name: item.get(name, "") for name in ("title", "description", "price", "availability", "link")}
    return {
        "code": item["id"],
        **kept,
        "picture": f"/control/lines/{quote(line)}/catalog/{quote(item['id'], safe='')}/picture",
    }


async def picture(ask: Ask) -> Answer:
    """An item's picture, fetched from where the business keeps it, as WhatsApp does."""
    line = ask.named_line
    catalog = ask.world.lines.state(line.phone_number_id).catalog_id
    item = ask.world.goods.get(catalog, ask.request.path_params["code"])
    if item is None:
        raise NotThereError("Layanan itu tidak ada di katalog.")
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=True) as client:
            answer = await client.get(item["image_link"])
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NotThereError("Gambar layanan itu tidak dapat diambil.") from None
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code != 200 or kind not in ("image/png", "image/jpeg") or len(answer.content) > MOST_PICTURE:
        raise NotThereError("Gambar layanan itu tidak dapat diambil.")
    headers = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}
    return 200, Response(answer.content, media_type=kind, headers=headers)
