from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from maild.delivery.turns import Turns
from maild.spool.stream import STREAMS_EACH

URGENT, NORMAL, BULK = 0, STREAMS_EACH, 2 * STREAMS_EACH


def take(turns: Turns, ready: set[int], count: int) -> list[int]:
    return [turns.next(ready) for _ in range(count)]


def test_streams_of_one_priority_take_turns() -> None:
    turns = Turns()

    assert take(turns, {NORMAL, NORMAL + 3, NORMAL + 9}, 6) == 2 * [NORMAL, NORMAL + 3, NORMAL + 9]
    assert take(turns, {NORMAL + 1, NORMAL + 3}, 3) == [NORMAL + 1, NORMAL + 3, NORMAL + 1]


def test_the_only_one_always_has_its_turn() -> None:
    assert take(Turns(), {BULK}, 20) == 20 * [BULK]


def test_what_is_urgent_goes_before_all_others_and_stops_none() -> None:
    turns = Turns()

    assert take(turns, {BULK, NORMAL, URGENT}, 13) == 8 * [URGENT] + 4 * [NORMAL] + [BULK]
    assert take(turns, {BULK, NORMAL}, 5) == 4 * [NORMAL] + [BULK]
    assert take(turns, {BULK, NORMAL, URGENT}, 1) == [URGENT]


@given(st.sets(st.integers(0, 3 * STREAMS_EACH - 1), min_size=1, max_size=12))
def test_of_several_hundred_turns_everybody_has_a_share(ready: set[int]) -> None:
    counts = Counter(take(Turns(), ready, 13 * 12 * len(ready)))

    assert counts.keys() == ready
    for level in range(3):
        shares = [count for stream, count in counts.items() if stream // STREAMS_EACH == level]
        assert not shares or max(shares) - min(shares) <= 1
