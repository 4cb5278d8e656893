"""Reads and writes whole messages within a transaction: the statements under the queue's operations.

Rows are read many at a time, gathered by SQLite into one row of JSON. Every row that is fetched is a moment at which
the interpreter changes threads, and with the event loop at work that costs more than all else that a row costs.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from maild.spool.queue import (
    Arrival,
    Body,
    FileBody,
    InlineBody,
    QueuedMessage,
    QueuedRecipient,
    QueueId,
)
from maild.spool.sqlite.pending import chunks, marks, write_rows
from maild.spool.sqlite.rows import (
    MESSAGE_COLUMNS,
    RECIPIENT_COLUMNS,
    Row,
    message_of,
    message_row,
    recipient_of,
    recipient_row,
)
from maild.spool.sqlite.worker import Numbered, Transaction

Change: TypeAlias = Callable[[QueuedMessage], QueuedMessage | None]

NO_CONTENT: Final = InlineBody(data=b"")

MOST_GATHERED_BYTES: Final = 64 * 1024
"""The content of a larger message is fetched by itself: gathered it would be in memory three times."""

_MOST_GATHERED: Final = 64
"""Contents in one row."""

_INTO_MESSAGES: Final = f"INSERT INTO messages ({MESSAGE_COLUMNS})"
_INTO_RECIPIENTS: Final = f"INSERT INTO recipients ({RECIPIENT_COLUMNS})"
_INTO_CONTENTS: Final = "INSERT INTO contents (number, head, body, body_file, body_bytes)"


class Messages:
    """The messages of one database; `bodies` is the folder of the large bodies."""

    def __init__(self, bodies: Path) -> None:
        self._bodies = bodies

    def insert(self, connection: sqlite3.Connection, arrivals: Sequence[tuple[Arrival, QueuedMessage]]) -> None:
        """Add messages, with their content."""
        (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM messages").fetchone()
        numbered = [(last + index, arrival, message) for index, (arrival, message) in enumerate(arrivals, 1)]
        write_rows(connection, _INTO_MESSAGES, [message_row(number, message) for number, _, message in numbered])
        contents = [(number, arrival.head, *_body_columns(arrival.body)) for number, arrival, _ in numbered]
        write_rows(connection, _INTO_CONTENTS, contents)
        write_rows(
            connection,
            _INTO_RECIPIENTS,
            [
                recipient_row(number, position, recipient)
                for number, _, message in numbered
                for position, recipient in enumerate(message.recipients)
            ],
        )

    def erase(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        """Forget messages that have no content any more, as if they had never been here."""
        for chunk in chunks(numbers):
            connection.execute(f"DELETE FROM recipients WHERE number IN ({marks(chunk)})", chunk)  # noqa: S608 -- our words
            connection.execute(f"DELETE FROM messages WHERE number IN ({marks(chunk)})", chunk)  # noqa: S608

    def change(
        self, transaction: Transaction, ids: Iterable[QueueId], change: Change
    ) -> list[tuple[int, QueuedMessage, QueuedMessage]]:
        """Apply a transition to messages, in the order asked for.

        Returns those that changed: number, before, after. What became history loses its content.
        """
        found = {id_: transaction.recall(id_) for id_ in ids}
        unknown = [id_ for id_, known in found.items() if known is None]
        if unknown:
            for number, message in self.load(transaction.connection, unknown):
                found[message.id] = Numbered(number, message)
        changed = []
        for id_, known in found.items():
            after = None if known is None else change(known.message)
            if known is None or after is None:
                continue
            transaction.change(id_, known, after)
            changed.append((known.number, known.message, after))
        return changed

    def load(self, connection: sqlite3.Connection, ids: Iterable[QueueId]) -> Iterator[tuple[int, QueuedMessage]]:
        """The messages of these ids, with their numbers; in no particular order."""
        for chunk in chunks(list(dict.fromkeys(ids))):
            query = f"SELECT {_gathered(MESSAGE_COLUMNS)} FROM messages WHERE id IN ({marks(chunk)})"  # noqa: S608
            yield from self.with_recipients(connection, _rows(connection.execute(query, chunk)))

    def with_recipients(
        self, connection: sqlite3.Connection, rows: Sequence[Row]
    ) -> Iterator[tuple[int, QueuedMessage]]:
        """The messages of rows of `messages`, in their order."""
        for chunk in chunks(rows):
            numbers = [row[0] for row in chunk]
            query = f"SELECT {_gathered(RECIPIENT_COLUMNS)} FROM recipients WHERE number IN ({marks(numbers)})"  # noqa: S608
            recipients: defaultdict[int, list[QueuedRecipient]] = defaultdict(list)
            # By number and position, which no two share.
            for row in sorted(_rows(connection.execute(query, numbers))):
                recipients[row[0]].append(recipient_of(row))
            for row in chunk:
                yield row[0], message_of(row, recipients[row[0]])

    def contents(
        self, connection: sqlite3.Connection, messages: Sequence[tuple[int, QueuedMessage]]
    ) -> Mapping[int, tuple[bytes, Body]]:
        """Header and body of these messages, by their numbers; history has none and is left out."""
        small = [number for number, message in messages if message.size_bytes <= MOST_GATHERED_BYTES]
        large = [number for number, message in messages if message.size_bytes > MOST_GATHERED_BYTES]
        contents: dict[int, tuple[bytes, Body]] = {}
        for chunk in chunks(small, _MOST_GATHERED):
            query = f"SELECT {_GATHERED_CONTENTS} FROM contents WHERE number IN ({marks(chunk)})"  # noqa: S608
            facts, heads, bodies = connection.execute(query, chunk).fetchone()
            head_at = body_at = 0
            for number, head_bytes, inline_bytes, file, body_bytes in json.loads(facts):
                head, data = heads[head_at : head_at + head_bytes], b""
                if inline_bytes:
                    data = bodies[body_at : body_at + inline_bytes]
                head_at, body_at = head_at + head_bytes, body_at + len(data)
                contents[number] = (head, self._body(data, file, body_bytes))
        for chunk in chunks(large):
            query = f"SELECT number, head, body, body_file, body_bytes FROM contents WHERE number IN ({marks(chunk)})"  # noqa: S608
            for number, head, body, file, body_bytes in connection.execute(query, chunk):
                contents[number] = (head, self._body(body, file, body_bytes))
        return contents

    def body_files(self, connection: sqlite3.Connection) -> frozenset[str]:
        """The names of all body files that are in use."""
        return frozenset(
            name for (name,) in connection.execute("SELECT body_file FROM contents WHERE body_file IS NOT NULL")
        )

    def _body(self, data: bytes | None, file: str | None, size_bytes: int) -> Body:
        if file is not None:
            return FileBody(path=self._bodies / file, size_bytes=size_bytes)
        return InlineBody(data=data or b"")


def _gathered(columns: str) -> str:
    """What is to be selected for all rows of these columns as one row."""
    return f"json_group_array(json_array({columns}))"


_GATHERED_CONTENTS: Final = (
    f"{_gathered('number, length(head), length(body), body_file, body_bytes')}, "
    # Octets stay what they are: text is UTF-8 in this database, and nobody looks whether it is.
    "CAST(coalesce(group_concat(CAST(head AS TEXT), ''), '') AS BLOB), "
    "CAST(coalesce(group_concat(CAST(body AS TEXT), ''), '') AS BLOB)"
)


def _rows(found: sqlite3.Cursor) -> list[Row]:
    """The rows that were gathered into one."""
    rows: list[Row] = json.loads(found.fetchone()[0])
    return rows


def _body_columns(body: Body) -> Row:
    match body:
        case InlineBody(data=data):
            return (data, None, len(data))
        case FileBody(path=path, size_bytes=size_bytes):
            # The name alone: a spool may be moved.
            return (None, path.name, size_bytes)
        case _:
            assert_never(body)
