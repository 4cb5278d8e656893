"""Tells hosts of what others did to messages that are their business: one row a host and message until it is noticed.

A host's business is what was dropped there, because it has the receipts; and what a command changes is everybody's who
sends, because anybody may be the one to send it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import load_ids
from maild.spool.postgres.owners import live_hosts
from maild.spool.queue import QueuedMessage, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who changes messages: on which host, by which name of its own, and whether it is the one that sends there."""

    host: str
    name: str
    is_sender: bool


async def nudge(connection: Connection, teller: Teller, changed: Iterable[tuple[QueueId, str]]) -> None:
    """Messages, with their origins, were changed."""
    others = frozenset[str]() if teller.is_sender else await live_hosts(connection)
    quiet = {teller.host, ""} if teller.is_sender else {""}
    rows = sorted({(one, id_, teller.name) for id_, origin in changed for one in {origin, *others} - quiet})
    if rows:
        query = (
            "INSERT INTO maild.nudges (host, id, teller) VALUES (%s, %s, %s) "
            "ON CONFLICT (host, id) DO UPDATE SET teller = excluded.teller"
        )
        await connection.cursor().executemany(query, rows)


async def take_nudges(connection: Connection, teller: Teller) -> list[QueuedMessage]:
    """What others changed since the last call; said once."""
    query = "DELETE FROM maild.nudges WHERE host = %s RETURNING id, teller"
    told = await (await connection.execute(query, (teller.host,))).fetchall()
    ids = sorted(QueueId(id_) for id_, name in told if name != teller.name)
    return [one.message for one in await load_ids(connection, teller.host, ids)] if ids else []


async def forget_nudges(connection: Connection) -> None:
    """Of messages that are forgotten."""
    await connection.execute(
        "DELETE FROM maild.nudges WHERE NOT EXISTS (SELECT 1 FROM maild.messages WHERE messages.id = nudges.id)"
    )
