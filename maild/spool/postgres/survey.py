"""Looks over all messages, and the forgetting of old ones: statements that are about no message in particular."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from maild.spool.postgres.link import Connection
from maild.spool.postgres.nudges import forget_nudges
from maild.spool.queue import Census, MessageState, QueueId, Span, Waiting
from maild.spool.sqlite.rows import instant_number, instant_of, minute_number

_PURGE_CHUNK: Final = 1000
_HISTORY: Final = "state IN ('sent', 'failed', 'deleted')"
"""In these words, or the partial index would not be used."""

_BEFORE_ALL: Final = -(2**62)
"""Earlier than any instant."""


async def census(connection: Connection) -> Census:
    """How many are queued, by what they wait for."""
    pools = await connection.execute(
        "SELECT pool, stream, count(*) FROM maild.messages WHERE state = 'queued' GROUP BY pool, stream"
    )
    counts = {(pool, stream): count for pool, stream, count in await pools.fetchall()}
    deferred = await connection.execute(
        "SELECT last_account, count(*) FROM maild.messages "
        "WHERE state = 'queued' AND pool = '' AND last_account IS NOT NULL GROUP BY last_account"
    )
    return Census(pools=counts, deferred=dict(await deferred.fetchall()))


async def waiting(connection: Connection, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
    """What is queued in each span."""
    return tuple([await _span(connection, span) for span in spans])


async def _span(connection: Connection, span: Span) -> tuple[Waiting, ...]:
    next_at, id_ = (_BEFORE_ALL, "") if span.after is None else (instant_number(span.after[0]), span.after[1])
    found = await connection.execute(
        "SELECT id, next_at FROM maild.messages WHERE state = 'queued' AND pool = %s AND stream = %s "
        "AND (next_at, id) > (%s, %s) ORDER BY next_at, id LIMIT %s",
        (span.pool, span.stream, next_at, id_, span.limit),
    )
    return tuple(
        [
            Waiting(id=QueueId(id_), next_at=instant_of(next_at), stream=span.stream, pool=span.pool)
            for id_, next_at in await found.fetchall()
        ]
    )


async def due(connection: Connection, now: datetime) -> int:
    """How many are queued whose time has come."""
    query = "SELECT count(*) FROM maild.messages WHERE state = 'queued' AND next_at <= %s"
    return await _count(connection, query, instant_number(now))


async def counts(connection: Connection) -> dict[MessageState, int]:
    """How many stand in each state that is not history."""
    query = "SELECT state, count(*) FROM maild.messages WHERE state IN ('queued', 'sending', 'held') GROUP BY state"
    found: dict[str, int] = dict(await (await connection.execute(query)).fetchall())
    return {state: found.get(state.value, 0) for state in MessageState if not state.is_history}


async def lately_done(connection: Connection, host: str, within: timedelta) -> tuple[str, ...]:
    """The drops, on this host, of what became history within so long before the last of them that did."""
    history = f"maild.messages WHERE {_HISTORY} AND origin = %(host)s"
    query = (
        f"SELECT DISTINCT drop_name FROM {history} AND drop_name IS NOT NULL "  # noqa: S608 -- words of ours
        f"AND changed_at >= (SELECT max(changed_at) FROM {history}) - %(within)s"
    )
    values = {"host": host, "within": within // timedelta(microseconds=1)}
    return tuple(drop for (drop,) in await (await connection.execute(query, values)).fetchall())


async def uncertain(connection: Connection) -> int:
    """How many of the living have a recipient whose answer was lost."""
    return await _count(
        connection,
        "SELECT count(DISTINCT recipients.id) FROM maild.recipients JOIN maild.messages ON messages.id = recipients.id "
        "WHERE recipients.state = 'uncertain' AND messages.state IN ('queued', 'sending', 'held')",
    )


async def count_sent(connection: Connection, host: str, sent: Sequence[tuple[str, int, int]]) -> None:
    """So many recipients of an account were delivered to in a minute: account, minute, recipients."""
    if not sent:
        return
    await connection.cursor().executemany(
        "INSERT INTO maild.sent (account, minute, host, recipients) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (account, minute, host) DO UPDATE SET recipients = sent.recipients + excluded.recipients",
        [(account, minute, host, recipients) for account, minute, recipients in sorted(sent)],
    )


async def sent_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Recipients delivered per account since then, by all hosts together."""
    query = "SELECT account, sum(recipients)::bigint FROM maild.sent WHERE minute >= %s GROUP BY account"
    return dict(await (await connection.execute(query, (minute_number(since),))).fetchall())


async def purge_messages(connection: Connection, before: datetime) -> int:
    """Forget some of the history that is older; returns how many messages."""
    query = (
        f"DELETE FROM maild.messages WHERE id IN (SELECT id FROM maild.messages WHERE {_HISTORY} "  # noqa: S608
        "AND changed_at < %s LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"
    )
    rows = await (await connection.execute(query, (instant_number(before), _PURGE_CHUNK))).fetchall()
    await connection.execute("DELETE FROM maild.recipients WHERE id = ANY(%s)", ([id_ for (id_,) in rows],))
    return len(rows)


async def purge_rest(connection: Connection, before: datetime) -> None:
    """Forget old counts, debts and nudges."""
    await connection.execute("DELETE FROM maild.sent WHERE minute < %s", (minute_number(before),))
    # Nobody can be told any more about a message that is forgotten.
    await connection.execute(
        "DELETE FROM maild.owed WHERE NOT EXISTS (SELECT 1 FROM maild.messages WHERE messages.id = owed.id)"
    )
    await forget_nudges(connection)


async def _count(connection: Connection, query: str, *values: object) -> int:
    row = await (await connection.execute(query, values or None)).fetchone()
    return 0 if row is None else int(row[0])
