"""The reports that are owed: entered in the transaction that makes them due, so that a crash forgets none of them.

Messages that are late are found by going through all of them once, in the order in which the database got them: a
message that waited in a host's outbox comes with an old id, and must not be passed over for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.spool import transition
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import load, load_ids
from maild.spool.queue import Occasion, OwedReport, QueuedMessage, QueueId
from maild.spool.sqlite.rows import instant_number, instant_of


async def owe(connection: Connection, message: QueuedMessage, occasions: Iterable[Occasion], at: datetime) -> None:
    """A report about a message is due on these occasions."""
    rows = [(instant_number(at), message.id, occasion.value) for occasion in occasions]
    if rows:
        query = "INSERT INTO maild.owed (at, id, occasion) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
        await connection.cursor().executemany(query, rows)


async def read_owed(connection: Connection, host: str, limit: int) -> tuple[OwedReport, ...]:
    """The oldest reports that are owed."""
    query = "SELECT at, id, occasion FROM maild.owed ORDER BY at, id, occasion LIMIT %s"
    rows = await (await connection.execute(query, (limit,))).fetchall()
    stored = await load_ids(connection, host, [QueueId(id_) for _, id_, _ in rows])
    found = {one.message.id: one.message for one in stored}
    return tuple(
        OwedReport(message=found[QueueId(id_)], occasion=Occasion(occasion), at=instant_of(at))
        for at, id_, occasion in rows
        if QueueId(id_) in found
    )


async def owed_about(
    connection: Connection, ids: Sequence[QueueId]
) -> dict[QueueId, tuple[tuple[datetime, Occasion], ...]]:
    """What is owed about these messages, and since when."""
    found: defaultdict[QueueId, list[tuple[datetime, Occasion]]] = defaultdict(list)
    query = "SELECT id, at, occasion FROM maild.owed WHERE id = ANY(%s) ORDER BY at"
    for id_, at, occasion in await (await connection.execute(query, (list(ids),))).fetchall():
        found[QueueId(id_)].append((instant_of(at), Occasion(occasion)))
    return {id_: tuple(owed) for id_, owed in found.items()}


async def settle(connection: Connection, reports: Sequence[OwedReport]) -> None:
    """These are owed no longer."""
    await connection.cursor().executemany(
        "DELETE FROM maild.owed WHERE at = %s AND id = %s AND occasion = %s",
        [(instant_number(report.at), report.message.id, report.occasion.value) for report in reports],
    )


async def owe_delays(connection: Connection, host: str, span: tuple[datetime, datetime], limit: int) -> int:
    """Look at the next messages that have reached the age; `span` is their latest arrival, and the present."""
    received_before, now = span
    query = "SELECT value FROM maild.marks WHERE name = 'looked at for being late' FOR UPDATE"
    mark = await (await connection.execute(query)).fetchone()
    assert mark is not None
    rows = await connection.execute(
        "SELECT number, id, state, received_at FROM maild.messages WHERE number > %s ORDER BY number LIMIT %s",
        (mark[0], limit),
    )
    old: list[tuple[int, str, str]] = []
    for number, id_, state, received_at in await rows.fetchall():
        if received_at >= instant_number(received_before):
            break
        old.append((number, id_, state))
    if not old:
        return 0
    waiting = [id_ for _, id_, state in old if state in {"queued", "sending"}]
    for one in await load(connection, host, "id = ANY(%(ids)s)", {"ids": waiting}):
        if transition.is_delayed(one.message, now=now):
            await owe(connection, one.message, (Occasion.DELAYED,), now)
    query = "UPDATE maild.marks SET value = %s WHERE name = 'looked at for being late'"
    await connection.execute(query, (old[-1][0],))
    return len(old)
