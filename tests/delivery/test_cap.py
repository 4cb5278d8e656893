from datetime import timedelta

from maild.delivery.cap import Cap
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)


def test_nothing_is_lowered_at_first() -> None:
    assert Cap(MINUTE).of(20, START) == 20


def test_it_grows_back_by_one_a_pause_up_to_the_limit() -> None:
    cap = Cap(MINUTE)
    cap.lower(3, START)

    found = [cap.of(5, START + minutes * MINUTE) for minutes in (0, 0.99, 1, 2, 60)]

    assert found == [3, 3, 4, 5, 5]


def test_one_session_is_always_allowed() -> None:
    cap = Cap(MINUTE)
    cap.lower(0, START)

    assert cap.of(20, START) == 1


def test_a_clock_set_back_does_not_keep_it_low() -> None:
    cap = Cap(MINUTE)
    cap.lower(1, START)

    assert cap.of(20, START - timedelta(hours=1)) == 20


def test_a_refusal_lowers_it_again() -> None:
    cap = Cap(MINUTE)
    cap.lower(3, START)
    cap.lower(3, START + MINUTE)

    assert cap.of(20, START + MINUTE) == 3


def test_what_was_learnt_is_forgotten() -> None:
    cap = Cap(MINUTE)
    cap.lower(3, START)
    cap.forget()

    assert cap.of(20, START) == 20
