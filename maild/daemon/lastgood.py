"""The accepted version of every configuration file, on disk: what a restart falls back on when a file is broken then.

Shell code. One SQLite file of mode 0600 in the spool's state folder, so that ten thousand accounts are one transaction
and a crash leaves either all of a change or nothing. The rows are told apart by the configuration folder, so another
folder tried with the same spool never lends its accounts. What can go wrong: the disk is full or read-only, the file is
damaged or of a newer maild; that is a `LastGoodError` with a sentence, and the daemon works on without.
"""

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from maild.daemon.earlier import Kept
from maild.errors import TemporaryError

BUSY_S: Final = 5.0
_VERSION: Final = 2
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS last_good (
    folder TEXT NOT NULL,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    accepted_at REAL NOT NULL,
    content BLOB NOT NULL,
    git_commit TEXT,
    PRIMARY KEY (folder, file)
) WITHOUT ROWID, STRICT
"""
_SELECT: Final = "SELECT file, digest, accepted_at, content, git_commit FROM last_good WHERE folder = ?"
_SELECT_FIRST: Final = "SELECT file, digest, accepted_at, content, NULL FROM last_good WHERE folder = ?"
"""Of a file of version 1, which did not have the commit."""


class LastGoodError(TemporaryError):
    """The accepted versions cannot be read or written now."""


def last_good_file(spool: Path) -> Path:
    """Where they are kept below a spool folder."""
    return spool / "state" / "last-good.sqlite3"


class LastGoodDamagedError(LastGoodError):
    """The file is there and is no such database any more; nothing in it can be used."""


class LastGoodStore:
    """The versions of one configuration folder's files, by their names below that folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path: Final = path
        self._folder: Final = str(folder.absolute())

    def read(self) -> Mapping[str, Kept]:
        """All of them; none when there is no file yet. Blocking.

        Raises:
            LastGoodError: the file is there and cannot be read.
        """
        if not self.path.exists():
            return {}
        with self._open("ro") as connection:
            query = _SELECT if _has_commits(connection) else _SELECT_FIRST
            rows = connection.execute(query, (self._folder,)).fetchall()
        return {
            file: Kept(data=content, digest=digest, accepted_at=datetime.fromtimestamp(accepted_at, UTC), commit=commit)
            for file, digest, accepted_at, content, commit in rows
        }

    def set_aside(self) -> Path:
        """Rename a damaged file, so that a new one can be begun; returns its new name. Blocking.

        Raises:
            LastGoodError: it cannot be renamed.
        """
        aside = self.path.with_name(f"{self.path.name}.damaged")
        try:
            self.path.replace(aside)
            # What SQLite had begun belongs to the damaged file and must not be applied to the new one.
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        except OSError as error:
            raise LastGoodError(f"{self.path} is damaged and cannot be renamed: {error.strerror or error}") from None
        return aside

    def write(self, kept: Mapping[str, Kept], gone: Collection[str]) -> None:
        """Keep these and drop those, durably and together. Blocking.

        Raises:
            LastGoodError: nothing was changed.
        """
        try:
            self._create()
        except OSError as error:
            raise LastGoodError(f"{self.path} cannot be made: {error.strerror or error}") from None
        rows = (
            (self._folder, file, one.digest, one.accepted_at.timestamp(), one.data, one.commit)
            for file, one in kept.items()
        )
        with self._open("rw") as connection:
            # By hand, for the module begins none before a change to a table, and half of one must not stay.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            if not _has_commits(connection):
                connection.execute("ALTER TABLE last_good ADD COLUMN git_commit TEXT")
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            drop = "DELETE FROM last_good WHERE folder = ? AND file = ?"
            connection.executemany(drop, ((self._folder, file) for file in gone))
            connection.executemany("INSERT OR REPLACE INTO last_good VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _create(self) -> None:
        if self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made here and not by SQLite: its files, the journal too, take over the mode of this one.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction."""
        try:
            uri = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S)) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
                    raise LastGoodError(f"{self.path} is of a newer maild")
                with connection:
                    yield connection
        except sqlite3.Error as error:
            # The low byte is the primary result code.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise LastGoodDamagedError(f"{self.path} is damaged: {error}") from None
            raise LastGoodError(f"{self.path} cannot be used: {error}") from None


def _has_commits(connection: sqlite3.Connection) -> bool:
    return any(row[1] == "git_commit" for row in connection.execute("PRAGMA table_info(last_good)"))
