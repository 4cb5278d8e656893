"""The virtual loop keeps its word: it jumps, it serves real readiness first, it waits for threads, it never hangs."""

import asyncio
import socket
import threading
import time
from datetime import timedelta

import pytest

from tests.fakes.clock import START, FakeClock, LoopClock
from tests.network_guard import NetworkRefusedError
from tests.virtual_time import Deadlock, VirtualLoop, run_virtual


def test_five_days_of_sleep_pass_at_once_and_in_order() -> None:
    async def scenario() -> list[tuple[str, float]]:
        woken: list[tuple[str, float]] = []

        async def sleeper(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            woken.append((name, asyncio.get_running_loop().time()))

        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper("late", 432_000))
            group.create_task(sleeper("early", 60))
        return woken

    before = time.monotonic()
    woken = run_virtual(scenario())

    assert [name for name, _ in woken] == ["early", "late"]
    assert [seconds for _, seconds in woken] == pytest.approx([60, 432_000])
    assert time.monotonic() - before < 5


def test_a_timeout_comes_at_its_time() -> None:
    async def scenario() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run_virtual(scenario()) == pytest.approx(600)


def test_real_bytes_arrive_before_time_moves() -> None:
    async def scenario() -> tuple[bytes, float]:
        left, right = socket.socketpair()
        reader, writer = await asyncio.open_unix_connection(sock=left)
        right.sendall(b"hello")
        async with asyncio.timeout(30):
            data = await reader.readexactly(5)
        writer.close()
        await writer.wait_closed()
        right.close()
        return data, asyncio.get_running_loop().time()

    assert run_virtual(scenario()) == (b"hello", 0.0)


def test_time_stands_still_while_a_thread_works() -> None:
    async def scenario() -> float:
        async with asyncio.timeout(1):
            await asyncio.to_thread(time.sleep, 0.05)
        return asyncio.get_running_loop().time()

    assert run_virtual(scenario()) == 0.0


def test_a_deadlock_fails_instead_of_hanging() -> None:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(patience_s=0.01)) as runner, pytest.raises(Deadlock):
        runner.run(asyncio.Event().wait())


def test_a_thread_of_ones_own_may_wake_the_loop() -> None:
    async def scenario() -> str:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        thread = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(answer.set_result, "awake"))
        thread.start()
        return await answer

    assert run_virtual(scenario()) == "awake"


def test_a_clock_of_the_loop_moves_with_virtual_time() -> None:
    clock = LoopClock()

    async def scenario() -> None:
        await asyncio.sleep(3600)
        assert clock.now() - START == timedelta(hours=1)

    assert clock.now() == START
    run_virtual(scenario())


def test_a_fake_clock_moves_when_told() -> None:
    clock = FakeClock()

    assert clock.advance(90) == START + timedelta(seconds=90)
    assert clock.now() == START + timedelta(seconds=90)


def test_the_guard_lets_nothing_leave_this_machine() -> None:
    with socket.socket() as stranger, pytest.raises(NetworkRefusedError):
        stranger.connect(("192.0.2.1", 25))
    with socket.socket() as open_to_all, pytest.raises(NetworkRefusedError):
        open_to_all.bind(("0.0.0.0", 0))
    with socket.socket() as local:
        local.bind(("127.0.0.1", 0))
