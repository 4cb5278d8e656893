"""The reports that are owed: entered in the transaction that makes them due, so that a crash forgets none of them.

Messages that are late are found by going through all of them once, in the order of their arrival, with a mark that
says how far this has come: a message is looked at when it has reached the age, not every minute until then.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from maild.spool import transition
from maild.spool.queue import Occasion, OwedReport, QueuedMessage, QueueId
from maild.spool.sqlite.messages import Messages
from maild.spool.sqlite.pending import chunks, marks
from maild.spool.sqlite.rows import MESSAGE_COLUMNS, instant_number, instant_of

_LATE: Final = "looked at for being late"


def owe(connection: sqlite3.Connection, message: QueuedMessage, occasions: Iterable[Occasion], at: datetime) -> None:
    """A report about a message is due on these occasions."""
    rows = [(instant_number(at), message.id, occasion.value) for occasion in occasions]
    if rows:
        connection.executemany("INSERT OR IGNORE INTO owed (at, id, occasion) VALUES (?, ?, ?)", rows)


def read_owed(connection: sqlite3.Connection, messages: Messages, limit: int) -> tuple[OwedReport, ...]:
    """The oldest reports that are owed."""
    rows = connection.execute(
        "SELECT at, id, occasion FROM owed ORDER BY at, id, occasion LIMIT ?", (limit,)
    ).fetchall()
    found = {message.id: message for _, message in messages.load(connection, [QueueId(id_) for _, id_, _ in rows])}
    return tuple(
        OwedReport(message=found[QueueId(id_)], occasion=Occasion(occasion), at=instant_of(at))
        for at, id_, occasion in rows
        if QueueId(id_) in found
    )


def owed_about(
    connection: sqlite3.Connection, ids: Sequence[QueueId]
) -> dict[QueueId, tuple[tuple[datetime, Occasion], ...]]:
    """What is owed about these messages, and since when."""
    found: defaultdict[QueueId, list[tuple[datetime, Occasion]]] = defaultdict(list)
    for chunk in chunks(ids):
        query = f"SELECT id, at, occasion FROM owed WHERE id IN ({marks(chunk)}) ORDER BY at"  # noqa: S608 -- our words
        for id_, at, occasion in connection.execute(query, chunk):
            found[QueueId(id_)].append((instant_of(at), Occasion(occasion)))
    return {id_: tuple(owed) for id_, owed in found.items()}


def settle(connection: sqlite3.Connection, reports: Sequence[OwedReport]) -> None:
    """These are owed no longer."""
    connection.executemany(
        "DELETE FROM owed WHERE at = ? AND id = ? AND occasion = ?",
        [(instant_number(report.at), report.message.id, report.occasion.value) for report in reports],
    )


def forget_debts(connection: sqlite3.Connection) -> None:
    """Nobody can be told any more about a message that is forgotten."""
    connection.execute("DELETE FROM owed WHERE id NOT IN (SELECT id FROM messages)")


def owe_delays(connection: sqlite3.Connection, messages: Messages, span: tuple[datetime, datetime], limit: int) -> int:
    """Look at the next messages that have reached the age; `span` is their latest arrival, and the present."""
    received_before, now = span
    looked_at = connection.execute("SELECT value FROM marks WHERE name = ?", (_LATE,)).fetchone() or ("",)
    query = f"SELECT {MESSAGE_COLUMNS} FROM messages WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 -- our words
    old = []
    for row in connection.execute(query, (*looked_at, limit)):
        # Ids stand in the order of arrival, as far as the clock goes forward; and none is ever used again.
        if row[8] >= instant_number(received_before):
            break
        old.append(row)
    if not old:
        return 0
    waiting = [row for row in old if row[2] in {"queued", "sending"}]
    for _, message in messages.with_recipients(connection, waiting):
        if transition.is_delayed(message, now=now):
            owe(connection, message, (Occasion.DELAYED,), now)
    connection.execute("REPLACE INTO marks (name, value) VALUES (?, ?)", (_LATE, old[-1][1]))
    return len(old)
