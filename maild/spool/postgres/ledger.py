"""The ingest ledger of every host: which files of its drop folder were taken in, and as what; beside it the keys.

It makes a crash between the commit and the unlink harmless, and a commit whose answer was lost too: the file is found
here and only unlinked. Files are known by host; idempotency keys are the site's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from maild.spool.postgres.link import Connection
from maild.spool.queue import Arrival, QueueId, SourceIdentity
from maild.spool.sqlite.rows import Row, instant_number, ledger_key

_CHUNK: Final = 5000

_ENTER: Final = (
    "INSERT INTO maild.ledger (host, device, inode, ctime_ns, size_bytes, id, taken_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (host, device, inode, ctime_ns, size_bytes) "
    "DO UPDATE SET id = excluded.id, taken_at = excluded.taken_at"
)


async def find_in_ledger(connection: Connection, host: str, source: SourceIdentity) -> QueueId | None:
    """The id under which the file was taken in on this host, if it was."""
    key = ledger_key(source)
    return (await _find(connection, host, [key])).get(key)


async def write_ledger(connection: Connection, host: str, arrivals: Sequence[Arrival]) -> tuple[QueueId | None, ...]:
    """Enter messages' files and idempotency keys; returns the id of the message that each was before, if it was.

    Files of one that came again under its key are entered as that message's: they are to be removed all the same.
    """
    sources = [ledger_key(one.source) for one in arrivals if one.source is not None]
    known = await _find(connection, host, sources) if sources else {}
    entries: dict[Row, Row] = {}
    earlier = [await _enter(connection, arrival, known, entries) for arrival in arrivals]
    if entries:
        # In one order for everybody.
        rows = [(host, *entries[key]) for key in sorted(entries)]
        await connection.cursor().executemany(_ENTER, rows)
    return tuple(earlier)


async def forget_ledger(connection: Connection, before: datetime) -> int:
    """Forget some entries that are older than this; returns how many.

    A key is remembered for longer than that while its message is still in the queue.
    """
    values = {"at": instant_number(before), "most": _CHUNK}
    keys = await connection.execute(
        "DELETE FROM maild.keys WHERE key IN (SELECT key FROM maild.keys WHERE taken_at < %(at)s "
        "AND NOT EXISTS (SELECT 1 FROM maild.messages WHERE messages.id = keys.id) LIMIT %(most)s)",
        values,
    )
    files = await connection.execute(
        "DELETE FROM maild.ledger WHERE ctid IN (SELECT ctid FROM maild.ledger WHERE taken_at < %(at)s "
        "LIMIT %(most)s FOR UPDATE SKIP LOCKED)",
        values,
    )
    return keys.rowcount + files.rowcount


async def _enter(
    connection: Connection, arrival: Arrival, known: dict[Row, QueueId], entries: dict[Row, Row]
) -> QueueId | None:
    key = None if arrival.source is None else ledger_key(arrival.source)
    at = instant_number(arrival.received_at)
    before = None if key is None else known.get(key)
    if key is not None and before is not None:
        # It lies there still, and would be taken in anew if it were forgotten.
        entries[key] = (*key, before, at)
        return before
    earlier = await _claim_key(connection, arrival)
    id_ = earlier or arrival.id
    for one in (key, None if arrival.sidecar is None else ledger_key(arrival.sidecar)):
        if one is not None:
            known[one] = id_
            entries[one] = (*one, id_, at)
    return earlier


async def _find(connection: Connection, host: str, keys: Iterable[Row]) -> dict[Row, QueueId]:
    """Those of these files that are known."""
    columns = [list(column) for column in zip(*keys, strict=True)]
    query = (
        "SELECT device, inode, ctime_ns, size_bytes, id FROM maild.ledger WHERE host = %s "
        "AND (device, inode, ctime_ns, size_bytes) IN "
        "(SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]))"
    )
    rows = await (await connection.execute(query, (host, *columns))).fetchall()
    return {tuple(row[:4]): QueueId(row[4]) for row in rows}


async def _claim_key(connection: Connection, arrival: Arrival) -> QueueId | None:
    """The message that had the key before; None when it is this one's now, or it has none."""
    key = arrival.idempotency_key
    if key is None:
        return None
    claimed = await connection.execute(
        "INSERT INTO maild.keys (key, id, taken_at) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING",
        (key, arrival.id, instant_number(arrival.received_at)),
    )
    if claimed.rowcount:
        return None
    row = await (await connection.execute("SELECT id FROM maild.keys WHERE key = %s", (key,))).fetchone()
    # Its own, where this is a second try of the same message.
    return None if row is None or row[0] == arrival.id else QueueId(row[0])
