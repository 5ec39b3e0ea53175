"""The switch of a linked device."""

from __future__ import annotations

from datetime import datetime

from pelita.base.errors import NotAllowedError
from pelita.journal import actions as journal
from pelita.news.linked import state
from pelita.offices.rules import Place


def switch(*, on: bool, by: Place, now: datetime) -> None:
    """Stop the office's linked device at once, or let it go on. Raises NotAllowedError."""
    if not by.keeps_line:
        raise NotAllowedError
    state.switch(by.office.code, on=on)
    verb = "linked.resumed" if on else "linked.stopped"
    journal.record(office=by.office, verb=verb, subject=("office", by.office.pk), by=by.officer, now=now)
