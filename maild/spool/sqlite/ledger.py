"""The ingest ledger: which files of the drop folder were taken in, and as what.

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
    """Enter a message's files; or, where its drop is there already, enter nothing and return the id it had."""
    if arrival.source is not None:
        known = find_in_ledger(connection, arrival.source)
        if known is not None:
            return known
    entries = [
        (*ledger_key(source), arrival.id, instant_number(arrival.received_at))
        for source in (arrival.source, arrival.sidecar)
        if source is not None
    ]
    connection.executemany("REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", entries)
    return None


def forget_ledger(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget some entries that are older than this; returns how many."""
    return connection.execute(
        "DELETE FROM ledger WHERE (device, inode, ctime_ns, size_bytes) IN "
        "(SELECT device, inode, ctime_ns, size_bytes FROM ledger WHERE taken_at < ? LIMIT ?)",
        (instant_number(before), _CHUNK),
    ).rowcount
