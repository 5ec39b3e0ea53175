"""A line that hears: bodies as WhatsApp posts them, a real server to post them to, and handlers that remember."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn
from django.db import connection
from starlette.types import ASGIApp

from pelita.offices.models import Office
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import App, Body, Inbound, Line, Outbound
from pelita.whatsapp.ports import DeliveryHandler, Handlers, InboundHandler

SECRET, VERIFY = "rahasia-aplikasi", "kata-sandi-jabat-tangan"
NUMBER, ACCOUNT = "106540352242922", "102290129340398"
RECORDED = Path(__file__).parents[2] / "data" / "pywa"
_ids = count(1)


@dataclass
class World:
    """One office with one line."""

    office: Office
    app: App
    line: Line
    now: datetime

    def body(self, content: object) -> Body:
        """A stored body, as the webhook leaves it."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Body.objects.create(received_at=self.now, app=self.app, raw=raw)

    def outbound(self, **fields: Any) -> Outbound:
        """A message of the office that is on its way."""
        values: dict[str, Any] = {
            "thread": 1, "to_phone": "6281234567890", "text": "Silakan datang ke kantor.", "state": "sending",
            "attempts": 1, "next_at": self.now, "created_at": self.now, "sending_at": self.now, **fields,
        }  # fmt: skip
        return Outbound.objects.create(office=self.office, line=self.line, **values)

    def fresh(self, outbound: Outbound) -> Outbound:
        return Outbound.objects.get(office=self.office, pk=outbound.pk)

    def take_in(
        self,
        *contents: object,
        handlers: tuple[InboundHandler, ...] = (),
        delivery_handlers: tuple[DeliveryHandler, ...] = (),
        now: datetime | None = None,
    ) -> int:
        """Bodies all the way through, as the inbox job does it. Returns how many bodies and leftover items it took."""
        for content in contents:
            self.body(content)
        plugged = Handlers(inbound=handlers, delivery=delivery_handlers)
        bodies = explode_bodies(now=now or self.now, handlers=plugged)
        return bodies + process_items(now=now or self.now, handlers=plugged)


def build(now: datetime) -> World:
    office = Office.objects.create(
        code="kemlagi", name="Kecamatan Kemlagi", regency="Mojokerto", region_code="35.16.15", code_prefix="KML"
    )
    app = App.objects.create(app_id="1", name="Uji", app_secret=SECRET, verify_token=VERIFY)
    line = Line.objects.create(
        office=office, app=app, phone_number_id=NUMBER, business_account_id=ACCOUNT,
        display_phone="6285155565667", token="token", base_url="http://127.0.0.1:9",
    )  # fmt: skip
    return World(office, app, line, now)


def message(
    text: str = "Syarat membuat KTP apa saja?", *, at: int = 1795489000, sender: Any = "6281234567890", **fields: Any
) -> dict[str, Any]:
    """A text message of a citizen; ``at`` in unix seconds. A field that is None is left out."""
    values: dict[str, Any] = {
        "id": f"wamid.{next(_ids)}", "from": sender, "from_user_id": "ID.100", "timestamp": str(at),
        "type": "text", "text": {"body": text}, **fields,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value is not None}


def status(wamid: str, name: str = "delivered", *, at: int = 1795489000, **fields: Any) -> dict[str, Any]:
    """A status of a message that the office sent."""
    values = {"id": wamid, "status": name, "timestamp": str(at), "recipient_id": "6281234567890", **fields}
    return {name: value for name, value in values.items() if value is not None}


def change(number: str = NUMBER, field: str = "messages", **lists: Any) -> dict[str, Any]:
    """A change; ``lists`` are messages, statuses and so on."""
    metadata = {"display_phone_number": "6285155565667", "phone_number_id": number}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **lists}}


def envelope(*changes: dict[str, Any]) -> dict[str, Any]:
    """A body with one entry."""
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": list(changes)}]}


def messages(*items: dict[str, Any]) -> dict[str, Any]:
    """A body with these messages."""
    return envelope(change(messages=list(items)))


def statuses(*items: dict[str, Any]) -> dict[str, Any]:
    """A body with these statuses."""
    return envelope(change(statuses=list(items)))


def recorded() -> list[tuple[str, dict[str, Any]]]:
    """Every recorded payload with its name."""
    return [
        (f"{path.stem}:{name}", payload)
        for path in sorted(RECORDED.glob("*.json"))
        for name, payload in json.loads(path.read_text(encoding="utf-8")).items()
    ]


def plain_parameters() -> dict[str, Any]:
    """How to reach the test database without Django."""
    found = connection.get_connection_params()
    return {name: found[name] for name in ("dbname", "user", "host", "port", "password") if found.get(name)}


def signature(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    """The header that WhatsApp sends along."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


@dataclass
class Heard:
    """An inbound handler that remembers; ``poison`` is a text at which it fails."""

    takes: bool = True
    poison: str = ""
    texts: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def __call__(self, rows: Sequence[Inbound], *, now: datetime) -> set[int]:
        for row in rows:
            self.moments.append(now)
            if self.poison and row.text == self.poison:
                raise ValueError("quotes the citizen: " + row.text)
            self.texts.append(row.text)
        return {row.pk for row in rows} if self.takes else set()


@dataclass
class Told:
    """A delivery handler that remembers."""

    moves: list[tuple[int, str, str]] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def __call__(self, outbounds: Sequence[Outbound], *, now: datetime) -> None:
        self.moments.append(now)
        self.moves += [(outbound.pk, outbound.state, outbound.delivery) for outbound in outbounds]


_HANDLERS: tuple[InboundHandler, DeliveryHandler] = (Heard(), Told())  # they fit the ports


@contextmanager
def serving(application: ASGIApp) -> Iterator[str]:
    """The application behind a real HTTP server on a free port; gives its address."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
        config = uvicorn.Config(application, http="httptools", lifespan="on", log_level="warning", access_log=False)
        started = threading.Event()

        class Announced(uvicorn.Server):
            """Says when it listens."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                started.set()

        server = Announced(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [plug]}, daemon=True)
        thread.start()
        try:
            assert started.wait(20)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(20)
