import asyncio
import time

from maild.daemon.heartbeat import Heartbeat
from tests.virtual_time import run_virtual


async def beat_for(heartbeat: Heartbeat, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await heartbeat.run()
    except TimeoutError:
        return


def test_it_pings_four_times_in_the_time_that_the_watchdog_waits() -> None:
    pings: list[float] = []
    heartbeat = Heartbeat(
        on_lag=lambda seconds: None, ping=lambda: pings.append(asyncio.get_running_loop().time()), watchdog_s=60
    )

    run_virtual(beat_for(heartbeat, 62))

    assert pings == [1, 16, 31, 46, 61]


def test_a_short_watchdog_makes_it_beat_faster() -> None:
    pings: list[None] = []
    heartbeat = Heartbeat(on_lag=lambda seconds: None, ping=lambda: pings.append(None), watchdog_s=1)

    run_virtual(beat_for(heartbeat, 1.1))

    assert len(pings) == 4


def test_without_a_watchdog_nobody_is_pinged() -> None:
    pings: list[None] = []
    heartbeat = Heartbeat(on_lag=lambda seconds: None, ping=lambda: pings.append(None), watchdog_s=None)

    run_virtual(beat_for(heartbeat, 61.25))

    assert pings == []
    assert heartbeat.last_beat_s == 61


def test_a_loop_that_is_held_up_is_late() -> None:
    lags: list[float] = []

    async def scenario() -> None:
        heartbeat = Heartbeat(on_lag=lags.append, ping=lambda: None, watchdog_s=0.2)
        asyncio.get_running_loop().call_later(0.01, time.sleep, 0.2)
        await beat_for(heartbeat, 0.3)

    asyncio.run(scenario())

    assert lags[0] > 0.1
