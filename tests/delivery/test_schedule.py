from datetime import UTC, datetime, timedelta

from maild.delivery.schedule import POOL_SPAN, TIMED_SPAN, Schedule, take, take_one_each
from maild.delivery.turns import Turns
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import QueueId, Span, Waiting

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OTHER = NORMAL_STREAM + 1


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def waiting(id_: str, seconds: float = 0, stream: int = NORMAL_STREAM) -> Waiting:
    return Waiting(id=QueueId(id_), next_at=at(seconds), stream=stream)


def schedule(*messages: Waiting, pool: str = "") -> Schedule:
    made = Schedule(pool)
    for one in messages:
        made.add(one)
    return made


def test_an_empty_schedule_has_nothing_and_never_wakes() -> None:
    empty = Schedule()

    assert take([empty], NOON, 10, Turns()) == []
    assert (empty.next_at(NOON), empty.is_empty) == (None, True)


def test_what_is_due_comes_oldest_first_and_the_rest_says_when() -> None:
    made = schedule(waiting("c"), waiting("a", -5), waiting("later", 30.000001))

    assert take([made], NOON, 10, Turns()) == ["a", "c"]
    assert made.next_at(NOON) == at(30.000001)
    assert made.holds(NORMAL_STREAM)
    assert not made.holds(OTHER)


def test_the_limit_leaves_what_is_due_for_the_next_look() -> None:
    made = schedule(waiting("a", -2), waiting("b", -1))

    assert take([made], NOON, 1, Turns()) == ["a"]
    assert made.next_at(NOON) == NOON
    assert take([made], NOON, 1, Turns()) == ["b"]


def test_streams_take_turns_whoever_came_first() -> None:
    flood = [waiting(f"flood{number:05}", -60) for number in range(500)]
    made = schedule(*flood, waiting("single", stream=OTHER), waiting("not yet", 1, stream=OTHER + 1))

    assert "single" in take([made], NOON, 2, Turns())


def test_of_several_pools_the_oldest_of_a_stream_comes_first() -> None:
    pools = [schedule(waiting("b", 5), waiting("d", 9), pool="x"), schedule(waiting("a", 1), waiting("c", 7), pool="y")]

    assert take(pools, NOON, 10, Turns()) == ["a", "b", "c", "d"]


def test_in_a_pool_everything_is_due_and_what_had_its_turn_comes_first() -> None:
    made = schedule(waiting("a", 3600), pool="billing")
    made.add(waiting("b", 7200), is_first=True)

    assert made.next_at(NOON) == NOON
    assert take([made], NOON, 10, Turns()) == ["b", "a"]


def test_one_of_each_stream_can_be_taken_but_of_those_that_are_busy() -> None:
    made = schedule(waiting("a"), waiting("b"), waiting("c", stream=OTHER), waiting("d", stream=OTHER + 1))

    assert take_one_each([made], NOON, {OTHER}) == ["a", "d"]


def test_what_is_on_disk_is_asked_for_in_spans() -> None:
    made = Schedule()
    made.expect(NORMAL_STREAM)
    made.expect(NORMAL_STREAM)
    assert made.next_at(NOON) == NOON

    (span,) = made.wanted()
    assert span == Span(pool="", stream=NORMAL_STREAM, after=None, limit=TIMED_SPAN)
    made.fill(span, [waiting(f"{number:05}", number) for number in range(TIMED_SPAN)])
    assert len(take([made], at(TIMED_SPAN), TIMED_SPAN, Turns())) == TIMED_SPAN

    (span,) = made.wanted()
    assert span.after == (at(TIMED_SPAN - 1), QueueId(f"{TIMED_SPAN - 1:05}"))
    made.fill(span, [])
    assert made.is_empty
    assert list(made.wanted()) == []


def test_of_pools_less_is_read_at_a_time() -> None:
    made = Schedule("billing")
    made.expect(7)

    assert [span.limit for span in made.wanted()] == [POOL_SPAN]


def test_what_others_may_have_put_on_disk_is_read_anew_where_nothing_is_due() -> None:
    made = schedule(waiting("later", 30), waiting("due", 0, stream=OTHER))

    made.doubt(NORMAL_STREAM, 1, NOON)
    made.doubt(OTHER, 5, NOON)
    assert list(made.wanted()) == []

    made.doubt(NORMAL_STREAM, 2, NOON)
    made.doubt(OTHER + 1, 1, NOON)
    spans = list(made.wanted())
    assert [(span.stream, span.after) for span in spans] == [(NORMAL_STREAM, None), (OTHER + 1, None)]
    made.fill(spans[0], [waiting("theirs", -1), waiting("later", 30)])
    made.fill(spans[1], [])
    assert take([made], NOON, 10, Turns()) == ["theirs", "due"]

    for number in range(TIMED_SPAN):
        made.add(waiting(f"{number:05}", 60 + number))
    made.doubt(NORMAL_STREAM, TIMED_SPAN + 1, NOON)
    assert list(made.wanted()) == []
    made.doubt(NORMAL_STREAM, TIMED_SPAN, NOON)
    assert [span.stream for span in made.wanted()] == [NORMAL_STREAM]
