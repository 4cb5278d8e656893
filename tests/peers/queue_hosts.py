"""Hosts on one shared queue, in one process: each has a queue object and a folder of bodies of its own."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from maild.secret.value import Secret
from maild.spool.events import DropRepeated
from maild.spool.outbox import Outbox
from maild.spool.postgres.address import Address
from maild.spool.postgres.host import HostQueue
from maild.spool.postgres.mover import MovableQueue
from maild.spool.postgres.queue import PostgresQueue
from maild.spool.queue import FileBody, QueuedMessage, QueueError
from tests.peers.postgres import PASSWORD, Postgres
from tests.spool.messages import NOW

LONG: Final = timedelta(minutes=5)
PATIENCE_S: Final = 60.0


async def password() -> Secret | None:
    return Secret(PASSWORD)


def address_of(cluster: Postgres) -> Address:
    return Address(uri=cluster.uri, password=password)


@dataclass(frozen=True, slots=True)
class Hosts:
    """They have this database and a folder each in `folder`."""

    database: Postgres
    folder: Path

    def bodies(self, host: str) -> Path:
        """Where this host has its large bodies."""
        place = self.folder / (host or "nowhere")
        place.mkdir(exist_ok=True)
        return place

    def large_body(self, host: str, data: bytes) -> FileBody:
        """A body that came in on this host."""
        path = self.bodies(host) / "1.body"
        path.write_bytes(data)
        return FileBody(path=path, size_bytes=len(data))

    @asynccontextmanager
    async def open(self, host: str, *, is_sender: bool = True, lease: timedelta = LONG) -> AsyncIterator[PostgresQueue]:
        """The queue of a host."""
        queue = PostgresQueue(address_of(self.database), host=host, bodies=self.bodies(host), lease=lease)
        try:
            if is_sender:
                await queue.recover(now=NOW)
            yield queue
        finally:
            await queue.close()

    @asynccontextmanager
    async def mover(self, host: str) -> AsyncIterator[MovableQueue]:
        """The queue as a command moves from it."""
        queue = MovableQueue(address_of(self.database), host=host, bodies=self.bodies(host), lease=LONG)
        try:
            yield queue
        finally:
            await queue.close()

    @asynccontextmanager
    async def host(self, name: str, repeated: list[tuple[str, str]]) -> AsyncIterator[HostQueue]:
        """The queue of a host with its outbox; it tells the list of repeats: drop, id."""

        async def told(repeats: Sequence[DropRepeated]) -> None:
            repeated.extend((one.drop, one.id) for one in repeats)

        outbox = Outbox(self.bodies(name) / "queue.sqlite3", self.bodies(f"{name}-outbox"))
        queue = HostQueue(address_of(self.database), host=name, bodies=self.bodies(name), outbox=outbox, repeated=told)
        try:
            yield queue
        finally:
            await queue.close()

    async def news_of(self, queue: HostQueue, count: int) -> list[QueuedMessage]:
        """So much news."""
        news: list[QueuedMessage] = []
        async with asyncio.timeout(PATIENCE_S):
            while len(news) < count:
                news += await queue.changed()
                await asyncio.sleep(0.02)
        return news

    async def caught_up(self, queue: HostQueue) -> None:
        """Its outbox is empty, and it knows that."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if not queue._is_behind:
                    return
                await asyncio.sleep(0.02)

    async def taken_over(self, host: str, queue: PostgresQueue) -> tuple[QueuedMessage, ...]:
        """What this one takes over when that host has said nothing for longer than a lease lasts."""
        self.database.sql(f"UPDATE maild.owners SET until = clock_timestamp() - interval '1 s' WHERE host = '{host}'")
        # The database of a test has never been there for as long as a lease lasts.
        queue._leases.duration = timedelta(0)
        return await queue.changed()

    async def signs(self, host: str) -> AsyncGenerator[datetime, None]:
        """Until when the host is believed to be at work, each time that this changes."""
        seen: datetime | None = None
        connection = await psycopg.AsyncConnection.connect(self.database.uri, password=PASSWORD, autocommit=True)
        async with connection, asyncio.timeout(PATIENCE_S):
            while True:
                rows = await connection.execute("SELECT until FROM maild.owners WHERE host = %s", (host,))
                row = await rows.fetchone()
                assert row is not None
                if row[0] != seen:
                    seen = row[0]
                    yield row[0]
                await asyncio.sleep(0.05)

    async def until_it_answers(self, queue: PostgresQueue) -> None:
        """The pool finds out by itself that the database is back."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await queue.counts()
                except QueueError:
                    await asyncio.sleep(0.1)
                else:
                    return
