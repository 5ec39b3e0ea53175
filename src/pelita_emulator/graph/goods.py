"""/{catalog_id}/items_batch and /{catalog_id}/check_batch_request_status."""

from pelita_emulator.goods import MOST, WORKING
from pelita_emulator.records import Json

from .calls import Call
from .errors import refusal, required


def items_batch(call: Call) -> Json:
    """POST {"item_type", "allow_upsert", "requests": [{"method", "data": {"id", …}}]}: {"handles"}."""
    content = call.content
    if content.get("item_type") != "PRODUCT_ITEM":
        raise required("item_type")
    requests = content.get("requests")
    if not isinstance(requests, list) or not requests:
        raise required("requests")
    if len(requests) > MOST:
        raise refusal(100, f"Too many requests. At most {MOST} items in one batch.")
    upsert = content.get("allow_upsert", True) in (True, "true")
    batch = call.world.goods.take(call.object_id, requests, upsert=upsert, now=call.world.clock.now())
    call.world.tell_lines()
    return {"handles": [batch.handle]}


def status(call: Call) -> Json:
    """GET ?handle=…: {"data": [{"handle", "status", "errors", "errors_total_count", …}]}."""
    batch = call.world.goods.batch(call.object_id, call.query("handle"))
    if batch is None:
        raise refusal(100, "Invalid parameter: no such handle.")
    finished = call.world.clock.now() - batch.at >= WORKING
    errors = batch.errors if finished else []
    wanted = call.query("load_ids_of_invalid_requests") == "true"
    found = {
        "handle": batch.handle,
        "status": "finished" if finished else "started",
        "errors_total_count": len(errors),
        "errors": errors,
        "warnings": [],
        "ids_of_invalid_requests": [error["id"] for error in errors] if wanted else [],
    }
    return {"data": [found]}
