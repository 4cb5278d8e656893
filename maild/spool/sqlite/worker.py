"""Runs the queue's operations in a thread of their own, those that arrive together in one transaction (group commit).

An fsync costs the same for one message as for a hundred, so while one transaction commits, operations gather, and the
next one takes them all. When that fails it is undone as a whole and each of its operations gets a transaction of its
own: the one at fault fails alone, and nobody pays for savepoints while all is well. So an operation may run twice; it
must change nothing but the database. After an error of the storage (disk full, read-only, fsync) the connection is
opened anew, because what an unlucky one still holds in memory is not to be trusted. When it was the commit's fsync that
failed, nobody knows: the log may hold the transaction, and then it is found in it by whoever reads the log next.

What is being sent is remembered: no other process may change a message in SENDING, so what this one has committed is
what the database says, and most operations of an attempt need not read.

Belongs to one event loop at a time. A caller that is cancelled does not stop its operation.
"""

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeAlias, TypeVar

from maild.spool.queue import MessageState, QueuedMessage, QueueError, QueueId, QueueInDoubtError
from maild.spool.seat import Seat
from maild.spool.sqlite.pending import Pending
from maild.spool.sqlite.schema import may_be_committed, open_database, storage_error, write_back

T = TypeVar("T")

MAX_OPERATIONS: Final = 256
"""In one transaction: more would not be faster and would keep other processes waiting."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message and the number of its row."""

    number: int
    message: QueuedMessage


@dataclass(slots=True, kw_only=True)
class Transaction:
    """What an operation works on.

    Attributes:
        sending: what was in SENDING before this transaction.
        changed: what this transaction made of messages.
        obsolete_files: to be removed once the transaction is durable, not a moment earlier.
    """

    sending: Mapping[QueueId, Numbered]
    changed: dict[QueueId, Numbered] = field(default_factory=dict)
    obsolete_files: list[Path] = field(default_factory=list)
    _database: sqlite3.Connection
    _bodies: Path
    _pending: Pending | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, with every change of this transaction in it; the operation neither commits nor rolls back."""
        self.write_pending()
        return self._database

    @property
    def pending(self) -> Pending:
        """What is to be written before anybody reads, or at the end."""
        if self._pending is None:
            self._pending = Pending()
        return self._pending

    def change(self, id_: QueueId, known: Numbered, after: QueuedMessage) -> None:
        """A message is as it is now."""
        self.pending.change(known.number, known.message, after)
        self.changed[id_] = Numbered(known.number, after)

    def write_pending(self) -> None:
        """Write what is pending."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self.obsolete_files += pending.write(self._database, self._bodies)

    def recall(self, id_: QueueId) -> Numbered | None:
        """The message as it is, where that is known without reading."""
        return self.changed.get(id_) or self.sending.get(id_)


Operation: TypeAlias = Callable[[Transaction], T]


@dataclass(slots=True)
class _Job(Generic[T]):
    operation: Operation[T]
    is_write: bool
    future: asyncio.Future[T]


@dataclass(slots=True)
class _Done:
    value: object = None
    error: BaseException | None = None


OnCommit: TypeAlias = Callable[[float], None]
"""Told on the event loop how many seconds the disk took to make a transaction durable."""


class Worker:
    """One connection, one thread, one transaction at a time."""

    def __init__(self, path: Path, bodies: Path, on_commit: OnCommit | None = None) -> None:
        self._path = path
        self._bodies = bodies
        self._on_commit = on_commit
        self._commits_s: list[float] = []
        self._connection: sqlite3.Connection | None = None
        self._sending: dict[QueueId, Numbered] = {}
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maild-queue")
        self._seat = Seat()
        self._waiting: deque[_Job[object]] = deque()
        self._is_running = self._is_due = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_closed = False
        self._is_in_doubt = False
        self._now_s: Callable[[], float] = float

    async def write(self, operation: Operation[T]) -> T:
        """Run an operation; when this returns, what it changed is durable.

        Raises:
            QueueError: the storage failed; nothing was changed.
        """
        return await self._submit(operation, is_write=True)

    async def read(self, operation: Operation[T]) -> T:
        """Run an operation that changes nothing; it sees everything that was written before.

        Raises:
            QueueError: the storage failed.
        """
        return await self._submit(operation, is_write=False)

    async def close(self) -> None:
        """Finish what waits, then let go of the file."""
        self._is_closed = True
        await self._idle.wait()
        await asyncio.get_running_loop().run_in_executor(self._executor, self._disconnect)
        self._executor.shutdown(wait=False)

    async def _submit(self, operation: Operation[T], *, is_write: bool) -> T:
        if self._is_closed:
            raise QueueError(f"the queue {self._path} is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(operation, is_write, future))  # type: ignore[arg-type]  # T is forgotten in the queue
        if not self._is_running and not self._is_due:
            # Not at once: what others ask for in the same turn of the loop shares the commit, where two in a row would
            # take twice as long. A session's verdict and its next dot come like this.
            self._is_due = True
            self._idle.clear()
            asyncio.get_running_loop().call_soon(self._start)
        return await future

    def _start(self) -> None:
        self._is_due = False
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_OPERATIONS))]
        self._is_running = True
        loop = asyncio.get_running_loop()
        self._now_s = loop.time
        running = loop.run_in_executor(self._executor, self._begin, self._seat.beside_caller(), jobs)
        running.add_done_callback(lambda done: self._finish(jobs, done))

    def _finish(self, jobs: list[_Job[object]], done: "asyncio.Future[list[_Done]]") -> None:
        failure = done.exception()
        results = done.result() if failure is None else [_Done(error=failure) for _ in jobs]
        for job, result in zip(jobs, results, strict=True):
            if job.future.done():
                continue
            if result.error is not None:
                job.future.set_exception(result.error)
            else:
                job.future.set_result(result.value)
        commits_s, self._commits_s = self._commits_s, []
        if self._on_commit is not None:
            for seconds in commits_s:
                self._on_commit(seconds)
        self._is_running = False
        if self._waiting:
            self._start()
        else:
            self._idle.set()

    # From here on: in the thread.

    def _begin(self, processor: int | None, jobs: list[_Job[object]]) -> list[_Done]:
        # What only reads may look at a million messages, and that is better done on another processor.
        self._seat.take(processor if any(job.is_write for job in jobs) else None)
        return self._execute(jobs)

    def _execute(self, jobs: list[_Job[object]]) -> list[_Done]:
        try:
            return self._run(jobs)
        except Exception as error:  # noqa: BLE001 -- also a bug in one operation must not spoil its neighbours
            if len(jobs) == 1:
                return [_Done(error=self._explain(error))]
        return [done for job in jobs for done in self._execute([job])]

    def _run(self, jobs: list[_Job[object]]) -> list[_Done]:
        connection = self._connect()
        transaction = Transaction(_database=connection, _bodies=self._bodies, sending=self._sending)
        is_committing, is_write = False, any(job.is_write for job in jobs)
        try:
            connection.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")
            results = [_Done(value=job.operation(transaction)) for job in jobs]
            transaction.write_pending()
            is_committing, began_s = True, self._now_s()
            connection.execute("COMMIT")
            if is_write:
                self._commits_s.append(self._now_s() - began_s)
        except sqlite3.Error as error:
            self._disconnect()
            self._is_in_doubt = self._is_in_doubt or (is_committing and may_be_committed(error))
            raise
        except BaseException:
            connection.rollback()
            raise
        for id_, known in transaction.changed.items():
            if known.message.state is MessageState.SENDING:
                self._sending[id_] = known
            else:
                self._sending.pop(id_, None)
        for file in transaction.obsolete_files:
            # One that stays is found and removed at the next start.
            with suppress(OSError):
                os.unlink(file)
        return results

    def _explain(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error):
            return error
        failure = storage_error(self._path, error)
        if self._is_in_doubt:
            failure = QueueInDoubtError(str(failure))
        failure.__cause__ = error
        return failure

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = open_database(self._path)
            if self._is_in_doubt:
                # What was not synced and turns up all the same is to be on the disk before anybody builds upon it.
                write_back(connection)
                self._is_in_doubt = False
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            # Closing rolls back what is open.
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
            self._sending.clear()
