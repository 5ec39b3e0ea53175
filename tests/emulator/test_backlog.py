"""Which updates go into one delivery."""

from pelita_emulator.backlog import MOST_BYTES, MOST_UPDATES, Backlog
from pelita_emulator.records import Update


def update(number: int, line: str = "1", *, lane: str = "", size: int = 10, attempts: int = 0) -> Update:
    return Update(number, line, lane or f"{line}/{number}", "status", "status.sent", "x" * size, 0.0, attempts=attempts)


def backlog(*updates: Update, without: str = "") -> Backlog:
    made = Backlog(lambda line: line != without)
    for one in updates:
        made.put(one)
    return made


def numbers(updates: list[Update]) -> list[int]:
    return [one.seq for one in updates]


def test_one_citizen_a_body_while_little_happens() -> None:
    made = backlog(update(1), update(2, lane="1/1"), update(3))
    assert numbers(made.take_new(())) == [1, 2]
    assert numbers(made.take_new(())) == [3]
    assert made.take_new(()) == []


def test_a_thousand_updates_at_most_and_the_rest_in_order() -> None:
    made = backlog(*(update(number) for number in range(MOST_UPDATES + 5)))
    assert numbers(made.take_new(())) == list(range(MOST_UPDATES))
    assert numbers(made.take_new(())) == list(range(MOST_UPDATES, MOST_UPDATES + 5))


def test_three_megabytes_at_most_even_of_one_citizen() -> None:
    big = MOST_BYTES // 3
    made = backlog(*(update(number, lane="1/1", size=big) for number in range(4)))
    assert numbers(made.take_new(())) == [0, 1]
    assert numbers(made.take_new(())) == [2, 3]
    assert len(made) == 0


def test_lines_take_turns_and_never_share_a_body() -> None:
    made = backlog(*(update(number, str(number % 2)) for number in range(20)))
    first, second = made.take_new(()), made.take_new(())
    assert {one.line for one in first} == {"0"}
    assert {one.line for one in second} == {"1"}
    assert len(first) == len(second) == 10


def test_a_busy_citizen_waits_and_a_line_without_webhook_holds_up_nobody() -> None:
    made = backlog(update(1, "a"), update(2, "b"), update(3, "b"), without="a")
    assert numbers(made.take_new({"b/2"})) == [3]
    late = backlog(update(1, "a", attempts=1), update(2, "b", attempts=1), without="a")
    assert late.next_retry() == 0.0
    assert numbers(late.take_due(8, 1.0)) == [2]
    assert late.take_due(8, 1.0) == []
    assert late.next_retry() is None
    assert len(late) == 1
