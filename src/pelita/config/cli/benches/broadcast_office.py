"""The office's side of `bench broadcast` and `drill broadcast`. Imported once Django is set up."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from pelita.base import bulk
from pelita.desk.models import Citizen, Conversation, Identity, IdentityKind, Inquiry
from pelita.news import actions as posts
from pelita.news import actions_broadcast as actions
from pelita.news import queries_broadcast
from pelita.news.models import Broadcast, PostKind, Recipient, Subscription
from pelita.news.models_broadcast import Fate
from pelita.news.rules import Content
from pelita.offices.models import Office, Officer, Section
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.whatsapp.actions.enqueue import enqueue_text
from pelita.whatsapp.models import Attempt, Line, Outbound
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.queries import line_of

OFFICE, ADMIN = "kemlagi", "admin"
TOPICS = PostKind.values
BETWEEN = 0.5  # seconds from one answer to the next


def office() -> Office:
    return Office.objects.get(code=OFFICE)


def line() -> Line:
    found = line_of(office())
    assert found is not None  # noqa: S101 (the demonstration has one)
    return found


def admin() -> Place:
    return place_of(Officer.objects.select_related("office").get(username=ADMIN), now=datetime.now(UTC))


def open_office() -> None:
    """No hour is quiet, and the template for those outside the reply window is handed in."""
    Office.objects.filter(code=OFFICE).update(quiet_until=F("quiet_from"))
    actions.propose_template(by=admin(), now=datetime.now(UTC))


def template_there() -> bool:
    return queries_broadcast.news_template(line()) is not None


def subscribe(people: Sequence[Mapping[str, Any]]) -> None:
    """Write these down as citizens who agreed long ago; their reply windows are closed."""
    mine, of, now = office(), line(), datetime.now(UTC)
    long_ago = now - timedelta(days=30)
    citizens = bulk.insert(
        [bulk.new(Citizen, office_id=mine.pk, name=one["name"], created_at=long_ago) for one in people]
    )
    identities = [
        bulk.new(
            Identity, office_id=mine.pk, citizen_id=citizen.pk, kind=kind, value=value, first_seen=long_ago,
            last_seen=long_ago,
        )
        for citizen, one in zip(citizens, people, strict=True)
        for kind, value in ((IdentityKind.WA_ID, one["wa_id"]), (IdentityKind.USER_ID, one["user_id"]))
    ]  # fmt: skip
    bulk.insert(identities)
    bulk.insert(
        [
            bulk.new(
                Conversation, office_id=mine.pk, line_id=of.pk, citizen_id=one.pk, last_inbound_at=long_ago,
                last_entry_at=long_ago,
            )
            for one in citizens
        ]
    )  # fmt: skip
    Subscription.objects.bulk_create(
        [
            Subscription(
                office=mine,
                citizen=one,
                state="active",
                topics=PostKind.values,
                agreed_at=long_ago,
                changed_at=long_ago,
            )
            for one in citizens
        ]
    )


def at_step(step: str) -> int:
    """How many who chat have come so far; "": to the agreement."""
    rows = Subscription.objects.filter(office=office(), step=step)
    return rows.filter(state="active", shown__isnull=False).count() if not step else rows.count()


def open_matters() -> int:
    return Inquiry.objects.filter(office=office()).count()


def begin(title: str) -> int:
    """A post, approved, prepared and begun."""
    place, now = admin(), datetime.now(UTC)
    section = Section.objects.filter(office=place.office, active=True).order_by("pk").first()
    assert section is not None  # noqa: S101 (the demonstration has some)
    content = Content("activity", title, "Warga membersihkan saluran air.", section, ways=("page", "broadcast"))
    made = posts.write(content=content, draft_key=uuid.uuid4(), by=place, now=now)
    made = posts.approve(post=made, seen=made.lock, by=place, now=now)
    return actions.start(broadcast=actions.prepare(post=made, by=place, now=now), by=place, now=now).pk


def go_on(row: int) -> None:
    actions.go_on(broadcast=_row(row), by=admin(), now=datetime.now(UTC))


def stop(row: int) -> datetime:
    """Returns the moment at which it was asked for."""
    now = datetime.now(UTC)
    actions.stop(broadcast=_row(row), by=admin(), now=now)
    return now


def last_call(row: int) -> datetime:
    """When the last message of a broadcast was handed to WhatsApp."""
    mine = Recipient.objects.filter(office=office(), broadcast=row).values("outbound")
    calls = Attempt.objects.filter(office=office(), outbound__in=mine).order_by("-started_at")
    return calls.values_list("started_at", flat=True)[0]


def state(row: int) -> str:
    return _row(row).state


def unserved(row: int) -> int:
    return Recipient.objects.filter(office=office(), broadcast=row, state=Fate.WAITING).count()


def unsettled(row: int) -> int:
    """Recipients of whom more will be heard, and sent ones whose last status is under way."""
    states = (Fate.WAITING, Fate.QUEUED, Fate.UNCERTAIN, Fate.SENT)
    return Recipient.objects.filter(office=office(), broadcast=row, state__in=states).count()


def served(row: int) -> int:
    return _row(row).served


def stopped(numbers: Collection[str]) -> int:
    rows = Identity.objects.filter(office=office(), kind=IdentityKind.WA_ID, value__in=numbers).values("citizen")
    wills = Subscription.objects.filter(office=office(), citizen__in=rows, state__in=["stopped", "refused"])
    return wills.count()


def not_served(row: int, numbers: Collection[str]) -> set[str]:
    """Those of these numbers to whom nothing had been handed over when their word was heard."""
    return {number for number, fate in fates(row).items() if number in numbers and fate in {"waiting", "skipped"}}


def fates(row: int) -> dict[str, str]:
    """By number."""
    rows = Recipient.objects.filter(office=office(), broadcast=row).values_list("citizen", "state")
    numbers = Identity.objects.filter(office=office(), kind=IdentityKind.WA_ID).values_list("citizen", "value")
    by_citizen = dict(numbers)
    return {by_citizen[citizen]: state for citizen, state in rows}


def figures(row: int) -> dict[str, object]:
    """What became of them, and refusals by rate of everything that left."""
    found = queries_broadcast.sums([_row(row)])[row]
    attempts = Attempt.objects.filter(office=office())
    fates: dict[str, object] = {name: count for name, count in found.items() if count}
    return fates | {
        "rate_limited": attempts.filter(outcome=Outcome.RATE_LIMITED.value).count(),
        "pair_limited": attempts.filter(outcome=Outcome.PAIR_LIMITED.value).count(),
        "lost_answers": attempts.filter(outcome=Outcome.UNCERTAIN.value).count(),
    }


def _row(pk: int) -> Broadcast:
    return Broadcast.objects.select_related("post").get(office=office(), pk=pk)


class Answers(threading.Thread):
    """Answers citizens while the broadcast goes on, in turn, as an officer would."""

    def __init__(self, people: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(name="answers")
        self.numbers = [str(one["wa_id"]) for one in people]
        self.sent: list[int] = []
        self._over = threading.Event()

    def run(self) -> None:
        mine, of = office(), line()
        rows = Identity.objects.filter(office=mine, kind=IdentityKind.WA_ID, value__in=self.numbers)
        owners = dict(rows.values_list("citizen", "value"))
        talks = Conversation.objects.filter(office=mine, line=of, citizen__in=list(owners))
        chats = [(pk, owners[citizen]) for pk, citizen in talks.values_list("pk", "citizen")]
        while not self._over.wait(BETWEEN):
            talk, number = chats[len(self.sent) % len(chats)]
            with transaction.atomic():
                Conversation.objects.select_for_update().get(office=mine, pk=talk)
                row = enqueue_text(
                    line=of, thread=talk, to_phone=number, to_user_id="", text="Syaratnya KTP dan KK asli.",
                    now=datetime.now(UTC),
                )  # fmt: skip
            self.sent.append(row.pk)
        connection.close()

    def stop(self) -> None:
        self._over.set()
        self.join()
        time.sleep(1)

    def latencies(self) -> list[float]:
        """Seconds from queueing to acceptance."""
        rows = Outbound.objects.filter(office=office(), pk__in=self.sent, accepted_at__isnull=False)
        return [
            (accepted - created).total_seconds()
            for created, accepted in rows.values_list("created_at", "accepted_at")
            if accepted
        ]
