"""What checks came to when they could last be told, on disk: a silent network must not make a restart forget it.

A private database beside the memory of logins, a row an account. A row counts for the account as it was then: of one
that sends by another server it would tell nothing. There is no secret in it. What can go wrong: a damaged file, as a
power cut may leave it, is set aside and a fresh one begun; where nothing can be written, nothing is remembered, which
the memories beside it tell. Blocking: event loops call it in a thread.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from maild.config.model import Account
from maild.probe.result import CheckVerdict, Told
from maild.secret.private_database import DamagedError, Form, PrivateDatabase

T = TypeVar("T")

FORGET_AFTER_DAYS: Final = 90
"""Accounts that nobody probed for so long are gone."""

_TABLE: Final = (
    "CREATE TABLE told (account TEXT PRIMARY KEY, settings TEXT NOT NULL, day INTEGER NOT NULL, checks TEXT NOT NULL)"
    " WITHOUT ROWID, STRICT"
)


def verdict_file(spool: Path) -> Path:
    """Where it is kept below a spool folder."""
    return spool / "state" / "verdicts.sqlite3"


class VerdictMemory:
    """The file. May be used by several threads."""

    def __init__(self, path: Path) -> None:
        # What is lost is the age of what is seen again by itself: nobody waits for the disk.
        self._file: Final = PrivateDatabase(path, Form(version=1, upgrade=_upgrade, is_durable=False))

    def recall(self, account: Account) -> Mapping[str, Told]:
        """By check; what is not known, or cannot be read, is not among them."""
        query = "SELECT checks FROM told WHERE account = ? AND settings = ?"
        wanted = (account.name, _settings(account))
        found = self._tried(lambda: self._file.read(lambda file: file.execute(query, wanted).fetchone()))
        return {} if found is None else _parse(found[0])

    def keep(self, account: Account, told: Mapping[str, Told], *, now: datetime) -> None:
        """In place of what was known of this account."""
        day = now.date().toordinal()
        checks = {check: [one.verdict.value, one.at.isoformat()] for check, one in told.items()}

        def step(file: sqlite3.Connection) -> None:
            row = (account.name, _settings(account), day, json.dumps(checks))
            file.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", row)
            file.execute("DELETE FROM told WHERE day < ?", (day - FORGET_AFTER_DAYS,))

        self._tried(lambda: self._file.change(step))

    def _tried(self, act: Callable[[], T]) -> T | None:
        """What came of it; None: nothing, and a damaged file is out of the way then."""
        try:
            return act()
        except DamagedError as error:
            with suppress(OSError):
                self._file.set_aside(error.inode)
        except (sqlite3.Error, OSError):
            pass
        return None


def _upgrade(file: sqlite3.Connection, version: int) -> None:
    del version  # there was none before the first
    file.execute(_TABLE)


def _settings(account: Account) -> str:
    """The account as it is, shortened; where its password is counts, what it is does not."""
    return hashlib.blake2b(repr(account).encode(), digest_size=16).hexdigest()


def _parse(text: str) -> Mapping[str, Told]:
    try:
        return {
            check: Told(verdict=CheckVerdict(verdict), at=datetime.fromisoformat(at))
            for check, (verdict, at) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}  # of another maild
