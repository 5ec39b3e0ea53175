"""The world in which processing is measured: many offices with a number each, their citizens, answers under way.

Made with the product's own tables and the columns that its actions would leave, thousands of rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from pelita.base import bulk
from pelita.config.cli.benches.bodies import QUESTION, Mix, Number
from pelita.desk.models import Answer, Citizen, Conversation, Entry, Identity, Inquiry
from pelita.offices.actions import seed_work_hours
from pelita.offices.models import Office, Officer
from pelita.whatsapp.models import App, Body, Inbound, Item, Line, Outbound

M = TypeVar("M", bound=models.Model)
CHUNK = 5000
LONG_AGO = timedelta(days=9)
ANSWER = "Silakan datang ke loket dengan fotokopi KK dan surat kehilangan dari polsek. Loket buka sampai 15.00."


@transaction.atomic
def build(mix: Mix, *, now: datetime) -> None:
    """Offices, lines, citizens and, for each of the mix's turns, an inquiry whose answer was just accepted.

    Each citizen's newest inquiry was closed long ago, so that the first message opens one and the next ones join it.
    """
    app = App.objects.order_by("id")[0]
    offices = _add(_office(n) for n in range(len(mix.numbers)))
    for office in offices:
        seed_work_hours(office=office)  # deadlines are counted in them, as everywhere
    officers = _add(
        Officer(office=office, username=f"bench-{office.code}", full_name="Petugas", is_active=False)
        for office in offices
    )
    lines = _add(_line(app, office, number) for office, number in zip(offices, mix.numbers, strict=True))
    place = [(offices[c % len(offices)], lines[c % len(lines)], officers[c % len(lines)]) for c in range(mix.citizens)]
    citizens = _add(Citizen(office=place[c][0], name=f"Warga {c}", created_at=now) for c in range(mix.citizens))
    _add(
        Identity(office=place[c][0], citizen=citizen, kind=kind, value=value, first_seen=now, last_seen=now)
        for c, citizen in enumerate(citizens)
        for kind, value in (("wa_id", mix.wa_id(c)), ("user_id", mix.user_id(c)))
    )
    talks = _add(
        Conversation(office=place[c][0], line=place[c][1], citizen=citizen, last_inbound_at=now, last_entry_at=now)
        for c, citizen in enumerate(citizens)
    )
    questions = _questions(app, mix, place, now)
    answers = _Answers(mix, place, talks, questions, now)
    answers.add()


class _Answers:
    """What the statuses of the mix will speak of."""

    def __init__(
        self,
        mix: Mix,
        place: list[tuple[Office, Line, Officer]],
        talks: list[Conversation],
        questions: list[Inbound],
        now: datetime,
    ) -> None:
        self.mix, self.place, self.talks, self.questions, self.now = mix, place, talks, questions, now

    def add(self) -> None:
        outbounds = _add(self._outbound(turn) for turn in range(self.mix.turns))
        inquiries = _add(
            self._inquiry(turn % self.mix.citizens, f"B{turn:X}", state="answered", held_since=self.now)
            for turn in range(self.mix.turns)
        )
        _add(
            Answer(
                office_id=inquiry.office_id, inquiry=inquiry, author=self.place[turn % self.mix.citizens][2],
                text=ANSWER, final_text=ANSWER, state="approved", outbound=outbounds[turn], created_at=self.now,
                updated_at=self.now, submitted_at=self.now, reviewed_at=self.now,
            )
            for turn, inquiry in enumerate(inquiries)
        )  # fmt: skip
        _add(
            Entry(
                office_id=inquiry.office_id, conversation_id=inquiry.conversation_id, inquiry=inquiry, at=self.now,
                outbound=outbounds[turn],
            )
            for turn, inquiry in enumerate(inquiries)
        )  # fmt: skip
        old = self.now - LONG_AGO
        _add(
            self._inquiry(citizen, f"C{citizen:X}", state="closed", held_since=old, closed_at=old)
            for citizen in range(self.mix.citizens)
        )

    def _outbound(self, turn: int) -> Outbound:
        citizen = turn % self.mix.citizens
        office, line, _ = self.place[citizen]
        return Outbound(
            office=office, line=line, key=UUID(self.mix.key(turn)), thread=self.talks[citizen].pk,
            to_phone=self.mix.wa_id(citizen), to_user_id=self.mix.user_id(citizen), text=ANSWER, state="accepted",
            outcome="accepted", wamid=self.mix.outgoing_wamid(turn), attempts=1, next_at=self.now, created_at=self.now,
            sending_at=self.now, accepted_at=self.now,
        )  # fmt: skip

    def _inquiry(self, citizen: int, code: str, **fields: Any) -> Inquiry:
        talk = self.talks[citizen]
        return Inquiry(
            office_id=talk.office_id, conversation=talk, citizen_id=talk.citizen_id, code=code, holder="nobody",
            question=self.questions[citizen], summary=QUESTION, opened_at=self.now, **fields,
        )  # fmt: skip


def _questions(app: App, mix: Mix, place: list[tuple[Office, Line, Officer]], now: datetime) -> list[Inbound]:
    [body] = bulk.insert([Body(received_at=now, app=app, raw=b"{}", state="done")])
    items = _add(
        Item(
            office=place[c][0], line=place[c][1], body=body, kind="message", field="messages",
            key=f"bench:{mix.mark}:{c}", payload={}, state="done", next_at=now,
        )
        for c in range(mix.citizens)
    )  # fmt: skip
    return _add(
        Inbound(
            office=place[c][0], line=place[c][1], item=item, wamid=f"wamid.bench{mix.mark}{c}", wa_id=mix.wa_id(c),
            user_id=mix.user_id(c), type="text", text=QUESTION, sent_at=now, received_at=now,
        )
        for c, item in enumerate(items)
    )  # fmt: skip


def _office(n: int) -> Office:
    return Office(
        code=f"bench-{n}", name=f"Kecamatan Uji {n}", regency="Uji", region_code=f"99.{n // 100:02d}.{n % 100:02d}",
        code_prefix="UJI",
    )  # fmt: skip


def _line(app: App, office: Office, number: Number) -> Line:
    return Line(
        office=office, app=app, phone_number_id=number.phone_number_id, display_phone=number.display_phone,
        business_account_id=number.business_account_id, base_url="http://127.0.0.1:9",
        token="token",  # noqa: S106 (nothing is sent)
    )  # fmt: skip


def _add(rows: Iterable[M]) -> list[M]:
    return [row for chunk in _chunks(rows) for row in bulk.insert(chunk)]


def _chunks(rows: Iterable[M]) -> Iterator[list[M]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
