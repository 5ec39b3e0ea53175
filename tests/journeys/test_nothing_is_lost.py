"""Everything that WhatsApp may send is taken in and can be found again in the export."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.system import System, eventually

PAYLOADS = Path(__file__).parents[1] / "data" / "pywa"
NUMBER = "351600000000001"


def recorded() -> Iterator[tuple[str, Any]]:
    """The recorded payloads, 74 of them, with their names."""
    for path in sorted(PAYLOADS.glob("*.json")):
        for name, body in json.loads(path.read_text(encoding="utf-8")).items():
            yield f"{path.stem}:{name}", body


def items_in(body: Any) -> dict[str, str]:
    """Content → id of the messages, statuses and echoes of a body, found without the product's parser."""
    found: dict[str, str] = {}
    entries = body.get("entry", []) if isinstance(body, dict) else []
    for change in (change for entry in entries for change in entry.get("changes", [])):
        value = change.get("value") or {}
        for name in ("messages", "statuses", "message_echoes"):
            found |= {json.dumps(row, sort_keys=True): row["id"] for row in value.get(name, []) if "id" in row}
    return found


def post(system: System, body: Any) -> int:
    return int(system.control("POST", "/webhooks/raw", json=body)["status"])


def test_every_recorded_payload_is_kept(system: System) -> None:
    bodies = dict(recorded())
    assert len(bodies) == 74
    before = len(system.export()["updates"])
    wanted: dict[str, str] = {}
    for name, body in bodies.items():
        assert post(system, body) == 200, name
        wanted |= items_in(body)
    # Many of the recordings share one id; the same id with another content is no repetition.
    assert (len(wanted), len(set(wanted.values()))) == (47, 13)

    def all_there() -> bool:
        rows = system.export()["updates"]
        return Counter(wanted.values()) <= Counter(row["wamid"] for row in rows) and len(rows) - before >= 74

    eventually(all_there, seconds=30, every=1)
    again = len(system.export()["updates"])
    for body in bodies.values():
        assert post(system, body) == 200
    eventually(lambda: not _pending(system), seconds=30, every=1)
    assert len(system.export()["updates"]) == again


def _pending(system: System) -> bool:
    return any(row["state"] == "pending" for row in system.export()["updates"])


def message(number: int) -> dict[str, Any]:
    return {
        "from": "6281200000099",
        "from_user_id": "ID.9900",
        "id": f"wamid.matrix-{number}",
        "timestamp": "1796000000",
        "type": "text",
        "text": {"body": f"pesan ke-{number}"},
    }


def status(number: int) -> dict[str, Any]:
    return {
        "id": f"wamid.matrix-status-{number}",
        "status": "delivered",
        "timestamp": "1796000000",
        "recipient_id": "6281200000099",
    }


def change(first: int) -> dict[str, Any]:
    return {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "6285155565667", "phone_number_id": NUMBER},
            "contacts": [{"profile": {"name": "Pak Karto"}, "wa_id": "6281200000099", "user_id": "ID.9900"}],
            "messages": [message(first), message(first + 1), message(first + 2)],
            "statuses": [status(first), status(first + 1)],
        },
    }


def test_every_entry_change_message_and_status(system: System) -> None:
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [change(0), change(10)]}, {"id": "2", "changes": [change(20), change(30)]}],
    }
    assert post(system, body) == 200
    wanted = set(items_in(body).values())
    assert len(wanted) == 20

    def found() -> Any:
        rows = system.export()
        return rows if wanted <= {row["wamid"] for row in rows["updates"]} and not _pending(system) else None

    rows = eventually(found, seconds=30, every=1)
    messages = [row for row in rows["messages"] if (row["wamid"] or "").startswith("wamid.matrix-")]
    assert len(messages) == 12
    assert {row["text"] for row in messages} == {
        f"pesan ke-{tens + one}" for tens in (0, 10, 20, 30) for one in range(3)
    }
    assert len({row["conversation_id"] for row in messages}) == 1
    assert len({row["inquiry_id"] for row in messages}) == 1


def test_signed_but_unreadable_is_kept_and_unsigned_is_refused(system: System) -> None:
    answer = httpx.post(
        f"{system.phones}/control/webhooks/raw", content=b"bukan json", timeout=20, trust_env=False,
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert answer.json()["status"] == 200
    for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
        refused = httpx.post(f"{system.web}/webhooks/whatsapp", content=b"{}", headers=headers, trust_env=False)
        assert refused.status_code == 401
