"""The memory of what servers offer, on disk: what `downgrade` needs to know across restarts and between programs.

One SQLite file beside the memory of logins, mode 0600, opened for each use. There is no secret in it. What can go
wrong: a damaged file, as a power cut may leave it, is set aside and a fresh one begun, which forgets; a folder that
cannot be written remembers nothing. Either is said in the answer, since a server that became weaker would not be
noticed. Blocking: event loops call it in a thread.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from maild.probe.downgrade import Habit
from maild.probe.habit_record import HabitError, format_habit, parse_habit
from maild.secret.private_file import give_to_owner, make_private_folder

BUSY_S: Final = 5.0
_TABLE: Final = "CREATE TABLE IF NOT EXISTS habits (server TEXT PRIMARY KEY, habit TEXT NOT NULL) WITHOUT ROWID, STRICT"
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What was known before; `trouble` is a sentence about the file, or empty."""

    habit: Habit | None
    trouble: str = ""


def offer_file(spool: Path) -> Path:
    """Where the memory is kept below a spool folder."""
    return spool / "state" / "offers.sqlite3"


class OfferMemory:
    """The file. May be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        # SQLite would let threads wait for each other by looking again and again.
        self._lock: Final = Lock()

    def change(self, host: str, port: int, change: Callable[[Habit | None], Habit]) -> Recalled:
        """Read, change, write in one transaction; returns what stood there before. Nothing is written that is there."""
        server = _name(host, port)
        with self._lock:
            try:
                return Recalled(habit=self._change(server, change))
            except (sqlite3.DatabaseError, HabitError, OSError) as error:
                if not _is_damage(error):
                    return Recalled(habit=None, trouble=f"{self._words} cannot be used: {_reason(error)}.")
            try:
                self._path.replace(self._path.with_name(f"{self._path.name}.damaged"))
                self._change(server, change)
            except (sqlite3.Error, OSError) as error:
                return Recalled(habit=None, trouble=f"{self._words} is damaged: {_reason(error)}.")
            return Recalled(habit=None, trouble=f"{self._words} was damaged; it was set aside and begun anew.")

    def recall(self, host: str, port: int) -> Habit | None:
        """What is known; None: nothing, or it cannot be read."""
        server = _name(host, port)
        try:
            with self._lock, closing(self._open()) as connection:
                row = connection.execute("SELECT habit FROM habits WHERE server = ?", (server,)).fetchone()
            return None if row is None else parse_habit(row[0])
        except (sqlite3.Error, HabitError, OSError):
            return None

    def forget(self, host: str, port: int) -> None:
        """What this server offers next is how it is from now on.

        Raises:
            sqlite3.Error, OSError: it could not be forgotten.
        """
        server = _name(host, port)
        with self._lock, closing(self._open()) as connection, connection:
            connection.execute("DELETE FROM habits WHERE server = ?", (server,))

    @property
    def _words(self) -> str:
        return f"The memory of what servers offer, {self._path},"

    def _change(self, server: str, change: Callable[[Habit | None], Habit]) -> Habit | None:
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                row = connection.execute("SELECT habit FROM habits WHERE server = ?", (server,)).fetchone()
                before = None if row is None else parse_habit(row[0])
                after = format_habit(change(before))
                if row is None or row[0] != after:
                    connection.execute("INSERT OR REPLACE INTO habits VALUES (?, ?)", (server, after))
        return before

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            make_private_folder(self._path.parent)
            self._path.touch(mode=0o600)
            give_to_owner(self._path, self._path.parent)
        connection = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)
        try:
            # Nothing is lost that cannot be seen again: a whole round of probes is not to wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
        except BaseException:
            connection.close()
            raise
        return connection


def _name(host: str, port: int) -> str:
    return f"{host.lower().rstrip('.')}:{port}"


def _is_damage(error: Exception) -> bool:
    return isinstance(error, HabitError) or getattr(error, "sqlite_errorcode", None) in _DAMAGED


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
