"""Citizens' messages find their place: a set of them, in the order in which they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pelita.base import bulk
from pelita.catalog.items import Asked
from pelita.desk import rules
from pelita.desk.actions import waiting
from pelita.desk.actions.gathering import Gathering
from pelita.desk.actions.routing import Routing
from pelita.desk.actions.telling import tell_holders
from pelita.desk.models import Conversation, Entry, Holder, Inquiry, InquiryState
from pelita.desk.rules import Placement
from pelita.desk.workflow import Actor, Move
from pelita.whatsapp import types
from pelita.whatsapp.models import Inbound

# WhatsApp's timestamps are whole seconds and may be hours old after an outage. Fresh messages take our clock, so
# that they stand after the answer that they follow; late ones take the citizen's, so that they stand where they
# were written.
FRESH = timedelta(seconds=10)
TICK = timedelta(microseconds=1)
TOGETHER, MORE_TO_COME = timedelta(minutes=10), timedelta(minutes=2)

# The newest thing that the same citizen wrote before.
_EARLIER = f"""
SELECT u.message, found.at FROM {bulk.given(message="bigint", office="bigint", talk="bigint", sent="timestamptz")}
CROSS JOIN LATERAL (
    SELECT e.at FROM desk_entry e JOIN whatsapp_inbound i ON i.id = e.inbound_id
    WHERE e.office_id = u.office AND e.conversation_id = u.talk AND i.sent_at <= u.sent
    ORDER BY e.at DESC, e.id DESC LIMIT 1
) AS found
"""  # noqa: S608 (constants)
# The inquiry of the message that this one quotes, however old.
_QUOTED = f"""
SELECT u.message, found.inquiry_id
FROM {bulk.given(message="bigint", office="bigint", line="bigint", talk="bigint", wamid="text")}
CROSS JOIN LATERAL (
    SELECT e.inquiry_id, e.id FROM whatsapp_inbound i JOIN desk_entry e ON e.inbound_id = i.id
    WHERE i.office_id = u.office AND i.line_id = u.line AND i.wamid = u.wamid
        AND e.conversation_id = u.talk AND e.inquiry_id IS NOT NULL
    UNION ALL
    SELECT e.inquiry_id, e.id FROM whatsapp_outbound o JOIN desk_entry e ON e.outbound_id = o.id
    WHERE o.office_id = u.office AND o.line_id = u.line AND o.wamid = u.wamid AND o.wamid <> ''
        AND o.kind <> 'read_mark' AND e.conversation_id = u.talk AND e.inquiry_id IS NOT NULL
    ORDER BY 2 LIMIT 1
) AS found
"""  # noqa: S608 (constants)
# Each conversation's newest inquiry, and those that were quoted.
_INQUIRIES = f"""
WHERE t.id = ANY(ARRAY(
    SELECT newest.id FROM {bulk.given(office="bigint", talk="bigint")} CROSS JOIN LATERAL (
        SELECT i.id FROM desk_inquiry i WHERE i.office_id = u.office AND i.conversation_id = u.talk
            AND i.state <> 'merged'  -- the one that it went into goes on
        ORDER BY i.id DESC LIMIT 1
    ) AS newest
    UNION SELECT unnest(%b::bigint[])
)) AND t.state <> 'merged' ORDER BY t.id FOR UPDATE
"""  # noqa: S608 (constants)

_MOVED = f"""
UPDATE desk_entry AS t SET conversation_id = u.talk, inquiry_id = u.inquiry, at = u.at
FROM {bulk.given(office="bigint", message="bigint", talk="bigint", inquiry="bigint", at="timestamptz")}
WHERE t.office_id = u.office AND t.inbound_id = u.message
"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message went. ``placement`` is None when it says nothing that somebody must answer."""

    message: Inbound
    talk: Conversation
    inquiry: Inquiry | None
    placement: Placement | None


class Arriving:
    """A set of messages with their conversations, which the caller holds locked.

    Decided one message after the other, by the same rules as if each had come alone, over what is loaded before; then
    written down in one statement for each table. ``aside``: another room answers them all; they stand in the thread,
    open the reply window, and ask nothing of the desk.
    """

    def __init__(self, messages: Sequence[tuple[Inbound, Conversation]], *, now: datetime, aside: bool = False) -> None:
        self.messages, self.now, self.aside = messages, now, aside
        self.gathering = Gathering(now)
        self.gathering.expect(message.office_id for message, _ in messages)
        self.routing = Routing(self.gathering, [message for message, _ in messages], now=now)
        self.entries: list[Entry] = []
        self.placed: list[Placed] = []
        self.added: dict[int, Inquiry] = {}  # with an answer under way, to which the citizen adds something
        self.talks: dict[int, Conversation] = {}  # those that change
        # What this set itself adds: moments by conversation, inquiries by the message's wamid there.
        self._written: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._told: dict[tuple[int, str], Inquiry] = {}
        self._load()

    def take(self) -> list[Placed]:
        """Place every message and write it all down. Returns where each went, in their order."""
        for message, talk in self.messages:
            self._take(message, talk)
        self.gathering.save_inquiries()
        for entry in self.entries:
            entry.inquiry_id = entry.inquiry.pk if entry.inquiry else None
        self._write_entries()
        self.routing.save()
        rows = [talk for _, talk in sorted(self.talks.items())]
        bulk.update(rows, ["last_inbound_at", "last_entry_at", "unread"])
        self.gathering.save_facts()
        if self.added:
            # People write in several short messages: one notice for what comes together.
            occasion = str(int(self.now.timestamp() // TOGETHER.total_seconds()))
            tell_holders(
                list(self.added.values()), verb="inquiry.added", now=self.now, occasion=occasion, wait=MORE_TO_COME
            )
        return self.placed

    def _write_entries(self) -> None:
        """A message that the history of the phone brought first stands in a thread already: it only moves there."""
        bulk.insert(self.entries, unless=["inbound"])
        moved = [(e.office_id, e.inbound_id, e.conversation_id, e.inquiry_id, e.at) for e in self.entries if not e.pk]
        if moved:
            bulk.run(_MOVED, _columns(moved))

    def _load(self) -> None:
        # Before anything is placed: an answer that waited for these messages is on its way by then.
        speaking = [(message, talk) for message, talk in self.messages if types.speaks(message)]
        opened = {talk.pk: talk for message, talk in speaking if rules.window_open(message.sent_at, self.now)}
        # Thanks from before the notice ask for nothing: it still stands, and whoever taps it opens the answer.
        asking = {talk.pk: talk for message, talk in speaking if not rules.is_thanks(types.said(message))}
        released = waiting.release(opened, late=asking.keys() - opened.keys(), now=self.now)
        tapped = waiting.tapped([message for message, _ in self.messages])
        late = [(m.pk, m.office_id, talk.pk, m.sent_at) for m, talk in self.messages if self.now - m.sent_at > FRESH]
        self._earlier: dict[int, datetime] = dict(bulk.run(_EARLIER, _columns(late))) if late else {}
        quoting = [
            (m.pk, m.office_id, m.line_id, talk.pk, m.context_wamid) for m, talk in self.messages if m.context_wamid
        ]
        quoted: dict[int, int] = dict(bulk.run(_QUOTED, _columns(quoting))) if quoting else {}
        talks = list({talk.pk: (talk.office_id, talk.pk) for _, talk in self.messages}.values())
        named = sorted({*quoted.values(), *tapped.values(), *released})
        inquiries = bulk.load(Inquiry, _INQUIRIES, [*_columns(talks), named])
        self.gathering.held(inquiries)
        by_pk = {inquiry.pk: inquiry for inquiry in inquiries}
        self._quoted = {message: by_pk[inquiry] for message, inquiry in quoted.items() if inquiry in by_pk}
        self._tapped = {message: by_pk[inquiry] for message, inquiry in tapped.items() if inquiry in by_pk}
        for inquiry in released:
            talk = (opened | asking)[by_pk[inquiry].conversation_id]
            talk.last_entry_at = max(talk.last_entry_at, self.now)  # as the answer has left it
        # In the order of ids, so that the newest one stays.
        self._latest: dict[int, Inquiry] = {inquiry.conversation_id: inquiry for inquiry in inquiries}

    def _take(self, message: Inbound, talk: Conversation) -> None:
        at = self._moment(message, talk)
        quoted = self._quoted.get(message.pk) or self._told.get((talk.pk, message.context_wamid))
        tapped = self._tapped.get(message.pk)
        inquiry = tapped or quoted or self._latest.get(talk.pk)
        placement: Placement | None = None
        if types.speaks(message):
            # None is a question: opening an answer, giving the number that we asked for, what another room answers.
            if not tapped and not self.aside and not (inquiry and message.content.get("own_contact")):
                inquiry, placement = self._place(inquiry, talk, message, quotes=quoted is not None, at=at)
            # A phone whose clock is ahead opens no longer window than anybody else's.
            talk.last_inbound_at = max(filter(None, (talk.last_inbound_at, min(message.sent_at, self.now))))
            talk.last_entry_at = max(talk.last_entry_at, at)
            # What is secret is not counted where the admin sees it.
            talk.unread += 0 if self.aside or (inquiry and inquiry.secret) else 1
            self.talks[talk.pk] = talk
        self.placed.append(Placed(message, talk, inquiry, placement))
        self._written[talk.pk].append((message.sent_at, at))
        if inquiry is not None and message.wamid:
            self._told[talk.pk, message.wamid] = inquiry
        about = None if self.aside else inquiry
        self.entries.append(
            Entry(office_id=message.office_id, conversation_id=talk.pk, inquiry=about, at=at, inbound_id=message.pk)
        )

    def _moment(self, message: Inbound, talk: Conversation) -> datetime:
        """Where the message stands in the thread: never before one that the same citizen wrote earlier."""
        if self.now - message.sent_at <= FRESH:
            return self.now
        stored = self._earlier.get(message.pk)
        earlier = [at for sent, at in self._written[talk.pk] if sent <= message.sent_at]
        if stored is not None:
            earlier.append(stored)
        return max(message.sent_at, max(earlier) + TICK) if earlier else message.sent_at

    def _place(
        self, latest: Inquiry | None, talk: Conversation, message: Inbound, *, quotes: bool, at: datetime
    ) -> tuple[Inquiry, Placement]:
        """Join, reopen or open, by rules.place_message; what asks from an item of the catalogue by rules.own_matter."""
        known = rules.latest_of(latest) if latest else None
        placement = rules.place_message(known, types.said(message), quotes, self.now)
        asked = self.routing.asked(message)
        if asked and latest and not quotes and rules.own_matter(latest, asked.service, placement):
            if latest.service_id is None and _only_knocked(latest):
                self._knocked(latest, message, at, asked)
                return latest, Placement.JOIN
            placement = Placement.NEW
        if latest is None or placement is Placement.NEW:
            return self._open(talk, message, at), Placement.NEW
        if placement is Placement.REOPEN:
            reopen(self.gathering, latest, message, at)
            return latest, placement
        if placement is Placement.ENOUGH:
            self._confirm(latest, message)
            return latest, placement
        if placement is Placement.JOIN:
            self._join(latest, message, at)
        verb = "inquiry.thanked" if placement is Placement.THANKS else "inquiry.joined"
        self.gathering.note(latest, verb, state=False, inbound=message.pk)
        return latest, placement

    def _confirm(self, inquiry: Inquiry, message: Inbound) -> None:
        """The automatic answer was one: nobody need look any more."""
        self.gathering.move(inquiry, Move.CONFIRM, Actor.CITIZEN, closed_at=self.now, waiting_since=None)
        self.gathering.note(inquiry, "inquiry.confirmed", inbound=message.pk)

    def _open(self, talk: Conversation, message: Inbound, at: datetime) -> Inquiry:
        """A new inquiry for the admin."""
        inquiry = Inquiry(
            office_id=message.office_id, conversation_id=talk.pk, citizen_id=talk.citizen_id, state=InquiryState.NEW,
            holder=Holder.ADMIN, held_since=self.now, question_id=message.pk, summary=types.summary(message),
            opened_at=at, waiting_since=at, unread=1,
        )  # fmt: skip
        self.gathering.open(inquiry)
        self._latest[talk.pk] = inquiry
        self.gathering.note(inquiry, "inquiry.opened", inbound=message.pk)
        asked = self.routing.asked(message)
        if asked:
            self.routing.take(inquiry, asked)
        return inquiry

    def _knocked(self, inquiry: Inquiry, message: Inbound, at: datetime, asked: Asked) -> None:
        """The citizen greeted, and now asks from an item of the catalogue: that is the question."""
        self._join(inquiry, message, at)
        self.gathering.change(inquiry, question_id=message.pk, summary=types.summary(message))
        self.gathering.note(inquiry, "inquiry.joined", state=False, inbound=message.pk)
        self.routing.take(inquiry, asked)

    def _join(self, inquiry: Inquiry, message: Inbound, at: datetime) -> None:
        """One more message of an open inquiry."""
        self.gathering.change(inquiry, unread=inquiry.unread + 1)
        if _only_knocked(inquiry) and not rules.is_knock(types.said(message)) and not rules.is_thanks(message.text):
            # "Assalamualaikum bu" is no question: what follows is what the admin reads, passes on and quotes.
            self.gathering.change(inquiry, question_id=message.pk, summary=types.summary(message))
        reviewed = inquiry.state == InquiryState.ANSWERED and inquiry.holder == Holder.ADMIN
        if (inquiry.holder == Holder.SECTION or reviewed) and not rules.is_thanks(types.said(message)):
            self.added[inquiry.pk] = inquiry
        if inquiry.holder == Holder.ADMIN:
            # What the admin had on the screen is old now: an answer or a closing would pass over this message.
            self.gathering.change(inquiry, version=inquiry.version + 1)
        if inquiry.waiting_since is None:
            # An answer is under way and the citizen goes on: that message waits from now.
            self.gathering.change(inquiry, waiting_since=at, question_id=message.pk, summary=types.summary(message))


def _only_knocked(inquiry: Inquiry) -> bool:
    """Whether all that nobody has touched yet is a greeting."""
    return inquiry.state == InquiryState.NEW and rules.is_knock(inquiry.summary)


def reopen(gathering: Gathering, inquiry: Inquiry, message: Inbound, at: datetime) -> None:
    """The citizen reacted to the answer: the admin holds the inquiry again, the new message being its question.

    Behind an automatic answer a tap, a row's number or a bare "belum menjawab" asks nothing new: the question is still
    the one that was written, and the inquiry has kept its place in the queue.
    """
    section = inquiry.section_id
    said = types.said(message)
    bare = inquiry.automatic and (message.type == "interactive" or rules.is_not_yet(said) or rules.is_choice(said))
    asks = {} if bare else {"question_id": message.pk, "summary": types.summary(message)}
    since = (inquiry.waiting_since if inquiry.automatic else None) or at
    moved = gathering.move(
        inquiry, Move.REOPEN, Actor.CITIZEN, waiting_since=since, unread=1, closed_at=None, section_id=None,
        due_at=None, **asks,
    )  # fmt: skip
    if not moved:
        raise ValueError(f"no way from {inquiry.state} back to the admin")
    gathering.note(inquiry, "inquiry.reopened", section, inbound=message.pk)


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
