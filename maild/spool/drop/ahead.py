"""Reads the next batch of drops while the last one is being put away: two threads are busy instead of one in turn.

Shell code. One batch at most is read ahead, so two are in memory. It is read only while names of a listing are left:
drops that were put away meanwhile are in no listing any more, so nothing is read twice.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from maild.spool.drop.batch import Batch
from maild.spool.drop.bodies import discard_bodies


class ReadAhead:
    """`read` reads one batch as of a moment; it is called in a thread, never twice at a time."""

    def __init__(self, read: Callable[[datetime], Batch]) -> None:
        self._read: Final = read
        self._ahead: asyncio.Future[Batch] | None = None

    async def batch(self, now: datetime) -> Batch:
        """The batch that was read ahead, or else the next one.

        Raises:
            what `read` raised.
        """
        ahead, self._ahead = self._ahead, None
        return await (ahead or self._begin(now))

    def begin(self, now: datetime) -> None:
        """Read the next batch meanwhile."""
        self._ahead = self._begin(now)
        # Whoever stops in between has no use for what went wrong.
        self._ahead.add_done_callback(_hear_of_failure)

    async def forget(self) -> None:
        """Something went wrong with the batch before: throw this one away, it may be out of date when it is wanted."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return
        await asyncio.wait((ahead,))
        if ahead.exception() is None:
            await asyncio.to_thread(discard_bodies, ahead.result().copied)

    def _begin(self, now: datetime) -> asyncio.Future[Batch]:
        return asyncio.get_running_loop().run_in_executor(None, self._read, now)


def _hear_of_failure(ahead: asyncio.Future[Batch]) -> None:
    if not ahead.cancelled():
        ahead.exception()
