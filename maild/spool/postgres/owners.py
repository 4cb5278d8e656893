"""Who sends: one row for each daemon at work, believed as long as it is renewed. By the database's clock alone.

A lease is a message in SENDING whose `owner` is such a row. To renew all leases of a host is one statement; to take
them over is to delete the row and put its messages back, in one transaction. Whoever leases locks its own row first, in
share mode, so that nothing is leased by it while it is declared gone; and finds it missing when it was. An owner's
number is never given again. Nobody is taken for gone before the database itself has been there for as long as a lease
lasts: after a fail-over all hosts are late with their sign.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from maild.spool import transition
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import Changed, load, write

LEASE: Final = timedelta(seconds=45)
"""How long a host that says nothing is believed to be at work: longer than any transaction takes, or a fail-over."""

RENEWALS: Final = 4
"""So many times within that it says that it is."""


async def register(connection: Connection, host: str, lease: timedelta) -> int:
    """A daemon begins to send."""
    query = "INSERT INTO maild.owners (host, until) VALUES (%s, clock_timestamp() + %s) RETURNING owner"
    row = await (await connection.execute(query, (host, lease))).fetchone()
    assert row is not None
    return int(row[0])


async def renew(connection: Connection, owner: int, lease: timedelta) -> bool:
    """It is still at work; False when it was taken for gone meanwhile."""
    query = "UPDATE maild.owners SET until = clock_timestamp() + %s WHERE owner = %s"
    return (await connection.execute(query, (lease, owner))).rowcount == 1


async def retire(connection: Connection, owner: int) -> None:
    """It sends no more. What it still has in SENDING is for whoever recovers."""
    await connection.execute("UPDATE maild.owners SET until = clock_timestamp() WHERE owner = %s", (owner,))


async def is_believed(connection: Connection, owner: int) -> bool:
    """Whether it is still taken for at work; until the transaction ends nobody takes it for gone."""
    query = "SELECT 1 FROM maild.owners WHERE owner = %s FOR KEY SHARE"
    return await (await connection.execute(query, (owner,))).fetchone() is not None


async def live_hosts(connection: Connection) -> frozenset[str]:
    """The hosts that are at work."""
    rows = await connection.execute("SELECT DISTINCT host FROM maild.owners WHERE until > clock_timestamp()")
    return frozenset(host for (host,) in await rows.fetchall())


async def take_over(
    connection: Connection, host: str, terms: tuple[datetime, timedelta], *, is_restart: bool
) -> Sequence[Changed]:
    """Put back what those had who are gone; on a restart that is whoever sent on this host before, at once.

    `terms` are the present and the time that a lease lasts. Somebody else may be at the same: then these are his.
    """
    now, lease = terms
    query = (
        "DELETE FROM maild.owners WHERE owner IN (SELECT owner FROM maild.owners "
        "WHERE (until < clock_timestamp() AND pg_postmaster_start_time() < clock_timestamp() - %s) "
        "OR (%s AND host = %s) ORDER BY owner FOR UPDATE SKIP LOCKED) RETURNING owner"
    )
    gone = [owner for (owner,) in await (await connection.execute(query, (lease, is_restart, host))).fetchall()]
    if not gone:
        return ()
    where = "state = 'sending' AND owner = ANY(%(gone)s)"
    found = await load(connection, host, where, {"gone": gone}, order="id FOR UPDATE")
    recovered = [
        Changed(before=one, after=after)
        for one in found
        if (after := transition.recovered(one.message, now=now)) is not None
    ]
    await write(connection, recovered)
    return recovered
