from hypothesis import given
from hypothesis import strategies as st

from maild.spool.drop.quota import MINUTE_NS, UserLimits, UserQuota

HOUR_NS = 60 * MINUTE_NS
NOW_NS = 1000 * HOUR_NS
ANN, BOB = 1000, 1001


def quota(messages: int | None = None, size_bytes: int | None = None) -> UserQuota:
    return UserQuota(UserLimits(messages_per_hour=messages, bytes_per_hour=size_bytes))


def test_without_limits_nobody_waits_and_nothing_is_remembered() -> None:
    free = quota()
    for _ in range(10):
        free.spend(ANN, 10**9, now_ns=NOW_NS)

    assert free.wait_ns(ANN, 10**12, now_ns=NOW_NS) == 0
    assert free.crowded(now_ns=NOW_NS) == frozenset()


def test_one_message_more_waits_until_the_first_is_an_hour_old() -> None:
    two = quota(messages=2)
    two.spend(ANN, 1, now_ns=NOW_NS)
    two.spend(ANN, 1, now_ns=NOW_NS + 10 * MINUTE_NS)

    at = NOW_NS + 20 * MINUTE_NS
    assert two.wait_ns(ANN, 1, now_ns=at) == 40 * MINUTE_NS
    assert two.wait_ns(BOB, 1, now_ns=at) == 0
    assert two.crowded(now_ns=at) == frozenset({ANN})
    assert two.wait_ns(ANN, 1, now_ns=NOW_NS + HOUR_NS) == 0
    assert two.crowded(now_ns=NOW_NS + 3 * HOUR_NS) == frozenset()


def test_after_a_clock_was_set_back_nobody_waits_for_it_longer_than_an_hour() -> None:
    two = quota(messages=2)
    for minutes in (300, 301):
        two.spend(ANN, 1, now_ns=NOW_NS + minutes * MINUTE_NS)

    assert two.wait_ns(ANN, 1, now_ns=NOW_NS) == HOUR_NS
    assert two.wait_ns(ANN, 1, now_ns=NOW_NS + HOUR_NS) == 0


def test_bytes_wait_until_there_is_room_for_as_many() -> None:
    hundred = quota(size_bytes=100)
    for minute in range(3):
        hundred.spend(ANN, 30, now_ns=NOW_NS + minute * MINUTE_NS)

    at = NOW_NS + 2 * MINUTE_NS
    waits = [hundred.wait_ns(ANN, size_bytes, now_ns=at) // MINUTE_NS for size_bytes in (10, 11, 40, 41, 100)]
    assert waits == [0, 58, 58, 59, 60]


def test_a_drop_larger_than_the_hours_bytes_is_taken_alone() -> None:
    hundred = quota(size_bytes=100)

    assert hundred.wait_ns(ANN, 500, now_ns=NOW_NS) == 0
    hundred.spend(ANN, 500, now_ns=NOW_NS)
    assert hundred.wait_ns(ANN, 500, now_ns=NOW_NS) == HOUR_NS
    assert hundred.crowded(now_ns=NOW_NS) == frozenset({ANN})


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 50)), max_size=40))
def test_in_no_hour_is_more_taken_than_allowed(drops: list[tuple[int, int]]) -> None:
    limited = quota(messages=5, size_bytes=100)
    taken: list[tuple[int, int]] = []
    for minute, size_bytes in sorted(drops):
        now_ns = NOW_NS + minute * MINUTE_NS
        if limited.wait_ns(ANN, size_bytes, now_ns=now_ns) == 0:
            limited.spend(ANN, size_bytes, now_ns=now_ns)
            taken.append((minute, size_bytes))

    for begin in range(121):
        hour = [size_bytes for minute, size_bytes in taken if begin <= minute < begin + 60]
        assert len(hour) <= 5
        assert sum(hour) <= 100


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(0, 50))
def test_who_waits_as_long_as_he_is_told_need_not_wait_again(sizes: list[int], size_bytes: int) -> None:
    limited = quota(messages=4, size_bytes=100)
    for minute, one in enumerate(sizes):
        if limited.wait_ns(ANN, one, now_ns=NOW_NS + minute * MINUTE_NS) == 0:
            limited.spend(ANN, one, now_ns=NOW_NS + minute * MINUTE_NS)

    now_ns = NOW_NS + len(sizes) * MINUTE_NS
    wait_ns = limited.wait_ns(ANN, size_bytes, now_ns=now_ns)

    assert limited.wait_ns(ANN, size_bytes, now_ns=now_ns + wait_ns) == 0
