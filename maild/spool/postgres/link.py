"""The way to the shared database: connections from psycopg's pool, each operation in one transaction with a deadline.

A caller that is cancelled does not stop its operation: what was begun comes to an end, and the pool gets its connection
back. What can go wrong is a `QueueError`; where the connection broke while the commit was under way it is a
`QueueInDoubtError`, because the server may have done it.

Shell code. Belongs to one event loop at a time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from maild.secret.resolve import SecretError
from maild.spool.postgres.address import Address
from maild.spool.queue import QueueError, QueueInDoubtError

T = TypeVar("T")

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]
Operation: TypeAlias = Callable[[Connection], Awaitable[T]]

MOST_CONNECTIONS: Final = 8
"""Of one daemon: PostgreSQL has a hundred by default, and more sessions than these share their commits anyway."""

CONNECT_S: Final = 5
SHORT_S: Final = 2.0
"""A connection that is not there by then has its reasons."""
DEADLINE_S: Final = 30.0
"""Of a whole transaction: longer than a fail-over's hiccup, shorter than a lease."""
IDLE_S: Final = 20.0
"""So long a transaction may have nothing to do: the database ends that of a host that was stopped in the middle of it,
and what it had locked can be taken over.
"""

_USUAL: Final[Mapping[str, str | int]] = {
    # A server that vanished is noticed in half a minute, not in the two hours that TCP would take.
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "maild",
}


class Link:
    """Connections to one database."""

    def __init__(self, address: Address, check: Operation[None]) -> None:
        self._address: Final = address
        self._check: Final = check
        self._is_checked = False
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._running: Final[set[asyncio.Task[Any]]] = set()
        # What it logs is told as errors to those who are concerned, in our own words.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        self._is_closed = False

    async def run(self, operation: Operation[T]) -> T:
        """Run an operation in one transaction; when this returns, what it changed is durable.

        Raises:
            QueueError: it failed; nothing was changed, unless it is a QueueInDoubtError.
        """
        if self._is_closed:
            raise QueueError(f"the shared queue {self._address} is closed")
        task = asyncio.ensure_future(self._run(operation))
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Finish what is under way, then hang up."""
        self._is_closed = True
        while self._running:
            await asyncio.wait(tuple(self._running))
        if self._pool is not None:
            await self._pool.close(SHORT_S)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Who asked was perhaps cancelled, and then nobody else would look.
            task.exception()

    async def _run(self, operation: Operation[T]) -> T:
        is_committing = False
        connection: Connection | None = None
        pool = await self._opened()
        try:
            async with asyncio.timeout(DEADLINE_S):
                connection = await self._begun(pool)
                if not self._is_checked:
                    await self._check(connection)
                    self._is_checked = True
                value = await operation(connection)
                is_committing = True
                await connection.execute("COMMIT")
                return value
        except TimeoutError:
            raise self._error(f"it did not answer within {DEADLINE_S:.0f} s", is_committing=is_committing) from None
        except psycopg.Error as error:
            is_lost = connection is None or connection.closed
            raise self._error(_words(error), is_committing=is_committing and is_lost) from error
        finally:
            if connection is not None:
                # Rolls back what was not committed, and throws away what is broken.
                await pool.putconn(connection)

    async def _opened(self) -> AsyncConnectionPool[Connection]:
        if self._pool is None:
            pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
                self._conninfo,
                kwargs={"autocommit": True},
                configure=_configure,
                min_size=1,
                max_size=MOST_CONNECTIONS,
                timeout=CONNECT_S,
                # It waits twice as long after each failure; a new one begins at once when somebody asks.
                reconnect_timeout=CONNECT_S,
                open=False,
                name="maild",
            )
            self._pool = pool
            await pool.open()
        return self._pool

    async def _conninfo(self) -> str:
        try:
            password = await self._address.password()
        except SecretError as error:
            raise self._error(str(error), is_committing=False) from None
        given = conninfo_to_dict(self._address.uri)
        values = {key: value for key, value in _USUAL.items() if key not in given}
        if password is not None:
            values["password"] = password.reveal()
        return make_conninfo(self._address.uri, **values)

    async def _begun(self, pool: AsyncConnectionPool[Connection]) -> Connection:
        """A connection in a transaction. One that died while nobody used it costs nobody more than another."""
        while True:
            connection = await self._free(pool)
            try:
                await connection.execute("BEGIN")
            except psycopg.OperationalError:
                is_dead = connection.closed
                await pool.putconn(connection)
                if not is_dead:
                    raise
            except BaseException:
                await pool.putconn(connection)
                raise
            else:
                return connection

    async def _free(self, pool: AsyncConnectionPool[Connection]) -> Connection:
        with suppress(PoolTimeout):
            return await pool.getconn(SHORT_S)
        # The pool does not say why it has none. Who tries by hand is told.
        async with await psycopg.AsyncConnection.connect(await self._conninfo()):
            pass
        try:
            return await pool.getconn(CONNECT_S)
        except PoolTimeout:
            raise self._error(f"all {MOST_CONNECTIONS} connections are busy", is_committing=False) from None

    def _error(self, words: str, *, is_committing: bool) -> QueueError:
        kind = QueueInDoubtError if is_committing else QueueError
        return kind(f"the shared queue {self._address} cannot be read or written now: {words}")


async def _configure(connection: Connection) -> None:
    await connection.execute(f"SET idle_in_transaction_session_timeout = {int(IDLE_S * 1000)}")


def _words(error: psycopg.Error) -> str:
    """What the server or libpq says, in one line."""
    return " ".join(str(error).split()) or type(error).__name__
