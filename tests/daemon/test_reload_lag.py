import asyncio
import time

from maild.daemon.reload_lag import AFTER_S, TICK_S, ReloadLag
from tests.virtual_time import run_virtual


def test_the_longest_that_the_loop_was_held_up_is_told_once_for_reloads_that_follow_each_other() -> None:
    told: list[tuple[float, float]] = []

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        lag = ReloadLag(lambda seconds: told.append((loop.time(), seconds)))
        lag.begin()
        await asyncio.sleep(1)
        lag.end(has_changed=True)
        await asyncio.sleep(AFTER_S / 2)
        lag.begin()
        lag.end(has_changed=True)
        await asyncio.sleep(2 * AFTER_S)
        lag.begin()
        lag.end(has_changed=False)
        await asyncio.sleep(AFTER_S)
        lag.begin()
        await lag.stop()
        await lag.stop()

    run_virtual(scenario())
    first, nothing = told
    assert 1.5 * AFTER_S < first[0] - 1 + 0.5 * AFTER_S < 2 * AFTER_S + TICK_S
    assert (first[1], nothing[1]) == (0, 0)


def test_what_holds_up_the_loop_is_seen_however_short_of_the_next_heartbeat() -> None:
    told: list[float] = []

    async def scenario() -> None:
        lag = ReloadLag(told.append)
        lag.begin()
        await asyncio.sleep(0)
        time.sleep(0.02)  # noqa: ASYNC251 -- just that
        lag.end(has_changed=False)
        async with asyncio.timeout(30):
            while not told:  # noqa: ASYNC110 -- nobody sets an event for us
                await asyncio.sleep(0.01)

    asyncio.run(scenario())
    assert told[0] >= 0.02 - TICK_S
