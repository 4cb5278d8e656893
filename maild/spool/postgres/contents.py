"""Header and body of the living. A large body lies in the database in pieces, so that no statement holds it whole.

Who sends wants a large body as a file, so a copy of it lies in the spool's own folder of bodies: the one that it came
in with, or one that is made when the message is taken out on another host. A copy of the wrong size is made anew.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, assert_never

from maild.spool.postgres.link import Connection
from maild.spool.queue import Arrival, Body, FileBody, InlineBody, QueueError, QueueId

NO_CONTENT: Final = (b"", InlineBody(data=b""))
PIECE_BYTES: Final = 256 * 1024

_INSERT: Final = "INSERT INTO maild.contents (id, head, body, body_file, body_bytes) VALUES (%s, %s, %s, %s, %s)"
_INSERT_PIECE: Final = "INSERT INTO maild.pieces (id, position, data) VALUES (%s, %s, %s)"


async def insert_contents(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Write the content of messages that were just added."""
    rows: list[tuple[object, ...]] = []
    for arrival in arrivals:
        match arrival.body:
            case InlineBody(data=data):
                rows.append((arrival.id, arrival.head, data, None, len(data)))
            case FileBody(path=path, size_bytes=size_bytes):
                rows.append((arrival.id, arrival.head, None, path.name, size_bytes))
                await _insert_pieces(connection, arrival.id, path)
            case _:
                assert_never(arrival.body)
    await connection.cursor().executemany(_INSERT, rows)


async def read_contents(
    connection: Connection, bodies: Path, ids: Sequence[QueueId]
) -> Mapping[QueueId, tuple[bytes, Body]]:
    """Header and body of these messages; history has none and is left out."""
    query = "SELECT id, head, body, body_file, body_bytes FROM maild.contents WHERE id = ANY(%s)"
    found: dict[QueueId, tuple[bytes, Body]] = {}
    for id_, head, body, file, body_bytes in await (await connection.execute(query, (list(ids),))).fetchall():
        if file is None:
            found[QueueId(id_)] = (head, InlineBody(data=body))
        else:
            large = FileBody(path=bodies / file, size_bytes=body_bytes)
            await _fetch(connection, id_, large)
            found[QueueId(id_)] = (head, large)
    return found


async def unused(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Those of these files that no living message has."""
    query = "SELECT body_file FROM maild.contents WHERE body_file = ANY(%s)"
    used = {name for (name,) in await (await connection.execute(query, (list(names),))).fetchall()}
    return frozenset(names) - used


async def _insert_pieces(connection: Connection, id_: QueueId, path: Path) -> None:
    pieces = _pieces(path)
    position = 0
    while (data := await asyncio.to_thread(next, pieces, None)) is not None:
        await connection.execute(_INSERT_PIECE, (id_, position, data))
        position += 1


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(PIECE_BYTES):
            yield data


async def _fetch(connection: Connection, id_: str, body: FileBody) -> None:
    with suppress(OSError):
        if (await asyncio.to_thread(os.stat, body.path)).st_size == body.size_bytes:
            return
    # Under a name of its own until it is whole: another transaction may be at it too.
    made = body.path.with_name(f".{body.path.name}.{id(connection):x}.tmp")
    file = await asyncio.to_thread(made.open, "wb")
    try:
        position = written = 0
        while (data := await _piece(connection, id_, position)) is not None:
            written += await asyncio.to_thread(file.write, data)
            position += 1
        if written != body.size_bytes:
            raise QueueError(f"the shared queue has {written} of {body.size_bytes} bytes of the body of {id_}")
        await asyncio.to_thread(_finish, file, made, body.path)
    finally:
        await asyncio.to_thread(file.close)
        made.unlink(missing_ok=True)


def _finish(file: BinaryIO, made: Path, path: Path) -> None:
    """A crash must not leave a copy of the right size with nothing in it."""
    file.flush()
    os.fsync(file.fileno())
    made.replace(path)


async def _piece(connection: Connection, id_: str, position: int) -> bytes | None:
    query = "SELECT data FROM maild.pieces WHERE id = %s AND position = %s"
    row = await (await connection.execute(query, (id_, position))).fetchone()
    return None if row is None else row[0]
