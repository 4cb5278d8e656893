"""Looks over all messages, and the forgetting of old ones: statements that are about no message in particular."""

from datetime import datetime, timedelta
from typing import Final

from maild.spool.queue import MessageState, QueueId, Waiting
from maild.spool.sqlite.debts import forget_debts
from maild.spool.sqlite.rows import instant_number, instant_of, minute_number
from maild.spool.sqlite.worker import Transaction

_PURGE_CHUNK: Final = 1000


def data_version(transaction: Transaction) -> int:
    """Differs from its last value when another connection has committed something, or ours was opened anew."""
    row: tuple[int] = transaction.connection.execute("PRAGMA data_version").fetchone()
    return row[0]


def waiting(transaction: Transaction) -> tuple[Waiting, ...]:
    """Everything queued, by its time."""
    query = "SELECT id, next_at FROM messages WHERE state = 'queued' ORDER BY next_at, id"
    return tuple(
        Waiting(id=QueueId(id_), next_at=instant_of(next_at)) for id_, next_at in transaction.connection.execute(query)
    )


def blocked(transaction: Transaction, now: datetime) -> tuple[QueueId, ...]:
    """Everything queued for later whose open recipients were all deferred by an account's fault, by its time."""
    query = """
        SELECT id FROM messages WHERE state = 'queued' AND next_at > ? AND NOT EXISTS (
            SELECT 1 FROM recipients
            WHERE recipients.number = messages.number AND recipients.state IN ('waiting', 'uncertain')
            AND (verdict IS NULL OR json_extract(verdict, '$.fault') IS NOT 'account')
        ) ORDER BY next_at, id
    """
    return tuple(QueueId(id_) for (id_,) in transaction.connection.execute(query, (instant_number(now),)))


def counts(transaction: Transaction) -> dict[MessageState, int]:
    """How many stand in each state that is not history."""
    # The state stands in the statement as text, or SQLite would not use the partial index of that state.
    return {
        state: transaction.connection.execute(
            f"SELECT count(*) FROM messages WHERE state = '{state.value}'"  # noqa: S608 -- a word of ours
        ).fetchone()[0]
        for state in MessageState
        if not state.is_history
    }


def lately_done(transaction: Transaction, within: timedelta) -> tuple[str, ...]:
    """The drops of what became history within so long before the last that did."""
    # In these words, or SQLite would not use the partial index.
    history = "messages WHERE state IN ('sent', 'failed', 'deleted')"
    query = (
        f"SELECT DISTINCT drop_name FROM {history} AND drop_name IS NOT NULL "  # noqa: S608 -- words of ours
        f"AND changed_at >= (SELECT max(changed_at) FROM {history}) - ?"
    )
    return tuple(drop for (drop,) in transaction.connection.execute(query, (within // timedelta(microseconds=1),)))


def purge_messages(transaction: Transaction, before: datetime) -> int:
    """Forget some of the history that is older; returns how many messages."""
    connection = transaction.connection
    numbers = connection.execute(
        "SELECT number FROM messages WHERE state IN ('sent', 'failed', 'deleted') AND changed_at < ? LIMIT ?",
        (instant_number(before), _PURGE_CHUNK),
    ).fetchall()
    connection.executemany("DELETE FROM recipients WHERE number = ?", numbers)
    connection.executemany("DELETE FROM messages WHERE number = ?", numbers)
    return len(numbers)


def purge_sent(transaction: Transaction, before: datetime) -> None:
    """Forget old counts and debts, and give back room."""
    connection = transaction.connection
    connection.execute("DELETE FROM sent WHERE minute < ?", (minute_number(before),))
    forget_debts(connection)
    # Gives at most so many free pages back to the file system at a time.
    connection.execute("PRAGMA incremental_vacuum(4096)").fetchall()
