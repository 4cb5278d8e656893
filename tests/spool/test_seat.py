import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from maild.spool.seat import Seat

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not place threads")


def sit(seat: Seat, processor: int | None) -> set[int]:
    """Where a helper may run after it took the seat."""
    seat.take(processor)
    return os.sched_getaffinity(0)


def test_a_helper_sits_where_it_is_told_until_it_is_free_again() -> None:
    seat, everywhere = Seat(), os.sched_getaffinity(0)
    with ThreadPoolExecutor(1) as helper:
        places = [helper.submit(sit, seat, one).result() for one in (*everywhere, None, None)]

    assert places == [*({one} for one in everywhere), everywhere, everywhere]
    assert os.sched_getaffinity(0) == everywhere


def test_a_processor_that_is_not_there_moves_nobody() -> None:
    seat, everywhere = Seat(), os.sched_getaffinity(0)
    with ThreadPoolExecutor(1) as helper:
        assert helper.submit(sit, seat, 100_000).result() == everywhere


def test_whoever_calls_is_on_a_processor_of_the_process() -> None:
    assert Seat().beside_caller() in os.sched_getaffinity(0)
