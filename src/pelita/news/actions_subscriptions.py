"""Writes of subscriptions: asked for, chosen, agreed to, stopped. Each step leaves a consent that is never changed.

Nothing holds before the citizen has agreed to the very words that were shown (docs/decisions/0037).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pelita.base import bulk
from pelita.desk.models import Citizen
from pelita.journal import actions as journal
from pelita.news.chat_words import Wish
from pelita.news.models_broadcast import Consent, ConsentVerb, Fate, Recipient, Skip, Step, Subscription
from pelita.news.models_broadcast import SubscriptionState as State
from pelita.whatsapp.actions.calling_off import call_off_set
from pelita.whatsapp.models import Inbound, Outbound

# Whose subscriptions stand in the name of somebody who turned out to be another one.
_STRAY = """
JOIN desk_citizen c ON c.office_id = t.office_id AND c.id = t.citizen_id AND c.merged_into_id IS NOT NULL
WHERE (%b::bigint IS NULL OR t.office_id = %b) ORDER BY t.id LIMIT 200 FOR UPDATE OF t SKIP LOCKED
"""
# From the loosest to the strictest: of two persons who are one, the stricter will holds.
_STRICTNESS = (State.ACTIVE, State.ASKED, State.STOPPED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Proof:
    """The messages of a step. ``wording``: what was shown when the citizen agreed."""

    inbound: Inbound | None = None
    outbound: int | None = None
    wording: str = ""


NOTHING = Proof()


def hold(*, office: int, citizen: int, now: datetime) -> Subscription:
    """The citizen's subscription, locked; made when there is none. Call inside a transaction."""
    bulk.run(
        "INSERT INTO news_subscription (office_id, citizen_id, state, topics, villages, step, wish, changed_at)"
        " VALUES (%b, %b, 'asked', '{}', '{}', '', '{}', %b) ON CONFLICT (office_id, citizen_id) DO NOTHING",
        [office, citizen, now],
    )
    return Subscription.objects.select_for_update().get(office=office, citizen=citizen)


def begin(row: Subscription, wish: Wish, *, proof: Proof, now: datetime) -> None:
    """Somebody asks to subscribe, or to choose anew. What held goes on until the new words are agreed to."""
    note(row, ConsentVerb.ASKED, wish=wish, proof=proof, now=now)
    ask(row, Step.VILLAGES if wish.topics else Step.TOPICS, wish, now=now)


def ask(row: Subscription, step: Step, wish: Wish, *, now: datetime) -> None:
    """The next question. ``shown`` follows once its message is queued."""
    row.step, row.step_at = step, now
    row.wish = {"topics": list(wish.topics), "villages": list(wish.villages)}
    _save(row, now, "step", "step_at", "wish")


def show(row: Subscription, outbound: Outbound) -> None:
    """The message that holds the question."""
    row.shown = outbound
    row.save(update_fields=["shown"])


def wish_of(row: Subscription) -> Wish:
    return Wish(tuple(row.wish.get("topics", ())), tuple(row.wish.get("villages", ())))


def agree(row: Subscription, *, proof: Proof, now: datetime) -> None:
    """The second opt-in: from now on it holds."""
    wish = wish_of(row)
    row.state, row.topics, row.villages = State.ACTIVE, list(wish.topics), list(wish.villages)
    row.step, row.wish, row.agreed_at, row.stopped_at = Step.NONE, {}, now, None
    _save(row, now, "state", "topics", "villages", "step", "wish", "agreed_at", "stopped_at")
    note(row, ConsentVerb.AGREED, wish=wish, proof=proof, now=now)


def cancel(row: Subscription, *, proof: Proof, now: datetime) -> None:
    """The citizen thought better of it: nothing new holds."""
    row.step, row.wish = Step.NONE, {}
    if row.state == State.ASKED:
        row.state = State.STOPPED
    _save(row, now, "state", "step", "wish")
    note(row, ConsentVerb.CANCELLED, proof=proof, now=now)


def stop(
    row: Subscription, *, proof: Proof = NOTHING, by_whatsapp: bool = False, at: datetime | None = None, now: datetime
) -> None:
    """Nothing is sent any more, from this moment; what has not left yet is taken back. ``at``: when the citizen
    turned WhatsApp's switch, where that is known."""
    row.state = State.REFUSED if by_whatsapp or row.state == State.REFUSED else State.STOPPED
    row.step, row.wish, row.stopped_at = Step.NONE, {}, at or row.stopped_at or now
    if not by_whatsapp:
        row.agreed_at = None  # nothing is left that switching WhatsApp's switch back could renew
    _save(row, now, "state", "step", "wish", "stopped_at", "agreed_at")
    note(row, ConsentVerb.REFUSED if by_whatsapp else ConsentVerb.STOPPED, proof=proof, now=now)
    _take_back(row, now)


def resume(row: Subscription, *, at: datetime, now: datetime) -> None:
    """WhatsApp's switch was turned back. What the citizen had agreed to holds again; who never agreed stays out.

    Word of it may come late: after it the citizen has turned the switch off once more, and that holds.
    """
    if row.state != State.REFUSED or (row.stopped_at is not None and at < row.stopped_at):
        return
    row.state, row.stopped_at = (State.ACTIVE, None) if row.agreed_at else (State.STOPPED, row.stopped_at)
    _save(row, now, "state", "stopped_at")
    note(row, ConsentVerb.RESUMED, now=now)


def note(
    row: Subscription, verb: ConsentVerb, *, wish: Wish | None = None, proof: Proof = NOTHING, now: datetime
) -> Consent:
    """One more line of the citizen's will, and the fact of it."""
    topics, villages = (row.topics, row.villages) if wish is None else (wish.topics, wish.villages)
    made = Consent.objects.create(
        office_id=row.office_id, citizen_id=row.citizen_id, verb=verb, wording=proof.wording, topics=list(topics),
        villages=list(villages), inbound=proof.inbound, outbound_id=proof.outbound, at=now,
    )  # fmt: skip
    journal.record(
        office=row.office_id, verb=f"subscription.{verb}", subject=("citizen", row.citizen_id), by=None, now=now,
        consent=made.pk, state=row.state,
    )  # fmt: skip
    return made


def refuse(*, office: int, citizens: Collection[int], now: datetime) -> None:
    """WhatsApp said of these that they stopped its marketing messages (131050)."""
    rows = Subscription.objects.select_for_update().filter(office=office, citizen__in=citizens)
    for row in rows.exclude(state=State.REFUSED).order_by("pk"):
        stop(row, by_whatsapp=True, now=now)


@transaction.atomic
def adopt_merged(*, office: int | None = None, now: datetime) -> int:
    """Carry subscriptions to the persons that their citizens turned out to be. Returns how many were carried."""
    stray = bulk.load(Subscription, _STRAY, [office, office])
    citizens = Citizen.objects.across_offices("a subscription names its citizen, and both their office")
    into = (
        dict(citizens.filter(pk__in=[one.citizen_id for one in stray]).values_list("pk", "merged_into"))
        if stray
        else {}
    )
    for gone in stray:
        keep = into[gone.citizen_id]
        if keep is not None:
            _carry(gone, keep, now)
    return len(stray)


def _carry(gone: Subscription, keep: int, now: datetime) -> None:
    """The stricter state holds, with the choices of whoever chose last. A reception that waits goes along."""
    mine = Subscription.objects.select_for_update().filter(office=gone.office_id, citizen=keep).first()
    theirs = Recipient.objects.filter(office=gone.office_id, citizen=gone.citizen_id)
    served = theirs.filter(served_at__isnull=False).values("broadcast")
    Recipient.objects.filter(office=gone.office_id, citizen=keep, state=Fate.WAITING, broadcast__in=served).update(
        state=Fate.SKIPPED, reason=Skip.SAME, changed_at=now
    )
    waiting = theirs.filter(state=Fate.WAITING)
    known = Recipient.objects.filter(office=gone.office_id, citizen=keep).values("broadcast")
    waiting.filter(broadcast__in=known).update(state=Fate.SKIPPED, reason=Skip.SAME, changed_at=now)
    waiting.update(citizen=keep)
    if mine is None:
        gone.citizen_id = keep
        _save(gone, now, "citizen")
        note(gone, ConsentVerb.MERGED, now=now)
        return
    state = max(gone.state, mine.state, key=lambda one: _STRICTNESS.index(State(one)))
    newer = max(gone, mine, key=lambda one: one.changed_at)
    mine.topics, mine.villages = newer.topics, newer.villages
    if state == mine.state == gone.state or state == State.ACTIVE:
        mine.agreed_at = newer.agreed_at
    else:
        stricter = gone if gone.state == state else mine
        mine.agreed_at, mine.stopped_at = stricter.agreed_at, stricter.stopped_at
    mine.state = state
    _save(mine, now, "state", "topics", "villages", "agreed_at", "stopped_at")
    Subscription.objects.filter(office=gone.office_id, pk=gone.pk).delete()
    note(mine, ConsentVerb.MERGED, now=now)


def _take_back(row: Subscription, now: datetime) -> None:
    """Broadcasts to this citizen that wait in the outbox. One that is leaving in this moment is not waited for."""
    rows = Recipient.objects.filter(office=row.office_id, citizen=row.citizen_id, state=Fate.QUEUED)
    queued: Sequence[tuple[int, int | None]] = list(rows.values_list("pk", "outbound"))
    called = call_off_set(office=row.office_id, outbounds=[one for _pk, one in queued if one], now=now)
    Recipient.objects.filter(office=row.office_id, outbound__in=called).update(
        state=Fate.SKIPPED, reason=Skip.LEFT, changed_at=now
    )
    # Those that wait for their turn are looked at then; the screen need not wait.
    Recipient.objects.filter(office=row.office_id, citizen=row.citizen_id, state=Fate.WAITING).update(
        state=Fate.SKIPPED, reason=Skip.LEFT, changed_at=now
    )


def _save(row: Subscription, now: datetime, *names: Any) -> None:
    row.changed_at = now
    row.save(update_fields=[*names, "changed_at"])
