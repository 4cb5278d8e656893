"""Waiting without waiting: an event loop whose clock jumps to the next timer.

    def test_gives_up_after_five_days() -> None:
        run_virtual(scenario())

Real sockets and pipes still work: what is ready is always served before time moves. Jobs handed to a thread by
`loop.run_in_executor` or `asyncio.to_thread` are known, and time stands still until they are done; a job that reaches
a thread by another way is invisible, and timers may run ahead of it.

A loop with nothing ready, no timer and no job waits a real moment for a thread's `call_soon_threadsafe`; when nothing
comes, nothing ever will, and it fails with `Deadlock` instead of hanging.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any, Final, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

PATIENCE_S: Final = 5.0
"""Real seconds to wait for a thread that was not started through the loop, before calling it a deadlock."""


class Deadlock(BaseException):
    """Everything waits and nothing can wake it. A BaseException, so that no code under test swallows it."""


class JumpingSelector(selectors.BaseSelector):
    """Answers at once: with what is ready, else by moving the time to the moment that the loop wanted to wait for."""

    def __init__(self, patience_s: float) -> None:
        self._real = selectors.DefaultSelector()
        self._patience_s = patience_s
        self.now_s = 0.0
        self.jobs = 0

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401 -- base
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401 -- as the base class has it
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401 -- base
        return self._real.modify(fileobj, events, data)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if self.jobs:
            return self._real.select(None)
        if timeout is not None:
            self.now_s += timeout
            return ready
        ready = self._real.select(self._patience_s)
        if not ready:
            raise Deadlock("nothing is ready, no timer is set and no thread is at work: this would wait for ever")
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The selector loop with the selector's idea of time; it starts at zero."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._jumping = JumpingSelector(patience_s)
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._jumping.jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _: asyncio.Future[Any]) -> None:
        self._jumping.jobs -= 1


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time and return its result.

    Raises:
        Deadlock: it waits for something that cannot come.
    """
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
