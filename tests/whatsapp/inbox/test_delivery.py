"""What statuses make of a message, in whatever order they come."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pelita.whatsapp.delivery import next_delivery, stamps
from pelita.whatsapp.models import Delivery

WORDS = ("sent", "delivered", "read", "played", "failed", "deleted", "warning", "")


def after(*statuses: str) -> Delivery:
    current = Delivery.NONE
    for one in statuses:
        current = next_delivery(current, one)
    return current


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("sent",), "sent"),
        (("sent", "delivered"), "delivered"),
        (("read",), "read"),
        (("played",), "read"),
        (("sent", "failed"), "failed"),
        (("failed",), "failed"),
        (("failed", "delivered"), "delivered"),
        (("failed", "read"), "read"),
        (("warning",), ""),
        ((), ""),
    ],
)
def test_stage(statuses: tuple[str, ...], expected: str) -> None:
    for order in permutations(statuses):
        assert after(*order) == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.randoms())
def test_order_and_repetition_change_nothing(statuses: list[str], random: Random) -> None:
    shuffled = [*statuses, *statuses]
    random.shuffle(shuffled)
    assert after(*statuses) == after(*shuffled)


def test_read_implies_that_it_arrived() -> None:
    assert stamps("read") == ("sent_at", "delivered_at", "read_at")
    assert stamps("failed") == ("failed_at",)
    assert stamps("warning") == ()
