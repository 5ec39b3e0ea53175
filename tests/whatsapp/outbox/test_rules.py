"""Pure decisions of the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelita.whatsapp import rules
from pelita.whatsapp.models import OutboundState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.rules import Next, Settlement, Tokens

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RATES = st.one_of(st.floats(0.01, 0.5), st.integers(1, 1000).map(float))
BURSTS = st.integers(1, 250).map(float)


@given(
    rate=RATES,
    burst=BURSTS,
    steps=st.lists(st.tuples(st.integers(-2_000_000, 90_000_000), st.integers(0, 300)), max_size=60),
)
def test_never_more_than_the_rate(rate: float, burst: float, steps: list[tuple[int, int]]) -> None:
    """Over every stretch between two moments, not only from the beginning. Clocks may run backwards."""
    tokens, now, latest = Tokens(burst, START), START, START
    taken: list[tuple[datetime, int]] = []
    for microseconds, wanted in steps:
        now += timedelta(microseconds=microseconds)
        latest = max(latest, now)
        found = rules.take(tokens, wanted=wanted, rate=rate, burst=burst, now=now)
        assert 0 <= found.granted <= wanted
        tokens = found.tokens
        taken.append((latest, found.granted))
    for first, (start, _) in enumerate(taken):
        total = 0
        for at, granted in taken[first:]:
            total += granted
            assert total <= burst + rate * (at - start).total_seconds() + 1e-6


@given(rate=RATES, burst=BURSTS, spent=st.integers(0, 300))
def test_the_wait_is_exact(rate: float, burst: float, spent: int) -> None:
    """After the wait one token is there; a moment before it is not."""
    found = rules.take(Tokens(burst, START), wanted=spent, rate=rate, burst=burst, now=START)
    ready = START + rules.whole_wait(found.wait)
    assert rules.take(found.tokens, wanted=1, rate=rate, burst=burst, now=ready).granted == 1
    if found.wait > 0.001:
        early = ready - timedelta(microseconds=max(10, int(found.wait * 1000)))
        assert rules.take(found.tokens, wanted=1, rate=rate, burst=burst, now=early).granted == 0


@given(rate=RATES, burst=BURSTS)
def test_nothing_is_lost_at_the_rate(rate: float, burst: float) -> None:
    """Whoever waits as told gets one message each time: the rate is reached, not only kept."""
    tokens, now = rules.take(Tokens(burst, START), wanted=1000, rate=rate, burst=burst, now=START).tokens, START
    for _ in range(30):
        wait = rules.take(tokens, wanted=0, rate=rate, burst=burst, now=now).wait
        now += rules.whole_wait(wait)
        found = rules.take(tokens, wanted=1, rate=rate, burst=burst, now=now)
        assert found.granted == 1
        tokens = found.tokens
    assert (now - START).total_seconds() == pytest.approx(30 / rate, rel=0.01, abs=0.001)


def test_a_debt_is_a_pause() -> None:
    tokens = Tokens(-160.0, START)
    assert rules.take(tokens, wanted=5, rate=80, burst=20, now=START + timedelta(seconds=2)).granted == 0
    assert rules.take(tokens, wanted=5, rate=80, burst=20, now=START + timedelta(seconds=2.1)).granted == 5


@pytest.mark.parametrize(("rate", "burst"), [(1, 1), (20, 5), (80, 20), (1000, 250)])
def test_number_burst(rate: int, burst: float) -> None:
    assert rules.number_burst(rate) == burst


@pytest.mark.parametrize(
    ("outcome", "seconds"),
    [
        (Outcome.PAIR_LIMITED, [4, 16, 64, 256, 600, 600]),
        (Outcome.RATE_LIMITED, [2, 4, 8, 16, 32, 64]),
        (Outcome.TEMPORARY, [2, 4, 8, 16, 32, 64]),
        (Outcome.NOT_SENT, [2, 4, 8, 16, 32, 64]),
    ],
)
def test_backoff(outcome: Outcome, seconds: list[int]) -> None:
    found = [rules.backoff(outcome, attempt).total_seconds() for attempt in range(1, 7)]
    assert found == seconds
    assert rules.backoff(outcome, 5000) == timedelta(minutes=10)


HOUR = timedelta(hours=1)
FAILED, ACCEPTED, UNKNOWN = Next(OutboundState.FAILED), Next(OutboundState.ACCEPTED), Next(OutboundState.UNKNOWN)


def queued(seconds: float) -> Next:
    return Next(OutboundState.QUEUED, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("outcome", "attempts", "age", "follows"),
    [
        (Outcome.ACCEPTED, 1, HOUR, ACCEPTED),
        (Outcome.UNCERTAIN, 1, HOUR, UNKNOWN),
        (Outcome.UNCERTAIN, 99, HOUR, UNKNOWN),
        (Outcome.TEMPORARY, 1, HOUR, queued(2)),
        (Outcome.TEMPORARY, 7, HOUR, queued(128)),
        (Outcome.TEMPORARY, 8, HOUR, FAILED),
        (Outcome.NOT_SENT, 8, HOUR, queued(256)),
        (Outcome.NOT_SENT, 90, 23 * HOUR, queued(600)),
        (Outcome.NOT_SENT, 90, 24 * HOUR, FAILED),
        (Outcome.RATE_LIMITED, 30, 23 * HOUR, queued(600)),
        (Outcome.PAIR_LIMITED, 2, HOUR, queued(16)),
        (Outcome.PAIR_LIMITED, 2, 25 * HOUR, FAILED),
        (Outcome.WINDOW_CLOSED, 1, HOUR, FAILED),
        (Outcome.REJECTED, 1, HOUR, FAILED),
        (Outcome.PAYMENT, 1, HOUR, queued(0)),
        (Outcome.ACCOUNT_RESTRICTED, 1, HOUR, FAILED),
        (Outcome.TOKEN_INVALID, 1, HOUR, queued(0)),
        (Outcome.PERMISSION, 50, 48 * HOUR, queued(0)),
        (Outcome.ACCOUNT_LOCKED, 1, HOUR, queued(0)),
    ],
)
def test_after_a_text(outcome: Outcome, attempts: int, age: timedelta, follows: Next) -> None:
    assert rules.after_reply(outcome, kind="text", attempts=attempts, age=age) == follows


@pytest.mark.parametrize(
    ("outcome", "attempts", "follows"),
    [
        (Outcome.ACCEPTED, 1, ACCEPTED),
        (Outcome.UNCERTAIN, 1, queued(2)),
        (Outcome.NOT_SENT, 2, queued(4)),
        (Outcome.UNCERTAIN, 3, FAILED),
        (Outcome.REJECTED, 1, FAILED),
        (Outcome.TOKEN_INVALID, 9, queued(0)),
    ],
)
def test_after_a_read_mark(outcome: Outcome, attempts: int, follows: Next) -> None:
    assert rules.after_reply(outcome, kind="read_mark", attempts=attempts, age=HOUR) == follows


def test_every_outcome_leads_somewhere() -> None:
    for outcome in Outcome:
        for attempts in (1, 8, 100):
            state = rules.after_reply(outcome, kind="text", attempts=attempts, age=HOUR).state
            assert state != OutboundState.SENDING
            assert (state == OutboundState.ACCEPTED) == (outcome is Outcome.ACCEPTED)


@pytest.mark.parametrize(
    ("age", "heard", "behind", "uncertain", "verdict"),
    [
        (44, True, False, 1, Settlement.WAIT),
        (45, True, False, 1, Settlement.RESEND),
        (45, True, False, 2, Settlement.RESEND),
        (45, True, False, 3, Settlement.GIVE_UP),
        (45, False, False, 1, Settlement.WAIT),
        (179, False, False, 3, Settlement.WAIT),
        (180, False, False, 1, Settlement.RESEND),
        (180, False, False, 3, Settlement.GIVE_UP),
        (180, True, True, 1, Settlement.WAIT),
        (899, False, True, 1, Settlement.WAIT),
        (900, False, True, 1, Settlement.RESEND),
    ],
)
def test_settlement(age: int, heard: bool, behind: bool, uncertain: int, verdict: Settlement) -> None:
    found = rules.settlement(
        age=timedelta(seconds=age),
        settle_after=timedelta(seconds=45),
        heard=heard,
        behind=behind,
        uncertain=uncertain,
    )
    assert found is verdict
