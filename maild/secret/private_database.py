"""A small SQLite file for its owner alone: opened for each use, changed in transactions, shared by programs.

Shell code. The file gets its mode (0600) and, where root makes it, the owner of its folder here; SQLite gives its
journal the same. Changes that threads want at the same time go into one transaction: what each of them waits for is the
disk, and five hundred accounts that log in at a start would otherwise wait for it one after the other. A step of such a
change may run twice, the first time in vain, and so must do nothing but read and write rows.

What can go wrong: the file is no database any more, or holds what cannot be read (`DamagedError`; `set_aside` makes
room for a fresh one), or is one of a newer maild (`NewerError`); it cannot be used now (`sqlite3.Error`, `OSError`).
Blocking: event loops call it in a thread.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from maild.errors import PermanentError
from maild.secret.private_file import alone_with, give_to_owner, make_private_folder

T = TypeVar("T")

BUSY_S: Final = 5.0
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


class DamagedError(PermanentError):
    """Nobody can read the file; the text says why, in a word or two. `inode` is the file's, 0 where it is not known."""

    def __init__(self, problem: str, inode: int = 0) -> None:
        super().__init__(problem)
        self.problem: Final = problem
        self.inode: Final = inode


class NewerError(DamagedError):
    """The file is one of a newer maild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is in the file.

    Attributes:
        version: of its tables, from 1 on.
        upgrade: makes the tables in a file of this older version, 0 for a new one.
        is_durable: whether a change is on disk when it returns; else a power cut may take the newest ones, or damage
            the file.
    """

    version: int
    upgrade: Callable[[sqlite3.Connection, int], None]
    is_durable: bool = True


class PrivateDatabase:
    """The file. May be used by several threads."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path: Final = path
        self._form: Final = form
        # SQLite would let threads wait for each other by looking again and again.
        self._lock: Final = Lock()
        self._waiting: Final[deque[_Turn[Any]]] = deque()

    def change(self, step: Callable[[sqlite3.Connection], T]) -> T:
        """Do this in a transaction, alone or with what others want at the same time; returns what it returned.

        Raises:
            DamagedError: see above, or the step said so.
            sqlite3.Error: nothing was changed.
            OSError: the file cannot be made.
        """
        turn = _Turn(step)
        self._waiting.append(turn)
        with self._lock:
            # Whoever had the lock may have done it already.
            if not turn.is_done:
                self._do([self._waiting.popleft() for _ in range(len(self._waiting))])
        return turn.result()

    def read(self, step: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the step returns, which gets the file as it is, of an older version perhaps; None: there is no file.

        Raises:
            DamagedError: see above, or the step said so.
            sqlite3.Error: it cannot be read now.
        """
        if not self.path.exists():
            return None
        with self._opened("ro") as connection:
            self._version_of(connection)
            return step(connection)

    def set_aside(self, inode: int = 0) -> Path:
        """Rename the file, so that a fresh one can be begun; returns its new name.

        With `inode` only if it is that one still: another program may have done so in the meantime.

        Raises:
            OSError: it cannot be renamed.
        """
        aside = self.path.with_name(f"{self.path.name}.damaged")
        with self._lock, alone_with(self.path):
            if inode in {0, self.path.stat().st_ino}:
                self.path.replace(aside)
                # What SQLite had begun belongs to the damaged file and must not be applied to the new one.
                self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        return aside

    def _do(self, turns: Sequence["_Turn[Any]"]) -> None:
        try:
            self._commit(turns)
        except Exception as error:  # noqa: BLE001 -- told to the thread whose step it was
            if len(turns) == 1:
                turns[0].error = error
                return
            for turn in turns:
                self._do([turn])

    def _commit(self, turns: Sequence["_Turn[Any]"]) -> None:
        if not self.path.exists():
            self._create()
        with self._opened("rw") as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._form.is_durable else 'OFF'}")
            connection.execute("BEGIN IMMEDIATE")
            version = self._version_of(connection)
            if version < self._form.version:
                self._form.upgrade(connection, version)
                connection.execute(f"PRAGMA user_version = {self._form.version}")
            done = [turn.step(connection) for turn in turns]
            connection.execute("COMMIT")
        for turn, value in zip(turns, done, strict=True):
            turn.value.append(value)

    def _version_of(self, connection: sqlite3.Connection) -> int:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > self._form.version:
            raise NewerError("of a newer maild")
        return version

    @contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        """A connection; what is not committed when it is closed was never there."""
        inode = self.path.stat().st_ino
        try:
            uri = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)) as connection:
                yield connection
        except DamagedError as error:
            raise type(error)(error.problem, inode) from None
        except sqlite3.DatabaseError as error:
            # The low byte is the primary result code.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                raise DamagedError("not readable", inode) from None
            raise

    def _create(self) -> None:
        make_private_folder(self.path.parent)
        # Made here and not by SQLite: its journal takes over the mode of this one.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            give_to_owner(descriptor, self.path.parent)
        finally:
            os.close(descriptor)


class _Turn(Generic[T]):
    """What one thread wants done, and what came of it."""

    def __init__(self, step: Callable[[sqlite3.Connection], T]) -> None:
        self.step: Final = step
        self.value: Final[list[T]] = []
        self.error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return bool(self.value) or self.error is not None

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value[0]
