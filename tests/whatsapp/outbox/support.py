"""A line with an outbox, and short ways to fill it and to look at it from outside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import psycopg
from django.db import connection, transaction

from pelita.base import clock
from pelita.offices.actions import seed_office
from pelita.offices.models import Office, Officer
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue_read_mark, enqueue_text
from pelita.whatsapp.actions.lines import ensure_app, ensure_line
from pelita.whatsapp.content import STUB
from pelita.whatsapp.gateways.base import Reply
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.models import App, Attempt, Bucket, Line, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.sending import drain

GATEWAYS = {"meta_cloud": MetaCloudGateway}
TOKEN = "EAAG-kunci-akses-yang-rahasia"
_numbers = count(1)


@dataclass
class Told:
    """A delivery handler that remembers what it heard."""

    moves: list[tuple[int, str, str]] = field(default_factory=list)

    def __call__(self, outbounds: Sequence[Outbound], *, now: datetime) -> None:  # noqa: ARG002  # the port's shape
        self.moves += [(outbound.pk, outbound.state, outbound.delivery) for outbound in outbounds]

    def states(self, outbound: Outbound) -> list[str]:
        return [state for pk, state, _ in self.moves if pk == outbound.pk]


@dataclass
class World:
    """One office with one line; ``now`` is the moment of enqueueing unless told otherwise."""

    office: Office
    app: App
    line: Line
    now: datetime
    told: Told = field(default_factory=Told)

    @property
    def handlers(self) -> Handlers:
        return Handlers(delivery=(self.told,))

    def place(self, username: str) -> Place:
        return place_of(Officer.objects.select_related("office").get(username=username), now=self.now)

    def text(self, text: str = "Jawaban", *, thread: int = 1, phone: str | None = None, **fields: Any) -> Outbound:
        with transaction.atomic():
            return enqueue_text(
                line=self.line,
                thread=thread,
                to_phone=f"62812000{thread:05}" if phone is None else phone,
                to_user_id=fields.pop("user_id", ""),
                text=text,
                now=fields.pop("now", self.now),
                **fields,
            )

    def stub(self, wamid: str, **fields: Any) -> Outbound:
        """What an edit or a deletion on the office's phone leaves under a wamid that nobody knows yet."""
        values: dict[str, Any] = {
            "kind": "other", "source": "phone", "content": {"type": STUB}, "state": "accepted", "delivery": "sent",
            "next_at": self.now, "created_at": self.now,
        }  # fmt: skip
        return Outbound.objects.create(
            office=self.office, line=self.line, thread=0, wamid=wamid, **{**values, **fields}
        )

    def mark(self, wamid: str = "wamid.dibaca", *, thread: int = 1) -> Outbound:
        with transaction.atomic():
            return enqueue_read_mark(line=self.line, thread=thread, wamid=wamid, now=self.now)

    def fresh(self, outbound: Outbound) -> Outbound:
        return Outbound.objects.filter(office=self.office).get(pk=outbound.pk)

    def states(self) -> list[str]:
        """States of all outgoing messages in the order of queueing."""
        return list(Outbound.objects.filter(office=self.office).order_by("id").values_list("state", flat=True))

    def attempts(self, outbound: Outbound) -> list[str]:
        rows = Attempt.objects.filter(office=self.office, outbound=outbound).order_by("number")
        return list(rows.values_list("outcome", flat=True))

    def change(self, outbound: Outbound, **changes: Any) -> None:
        assert Outbound.objects.filter(office=self.office, pk=outbound.pk).update(**changes) == 1

    def set_line(self, **changes: Any) -> None:
        Line.objects.filter(office=self.office, pk=self.line.pk).update(**changes)
        Bucket.objects.filter(office=self.office, line=self.line).delete()
        self.line.refresh_from_db()

    def drain(self, **more: Any) -> bool:
        return drain(line_id=self.line.pk, gateways=GATEWAYS, handlers=self.handlers, **more)


def build(*, base_url: str = "http://127.0.0.1:9", now: datetime | None = None) -> World:
    now = now or clock.now()
    office = seed_office(password="lampu-minyak-4821", now=now)
    app = ensure_app(app_id="app", name="Uji", app_secret="rahasia-aplikasi", verify_token="cocok")
    return World(office, app, line_of(office, app, base_url=base_url, now=now), now)


def line_of(office: Office, app: App, *, now: datetime, base_url: str = "http://127.0.0.1:9", **changes: Any) -> Line:
    values: dict[str, Any] = {
        "phone_number_id": "351600000000001",
        "business_account_id": "351600000000000",
        "display_phone": "6285155565667",
        "api_version": "v26.0",
        "token": TOKEN,
    }
    return ensure_line(office=office, app=app, base_url=base_url, now=now, **{**values, **changes})


def accepted() -> Reply:
    return Reply(Outcome.ACCEPTED, wamid=f"wamid.{uuid.uuid4().hex}", http_status=200)


def reply(outcome: Outcome) -> Reply:
    return Reply(outcome)


@contextmanager
def outside() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection of its own: it sees what is committed and nothing else."""
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True, application_name="outside") as found:
        yield found


def look(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with outside() as found:
        return found.execute(query, values).fetchall()
