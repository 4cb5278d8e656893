"""The accepted version of every configuration file, on disk: what a restart falls back on when a file is broken then.

Shell code. A private database in the spool's state folder, so that ten thousand accounts are one transaction and a
crash leaves either all of a change or nothing. The rows are told apart by the configuration folder, so another folder
tried with the same spool never lends its accounts. What can go wrong: the disk is full or read-only, the file is
damaged or of a newer maild; that is a `LastGoodError` with a sentence, and the daemon works on without.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from maild.daemon.earlier import Kept
from maild.errors import TemporaryError
from maild.secret.private_database import DamagedError, Form, NewerError, PrivateDatabase

_Row: TypeAlias = tuple[str, str, float, bytes, str | None]
_TABLE: Final = """
CREATE TABLE last_good (
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
        self._file: Final = PrivateDatabase(path, Form(version=2, upgrade=_upgrade))

    def read(self) -> Mapping[str, Kept]:
        """All of them; none when there is no file yet. Blocking.

        Raises:
            LastGoodError: the file is there and cannot be read.
        """
        with self._told("read"):
            rows = self._file.read(self._rows)
        return {
            file: Kept(data=content, digest=digest, accepted_at=datetime.fromtimestamp(accepted_at, UTC), commit=commit)
            for file, digest, accepted_at, content, commit in rows or ()
        }

    def set_aside(self) -> Path:
        """Rename a damaged file, so that a new one can be begun; returns its new name. Blocking.

        Raises:
            LastGoodError: it cannot be renamed.
        """
        try:
            return self._file.set_aside()
        except OSError as error:
            raise LastGoodError(f"{self.path} is damaged and cannot be renamed: {error.strerror or error}") from None

    def write(self, kept: Mapping[str, Kept], gone: Collection[str]) -> None:
        """Keep these and drop those, durably and together. Blocking.

        Raises:
            LastGoodError: nothing was changed.
        """

        def step(connection: sqlite3.Connection) -> None:
            drop = "DELETE FROM last_good WHERE folder = ? AND file = ?"
            connection.executemany(drop, ((self._folder, file) for file in gone))
            rows = (
                (self._folder, file, one.digest, one.accepted_at.timestamp(), one.data, one.commit)
                for file, one in kept.items()
            )
            connection.executemany("INSERT OR REPLACE INTO last_good VALUES (?, ?, ?, ?, ?, ?)", rows)

        with self._told("made"):
            self._file.change(step)

    def _rows(self, connection: sqlite3.Connection) -> list[_Row]:
        query = _SELECT if _has_commits(connection) else _SELECT_FIRST
        return connection.execute(query, (self._folder,)).fetchall()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """What goes wrong inside as a sentence; `what` could not be done to the file."""
        try:
            yield
        except NewerError:
            raise LastGoodError(f"{self.path} is of a newer maild") from None
        except DamagedError as error:
            raise LastGoodDamagedError(f"{self.path} is damaged: {error}") from None
        except sqlite3.Error as error:
            raise LastGoodError(f"{self.path} cannot be used: {error}") from None
        except OSError as error:
            raise LastGoodError(f"{self.path} cannot be {what}: {error.strerror or error}") from None


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    if version == 1:
        connection.execute("ALTER TABLE last_good ADD COLUMN git_commit TEXT")
    else:
        connection.execute(_TABLE)


def _has_commits(connection: sqlite3.Connection) -> bool:
    return any(row[1] == "git_commit" for row in connection.execute("PRAGMA table_info(last_good)"))
