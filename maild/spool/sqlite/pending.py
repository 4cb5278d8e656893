"""What a transaction has changed and not written yet: many messages with one statement each kind, before anybody reads.

Every step of a statement is a moment at which the interpreter changes threads, and changing costs more than the step.
Twenty sessions' dots and verdicts are five statements this way instead of a hundred.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from maild.spool.queue import QueuedMessage
from maild.spool.sqlite.rows import (
    MESSAGE_COLUMNS,
    RECIPIENT_COLUMNS,
    Row,
    instant_number,
    maybe_number,
    message_row,
    recipient_row,
)

Item = TypeVar("Item")

Move: TypeAlias = tuple[str, int, int | None]
"""All that a lease changes of a message, and the same for each message of it: state, next time, time of the change."""

_MOVE: Final = "state = ?, next_at = ?, changed_at = ?"

_CHUNK: Final = 500
"""Values in one statement; SQLite before 3.32 takes 999."""

_ROWS: Final = 32
"""Rows in one statement: more are no cheaper, and every number of rows is a statement of its own to be kept."""

_MUTABLE: Final = (
    "state, expires_at, next_at, attempts_made, last_account, changed_at, held_at, notes, pool",
    "state, verdict, verdict_at, dot_at",
)


class Pending:
    """Changes of messages, by their numbers."""

    __slots__ = ("_forgotten", "_messages", "_moved", "_recipients", "_sent")

    def __init__(self) -> None:
        self._messages: dict[int, QueuedMessage] = {}
        self._moved: dict[int, Move] = {}
        self._recipients: dict[tuple[int, int], Row] = {}
        self._forgotten: list[int] = []
        self._sent: Counter[tuple[str, int]] = Counter()

    def change(self, number: int, before: QueuedMessage, after: QueuedMessage) -> None:
        """A message is to be written as it is now. What became history loses its content."""
        if number in self._messages or _rest(before) != _rest(after):
            self._messages[number] = after
            self._moved.pop(number, None)
        elif _timing(before) != _timing(after):
            self._moved[number] = _move(after)
        # Recipients are only ever added at the end; one that is the same object did not change.
        known = len(before.recipients)
        for position, recipient in enumerate(after.recipients):
            if position >= known or recipient is not before.recipients[position]:
                self._recipients[number, position] = recipient_row(number, position, recipient)
        if after.state.is_history:
            self._forgotten.append(number)

    def count_sent(self, account: str, minute: int, recipients: int) -> None:
        """So many recipients of the account's budget were used."""
        self._sent[account, minute] += recipients

    def write(self, connection: sqlite3.Connection, bodies: Path) -> list[Path]:
        """Write it; returns the files of bodies that are of no use once this is durable."""
        obsolete: list[Path] = []
        if self._messages:
            _upsert(connection, ("messages", MESSAGE_COLUMNS, "number", _MUTABLE[0]), self._message_rows())
        for (state, next_at, changed_at), numbers in self._moves():
            for chunk in chunks(numbers):
                query = f"UPDATE messages SET {_MOVE} WHERE number IN ({marks(chunk)})"  # noqa: S608 -- our words
                connection.execute(query, (state, next_at, changed_at, *chunk))
        if self._recipients:
            rows = list(self._recipients.values())
            _upsert(connection, ("recipients", RECIPIENT_COLUMNS, "number, position", _MUTABLE[1]), rows)
        for chunk in chunks(self._forgotten, _CHUNK):
            where = f"WHERE number IN ({marks(chunk)})"
            query = f"SELECT body_file FROM contents {where} AND body_file IS NOT NULL"  # noqa: S608 -- our words
            obsolete += [bodies / name for (name,) in connection.execute(query, chunk).fetchall()]
            connection.execute(f"DELETE FROM contents {where}", chunk)  # noqa: S608
        for (account, minute), recipients in self._sent.items():
            connection.execute(
                "INSERT INTO sent (account, minute, recipients) VALUES (?, ?, ?) "
                "ON CONFLICT (account, minute) DO UPDATE SET recipients = recipients + excluded.recipients",
                (account, minute, recipients),
            )
        return obsolete

    def _moves(self) -> Iterable[tuple[Move, list[int]]]:
        """The messages of which only this has changed, together where it is the same."""
        moves: defaultdict[Move, list[int]] = defaultdict(list)
        for number, move in self._moved.items():
            moves[move].append(number)
        return moves.items()

    def _message_rows(self) -> list[Row]:
        return [message_row(number, message) for number, message in self._messages.items()]


def _upsert(connection: sqlite3.Connection, target: tuple[str, str, str, str], rows: Sequence[Row]) -> None:
    table, columns, key, mutable = target
    sets = ", ".join(f"{name} = excluded.{name}" for name in mutable.split(", "))
    write_rows(connection, f"INSERT INTO {table} ({columns})", rows, after=f" ON CONFLICT ({key}) DO UPDATE SET {sets}")


def write_rows(connection: sqlite3.Connection, into: str, rows: Sequence[Row], *, after: str = "") -> None:
    """Write rows, many with one statement: `into`, their values, `after`."""
    for chunk in chunks(rows, _ROWS):
        values = ", ".join([f"({marks(chunk[0])})"] * len(chunk))
        connection.execute(f"{into} VALUES {values}{after}", [value for row in chunk for value in row])


def _timing(message: QueuedMessage) -> tuple[object, ...]:
    """What a move is made of."""
    return message.state, message.next_at, message.changed_at


def _move(message: QueuedMessage) -> Move:
    return message.state.value, instant_number(message.next_at), maybe_number(message.changed_at)


def _rest(message: QueuedMessage) -> tuple[object, ...]:
    """What else can change of a message, its recipients apart."""
    return (
        message.expires_at,
        message.attempts_made,
        message.last_account,
        message.held_at,
        message.notes,
        message.pool,
    )


def marks(values: Sequence[object]) -> str:
    """The question marks for so many values."""
    return ", ".join("?" * len(values))


def chunks(values: Sequence[Item], size: int = _CHUNK) -> Iterator[Sequence[Item]]:
    """The values, so many at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
