"""The allowed moves of a post. Pure."""

from __future__ import annotations

from enum import StrEnum

from pelita.news.models_states import PostState


class Move(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"  # by who approves, with a reason; or by the author, who wants to go on writing
    APPROVE = "approve"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DROP = "drop"


D, S, A, P, W = PostState.DRAFT, PostState.SUBMITTED, PostState.APPROVED, PostState.PUBLISHED, PostState.WITHDRAWN

# From where each move starts, and where it ends. A dropped draft is gone.
MOVES: dict[Move, tuple[frozenset[PostState], PostState | None]] = {
    Move.SUBMIT: (frozenset({D}), S),
    Move.RETURN: (frozenset({S}), D),
    Move.APPROVE: (frozenset({D, S}), A),  # D: whose posts need nobody else's look
    Move.UNSCHEDULE: (frozenset({A}), D),
    Move.PUBLISH: (frozenset({A}), P),
    Move.CORRECT: (frozenset({P}), P),
    Move.WITHDRAW: (frozenset({P}), W),
    Move.DROP: (frozenset({D}), None),
}

# States in which a post can still be written anew without being a correction.
OPEN = frozenset({D, S})


def allowed(state: str, move: Move) -> bool:
    return state in MOVES[move][0]
