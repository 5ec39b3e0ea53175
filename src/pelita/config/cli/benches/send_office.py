"""The offices' side of `bench send`. Imported once Django is set up."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

from django.db import connection

from pelita.base import bulk
from pelita.desk.models import Conversation, Identity, IdentityKind
from pelita.offices.models import Office
from pelita.whatsapp import jobs
from pelita.whatsapp.actions.lines import ensure_line
from pelita.whatsapp.models import Attempt, Delivery, Line, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome

TICK = 0.1  # seconds between two sets of a line's messages
WORDS = "Syaratnya KTP dan KK asli beserta satu salinan. Silakan datang ke loket pada jam kerja."

Chat = tuple[int, str]  # id of the conversation, the citizen's number


def open_lines(count: int, rate: int, emulate: Callable[[dict[str, str]], object]) -> list[Line]:
    """The seeded office's number and further offices with one each; ``emulate`` adds a number to the emulator."""
    first = Line.objects.across_offices("a measurement uses the number that is there").select_related("app").get()
    found = [first]
    for number in range(2, count + 1):
        name = f"Kecamatan Ukur {number}"
        office = Office.objects.create(
            code=f"ukur{number}", name=name, region_code=f"99.{number}", code_prefix=f"U{number}", regency="Ukur"
        )
        ids = {"phone_number_id": f"35160000000{number:04}", "display_phone": f"62851555500{number:02}"}
        app = first.app
        emulate({
            **ids, "name": name, "waba_id": first.business_account_id, "token": first.token,
            "app_secret": app.app_secret, "verify_token": app.verify_token,
        })  # fmt: skip
        found.append(
            ensure_line(
                office=office, app=app, **ids, business_account_id=first.business_account_id, base_url=first.base_url,
                api_version=first.api_version, token=first.token, now=datetime.now(UTC),
            )
        )  # fmt: skip
    for line in found:
        Line.objects.filter(office=line.office_id, pk=line.pk).update(number_rate=min(rate, line.number_rate))
    return found


def chats_known(lines: Sequence[Line]) -> int:
    return sum(Conversation.objects.filter(office=line.office_id, line=line).count() for line in lines)


def chats(lines: Sequence[Line]) -> dict[int, list[Chat]]:
    """The conversations of each line, by the line's id."""
    found: dict[int, list[Chat]] = {}
    for line in lines:
        rows = Identity.objects.filter(office=line.office_id, kind=IdentityKind.WA_ID)
        numbers = dict(rows.values_list("citizen_id", "value"))
        mine = Conversation.objects.filter(office=line.office_id, line=line).values_list("pk", "citizen_id")
        found[line.pk] = [(pk, numbers[citizen]) for pk, citizen in mine.order_by("pk") if citizen in numbers]
    return found


class Feeder(threading.Thread):
    """Queues ``rate`` messages a second for every line, each conversation in turn, as ``enqueue_text`` would.

    In sets, so that the measurement's own cost stays small. ``sent``: chat and text of each, in the order of queueing.
    """

    def __init__(self, lines: Sequence[Line], found: dict[int, list[Chat]], rate: int, seconds: float) -> None:
        super().__init__(name="feeder")
        self.lines, self.rate, self.seconds = lines, rate, seconds
        self.turns = {line.pk: cycle(found[line.pk]) for line in lines}
        self.sent: list[tuple[str, str]] = []
        self.first = datetime.now(UTC)
        self.cpu = 0.0

    def run(self) -> None:
        began, queued = time.monotonic(), 0
        while queued < self.rate * self.seconds:
            due = min(self.rate * self.seconds, (time.monotonic() - began + TICK) * self.rate)
            for line in self.lines:
                self._queue(line, int(due) - queued)
            queued = int(due)
            time.sleep(max(0.0, began + queued / self.rate - time.monotonic()))
        self.cpu = time.thread_time()
        connection.close()

    def _queue(self, line: Line, count: int) -> None:
        now = datetime.now(UTC)
        rows = [
            Outbound(
                office_id=line.office_id, line=line, thread=thread, to_phone=phone, created_at=now, next_at=now,
                text=f"{WORDS} Pesan {len(self.sent) + number:06}.",
            )
            for number, (thread, phone) in enumerate(islice(self.turns[line.pk], count))
        ]  # fmt: skip
        bulk.insert(rows)
        self.sent += [(f"{line.pk}/{row.thread}", row.text) for row in rows]
        jobs.defer_outbox(line.pk)


def under_way(feeder: Feeder) -> int:
    """Messages that neither were accepted nor failed."""
    return _count(feeder, state__in=[OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNKNOWN])


def undelivered(feeder: Feeder) -> int:
    """Accepted messages whose last status has not been taken in yet."""
    return _count(feeder, state=OutboundState.ACCEPTED, delivery__in=[Delivery.NONE, Delivery.SENT])


def latencies(feeder: Feeder) -> list[float]:
    """Seconds from queueing to acceptance."""
    return [(accepted - created).total_seconds() for created, accepted in _times(feeder)]


def seconds_of(feeder: Feeder) -> float:
    """From the first message queued to the last one accepted."""
    times = _times(feeder)
    return (max(accepted for _, accepted in times) - min(created for created, _ in times)).total_seconds()


def figures(feeder: Feeder) -> dict[str, object]:
    """Refusals by rate, and what became of the rest."""
    attempts = [
        Attempt.objects.filter(office=line.office_id, outbound__line=line, started_at__gte=feeder.first)
        for line in feeder.lines
    ]
    return {
        "rate_limited": sum(rows.filter(outcome=Outcome.RATE_LIMITED.value).count() for rows in attempts),
        "pair_limited": sum(rows.filter(outcome=Outcome.PAIR_LIMITED.value).count() for rows in attempts),
        "uncertain": sum(rows.filter(outcome=Outcome.UNCERTAIN.value).count() for rows in attempts),
        "failed": _count(feeder, state=OutboundState.FAILED),
        "delivered": _count(feeder, delivery=Delivery.DELIVERED) + _count(feeder, delivery=Delivery.READ),
        "cpu_feeder_s": round(feeder.cpu, 2),
        "cores": os.cpu_count(),
    }


def _count(feeder: Feeder, **wanted: Any) -> int:
    return sum(
        Outbound.objects.filter(office=line.office_id, line=line, created_at__gte=feeder.first, **wanted).count()
        for line in feeder.lines
    )


def _times(feeder: Feeder) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for line in feeder.lines:
        rows = Outbound.objects.filter(office=line.office_id, line=line, created_at__gte=feeder.first)
        times = rows.exclude(accepted_at=None).values_list("created_at", "accepted_at")
        found += [(created, accepted) for created, accepted in times if accepted]
    return found
