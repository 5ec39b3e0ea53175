"""Many moves of many inquiries, decided in memory under their locks and written down with one statement for each table.

This is ``moving.move`` for sets: the same table of moves, the same conditional update, the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from pelita.base import bulk
from pelita.base.ids import new_code
from pelita.desk import deadlines, workflow
from pelita.desk.deadlines import Clockwork
from pelita.desk.models import Inquiry
from pelita.desk.queries.access import HELPED
from pelita.desk.queries.clockwork import clockworks
from pelita.desk.workflow import Actor, Move
from pelita.journal import actions as journal
from pelita.journal.models import Fact

TRIES = 12
_PREFIXES = "SELECT id, code_prefix FROM offices_office WHERE id = ANY(%b::bigint[])"
_HELPERS = f"""
SELECT d.inquiry_id, d.section_id FROM {bulk.given(office="bigint", inquiry="bigint")}
JOIN desk_disposition d ON d.office_id = u.office AND d.inquiry_id = u.inquiry
WHERE NOT d.coordinating AND d.state = ANY(%b)
"""  # noqa: S608 (constants)
# What a message or a report may change of an inquiry that is stored.
_FIELDS = (
    "state", "holder", "held_since", "question", "summary", "section", "due_at", "waiting_since", "unread",
    "delivered_at", "closed_at", "version", "answer_due_at", "paused_since", "first_response_at", "remind_at",
    "first_due_at", "closes_at", "automatic", "service", "routed",
)  # fmt: skip


class Gathering:
    """The inquiries of one set. ``held`` ones are locked by the caller, who loaded them under that lock."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._was: dict[int, tuple[str, str, int]] = {}
        self._changed: dict[int, Inquiry] = {}
        self._opened: list[Inquiry] = []
        self._clockworks: dict[int, Clockwork] = {}
        self._facts: list[tuple[Inquiry, Fact]] = []

    def held(self, inquiries: Iterable[Inquiry]) -> None:
        """These may be moved."""
        inquiries = list(inquiries)
        self._know(inquiries)
        self._was |= {one.pk: (one.state, one.holder, one.version) for one in inquiries}

    def open(self, inquiry: Inquiry) -> None:
        """A new one. Its code comes when it is written down."""
        self._know([inquiry])
        for name, value in deadlines.opened(self._clockworks[inquiry.office_id], inquiry, self.now).items():
            setattr(inquiry, name, value)
        self._opened.append(inquiry)

    def expect(self, offices: Iterable[int]) -> None:
        """Inquiries of these offices may be opened or moved: look up their deadlines in one go."""
        missing = set(offices) - self._clockworks.keys()
        if missing:
            self._clockworks |= clockworks(missing, self.now)

    def _know(self, inquiries: Iterable[Inquiry]) -> None:
        self.expect(one.office_id for one in inquiries)

    def change(self, inquiry: Inquiry, **changes: Any) -> None:
        """Columns that change without a move."""
        for name, value in changes.items():
            setattr(inquiry, name, value)
        if inquiry.pk is not None:
            self._changed[inquiry.pk] = inquiry

    def serve(self, inquiry: Inquiry, service: int) -> None:
        """It is about this service, which may have deadlines of its own."""
        if inquiry.service_id == service:
            return
        clockwork = self._clockworks[inquiry.office_id]
        timed = clockwork.speaks_of(inquiry.service_id, service)
        self.change(inquiry, service_id=service)
        if timed:
            self.change(inquiry, **deadlines.recounted(clockwork, inquiry, self.now))

    def ends_when_read(self, inquiry: Inquiry) -> bool:
        """As deadlines.ends_when_read says."""
        return deadlines.ends_when_read(self._clockworks[inquiry.office_id], inquiry, self.now)

    def move(self, inquiry: Inquiry, move: Move, actor: Actor, **changes: Any) -> bool:
        """Make the move, with further columns that change along with it. False when the table does not allow it."""
        if not workflow.allowed(move, workflow.spot_of(inquiry.state, inquiry.holder), actor):
            return False
        state, holder = workflow.MOVES[move].target
        changes["automatic"] = workflow.automatic_after(move, before=inquiry.automatic)
        office = self._clockworks[inquiry.office_id]
        timed = deadlines.moved(office, inquiry, (state, holder), changes, self.now)
        moved = {"state": state, "holder": holder, "held_since": self.now, "version": inquiry.version + 1}
        self.change(inquiry, **moved, **{**changes, **timed})
        return True

    def note(self, inquiry: Inquiry, verb: str, *sections: int | None, state: bool = True, **data: Any) -> Fact:
        """The journal fact of what just happened; the sections that have it and ``sections`` hear of it live. Stored
        by ``save_facts``."""
        told = {"state": inquiry.state, "holder": inquiry.holder} if state else {}
        fact = bulk.new(
            Fact,
            office_id=inquiry.office_id,
            at=self.now,
            verb=verb,
            subject_type="inquiry",
            audience=sorted({one for one in (inquiry.section_id, *sections) if one}),
            data=told | data,
        )
        self._facts.append((inquiry, fact))
        return fact

    def save(self) -> None:
        """Write everything down; more may follow."""
        self.save_inquiries()
        self.save_facts()

    def save_inquiries(self) -> None:
        """Write the inquiries down: what refers to them can be stored after this."""
        self._insert()
        rows = [one for _, one in sorted(self._changed.items())]
        was = [self._was[one.pk] for one in rows]
        names = ("state", "holder", "version")
        won = bulk.update(rows, _FIELDS, was={name: [old[at] for old in was] for at, name in enumerate(names)})
        if len(won) != len(rows):
            raise IntegrityError("an inquiry changed under its lock")  # would be ours to mend; nothing is half done
        self.held(rows)
        self._changed.clear()

    def save_facts(self) -> None:
        """Write the facts down, in the order in which they happened."""
        helpers = self._helpers()
        for inquiry, fact in self._facts:
            fact.subject_id = inquiry.pk
            if inquiry.pk in helpers:
                fact.audience = sorted({*fact.audience, *helpers[inquiry.pk]})
            fact.data = {"code": inquiry.code, **fact.data}
        journal.record_all([fact for _, fact in self._facts])
        self._facts.clear()

    def _helpers(self) -> dict[int, list[int]]:
        """Sections that help with the inquiries of these facts. What was opened just now has none yet."""
        stored = {one.pk: one.office_id for one, _ in self._facts if one.pk in self._was}
        found: dict[int, list[int]] = {}
        if stored:
            for inquiry, section in bulk.run(_HELPERS, [list(stored.values()), list(stored), [*HELPED]]):
                found.setdefault(inquiry, []).append(section)
        return found

    def _insert(self) -> None:
        if not self._opened:
            return
        offices = {inquiry.office_id for inquiry in self._opened}
        prefixes: dict[int, str] = dict(bulk.run(_PREFIXES, [sorted(offices)]))
        left, self._opened = self._opened, []
        for attempt in range(TRIES):
            for inquiry in left:
                # Four signs serve an office for years; when they get crowded, codes grow by one instead of failing.
                inquiry.code = new_code(prefixes[inquiry.office_id], length=4 if attempt < TRIES // 2 else 5)
            bulk.insert(left, unless=("office", "code"))
            left = [inquiry for inquiry in left if inquiry.pk is None]
            if not left:
                return
        raise IntegrityError(f"no free inquiry code for office {left[0].office_id}")
