import asyncio
import gc
from collections.abc import Generator

import pytest

from maild.daemon.pacing import MANY, NEVER, in_slices, no_full_collection, spare_the_collector


def steps(count: int, milliseconds: float = 0.0) -> Generator[None, None, int]:
    for _ in range(count):
        if milliseconds:
            spin(milliseconds)
        yield
    return count


def spin(milliseconds: float) -> None:
    total = 0
    for number in range(int(milliseconds * 10_000)):
        total += number


def test_the_result_is_what_the_steps_return() -> None:
    assert asyncio.run(in_slices(steps(3))) == 3
    assert asyncio.run(in_slices(steps(0), rest_s=0.0)) == 0


def test_the_loop_gets_its_turn_while_the_steps_go_on() -> None:
    async def scenario() -> int:
        turns = 0
        work = asyncio.create_task(in_slices(steps(100, milliseconds=0.5)))
        while not work.done():
            spin(1)
            await asyncio.sleep(0)
            turns += 1
        return turns

    assert asyncio.run(scenario()) > 5


def test_a_loop_with_nothing_to_do_makes_nobody_wait() -> None:
    async def scenario() -> float:
        await in_slices(steps(50, milliseconds=0.5), rest_s=1000.0)
        return 1.0

    assert asyncio.run(scenario()) == 1.0


@pytest.mark.parametrize("accounts", [1, MANY])
def test_only_many_accounts_are_taken_out_of_the_collector_s_sight(accounts: int) -> None:
    before = gc.get_freeze_count()
    try:
        spare_the_collector(accounts)
        assert (gc.get_freeze_count() > before) == (accounts == MANY)
    finally:
        gc.unfreeze()


def test_what_a_step_raises_comes_out() -> None:
    def failing() -> Generator[None, None, int]:
        yield
        raise ValueError("in a step")

    with pytest.raises(ValueError, match="in a step"):
        asyncio.run(in_slices(failing()))


def test_while_much_is_made_not_everything_is_looked_through_for_cycles() -> None:
    before = gc.get_threshold()
    with no_full_collection():
        assert gc.get_threshold() == (*before[:2], NEVER)
    assert gc.get_threshold() == before
