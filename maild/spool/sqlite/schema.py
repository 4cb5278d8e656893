"""The database: its tables, its settings, and how it is opened or refused.

    messages    one row a message, history included; small rows, so that a million are soon read
    contents    header and body of the living; a large body is a file and only named here
    recipients  one row a recipient, with the last verdict as JSON
    ledger      which files of the drop folder were taken in, so that none is taken twice
    sent        recipients delivered by account and minute: the budget of the rolling day outlives the history
    nudges      what another process changed and the sending process has not noticed yet
    keys        idempotency keys and the messages they named
    owed        reports that somebody is to get, entered together with what they are about
    marks       how far a look at all messages has come
    allowances  what providers were found to allow less than is known of them, and until when that is believed

Instants are microseconds since 1970. WAL, so that `maild queue` reads while the daemon writes; synchronous=FULL, so
that a commit is on disk when it returns (NORMAL does not fsync at commit). WAL needs a local file system.
"""

import os
import sqlite3
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.verdict import verdict_words
from maild.spool.queue import QueueError, UnfitQueueError
from maild.spool.sqlite.rows import parse_verdict

SCHEMA_VERSION: Final = 4

BUSY_TIMEOUT_S: Final = 5.0
"""How long to wait for another process's transaction; `maild queue` works in small ones."""

_TABLES: Final = """
CREATE TABLE messages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    sender_kind TEXT NOT NULL,
    sender_local TEXT,
    sender_domain TEXT,
    message_id TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    attempts_made INTEGER NOT NULL,
    account TEXT,
    last_account TEXT,
    drop_name TEXT,
    changed_at INTEGER,
    held_at INTEGER,
    wish TEXT,
    notes TEXT
);
CREATE INDEX messages_sending ON messages (number) WHERE state = 'sending';
CREATE INDEX messages_held ON messages (number) WHERE state = 'held';
CREATE INDEX messages_history ON messages (changed_at) WHERE state IN ('sent', 'failed', 'deleted');
CREATE TABLE contents (
    number INTEGER PRIMARY KEY,
    body_file TEXT,
    body_bytes INTEGER NOT NULL,
    head BLOB NOT NULL,
    body BLOB
);
CREATE TABLE recipients (
    number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    local TEXT NOT NULL,
    domain TEXT NOT NULL,
    state TEXT NOT NULL,
    is_copy INTEGER NOT NULL,
    verdict TEXT,
    verdict_at INTEGER,
    dot_at INTEGER,
    PRIMARY KEY (number, position)
) WITHOUT ROWID;
CREATE TABLE ledger (
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    id TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (device, inode, ctime_ns, size_bytes)
) WITHOUT ROWID;
CREATE TABLE sent (
    account TEXT NOT NULL,
    minute INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    PRIMARY KEY (account, minute)
) WITHOUT ROWID;
CREATE TABLE nudges (
    id TEXT PRIMARY KEY,
    writer INTEGER NOT NULL
) WITHOUT ROWID;
"""

_TABLES_OF_2: Final = """
CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    taken_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX keys_old ON keys (taken_at);
CREATE TABLE owed (
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    occasion TEXT NOT NULL,
    PRIMARY KEY (at, id, occasion)
) WITHOUT ROWID;
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
"""

_TABLES_OF_3: Final = """
ALTER TABLE messages ADD COLUMN stream INTEGER NOT NULL DEFAULT 32;
ALTER TABLE messages ADD COLUMN pool TEXT NOT NULL DEFAULT '';
DROP INDEX IF EXISTS messages_queued;
CREATE INDEX messages_queued ON messages (pool, stream, next_at, id) WHERE state = 'queued';
CREATE INDEX messages_deferred ON messages (last_account, pool) WHERE state = 'queued' AND last_account IS NOT NULL;
CREATE INDEX recipients_uncertain ON recipients (number) WHERE state = 'uncertain';
CREATE INDEX contents_files ON contents (body_file) WHERE body_file IS NOT NULL;
CREATE TABLE allowances (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    value INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (account, kind)
) WITHOUT ROWID;
"""
"""Which messages wait for what: an index that finds the next of each pool and stream, however many wait."""

_TABLES_OF_4: Final = """
CREATE INDEX messages_living ON messages (received_at, id) WHERE state IN ('queued', 'sending', 'held');
"""
"""The oldest of a million is asked for by every scrape, and a listing shows the oldest few."""

_FROM_1_TO_2: Final = (
    """
ALTER TABLE messages ADD COLUMN wish TEXT;
ALTER TABLE messages ADD COLUMN notes TEXT;
"""
    + _TABLES_OF_2
)
"""What a queue of the first format lacks."""

_FROM_2: Final = _TABLES_OF_3 + _TABLES_OF_4

_STEPS: Final = (_TABLES + _TABLES_OF_2 + _FROM_2, _FROM_1_TO_2 + _FROM_2, _FROM_2, _TABLES_OF_4)
"""What a queue of each format lacks; one of format 0 is about to be made."""


def open_database(path: Path) -> sqlite3.Connection:
    """A connection to the queue's database, which is made if it is not there.

    Transactions are begun and ended by hand.

    Raises:
        QueueError: it cannot be opened or is damaged.
        UnfitQueueError: it was made by a newer maild.
    """
    try:
        # Made here, because SQLite would make it readable for everybody whom the umask lets.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
    except (OSError, sqlite3.Error) as error:
        raise QueueError(f"the queue {path} cannot be opened: {error}") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise storage_error(path, error) from error
    except QueueError:
        connection.close()
        raise
    return connection


def storage_error(path: Path, error: sqlite3.Error) -> QueueError:
    """What a person should know of a failure of the database."""
    if not isinstance(error, sqlite3.OperationalError) and isinstance(error, sqlite3.DatabaseError):
        return QueueError(
            f"the queue {path} is damaged ({error}). Nothing was deleted. Stop maild, copy the file together with "
            f"{path.name}-wal to a safe place, then try: sqlite3 {path.name} .recover"
        )
    return QueueError(f"the queue {path} cannot be read or written now: {error}")


def may_be_committed(error: sqlite3.Error) -> bool:
    """Whether a commit that failed like this may be found done later. Without room its end was not written, so not."""
    return error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}


def write_back(connection: sqlite3.Connection) -> None:
    """Write all that the log holds into the database itself, durably.

    Raises:
        sqlite3.Error: that is not possible now.
    """
    _, in_log, written = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if in_log != written:
        raise sqlite3.OperationalError("the log cannot be written back while others read in it")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise UnfitQueueError(
            f"the queue {path} was made by a newer maild (format {version}, this one knows {SCHEMA_VERSION}): "
            f"use that version again, or drain the queue with it first"
        )
    if version == 0:
        # Space that a flood took can be given back; must be said before the first table.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # Debian's library writes zeros over what is deleted, which doubles what a delivery writes. The database is the
    # owner's alone, and a body in a file of its own is not written over either.
    connection.execute("PRAGMA secure_delete = FAST")
    # After a flood the log file shrinks to this again.
    connection.execute(f"PRAGMA journal_size_limit = {64 * 1024 * 1024}")
    connection.execute(f"PRAGMA cache_size = {-16 * 1024}")
    connection.create_function("glob_address", 3, _glob_address, deterministic=True)
    connection.create_function("says", 2, _says, deterministic=True)
    if version != SCHEMA_VERSION:
        _bring_up_to_date(connection)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been quicker.
        version = _version(connection)
        if version < SCHEMA_VERSION:
            for statement in _STEPS[version].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _version(connection: sqlite3.Connection) -> int:
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def _glob_address(local: str, domain: str, pattern: str) -> bool:
    return fnmatchcase(str(Mailbox(local, domain)).lower(), pattern)


def _says(verdict: str | None, piece: str) -> bool:
    return verdict is not None and piece in verdict_words(parse_verdict(verdict)).lower()
