"""An admin who answers whatever waits, with the desk's own actions. Imported once Django is set up."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime

from django.db import Error, connection

from pelita.desk.actions import review
from pelita.desk.errors import DeskError
from pelita.desk.models import Inquiry
from pelita.offices.models import Office, Officer
from pelita.offices.queries import place_of
from pelita.whatsapp.models import Inbound, Outbound, OutboundKind, OutboundState

OPEN = ("new", "reopened")
UNSETTLED = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNKNOWN)


class Admin(threading.Thread):
    """Answers until `stop`; the database may vanish at any moment. Every try has a text of its own, so an answer
    whose commit was lost can be told from one that was kept."""

    def __init__(self, office_code: str) -> None:
        super().__init__(daemon=True, name="admin")
        self.office = Office.objects.get(code=office_code)
        self.tried: set[str] = set()
        self.interrupted = 0
        self.stopping = threading.Event()
        self._numbers = itertools.count(1)

    def run(self) -> None:
        """Oldest first, a handful at a time, like a person with a queue."""
        while not self.stopping.is_set():
            try:
                if not self._answer_some():
                    time.sleep(0.2)
            except Error:
                self.interrupted += 1
                connection.close()
                time.sleep(0.1)
        connection.close()

    def stop(self) -> None:
        """Returns after the answer that is being written."""
        self.stopping.set()
        self.join()

    def _answer_some(self) -> int:
        admin = place_of(Officer.objects.select_related("office").get(username="admin"), now=datetime.now(UTC))
        waiting = Inquiry.objects.filter(office=self.office, state__in=OPEN).select_related(
            "office", "section", "question"
        )
        done = 0
        for inquiry in waiting.order_by("id")[:5]:
            text = f"Jawaban latihan nomor {next(self._numbers):06d}."
            self.tried.add(text)
            try:
                review.answer_directly(inquiry=inquiry, text=text, by=admin, now=datetime.now(UTC))
                done += 1
            except DeskError:
                continue  # It changed under our hands; the next look shows it as it is now.
            time.sleep(0.02)
        return done


def unsettled(office: Office, sent: set[str]) -> str:
    """What is still under way, in words; empty when nothing is."""
    try:
        arrived = set(Inbound.objects.filter(office=office).values_list("wamid", flat=True))
        outgoing = Outbound.objects.filter(office=office, kind=OutboundKind.TEXT, state__in=UNSETTLED).count()
        open_ones = Inquiry.objects.filter(office=office, state__in=OPEN).count()
    except Error:
        connection.close()
        return "basis data belum menjawab"
    missing = len(sent - arrived)
    if missing or outgoing or open_ones:
        return f"{missing} pesan belum masuk, {open_ones} belum dijawab, {outgoing} jawaban belum pasti"
    return ""
