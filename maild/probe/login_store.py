"""The memory of logins as a file: SQLite, one transaction a change, shared by programs. Shell code.

What an earlier maild kept in `logins.json` beside it is taken over once. SQLite gives its journal the mode and, for
root, the owner of the file; the file itself gets them here. What can go wrong: the file is no database, or one of a
newer maild (`DamagedError`; `set_aside` makes room for a fresh one); it cannot be used now (`sqlite3.Error`, or
`OSError`).
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from maild.errors import PermanentError
from maild.probe.login_policy import FAILURE_WINDOW, LoginState, Untried
from maild.probe.login_record import MAX_BYTES, Record, RecordError, format_state, parse_record, parse_state
from maild.secret.private_file import alone_with, give_to_owner, make_private_folder

T = TypeVar("T")

FORGET_AFTER: Final = timedelta(days=90)
"""Credentials that nobody asked about for so long are gone from the configuration."""

BUSY_S: Final = 5.0
SALT_BYTES: Final = 16
_VERSION: Final = 1
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_TABLES: Final = """
CREATE TABLE salt (salt BLOB NOT NULL) STRICT;
CREATE TABLE credentials (name TEXT PRIMARY KEY, seen INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX credentials_seen ON credentials (seen);
CREATE TABLE failures (host TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX failures_host ON failures (host);
CREATE INDEX failures_at ON failures (at);
"""


class DamagedError(PermanentError):
    """The file is no memory of logins that this maild could read; the text says why, in a word or two. `inode` is the
    file's.
    """

    def __init__(self, problem: str, inode: int) -> None:
        super().__init__(problem)
        self.inode: Final = inode


class LoginRows:
    """The file's content within a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.salt: bytes = connection.execute("SELECT salt FROM salt").fetchone()[0]

    def state(self, name: str) -> LoginState:
        """What is known of the credential of this name.

        Raises:
            RecordError: it cannot be read.
        """
        row = self._row(name)
        return Untried() if row is None else parse_state(row[1])

    def failures(self, host: str) -> tuple[datetime, ...]:
        """The failed logins at a host that are remembered."""
        rows = self._connection.execute("SELECT at FROM failures WHERE host = ? ORDER BY at", (host,))
        return tuple(datetime.fromtimestamp(at, UTC) for (at,) in rows)

    def add_failure(self, host: str, now: datetime) -> None:
        """One more."""
        self._connection.execute("INSERT INTO failures VALUES (?, ?)", (host, now.timestamp()))
        self._connection.execute("DELETE FROM failures WHERE at <= ?", ((now - FAILURE_WINDOW).timestamp(),))

    def keep(self, name: str, state: LoginState, *, now: datetime) -> None:
        """Write down what is known from now on; nothing is written where that is on disk already."""
        today, text = now.date().toordinal(), format_state(state)
        if self._row(name) == (today, text):
            return
        self._connection.execute("INSERT OR REPLACE INTO credentials VALUES (?, ?, ?)", (name, today, text))
        self._connection.execute("DELETE FROM credentials WHERE seen < ?", (today - FORGET_AFTER.days,))

    def _row(self, name: str) -> tuple[int, str] | None:
        query = "SELECT seen, state FROM credentials WHERE name = ?"
        row: tuple[int, str] | None = self._connection.execute(query, (name,)).fetchone()
        return row


class LoginStore:
    """The file. May be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        # SQLite would let threads wait for each other by looking again and again.
        self._lock: Final = Lock()

    def change(self, step: Callable[[LoginRows], T]) -> T:
        """Do this in one transaction, durably.

        Raises:
            DamagedError: see above.
            sqlite3.Error: nothing was changed.
            OSError: the file cannot be made.
        """
        with self._lock:
            inode = self._inode()
            try:
                with closing(sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)) as connection:
                    connection.execute("PRAGMA synchronous = FULL")
                    connection.execute("BEGIN IMMEDIATE")
                    self._prepare(connection)
                    done = step(LoginRows(connection))
                    connection.execute("COMMIT")
            except RecordError as error:
                raise DamagedError(str(error), inode) from None
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                    raise DamagedError("not readable", inode) from None
                raise
        self._drop_old()
        return done

    def set_aside(self, error: DamagedError) -> str:
        """Make room for a fresh file; returns what happened as a sentence.

        Raises:
            OSError: it cannot be moved.
        """
        aside = self._path.with_name(f"{self._path.name}.damaged")
        with self._lock, alone_with(self._path):
            # Another program may have done so in the meantime, and the file is a good one again.
            if self._path.stat().st_ino == error.inode:
                self._path.replace(aside)
                self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        return f"The memory of logins {self._path} was damaged ({error}); it was set aside as {aside.name}."

    def _inode(self) -> int:
        if not self._path.exists():
            self._create()
        return self._path.stat().st_ino

    def _create(self) -> None:
        make_private_folder(self._path.parent)
        # Made here and not by SQLite: its journal takes over the mode of this one.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            give_to_owner(descriptor, self._path.parent)
        finally:
            os.close(descriptor)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == _VERSION:
            return
        if version > _VERSION:
            raise RecordError("of a newer maild")
        for statement in filter(None, map(str.strip, _TABLES.split(";"))):
            connection.execute(statement)
        old = self._old_record()
        connection.execute("INSERT INTO salt VALUES (?)", (old.salt,))
        rows = ((name, old.seen[name].toordinal(), format_state(state)) for name, state in old.states.items())
        connection.executemany("INSERT INTO credentials VALUES (?, ?, ?)", rows)
        failures = ((host, at.timestamp()) for host, times in old.failures.items() for at in times)
        connection.executemany("INSERT INTO failures VALUES (?, ?)", failures)
        connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _old_record(self) -> Record:
        """What an earlier maild left; one that cannot be read is as good as none."""
        with suppress(OSError, RecordError), self._old.open("rb") as file:
            return parse_record(file.read(MAX_BYTES + 1))
        return Record(salt=os.urandom(SALT_BYTES))

    @property
    def _old(self) -> Path:
        return self._path.with_name("logins.json")

    def _drop_old(self) -> None:
        if self._old.exists():
            self._old.unlink(missing_ok=True)
            self._path.with_name(".logins.json.lock").unlink(missing_ok=True)
