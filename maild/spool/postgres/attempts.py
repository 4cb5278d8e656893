"""Writes down what happens in attempts, that of many sessions in one transaction (group commit).

While one transaction is under way the next copies, marks and records gather. When one fails it is undone as a whole,
and each call that it had gets a transaction of its own: the one at fault fails alone. What is in this host's hand is
remembered as it was written last: nobody else changes a message in SENDING, so all that has to be asked of the database
is whether it still is in this hand, which locks it too.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from maild.spool.postgres.leases import Leases
from maild.spool.postgres.link import Connection, Link
from maild.spool.postgres.nudges import Teller
from maild.spool.postgres.orphans import remove
from maild.spool.postgres.verdicts import Copy, Mark, Outcome, Work, write_all
from maild.spool.queue import AttemptRecord, MessageState, QueuedMessage, QueueError

MOST_TOGETHER: Final = 256

_Written: TypeAlias = tuple[QueuedMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One call, and who waits for it."""

    works: Sequence[Work]
    future: asyncio.Future[_Written] = field(compare=False)


class Attempts:
    """See above. `teller` gives who this is at the moment; `bodies` is the folder of copies of large bodies."""

    def __init__(self, link: Link, leases: Leases, teller: Callable[[], Teller], bodies: Path) -> None:
        self._link: Final = link
        self._leases: Final = leases
        self._teller: Final = teller
        self._bodies: Final = bodies
        self._waiting: list[_Job] = []
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    async def mark_dot(self, mark: Mark) -> None:
        """Write down that the end of a message is about to be sent.

        Raises:
            QueueError: the lease was lost, so the end must not be sent; or the storage failed.
        """
        await self._submit((mark,))

    async def add_copy(self, copy: Copy) -> None:
        """Add a recipient who gets a copy.

        Raises:
            QueueError: the storage failed.
        """
        await self._submit((copy,))

    async def record(self, records: Sequence[AttemptRecord]) -> _Written:
        """Write records; returns the messages as they are now. A record of a lease that was lost changes nothing."""
        return await self._submit(records)

    async def close(self) -> None:
        """Finish what was asked for."""
        await asyncio.sleep(0)
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def _submit(self, works: Sequence[Work]) -> _Written:
        loop = asyncio.get_running_loop()
        job = _Job(works=works, future=loop.create_future())
        self._waiting.append(job)
        if self._task is None and not self._is_due:
            # Not at once: what others ask for in the same turn of the loop shares the commit.
            self._is_due = True
            loop.call_soon(self._start)
        return await job.future

    def _start(self) -> None:
        self._is_due = False
        self._task = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting:
                jobs, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                await self._do(jobs)
        finally:
            self._task = None

    async def _do(self, jobs: Sequence[_Job]) -> None:
        try:
            outcome = await self._write(jobs)
        except Exception as error:  # noqa: BLE001 -- also a bug in one of them must not spoil its neighbours
            if len(jobs) > 1:
                for job in jobs:
                    await self._do([job])
            elif not jobs[0].future.done():
                jobs[0].future.set_exception(error)
            return
        for job, answer in zip(jobs, outcome.answers, strict=True):
            if job.future.done():
                continue
            if isinstance(answer, QueueError):
                job.future.set_exception(answer)
            else:
                job.future.set_result(answer)

    async def _write(self, jobs: Sequence[_Job]) -> Outcome:
        async def operation(connection: Connection) -> Outcome:
            return await write_all(connection, self._teller(), self._leases, [job.works for job in jobs])

        outcome = await self._link.run(operation)
        self._leases.now_are(outcome.messages)
        works = [work for job in jobs for work in job.works]
        self._leases.let_go(
            work.id for work in works if isinstance(work, AttemptRecord) and work.next_state is not MessageState.SENDING
        )
        remove(self._bodies / name for name in outcome.bodies)
        return outcome
