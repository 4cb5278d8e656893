"""The memory of what servers offer, on disk: what `downgrade` needs to know across restarts and between programs.

A private database beside the memory of logins. There is no secret in it. What can go wrong: a damaged file, as a power
cut may leave it, is set aside and a fresh one begun, which forgets; a folder that cannot be written remembers nothing.
Either is said in the answer, since a server that became weaker would not be noticed. Blocking: event loops call it in a
thread.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maild.probe.downgrade import Habit
from maild.probe.habit_record import HabitError, format_habit, parse_habit
from maild.secret.private_database import DamagedError, Form, PrivateDatabase

_TABLE: Final = "CREATE TABLE IF NOT EXISTS habits (server TEXT PRIMARY KEY, habit TEXT NOT NULL) WITHOUT ROWID, STRICT"
_SELECT: Final = "SELECT habit FROM habits WHERE server = ?"


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
        # Nothing is lost that cannot be seen again: a whole round of probes is not to wait for the disk.
        self._file: Final = PrivateDatabase(path, Form(version=1, upgrade=_upgrade, is_durable=False))

    def change(self, host: str, port: int, change: Callable[[Habit | None], Habit]) -> Recalled:
        """Read, change, write in one transaction; returns what stood there before. Nothing is written that is there."""
        server = _name(host, port)

        def step(connection: sqlite3.Connection) -> Habit | None:
            known = _habit(connection, server)
            after = format_habit(change(known))
            if known is None or format_habit(known) != after:
                connection.execute("INSERT OR REPLACE INTO habits VALUES (?, ?)", (server, after))
            return known

        try:
            return Recalled(habit=self._file.change(step))
        except DamagedError as error:
            inode = error.inode
        except (sqlite3.Error, OSError) as error:
            return Recalled(habit=None, trouble=f"{self._words} cannot be used: {_reason(error)}.")
        try:
            self._file.set_aside(inode)
            self._file.change(step)
        except (sqlite3.Error, OSError, DamagedError) as error:
            return Recalled(habit=None, trouble=f"{self._words} is damaged: {_reason(error)}.")
        return Recalled(habit=None, trouble=f"{self._words} was damaged; it was set aside and begun anew.")

    def recall(self, host: str, port: int) -> Habit | None:
        """What is known; None: nothing, or it cannot be read."""
        server = _name(host, port)
        try:
            return self._file.read(lambda connection: _habit(connection, server))
        except (sqlite3.Error, OSError, DamagedError):
            return None

    def forget(self, host: str, port: int) -> None:
        """What this server offers next is how it is from now on.

        Raises:
            sqlite3.Error, OSError, DamagedError: it could not be forgotten.
        """
        server = _name(host, port)
        self._file.change(lambda connection: connection.execute("DELETE FROM habits WHERE server = ?", (server,)))

    @property
    def _words(self) -> str:
        return f"The memory of what servers offer, {self._file.path},"


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    del version  # the first one had no number
    connection.execute(_TABLE)


def _habit(connection: sqlite3.Connection, server: str) -> Habit | None:
    row = connection.execute(_SELECT, (server,)).fetchone()
    try:
        return None if row is None else parse_habit(row[0])
    except HabitError as error:
        raise DamagedError(str(error)) from None


def _name(host: str, port: int) -> str:
    return f"{host.lower().rstrip('.')}:{port}"


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
