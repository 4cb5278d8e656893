"""The ingest ledger: which files of the drop folder were taken in, and as what.

The idempotency keys stand beside it: a file is known by what it is, a message by what its writer calls it.
It makes a crash between the commit and the unlink harmless: the file is found here and only unlinked. Entries are kept
for as long as history is, because a power cut may bring an unlinked file back.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from maild.spool.queue import Arrival, QueueId, SourceIdentity
from maild.spool.sqlite.pending import chunks, marks, write_rows
from maild.spool.sqlite.rows import Row, instant_number, ledger_key

_CHUNK: Final = 5000

_SOUGHT: Final = 64
"""Files looked for with one statement."""


def find_in_ledger(connection: sqlite3.Connection, source: SourceIdentity) -> QueueId | None:
    """The id under which the file was taken in, if it was."""
    key = ledger_key(source)
    return _find(connection, (key,)).get(key)


def write_ledger(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> tuple[QueueId | None, ...]:
    """Enter messages' files and idempotency keys; returns the id of the message that each was before, if it was.

    Files of one that came again under its key are entered as that message's: they are to be removed all the same.
    """
    known = _find(connection, (ledger_key(one.source) for one in arrivals if one.source is not None))
    entries: dict[Row, Row] = {}
    earlier = tuple(_enter(connection, arrival, known, entries) for arrival in arrivals)
    write_rows(connection, "REPLACE INTO ledger", list(entries.values()))
    return earlier


def _enter(
    connection: sqlite3.Connection, arrival: Arrival, known: dict[Row, QueueId], entries: dict[Row, Row]
) -> QueueId | None:
    key = None if arrival.source is None else ledger_key(arrival.source)
    at = instant_number(arrival.received_at)
    before = None if key is None else known.get(key)
    if key is not None and before is not None:
        # It lies there still, and would be taken in anew if it were forgotten.
        entries[key] = (*key, before, at)
        return before
    earlier = _claim_key(connection, arrival)
    id_ = earlier or arrival.id
    for one in (key, None if arrival.sidecar is None else ledger_key(arrival.sidecar)):
        if one is not None:
            known[one] = id_
            entries[one] = (*one, id_, at)
    return earlier


def _find(connection: sqlite3.Connection, keys: Iterable[Row]) -> dict[Row, QueueId]:
    """Those of these files that are known, many with one statement."""
    found: dict[Row, QueueId] = {}
    for chunk in chunks(list(keys), _SOUGHT):
        sought = ", ".join(["(?, ?, ?, ?)"] * len(chunk))
        # CROSS JOIN, so that each is looked up in the ledger's key, whatever SQLite thinks of its size.
        query = (
            f"WITH sought (d, i, c, s) AS (VALUES {sought}) SELECT d, i, c, s, id FROM sought "  # noqa: S608 -- our words
            "CROSS JOIN ledger ON device = d AND inode = i AND ctime_ns = c AND size_bytes = s"
        )
        for *key, id_ in connection.execute(query, [value for one in chunk for value in one]):
            found[tuple(key)] = QueueId(id_)
    return found


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


def find_keys(connection: sqlite3.Connection, ids: Sequence[QueueId]) -> dict[QueueId, str]:
    """The idempotency keys that these messages came with."""
    found: dict[QueueId, str] = {}
    for chunk in chunks(ids):
        query = f"SELECT id, key FROM keys WHERE id IN ({marks(chunk)})"  # noqa: S608 -- our words
        found |= {QueueId(id_): key for id_, key in connection.execute(query, chunk)}
    return found


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
