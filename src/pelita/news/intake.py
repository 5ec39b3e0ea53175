"""What citizens write about their subscription, and what WhatsApp says of broadcasts that left.

Taken here is only what is about nothing else (chat_words): everything else goes on to the desk. What is taken stands
in the citizen's thread and is no matter for anybody. Whatever goes wrong is undone alone, and the message lies at the
desk like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from pelita.base import bulk
from pelita.desk import intake as desk
from pelita.desk.actions.arriving import Placed
from pelita.desk.models import Conversation, Entry
from pelita.news import actions_subscriptions as actions
from pelita.news import chat_words as chat
from pelita.news import chatting, queries, queries_subscriptions
from pelita.news.actions_subscriptions import Proof
from pelita.news.models_broadcast import Step, Subscription
from pelita.news.models_broadcast import SubscriptionState as State
from pelita.news.models_states import PostKind
from pelita.offices.models import Office
from pelita.whatsapp.actions.enqueue_set import Letter, enqueue_set
from pelita.whatsapp.messages import Buttons, Menu, Text
from pelita.whatsapp.models import Inbound, Outbound
from pelita.whatsapp.ports import Preference
from pelita.whatsapp.trouble import is_trouble, told

log = logging.getLogger(__name__)

ANSWERS_WITHIN = timedelta(hours=24)
TYPES = frozenset({"text", "interactive", "button"})

# What is known of the senders: their subscription, whether the newest word of the office was its question, and
# whether a matter of theirs goes on at the desk.
_KNOWN = f"""
SELECT u.message, s.state, s.step, s.step_at,
    s.shown_id IS NOT NULL AND s.shown_id = (
        SELECT e.outbound_id FROM desk_conversation c
        JOIN desk_entry e ON e.office_id = c.office_id AND e.conversation_id = c.id
        WHERE c.office_id = u.office AND c.line_id = u.line AND c.citizen_id = i.citizen_id
            AND e.outbound_id IS NOT NULL
        ORDER BY e.at DESC, e.id DESC LIMIT 1
    ),
    EXISTS (SELECT FROM desk_inquiry q WHERE q.office_id = u.office AND q.citizen_id = i.citizen_id
        AND q.state NOT IN ('closed', 'merged', 'spam'))
FROM {bulk.given(message="bigint", office="bigint", line="bigint", kind="text", value="text")}
JOIN desk_identity i ON i.office_id = u.office AND i.kind = u.kind AND i.value = u.value AND i.retired_at IS NULL
LEFT JOIN news_subscription s ON s.office_id = u.office AND s.citizen_id = i.citizen_id
"""  # noqa: S608 (constants)
_CITIZENS = f"""
SELECT u.ord, i.citizen_id FROM {bulk.given(office="bigint", user_id="text", wa_id="text")}
JOIN desk_identity i ON i.office_id = u.office AND i.retired_at IS NULL
    AND ((u.user_id <> '' AND i.kind = 'user_id' AND i.value = u.user_id)
        OR (u.wa_id <> '' AND i.kind = 'wa_id' AND i.value = u.wa_id))
ORDER BY u.ord, i.kind DESC
"""  # noqa: S608 (constants; the business-scoped id last, which is the surer one)

Said = Text | Buttons | Menu


@dataclass(frozen=True, slots=True)
class _Past:
    state: str = ""
    asked: str = ""  # the step of the question that a text would answer
    busy: bool = False


def take(messages: Sequence[Inbound], /, *, now: datetime) -> Collection[int]:
    """Take what is about subscriptions. No query for a set without short texts or taps of ours, else one."""
    maybe = [one for one in messages if _concerns(one)]
    if not maybe:
        return ()
    known = _known(maybe, now)
    mine = [one for one in maybe if _is_mine(one, known.get(one.pk, _Past()))]
    taken = set()
    for message in mine:
        if _answered(message, now):
            taken.add(message.pk)
    return taken


def _tap(message: Inbound) -> tuple[str, str]:
    reply = message.content.get("reply")
    return chat.tapped(str(reply.get("id", ""))) if isinstance(reply, dict) else ("", "")


def _concerns(message: Inbound) -> bool:
    """Whether a look is worth a query."""
    if message.type not in TYPES or message.quiet or message.revoked_at is not None:
        return False
    return bool(_tap(message)[0]) or (message.type == "text" and chat.may_answer(message.text))


def _known(messages: Sequence[Inbound], now: datetime) -> dict[int, _Past]:
    rows = [
        (one.pk, one.office_id, one.line_id, kind, value)
        for one in messages
        for kind, value in (("user_id", one.user_id), ("wa_id", one.wa_id))
        if value and (kind == "user_id" or not one.user_id)
    ]
    found = bulk.run(_KNOWN, bulk.columns(rows, 5))
    return {
        message: _Past(
            state or "", step if last and at is not None and now - at <= ANSWERS_WITHIN else "", busy,
        )
        for message, state, step, at, last, busy in found
    }  # fmt: skip


def _is_mine(message: Inbound, past: _Past) -> bool:
    """Whether the message is about the subscription and nothing else."""
    if _tap(message)[0] or chat.subscribes(message.text) is not None:
        return True
    if chat.stops(message.text):
        # "Berhenti" of somebody who gets nothing may answer a question of the desk.
        return past.state in {State.ACTIVE, State.ASKED, State.REFUSED} or not past.busy
    text = message.text
    match past.asked:
        case Step.TOPICS:
            return bool(chat.topics_of(text)) or chat.declines(text)
        case Step.VILLAGES:
            names = queries_subscriptions.village_names(message.office_id)
            return chat.villages_of(text, names) is not None or chat.declines(text)
        case Step.CONSENT:
            return chat.agrees(text) or chat.declines(text)
    return False


def _answered(message: Inbound, now: datetime) -> bool:
    """Whether it went well. What did not is undone, and goes on to the desk."""
    try:
        with transaction.atomic():
            (placed,) = desk.beside([message], now=now)
            row = actions.hold(office=message.office_id, citizen=placed.talk.citizen_id, now=now)
            _Answer(row, placed, now).give()
    except Exception as error:
        if is_trouble(error):
            raise
        log.error("subscription failed: %s", told(error))  # noqa: TRY400 (a trace quotes the error)
        return False
    return True


class _Answer:
    """One message of one citizen, whose conversation and subscription are locked."""

    def __init__(self, row: Subscription, placed: Placed, now: datetime) -> None:
        self.row, self.placed, self.now = row, placed, now
        self.message = placed.message
        self.proof = Proof(self.message)

    def give(self) -> None:
        verb, about = _tap(self.message)
        text = self.message.text if not verb else ""
        if verb == chat.STOP or chat.stops(text):
            self._stop()
            return
        wish = chat.subscribes(text)
        if wish is not None:
            self._begin(wish)
        elif verb == chat.NO or chat.declines(text):
            self._cancel()
        else:
            self._go_on(verb, about, text)

    def _stop(self) -> None:
        """At once, and confirmed once: whoever has stopped already needs no second bubble."""
        known = self.row.state in {State.STOPPED, State.REFUSED} and self.row.stopped_at is not None
        actions.stop(self.row, proof=self.proof, now=self.now)
        if not known:
            self._say(chatting.stopped())

    def _begin(self, wish: chat.Wish) -> None:
        if self.row.state == State.REFUSED:
            self._say(chatting.refused())
            return
        actions.begin(self.row, wish, proof=self.proof, now=self.now)
        self._question()

    def _cancel(self) -> None:
        if self.row.step:
            actions.cancel(self.row, proof=self.proof, now=self.now)
            self._say(chatting.cancelled(active=self.row.state == State.ACTIVE))

    def _go_on(self, verb: str, about: str, text: str) -> None:
        """An answer to the question that was asked. One to an old question begins anew."""
        row, wish = self.row, actions.wish_of(self.row)
        names = queries_subscriptions.village_names(row.office_id)
        if verb == chat.PAGE and row.step == Step.VILLAGES:
            self._question(int(about) if about.isdecimal() and len(about) < 3 else 0)
        elif verb == chat.TOPIC or (not verb and row.step == Step.TOPICS):
            self._chosen(_topics(about) if verb else chat.topics_of(text))
        elif row.step == Step.VILLAGES and verb in {"", chat.VILLAGE}:
            villages = chat.villages_of(text, names) if not verb else _village(about, names)
            if villages is None:
                self._question()
                return
            actions.ask(row, Step.CONSENT, chat.Wish(wish.topics, villages), now=self.now)
            self._question()
        elif row.step == Step.CONSENT and verb in {"", chat.YES}:
            self._agree(names)
        elif row.state != State.ACTIVE or verb != chat.YES:  # a second tap on "Ya" says nothing new
            self._begin(chat.Wish())

    def _chosen(self, topics: tuple[str, ...]) -> None:
        if not self.row.step:  # tapped in an old list
            self._begin(chat.Wish(topics))
            return
        actions.ask(self.row, Step.VILLAGES if topics else Step.TOPICS, chat.Wish(topics), now=self.now)
        self._question()

    def _agree(self, names: chatting.Names) -> None:
        wish = actions.wish_of(self.row)
        if self.row.state == State.REFUSED or self.row.shown is None:
            self._begin(chat.Wish())
            return
        quoted = self.message.context_wamid
        if quoted and self.row.shown.wamid not in {"", quoted}:
            self._question()  # a "Ya" below older words is none to these
            return
        proof = Proof(self.message, self.row.shown_id, self.row.shown.text)
        actions.agree(self.row, proof=proof, now=self.now)
        self._say(chatting.agreed(wish, names))

    def _question(self, page: int = 0) -> None:
        row, wish = self.row, actions.wish_of(self.row)
        office = Office.objects.get(pk=row.office_id)
        said: Said
        if row.step == Step.TOPICS:
            said = chatting.ask_topics(office.name, active=row.state == State.ACTIVE)
        elif row.step == Step.VILLAGES:
            names = queries_subscriptions.village_names(row.office_id)
            if not names:
                actions.ask(row, Step.CONSENT, wish, now=self.now)
                self._question()
                return
            said = chatting.ask_villages(names, page)
        else:
            cap = queries.policy(office).broadcast_cap
            said = chatting.ask_consent(
                chatting.consent_words(office.name, wish, queries_subscriptions.village_names(row.office_id), cap)
            )
        outbound = self._say(said)
        actions.show(row, outbound)

    def _say(self, said: Said) -> Outbound:
        message, talk = self.message, self.placed.talk
        (outbound,) = enqueue_set(
            [
                Letter(
                    office_id=message.office_id, line_id=message.line_id, thread=talk.pk, to_phone=message.wa_id,
                    to_user_id=message.user_id, message=said, reply_to=message.wamid,
                )
            ],
            now=self.now,
        )  # fmt: skip
        Entry.objects.create(
            office_id=message.office_id, conversation=talk, at=self.now, outbound=outbound, automatic=True
        )
        Conversation.objects.filter(office=message.office_id, pk=talk.pk).update(last_entry_at=self.now)
        return outbound


def _topics(about: str) -> tuple[str, ...]:
    if about == chat.ALL:
        return tuple(PostKind.values)
    return (about,) if about in PostKind.values else ()


def _village(about: str, names: chatting.Names) -> tuple[int, ...] | None:
    if about == chat.ALL:
        return ()
    known = {str(pk): pk for pk, _name in names}
    return (known[about],) if about in known else None


def preferences_changed(preferences: Sequence[Preference], /, *, now: datetime) -> None:
    """WhatsApp's own switch for marketing: off is never written to again, on renews what was agreed to before."""
    who = bulk.columns([(one.office_id, one.user_id, one.wa_id) for one in preferences], 3)
    citizens = dict(bulk.run(_CITIZENS, who))
    for at, one in enumerate(preferences, 1):
        if at not in citizens:
            continue
        row = actions.hold(office=one.office_id, citizen=citizens[at], now=now)
        if one.stop and (row.state != State.REFUSED or (row.stopped_at and row.stopped_at < one.at)):
            actions.stop(row, by_whatsapp=True, at=one.at, now=now)
        elif not one.stop:
            actions.resume(row, at=one.at, now=now)
