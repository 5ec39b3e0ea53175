"""The process of one office's linked device: pairs, carries posts to Status, counts who looked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pelita.base import clock
from pelita.news import publishing
from pelita.news.linked import state
from pelita.news.linked.gate import Gate, NeonizeGate
from pelita.news.models import Publication, Way
from pelita.news.publishers.base import LASTS, Job
from pelita.news.publishers.linked import LinkedPublisher
from pelita.offices.models import Office

ROUND = 2.0  # seconds
READ = ("READ", "PLAYED")


def earlier(job: Job) -> list[datetime]:
    """When this office posted on this way in the last day, the newest first."""
    rows = Publication.objects.filter(
        office=job.post.office_id, way=Way.LINKED, at__gte=job.now - timedelta(days=1), proof__has_key="out"
    )
    return [at for at in rows.order_by("-at").values_list("at", flat=True) if at is not None]


def once(office: Office, gate: Gate, *, now: datetime) -> int:
    """One round: what is due goes out unless the switch is off. Returns how much was tried."""
    if state.stopped(office.code) or not gate.ready():
        return 0
    publisher = LinkedPublisher(gate, lambda: state.stopped(office.code), earlier)
    done = publishing.run(now=now, publishers={Way.LINKED: publisher}, ways=(Way.LINKED,), office=office.pk)
    count(office, gate, now=now)
    return done


def count(office: Office, gate: Gate, *, now: datetime) -> None:
    """Note how many have looked at what is still up."""
    rows = Publication.objects.filter(office=office, way=Way.LINKED, at__gte=now - LASTS, proof__has_key="messages")
    for row in rows:
        seen = max((gate.viewers(str(one)) for one in row.proof["messages"]), default=0)
        if seen > int(row.proof.get("viewers", 0)):
            same = Publication.objects.filter(office=office, pk=row.pk, proof=row.proof)
            same.update(proof={**row.proof, "viewers": seen})


def gate_of(path: Path, show: Callable[[str], None]) -> tuple[NeonizeGate, Callable[[], None]]:
    """neonize on the pairing at ``path``, and how to begin. ``show`` gets what the phone must scan. Raises ImportError
    without the extra."""
    from neonize.client import NewClient  # noqa: PLC0415 - the extra is not installed everywhere
    from neonize.events import ReceiptEv  # noqa: PLC0415
    from neonize.utils import build_jid  # noqa: PLC0415

    client = NewClient(str(path))
    gate = NeonizeGate(client, build_jid)

    def receipt(_client: Any, event: Any) -> None:
        kind = type(event).ReceiptType.Name(event.Type)
        if kind in READ and event.MessageSource.Chat.Server == "broadcast":
            gate.receipt(list(event.MessageIDs), event.MessageSource.Sender.User)

    client.event(ReceiptEv)(receipt)
    client.event.qr(lambda _client, data: show(data.decode("ascii", "replace")))
    return gate, client.connect


def run(office: Office, stop: threading.Event) -> None:
    """Until ``stop``. neonize's own connection lives in a thread of its own, which ends with the process."""
    shown = {"qr": ""}
    gate, connect = gate_of(state.session(office.code), lambda text: shown.update(qr=text))
    threading.Thread(target=connect, name="linked", daemon=True).start()
    while not stop.is_set():
        now, ready = clock.now(), gate.ready()
        qr = "" if ready else shown["qr"]
        state.write(office.code, state.Standing(now.isoformat(), ready, gate.people() if ready else 0, qr))
        if not once(office, gate, now=now):
            stop.wait(ROUND)
