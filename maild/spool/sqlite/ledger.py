"""The ingest ledger: which files of the drop folder were taken in, and as what.

The idempotency keys stand beside it: a file is known by what it is, a message by what its writer calls it.
It makes a crash between the commit and the unlink harmless: the file is found here and only unlinked. Entries are kept
for as long as history is, because a power cut may bring an unlinked file back.
"""

import sqlite3
from datetime import datetime
from typing import Final

from maild.spool.queue import Arrival, QueueId, SourceIdentity
from maild.spool.sqlite.rows import instant_number, ledger_key

_CHUNK: Final = 5000


def find_in_ledger(connection: sqlite3.Connection, source: SourceIdentity) -> QueueId | None:
    """The id under which the file was taken in, if it was."""
    row = connection.execute(
        "SELECT id FROM ledger WHERE device = ? AND inode = ? AND ctime_ns = ? AND size_bytes = ?", ledger_key(source)
    ).fetchone()
    return None if row is None else QueueId(row[0])


def write_ledger(connection: sqlite3.Connection, arrival: Arrival) -> QueueId | None:
    """Enter a message's files and its idempotency key; returns the id of the message that it was before, if it was.

    Files of one that came again under its key are entered as that message's: they are to be removed all the same.
    """
    if arrival.source is not None:
        known = find_in_ledger(connection, arrival.source)
        if known is not None:
            # It lies there still, and would be taken in anew if it were forgotten.
            _enter(connection, arrival.source, known, arrival.received_at)
            return known
    earlier = _claim_key(connection, arrival)
    for source in (arrival.source, arrival.sidecar):
        if source is not None:
            _enter(connection, source, earlier or arrival.id, arrival.received_at)
    return earlier


def _enter(connection: sqlite3.Connection, source: SourceIdentity, id_: QueueId, at: datetime) -> None:
    entry = (*ledger_key(source), id_, instant_number(at))
    connection.execute("REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", entry)


def _claim_key(connection: sqlite3.Connection, arrival: Arrival) -> QueueId | None:
    """The message that had the key before; None when it is this one's now, or it has none."""
    key = arrival.idempotency_key
    if key is None:
        return None
    row = connection.execute("SELECT id FROM keys WHERE key = ?", (key,)).fetchone()
    if row is not None:
        return QueueId(row[0])
    entry = (key, arrival.id, instant_number(arrival.received_at))
    connection.execute("INSERT INTO keys (key, id, taken_at) VALUES (?, ?, ?)", entry)
    return None


def forget_ledger(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget some entries that are older than this; returns how many.

    A key is remembered for longer than that while its message is still in the queue.
    """
    at = instant_number(before)
    keys = connection.execute(
        "DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE taken_at < ? "
        "AND id NOT IN (SELECT id FROM messages) LIMIT ?)",
        (at, _CHUNK),
    ).rowcount
    return (
        keys
        + connection.execute(
            "DELETE FROM ledger WHERE (device, inode, ctime_ns, size_bytes) IN "
            "(SELECT device, inode, ctime_ns, size_bytes FROM ledger WHERE taken_at < ? LIMIT ?)",
            (at, _CHUNK),
        ).rowcount
    )
