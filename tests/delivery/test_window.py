from hypothesis import given, settings
from hypothesis import strategies as st

from maild.delivery.window import FIRST, MOST, Entry, Window
from maild.spool.queue import QueueId


def entry(number: int) -> Entry:
    return number, QueueId(f"{number:06}")


def drain(window: Window) -> list[QueueId]:
    found = []
    while window.top() is not None:
        found.append(window.pop())
    return found


def test_a_complete_window_gives_what_was_added_soonest_first() -> None:
    window = Window(is_complete=True)
    assert window.is_empty

    for number in (3, 1, 2):
        window.add(entry(number))
    window.add_first(QueueId("b"))
    window.add_first(QueueId("a"))

    assert len(window) == 5
    assert drain(window) == ["a", "b", *(entry(number)[1] for number in (1, 2, 3))]
    assert window.is_empty
    assert not window.is_wanting


def test_what_was_moved_comes_at_its_new_time_only() -> None:
    window = Window(is_complete=True)
    window.add((5, QueueId("x")))
    window.add((1, QueueId("x")))
    window.add((9, QueueId("x")))
    window.add((9, QueueId("x")))
    window.add((7, QueueId("y")))

    assert window.top() == (7, QueueId("y"))
    assert drain(window) == ["y", "x"]


def test_an_unknown_window_asks_for_the_first_span_and_then_for_the_next() -> None:
    window = Window(is_complete=False)
    assert (window.is_wanting, window.is_empty) == (True, False)

    assert window.begin() == FIRST
    assert (window.is_wanting, window.is_empty) == (False, False)
    window.fill([entry(1), entry(2)], is_all=False)
    window.add(entry(9))
    assert drain(window) == [entry(1)[1], entry(2)[1]]

    assert window.begin() == entry(2)
    window.fill([], is_all=True)
    assert window.is_empty


def test_what_is_added_while_somebody_reads_is_not_forgotten() -> None:
    window = Window(is_complete=False)
    window.begin()
    window.add(entry(5))
    window.fill([entry(1)], is_all=True)

    assert drain(window) == [entry(1)[1], entry(5)[1]]


def test_a_full_window_leaves_the_latest_to_the_disk() -> None:
    window = Window(is_complete=True)
    for number in range(MOST + 1):
        window.add(entry(number))

    assert len(window) == MOST // 2
    assert drain(window) == [entry(number)[1] for number in range(MOST // 2)]
    assert window.begin() == entry(MOST // 2 - 1)


def test_what_overflows_while_somebody_reads_is_read_again() -> None:
    window = Window(is_complete=True)
    for number in range(0, 2 * (MOST + 1), 2):
        window.add(entry(number))
    drain(window)
    end = window.begin()
    # Earlier than where the reading begins, so it has its place at once.
    for number in range(-MOST - 1, 0):
        window.add((number, QueueId(str(number))))
    window.fill([entry(end[0] + 2)], is_all=True)

    assert len(window) == MOST // 2
    assert not window.is_empty


def test_a_message_that_moves_for_ever_does_not_grow_the_heap() -> None:
    window = Window(is_complete=True)

    for number in range(10_000):
        window.add((number, QueueId("a")))

    assert len(window._heap) <= 2 * MOST + 1
    assert drain(window) == ["a"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "pop", "read"]), st.integers(0, 300)), max_size=60))
def test_with_a_disk_behind_it_nothing_is_lost_and_nothing_comes_twice(moves: list[tuple[str, int]]) -> None:
    disk: dict[QueueId, int] = {entry(number)[1]: number for number in range(0, 200, 10)}
    window = Window(is_complete=False)
    taken: list[QueueId] = []

    def read() -> None:
        after = window.begin()
        rows = sorted((due, id_) for id_, due in disk.items() if (due, id_) > after)[:3]
        window.fill(rows, is_all=len(rows) < 3)

    for move, number in moves:
        if move == "add":
            due, id_ = entry(number)
            if id_ not in taken:
                disk[id_] = due
                window.add((due, id_))
        elif move == "read" and window.is_wanting:
            read()
        elif move == "pop" and window.top() is not None:
            taken.append(window.pop())
            del disk[taken[-1]]
    while not window.is_empty:
        if window.is_wanting:
            read()
        if window.top() is not None:
            taken.append(window.pop())
            del disk[taken[-1]]

    assert disk == {}
    assert len(taken) == len(set(taken))
