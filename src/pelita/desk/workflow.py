"""The table of moves of an inquiry: what may follow what, and who may do it.

A place in the table is a pair of state and holder, because ``returned`` is two places: the section gave the inquiry
back ("bukan tupoksi kami", the admin holds it) or the admin gave the answer back (the section holds it), and
``answered`` is two as well: it waits for the admin, or it is on its way to the citizen's phone (nobody holds it).
``waiting_citizen`` is an answer that lies ready while the reply window is closed: a template told the citizen of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pelita.desk.models import Holder, InquiryState

S, H = InquiryState, Holder
Spot = tuple[InquiryState, Holder]

NEW: Spot = (S.NEW, H.ADMIN)
REOPENED: Spot = (S.REOPENED, H.ADMIN)
AT_SECTION: Spot = (S.DISPOSITIONED, H.SECTION)
REFUSED: Spot = (S.RETURNED, H.ADMIN)
TO_REVISE: Spot = (S.RETURNED, H.SECTION)
TO_REVIEW: Spot = (S.ANSWERED, H.ADMIN)
ON_ITS_WAY: Spot = (S.ANSWERED, H.NOBODY)
DELIVERED: Spot = (S.DELIVERED, H.CITIZEN)
WAITING: Spot = (S.WAITING_CITIZEN, H.CITIZEN)
CLOSED: Spot = (S.CLOSED, H.NOBODY)
MERGED: Spot = (S.MERGED, H.NOBODY)
SPAM: Spot = (S.SPAM, H.NOBODY)

SPOTS: tuple[Spot, ...] = (
    NEW, REOPENED, AT_SECTION, REFUSED, TO_REVISE, TO_REVIEW, ON_ITS_WAY, DELIVERED, WAITING, CLOSED, MERGED, SPAM,
)  # fmt: skip

OPEN_STATES = (S.NEW, S.DISPOSITIONED, S.RETURNED, S.ANSWERED, S.REOPENED, S.DELIVERED, S.WAITING_CITIZEN)


class Actor(StrEnum):
    """Who makes a move. ``wire``: WhatsApp's reports; ``citizen``: a message; ``clock``: time alone; ``assistant``:
    what the number says by itself."""

    ADMIN = "admin"
    SECTION = "section"
    CITIZEN = "citizen"
    ASSISTANT = "assistant"
    WIRE = "wire"
    CLOCK = "clock"


class Move(StrEnum):
    DISPOSE = "dispose"
    ROUTE = "route"
    RECALL = "recall"
    SUBMIT = "submit"
    REFUSE = "refuse"
    RETURN = "return"
    SEND = "send"
    ANSWER = "answer"
    ANNOUNCE = "announce"
    DEFER = "defer"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    FAIL = "fail"
    DELIVER = "deliver"
    READ = "read"
    CLOSE = "close"
    REOPEN = "reopen"
    EXPIRE = "expire"
    PHONE = "phone"
    REPLY = "reply"
    CONFIRM = "confirm"
    RECLAIM = "reclaim"
    MERGE = "merge"
    JOIN = "join"
    TELL = "tell"
    RESUME = "resume"
    PUT_AWAY = "put_away"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Edge:
    sources: frozenset[Spot]
    target: Spot
    actors: frozenset[Actor]


def _edge(sources: tuple[Spot, ...], target: Spot, *actors: Actor) -> Edge:
    return Edge(frozenset(sources), target, frozenset(actors))


MOVES: dict[Move, Edge] = {
    Move.DISPOSE: _edge((NEW, REOPENED, REFUSED), AT_SECTION, Actor.ADMIN),
    # The citizen asked from an item of the catalogue, which names its section. What anybody handled before goes by the
    # admin (docs/decisions/0035).
    Move.ROUTE: _edge((NEW,), AT_SECTION, Actor.CITIZEN),
    # The admin gave it to the wrong section, or wants to answer after all: an office can always get it back.
    Move.RECALL: _edge((AT_SECTION, TO_REVISE), REOPENED, Actor.ADMIN),
    Move.SUBMIT: _edge((AT_SECTION, TO_REVISE), TO_REVIEW, Actor.SECTION),
    Move.REFUSE: _edge((AT_SECTION, TO_REVISE), REFUSED, Actor.SECTION),
    Move.RETURN: _edge((TO_REVIEW,), TO_REVISE, Actor.ADMIN),
    Move.SEND: _edge((TO_REVIEW,), ON_ITS_WAY, Actor.ADMIN),
    # The admin may answer directly, also what already lies at a section: a citizen who waits comes first.
    Move.ANSWER: _edge((NEW, REOPENED, REFUSED, AT_SECTION, TO_REVISE, DELIVERED), ON_ITS_WAY, Actor.ADMIN),
    # The reply window is closed: from wherever an answer could be sent, a template says that it is there, and the
    # answer waits until the citizen opens the window (docs/decisions/0012).
    Move.ANNOUNCE: _edge((TO_REVIEW, NEW, REOPENED, REFUSED, AT_SECTION, TO_REVISE, DELIVERED), WAITING, Actor.ADMIN),
    # The window closed between our sending and WhatsApp's taking: the same path, without anybody pressing anything.
    Move.DEFER: _edge((ON_ITS_WAY,), WAITING, Actor.WIRE),
    # The citizen tapped the template's button or wrote: the window is open, the answer leaves.
    Move.RELEASE: _edge((WAITING,), ON_ITS_WAY, Actor.CITIZEN),
    # The admin wants to change what nobody has opened yet, or to tell the citizen in another way.
    Move.WITHDRAW: _edge((WAITING,), TO_REVIEW, Actor.ADMIN),
    # WhatsApp could not deliver: the answer comes back to the admin, nothing is shown as sent. WAITING: the template
    # that should have announced it did not arrive, so nobody would ever open it.
    Move.FAIL: _edge((ON_ITS_WAY, DELIVERED, WAITING), TO_REVIEW, Actor.WIRE),
    # From TO_REVIEW as well: WhatsApp may report `failed` and then deliver after all; the answer that the admin holds
    # again has arrived. actions/wire.py makes sure that it is that answer.
    Move.DELIVER: _edge((ON_ITS_WAY, TO_REVIEW), DELIVERED, Actor.WIRE),
    # `read` may come without `delivered`. A citizen who read the answer has it: the matter is closed, and a
    # reaction opens it again (docs/decisions/0004).
    Move.READ: _edge((ON_ITS_WAY, DELIVERED, TO_REVIEW), CLOSED, Actor.WIRE),
    # TO_REVIEW: an answer that could not be sent within the window must not lie there for ever.
    Move.CLOSE: _edge((NEW, REOPENED, REFUSED, TO_REVIEW, DELIVERED, WAITING), CLOSED, Actor.ADMIN),
    # The citizen wrote while the answer was under way, or reacted to it.
    Move.REOPEN: _edge(
        (ON_ITS_WAY, TO_REVIEW, DELIVERED, WAITING, CLOSED), REOPENED, Actor.CITIZEN, Actor.WIRE, Actor.CLOCK
    ),
    # Many phones hide read receipts: silence after delivery closes as well.
    Move.EXPIRE: _edge((DELIVERED, WAITING), CLOSED, Actor.CLOCK),
    # Somebody answered on the office's phone, past this system: whoever held the matter need not answer any more.
    # Not from WAITING: an answer was announced there, and the citizen may still open it (docs/decisions/0014).
    Move.PHONE: _edge((NEW, REOPENED, AT_SECTION, REFUSED, TO_REVISE, TO_REVIEW, ON_ITS_WAY), DELIVERED, Actor.WIRE),
    # Answered by the assistant before anybody of the office took it: it waits for the citizen like any answer, and any
    # word brings it back to its place in the queue (docs/decisions/0033).
    Move.REPLY: _edge((NEW, REOPENED), DELIVERED, Actor.ASSISTANT),
    # The citizen says that the automatic answer was enough.
    Move.CONFIRM: _edge((DELIVERED,), CLOSED, Actor.CITIZEN),
    # "Tunggu sebentar" from the phone is no answer, and only a person can tell. CLOSED too: it may have been read.
    Move.RECLAIM: _edge((DELIVERED, CLOSED), REOPENED, Actor.ADMIN),
    # Two citizens turned out to be one, and both were asking: the untouched younger question joins the older one.
    Move.MERGE: _edge((NEW,), MERGED, Actor.WIRE),
    # The admin sees that two are one. Not while a section works on it: its work would have no place.
    Move.JOIN: _edge((NEW, REOPENED, REFUSED), MERGED, Actor.ADMIN),
    # Said at the counter, by telephone or in the channel that it came from: nothing is sent.
    Move.TELL: _edge((NEW, REOPENED, REFUSED, AT_SECTION, TO_REVISE, TO_REVIEW, WAITING), CLOSED, Actor.ADMIN),
    # Whoever stands at the counter again cannot open the matter by a message.
    Move.RESUME: _edge((DELIVERED, CLOSED), REOPENED, Actor.ADMIN),
    Move.PUT_AWAY: _edge((NEW, REOPENED, REFUSED), SPAM, Actor.ADMIN),
    # Anybody can be mistaken about what is no question.
    Move.TAKE_BACK: _edge((SPAM,), REOPENED, Actor.ADMIN),
}


# What leaves an automatic answer standing as the last word that the citizen got.
_KEEPS_AUTOMATIC = frozenset({Move.CONFIRM, Move.EXPIRE, Move.CLOSE, Move.MERGE})


def automatic_after(move: Move, *, before: bool) -> bool:
    """Whether what the citizen has after the move is the assistant's answer and nobody else's."""
    return move is Move.REPLY or (before and move in _KEEPS_AUTOMATIC)


def allowed(move: Move, spot: Spot, actor: Actor) -> bool:
    """Whether ``actor`` may make ``move`` from ``spot``."""
    edge = MOVES[move]
    return spot in edge.sources and actor in edge.actors


def spot_of(state: str, holder: str) -> Spot:
    return InquiryState(state), Holder(holder)


def moves_from(spot: Spot, actor: Actor) -> frozenset[Move]:
    """Everything ``actor`` may do with an inquiry at ``spot``: the screens show just these buttons."""
    return frozenset(move for move in MOVES if allowed(move, spot, actor))
