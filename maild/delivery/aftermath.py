"""What a courier leaves behind it: the verdicts of its last message, being written while it goes on to the next one.

One at a time. It is waited for before a byte of the next message leaves that could complete it, so that no more than
the verdicts of one message a session can be lost to a crash, and before the courier rests or ends.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Aftermath:
    """Belongs to one courier."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this meanwhile; the last one is settled."""
        self._task = asyncio.get_running_loop().create_task(work)

    async def settled(self) -> None:
        """Wait for it. What it raises comes out here."""
        task, self._task = self._task, None
        if task is not None:
            await task

    async def give_up(self) -> None:
        """The engine ends: what is not written is abandoned with all else that is open."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))
