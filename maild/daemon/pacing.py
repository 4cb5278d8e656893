"""Long work beside mail: in a thread, and in slices with a rest in between.

Shell code. While Python computes in a thread the event loop gets its turn only when the thread lets go of the
interpreter, up to five milliseconds later, at each of its system calls anew; a second of computing would be a second in
which hardly any mail goes. So the thread stops every few milliseconds, and the loop has the interpreter to itself for
as long again, where it has something to do.

Python's collector of cycles stops everybody, too: going through what ten thousand accounts are made of takes it a fifth
of a second, each time. What has just come into force in such numbers is therefore taken out of its sight, and until it
is, the collector does not go through everything.
"""

import asyncio
import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

SLICE_S: Final = 0.004
REST_S: Final = 0.004
BUSY_S: Final = 0.0005
"""A turn of the loop that takes longer had other work than to come back."""

NEVER: Final = 1_000_000
"""Collections of what is new until one of everything."""

MANY: Final = 1000
"""So many accounts at once are worth it; they leave memory all the same when nobody refers to them any more."""

_R = TypeVar("_R")


async def in_slices(steps: Generator[None, None, _R], *, rest_s: float = REST_S) -> _R:
    """What the steps come to. With `rest_s` 0 it takes no rest: nothing else is waiting yet."""
    loop = asyncio.get_running_loop()
    results: list[_R] = []

    def work() -> bool:
        until_s = loop.time() + SLICE_S
        while rest_s == 0 or loop.time() < until_s:
            try:
                next(steps)
            except StopIteration as done:
                results.append(done.value)
                return True
        return False

    while not await asyncio.to_thread(work):
        if await _is_busy(loop):
            await asyncio.sleep(rest_s)
    return results[0]


@contextmanager
def no_full_collection() -> Iterator[None]:
    """Inside, only what is new is looked through for cycles."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*thresholds[:2], NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def spare_the_collector(accounts: int) -> None:
    """So many accounts have come into force."""
    if accounts >= MANY:
        gc.freeze()


async def _is_busy(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether the loop has work. The first turn finds what is ready, the second one sees how long that takes."""
    began_s = loop.time()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return loop.time() - began_s >= BUSY_S
