"""The table of moves, walked whole: every allowed move and every forbidden one."""

from __future__ import annotations

from itertools import product

import pytest

from pelita.desk.models import Holder, InquiryState
from pelita.desk.workflow import MOVES, SPOTS, Actor, Move, Spot, allowed, moves_from, spot_of

# Written out by hand, apart from the table, so that a slip in one shows in the other.
LEGAL = {
    ("new", "admin"): {
        "dispose": "admin", "answer": "admin", "announce": "admin", "close": "admin", "phone": "wire", "merge": "wire",
        "join": "admin", "tell": "admin", "put_away": "admin", "reply": "assistant", "route": "citizen",
    },
    ("reopened", "admin"): {
        "dispose": "admin", "answer": "admin", "announce": "admin", "close": "admin", "phone": "wire",
        "join": "admin", "tell": "admin", "put_away": "admin", "reply": "assistant",
    },
    ("returned", "admin"): {
        "dispose": "admin", "answer": "admin", "announce": "admin", "close": "admin", "phone": "wire",
        "join": "admin", "tell": "admin", "put_away": "admin",
    },
    ("dispositioned", "section"): {
        "submit": "section", "refuse": "section", "recall": "admin", "answer": "admin", "announce": "admin",
        "phone": "wire", "tell": "admin",
    },
    ("returned", "section"): {
        "submit": "section", "refuse": "section", "recall": "admin", "answer": "admin", "announce": "admin",
        "phone": "wire", "tell": "admin",
    },
    ("answered", "admin"): {
        "send": "admin", "announce": "admin", "return": "admin", "close": "admin", "deliver": "wire", "read": "wire",
        "reopen": "citizen wire clock", "phone": "wire", "tell": "admin",
    },
    ("answered", "nobody"): {
        "deliver": "wire", "read": "wire", "fail": "wire", "defer": "wire", "reopen": "citizen wire clock",
        "phone": "wire",
    },
    ("delivered", "citizen"): {
        "read": "wire", "fail": "wire", "reopen": "citizen wire clock", "answer": "admin", "announce": "admin",
        "close": "admin", "expire": "clock", "reclaim": "admin", "resume": "admin", "confirm": "citizen",
    },
    ("waiting_citizen", "citizen"): {
        "release": "citizen", "withdraw": "admin", "fail": "wire", "reopen": "citizen wire clock", "close": "admin",
        "expire": "clock", "tell": "admin",
    },
    ("closed", "nobody"): {"reopen": "citizen wire clock", "reclaim": "admin", "resume": "admin",
    },
    ("merged", "nobody"): {},
    ("spam", "nobody"): {"take_back": "admin"},
}  # fmt: skip


@pytest.mark.parametrize(("spot", "move", "actor"), list(product(SPOTS, Move, Actor)))
def test_every_move_from_everywhere_by_everyone(spot: Spot, move: Move, actor: Actor) -> None:
    who = LEGAL[(spot[0].value, spot[1].value)].get(move.value, "")
    assert allowed(move, spot, actor) == (actor.value in who.split())


def test_spots_are_all_pairs_that_exist() -> None:
    assert {(s.value, h.value) for s, h in SPOTS} == set(LEGAL)
    assert {state for state, _ in SPOTS} == set(InquiryState)
    assert {edge.target for edge in MOVES.values()} <= set(SPOTS)


def test_every_move_is_in_the_table() -> None:
    assert set(MOVES) == set(Move)


def test_nothing_open_is_a_dead_end() -> None:
    """From everywhere that is not final there is a way to the end."""
    final = {(InquiryState.CLOSED, Holder.NOBODY)}
    reaching = set(final)
    for _ in SPOTS:
        reaching |= {s for s in SPOTS for e in MOVES.values() if s in e.sources and e.target in reaching}
    assert set(SPOTS) - reaching == {(InquiryState.MERGED, Holder.NOBODY)}


def test_buttons_follow_the_table() -> None:
    assert moves_from(spot_of("answered", "admin"), Actor.ADMIN) == {
        Move.SEND, Move.ANNOUNCE, Move.RETURN, Move.CLOSE, Move.TELL,
    }  # fmt: skip
    assert moves_from(spot_of("closed", "nobody"), Actor.ADMIN) == {Move.RECLAIM, Move.RESUME}
    assert moves_from(spot_of("merged", "nobody"), Actor.ADMIN) == frozenset()
