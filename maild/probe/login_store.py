"""The memory of logins as rows of a private database. Shell code.

What an earlier maild kept in `logins.json` beside it is taken over once. What can go wrong: nobody can read the file,
or it is one of a newer maild (`DamagedError`; `set_aside` makes room for a fresh one); it cannot be used now
(`sqlite3.Error`, `OSError`).
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from maild.probe.login_policy import FAILURE_WINDOW, LoginState, Untried
from maild.probe.login_record import MAX_BYTES, Record, RecordError, format_state, parse_record, parse_state
from maild.secret.private_database import DamagedError, Form, PrivateDatabase

T = TypeVar("T")

FORGET_AFTER: Final = timedelta(days=90)
"""Credentials that nobody asked about for so long are gone from the configuration."""

SALT_BYTES: Final = 16
_TABLES: Final = """
CREATE TABLE salt (salt BLOB NOT NULL) STRICT;
CREATE TABLE credentials (name TEXT PRIMARY KEY, seen INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX credentials_seen ON credentials (seen);
CREATE TABLE failures (host TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX failures_host ON failures (host);
CREATE INDEX failures_at ON failures (at);
"""


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
        self._file: Final = PrivateDatabase(path, Form(version=1, upgrade=self._upgrade))

    def change(self, step: Callable[[LoginRows], T]) -> T:
        """Do this in one transaction, durably; it may run twice, once in vain.

        Raises:
            DamagedError: nobody can read the file, or it is one of a newer maild.
            sqlite3.Error: nothing was changed.
            OSError: the file cannot be made.
        """

        def run(connection: sqlite3.Connection) -> T:
            try:
                return step(LoginRows(connection))
            except RecordError as error:
                raise DamagedError(str(error)) from None

        done = self._file.change(run)
        self._drop_old()
        return done

    def set_aside(self, error: DamagedError) -> str:
        """Make room for a fresh file; returns what happened as a sentence.

        Raises:
            OSError: it cannot be moved.
        """
        aside = self._file.set_aside(error.inode)
        return f"The memory of logins {self._path} was damaged ({error}); it was set aside as {aside.name}."

    def _upgrade(self, connection: sqlite3.Connection, version: int) -> None:
        del version  # there was none before the first
        for statement in filter(None, map(str.strip, _TABLES.split(";"))):
            connection.execute(statement)
        old = self._old_record()
        connection.execute("INSERT INTO salt VALUES (?)", (old.salt,))
        rows = ((name, old.seen[name].toordinal(), format_state(state)) for name, state in old.states.items())
        connection.executemany("INSERT INTO credentials VALUES (?, ?, ?)", rows)
        failures = ((host, at.timestamp()) for host, times in old.failures.items() for at in times)
        connection.executemany("INSERT INTO failures VALUES (?, ?)", failures)

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
