from datetime import timedelta

import pytest

from maild.probe.timetable import Timetable

FIVE_MINUTES = timedelta(minutes=5)


def finish(
    table: Timetable, name: str, now_s: float, interval: timedelta = FIVE_MINUTES, fraction: float = 0.5
) -> None:
    table.finished(name, now_s=now_s, interval=interval, fraction=fraction)


def take(table: Timetable, now_s: float) -> tuple[tuple[str, ...], float | None]:
    return table.take(now_s=now_s, most=10)


def test_new_accounts_are_due_at_once() -> None:
    table = Timetable()
    table.plan((), {"a", "b"}, now_s=10)

    assert take(table, 10) == (("a", "b"), None)


@pytest.mark.parametrize(("fraction", "due_s"), [(0.0, 270), (0.5, 300), (1.0, 330)])
def test_the_next_probe_is_an_interval_after_the_end_give_or_take_a_tenth(fraction: float, due_s: float) -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    finish(table, "a", 100, fraction=fraction)

    ready, wake_at_s = take(table, 100)
    assert ready == ()
    assert wake_at_s == pytest.approx(100 + due_s)
    assert take(table, 101 + due_s) == (("a",), None)


def test_no_interval_is_shorter_than_a_minute() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    finish(table, "a", 0, interval=timedelta(seconds=1))

    assert take(table, 0) == ((), 60)


def test_an_unchanged_account_keeps_its_time_and_a_changed_one_is_due() -> None:
    table = Timetable()
    table.plan((), {"a", "b"}, now_s=0)
    take(table, 0)
    finish(table, "a", 0)
    finish(table, "b", 0)
    table.plan((), {"b"}, now_s=100)

    assert take(table, 100) == (("b",), 300)


def test_an_account_that_changed_while_it_was_probed_is_probed_again_at_once() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    table.plan((), {"a"}, now_s=5)

    assert take(table, 6) == (("a",), None)
    finish(table, "a", 10)
    assert take(table, 10) == ((), 310)


def test_of_many_that_are_due_so_many_are_taken_and_the_others_are_due_still() -> None:
    table = Timetable()
    table.plan((), {"a", "b", "c"}, now_s=0)

    assert table.take(now_s=1, most=2) == (("a", "b"), 0)
    assert table.take(now_s=1, most=2) == (("c",), None)


def test_an_account_that_is_gone_is_not_probed_any_more() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    table.plan({"a"}, (), now_s=1)
    finish(table, "a", 2)

    assert take(table, 1000) == ((), None)


def test_a_request_brings_the_next_probe_forward() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    finish(table, "a", 1)
    table.request("a", now_s=100)

    assert take(table, 100) == (("a",), None)


def test_requests_never_make_probes_follow_each_other_closer_than_half_a_minute() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    finish(table, "a", 1)
    for _ in range(3):
        table.request("a", now_s=2)

    assert take(table, 2) == ((), 30)


def test_a_request_during_a_probe_is_kept() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    take(table, 0)
    table.request("a", now_s=50)
    finish(table, "a", 60)

    assert take(table, 60) == (("a",), None)


def test_a_request_never_puts_a_probe_off() -> None:
    table = Timetable()
    table.plan((), {"a"}, now_s=0)
    table.request("a", now_s=5)

    assert take(table, 5) == (("a",), None)


def test_a_request_for_an_unknown_account_does_nothing() -> None:
    table = Timetable()
    table.request("a", now_s=0)

    assert take(table, 0) == ((), None)


def test_an_account_that_comes_back_while_it_is_probed_is_probed_at_once() -> None:
    table = Timetable()
    table.plan((), {"a", "b"}, now_s=0)
    take(table, 0)
    table.plan({"a"}, (), now_s=1)
    table.plan((), {"a"}, now_s=2)

    assert take(table, 3) == (("a",), None)
