"""Long work beside mail: in a thread, and in slices with a rest in between.

Shell code. While Python computes in a thread the event loop gets its turn only when the thread lets go of the
interpreter, up to five milliseconds later, at each of its system calls anew; a second of computing would be a second in
which hardly any mail goes. So the thread stops every few milliseconds, and the loop has the interpreter to itself for
as long again.
"""

import asyncio
from collections.abc import Generator
from typing import Final, TypeVar

SLICE_S: Final = 0.004
REST_S: Final = 0.004

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

    while not await asyncio.to_thread(work):  # noqa: ASYNC110 -- a rest, and no condition is waited for
        await asyncio.sleep(rest_s)
    return results[0]
