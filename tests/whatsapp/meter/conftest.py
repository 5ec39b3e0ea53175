"""An office with a line, and delivered messages without sending any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from pelita.whatsapp.models import Body, Item, Outbound, StatusEvent
from tests.whatsapp.outbox.support import World, build

NUMBERS = count(1)
PRICE = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
CHARGED = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}


@dataclass
class Counted:
    """Makes messages as the statuses leave them."""

    world: World

    def message(self, *, delivery: str = "delivered", pricing: Any = PRICE, **fields: Any) -> Outbound:
        """One accepted message with a status event that carries ``pricing`` (none for None)."""
        number = next(NUMBERS)
        at: datetime = fields.pop("delivered_at", self.world.now)
        values: dict[str, Any] = {"state": "accepted", "accepted_at": at, "created_at": at, "next_at": at, **fields}
        if delivery in {"delivered", "read"}:
            values["delivered_at"] = at
        row = Outbound.objects.create(
            office=self.world.office, line=self.world.line, thread=number, to_phone="6281200000001", text="Jawaban",
            wamid=f"wamid.M{number}", delivery=delivery, **values,
        )  # fmt: skip
        body = Body.objects.create(received_at=at, app=self.world.app, raw=b"{}", state="done")
        item = Item.objects.create(
            office=self.world.office, line=self.world.line, body=body, kind="status", field="messages",
            key=f"meter:{number}", payload={}, state="done", next_at=at,
        )  # fmt: skip
        StatusEvent.objects.create(
            office=self.world.office, line=self.world.line, item=item, outbound=row, wamid=row.wamid,
            status=delivery or "sent", at=at, pricing=pricing,
        )  # fmt: skip
        return row


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """No password matters here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def counted(db: None, moment: datetime) -> Counted:
    return Counted(build(now=moment))


@pytest.fixture
def committed(transactional_db: None, moment: datetime) -> Counted:
    return Counted(build(now=moment))
