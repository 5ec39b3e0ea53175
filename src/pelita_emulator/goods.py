"""The commerce catalogues: items that a business wrote with batches, and what became of each batch."""

import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .records import Json
from .store import Store

if TYPE_CHECKING:
    from .world import World

WORKING = 1.0  # seconds that a batch takes, in emulator time
MOST = 5000
TITLE, DESCRIPTION, CODE = 200, 9999, 100
METHODS = ("CREATE", "UPDATE", "DELETE")
AVAILABILITY = ("in stock", "out of stock", "preorder", "available for order", "discontinued")
CONDITIONS = ("new", "refurbished", "used")
NEEDED = ("title", "description", "availability", "condition", "price", "link", "image_link")
_PRICE = re.compile(r"\d+(\.\d{1,2})? [A-Z]{3}")


@dataclass(frozen=True)
class Batch:
    """One call of items_batch. ``errors``: [{"line", "id", "message"}] of the items that were not kept."""

    handle: str
    catalog: str
    at: float
    errors: list[Json]


class Goods:
    """Rows of `goods` and `batches`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, catalog: str) -> list[Json]:
        """The items in the order in which they first came."""
        rows = self._store.db.execute("SELECT data FROM goods WHERE catalog = ? ORDER BY rowid", (catalog,))
        return [json.loads(row["data"]) for row in rows]

    def get(self, catalog: str, code: str) -> Json | None:
        row = self._store.db.execute(
            "SELECT data FROM goods WHERE catalog = ? AND code = ?", (catalog, code)
        ).fetchone()
        return None if row is None else json.loads(row["data"])

    def take(self, catalog: str, requests: list[Any], *, upsert: bool, now: float) -> Batch:
        """Keep what is right; the rest is told when the batch is asked about, as Meta does."""
        errors = []
        with self._store.transaction():
            for line, request in enumerate(requests):
                code, reason = self._one(catalog, request, upsert=upsert)
                if reason:
                    errors.append({"line": line, "id": code, "message": reason})
            batch = Batch(secrets.token_urlsafe(32), catalog, now, errors)
            self._store.db.execute(
                "INSERT INTO batches VALUES (?, ?, ?, ?)", (batch.handle, catalog, now, json.dumps(errors))
            )
        return batch

    def batch(self, catalog: str, handle: str) -> Batch | None:
        row = self._store.db.execute(
            "SELECT * FROM batches WHERE catalog = ? AND handle = ?", (catalog, handle)
        ).fetchone()
        return None if row is None else Batch(row["handle"], row["catalog"], row["at"], json.loads(row["errors"]))

    def _one(self, catalog: str, request: Any, *, upsert: bool) -> tuple[str, str]:
        """The item's id, and why it was not kept ("" when it was)."""
        data = request.get("data") if isinstance(request, dict) else None
        code = data.get("id") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(code, str) or not 0 < len(code) <= CODE:
            return "", "Invalid value: Every item needs an id of at most 100 characters."
        if request.get("method") not in METHODS:
            return code, "Invalid value: method must be one of CREATE, UPDATE, DELETE."
        known = self.get(catalog, code)
        if request["method"] == "DELETE":
            self._store.db.execute("DELETE FROM goods WHERE catalog = ? AND code = ?", (catalog, code))
            return code, "" if known else "Item not found."
        if request["method"] == "UPDATE" and known is None and not upsert:
            return code, "Item not found."
        item = {**(known or {}), **data}
        reason = _wrong(item)
        if not reason:
            self._store.db.execute(
                "INSERT INTO goods VALUES (?, ?, ?) ON CONFLICT (catalog, code) DO UPDATE SET data = excluded.data",
                (catalog, code, json.dumps(item, ensure_ascii=False)),
            )
        return code, reason


def _wrong(item: Json) -> str:
    for name in NEEDED:
        if not isinstance(item.get(name), str) or not item[name]:
            return f'Invalid value: "You cannot create a product item without required field {name}".'
    checks = {
        "title": len(item["title"]) <= TITLE,
        "description": len(item["description"]) <= DESCRIPTION,
        "availability": item["availability"] in AVAILABILITY,
        "condition": item["condition"] in CONDITIONS,
        "price": _PRICE.fullmatch(item["price"]) is not None,
        "link": item["link"].startswith(("http://", "https://")),
        "image_link": item["image_link"].startswith(("http://", "https://")),
    }
    bad = [name for name, good in checks.items() if not good]
    return f'Invalid value: "The field {bad[0]} is invalid".' if bad else ""


def product_of(world: "World", catalog: str, context: Any) -> Json | None:
    """The item that a citizen's message was opened from, as the page shows it; None when there is none."""
    referred = context.get("referred_product") if isinstance(context, dict) else None
    if not isinstance(referred, dict) or not isinstance(code := referred.get("product_retailer_id"), str):
        return None
    item = world.goods.get(str(referred.get("catalog_id") or catalog), code) or {}
    return {"code": code, "title": item.get("title", code)}


def titles_of(world: "World", catalog: str, content: Any) -> dict[str, str]:
    """What the items of a message are called, by their ids: those of an office's message and of an order."""
    if not isinstance(content, dict):
        return {}
    action = content.get("action")
    holders = [content, action] if isinstance(action, dict) else [content]
    sections = [one for holder in holders for one in holder.get("sections") or [] if isinstance(one, dict)]
    items = [item for holder in (*holders, *sections) for item in holder.get("product_items") or []]
    codes = [one.get("product_retailer_id") for one in (*holders, *items) if isinstance(one, dict)]
    found = {code: world.goods.get(catalog, code) for code in codes if isinstance(code, str)}
    return {code: item["title"] for code, item in found.items() if item}
