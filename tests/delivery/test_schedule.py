from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.delivery.schedule import Schedule, Taken
from maild.spool.queue import QueueId, Waiting

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def waiting(id_: str, seconds: float) -> Waiting:
    return Waiting(id=QueueId(id_), next_at=at(seconds))


def test_an_empty_schedule_has_nothing_and_never_wakes() -> None:
    assert Schedule().take(NOON, 10) == Taken(ready=(), wake_at=None)


def test_what_is_due_comes_oldest_first_and_the_rest_says_when() -> None:
    schedule = Schedule([waiting("c", 0), waiting("a", -5), waiting("later", 30.000001)])

    taken = schedule.take(NOON, 10)

    assert taken == Taken(ready=(QueueId("a"), QueueId("c")), wake_at=at(30.000001))
    assert len(schedule) == 1
    assert QueueId("later") in schedule


def test_the_limit_leaves_what_is_due_for_the_next_look() -> None:
    schedule = Schedule([waiting("a", -2), waiting("b", -1)])

    assert schedule.take(NOON, 1) == Taken(ready=(QueueId("a"),), wake_at=NOON)
    assert schedule.take(NOON, 1) == Taken(ready=(QueueId("b"),), wake_at=None)


def test_a_message_that_is_added_again_moves() -> None:
    schedule = Schedule([waiting("a", 10)])

    schedule.add(QueueId("a"), at(-1))
    schedule.add(QueueId("a"), at(-1))
    schedule.extend([waiting("a", -1)])

    assert schedule.take(NOON, 10) == Taken(ready=(QueueId("a"),), wake_at=None)


def test_a_message_that_moved_later_is_not_taken_early() -> None:
    schedule = Schedule([waiting("a", -1)])

    schedule.add(QueueId("a"), at(60))

    assert schedule.take(NOON, 10) == Taken(ready=(), wake_at=at(60))


def test_a_discarded_message_is_gone_and_an_unknown_one_is_no_error() -> None:
    schedule = Schedule([waiting("a", -1), waiting("b", 5)])

    schedule.discard(QueueId("a"))
    schedule.discard(QueueId("nobody"))

    assert schedule.take(NOON, 10) == Taken(ready=(), wake_at=at(5))


def test_a_message_that_moves_for_ever_does_not_grow_the_heap() -> None:
    schedule = Schedule()

    for second in range(10_000):
        schedule.add(QueueId("a"), at(second))

    assert len(schedule) == 1
    assert len(schedule._heap) <= 1025
    assert schedule.take(at(10_000), 10).ready == (QueueId("a"),)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abcde"), st.integers(0, 20)),
        st.tuples(st.just("discard"), st.sampled_from("abcde"), st.just(0)),
        st.tuples(st.just("take"), st.just(""), st.integers(0, 20)),
    )
)


@settings(deadline=None)
@given(steps)
def test_it_behaves_like_a_sorted_dictionary(moves: list[tuple[str, str, int]]) -> None:
    schedule, model = Schedule(), dict[str, int]()

    for move, id_, number in moves:
        if move == "add":
            schedule.add(QueueId(id_), at(number))
            model[id_] = number
        elif move == "discard":
            schedule.discard(QueueId(id_))
            model.pop(id_, None)
        else:
            due = sorted((when, each) for each, when in model.items() if when <= number)[:3]
            for _, each in due:
                del model[each]
            wake_at = max(at(number), at(min(model.values()))) if model else None
            expected = Taken(ready=tuple(QueueId(each) for _, each in due), wake_at=wake_at)
            assert schedule.take(at(number), 3) == expected
        assert len(schedule) == len(model)
