"""The memory of logins on disk: what `login_policy` needs to know, across restarts and between programs.

One SQLite file of mode 0600, opened for each use and changed in one transaction, so that the daemon and `maild probe`
share it and a login costs the same whether ten accounts are known or ten thousand. A credential is named by host, user
and a fingerprint of the secret: scrypt with a salt of this file's own, because a plain hash of a weak password in a
file would be the password. What can go wrong: a damaged file is set aside as `<name>.damaged` and a fresh one begun; a
folder that cannot be written keeps nothing. Both are said in the answer. Blocking: event loops call it in a thread.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from maild.probe.login_policy import LoginOutcome, LoginState, Untried, after, during, is_failure, recent_failures
from maild.probe.login_store import LoginRows, LoginStore
from maild.secret import Secret
from maild.secret.private_database import DamagedError

# About 3 ms and 1 MiB: noticed by somebody who guesses passwords from a copy of the file, not by five hundred accounts
# that are all probed at a start.
_SCRYPT_COST: Final = 1024

MOST_NAMES: Final = 50_000
"""So many names of credentials are held, so that each is worked out once a run; it takes 4 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Who logs in where, with which secret. `secret` is None for a login that needs none.

    `way` sets the logins of an account that is only tried out apart from those of the one in force: a server may refuse
    a port or a mechanism and not the password. The failures of a host count for both.
    """

    host: str
    user: str
    secret: Secret | None = field(repr=False)
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is known about a credential, and of the host's failed logins.

    Attributes:
        trouble: a sentence about the file, or empty.
        is_kept: False: nothing can be written down, so a login now could be repeated at every probe.
    """

    state: LoginState
    host_failures: tuple[datetime, ...]
    trouble: str = ""
    is_kept: bool = True


def memory_file(spool: Path) -> Path:
    """Where the memory is kept below a spool folder."""
    return spool / "state" / "logins.sqlite3"


def _always(known: Remembered) -> bool:
    del known
    return True


class LoginMemory:
    """The file, and the names of credentials, which take long to work out. May be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._store: Final = LoginStore(path)
        self._salt: bytes | None = None
        self._key: Final = os.urandom(32)
        self._names: dict[bytes, str] = {}

    def recall(self, credential: Credential, *, now: datetime) -> Remembered:
        """What is known of this credential; it is not forgotten for a while then."""
        return self._change(credential, now=now, change=lambda known: known.state)

    def begin(
        self, credential: Credential, *, now: datetime, may: Callable[[Remembered], bool] = _always
    ) -> Remembered:
        """To be called before a login; returns what was known before.

        A login that may be, given that, counts as begun; nobody else can decide about the same one in between.
        """
        return self._change(
            credential, now=now, change=lambda known: during(known.state, now=now) if may(known) else known.state
        )

    def finish(
        self,
        credential: Credential,
        outcome: LoginOutcome,
        *,
        before: LoginState,
        now: datetime,
        ways: Collection[str] = (),
    ) -> Remembered:
        """To be called after a login that began in the state `before`, with what it came to. Returns the new state.

        By each of the other `ways` it counts as one of somebody else with the same credential.
        """
        known = self._change(
            credential,
            now=now,
            change=lambda _: after(before, outcome, now=now),
            has_failed=is_failure(outcome),
            others={way: lambda state: after(state, outcome, now=now) for way in ways},
        )
        return replace(known, state=after(before, outcome, now=now))

    def note(self, credential: Credential, outcome: LoginOutcome, *, now: datetime) -> Remembered:
        """A login of somebody else, such as a delivery, with these credentials. Returns what was known before."""
        return self._change(
            credential,
            now=now,
            change=lambda known: after(known.state, outcome, now=now),
            has_failed=is_failure(outcome),
        )

    def _change(
        self,
        credential: Credential,
        *,
        now: datetime,
        change: Callable[[Remembered], LoginState],
        has_failed: bool = False,
        others: Mapping[str, Callable[[LoginState], LoginState]] = MappingProxyType({}),
    ) -> Remembered:
        """Read, change, write, all in one transaction; returns what stood there before the change. `others` are changes
        of the same credential by other ways.
        """

        def step(rows: LoginRows) -> Remembered:
            name = self._name(credential, rows.salt)
            failures = recent_failures(rows.failures(credential.host), now=now)
            if has_failed:
                failures = (*failures, now)
                rows.add_failure(credential.host, now)
            known = Remembered(state=rows.state(name), host_failures=failures)
            rows.keep(name, change(known), now=now)
            for way, changed in others.items():
                other = self._name(replace(credential, way=way), rows.salt)
                rows.keep(other, changed(rows.state(other)), now=now)
            return known

        trouble = ""
        if self._salt is not None:
            self._name(credential, self._salt)  # works it out before others have to wait
        try:
            try:
                return self._store.change(step)
            except DamagedError as error:
                trouble = self._store.set_aside(error)
                return replace(self._store.change(step), trouble=trouble)
        except (OSError, sqlite3.Error) as error:
            words = f"The memory of logins {self._path} cannot be used: {_words(error)}."
            return Remembered(state=Untried(), host_failures=(), trouble=words, is_kept=False)

    def _name(self, credential: Credential, salt: bytes) -> str:
        self._salt = salt
        # All of it goes into the hash: the file need not tell who logs in where.
        secret = "" if credential.secret is None else credential.secret.reveal()
        text = json.dumps((credential.host, credential.user, secret)).encode()
        short = hashlib.blake2b(text, key=self._key, salt=salt[:16], digest_size=16).digest()
        name = self._names.get(short)
        if name is None:
            name = hashlib.scrypt(text, salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=16).hex()
            if len(self._names) >= MOST_NAMES:
                self._names.clear()
            self._names[short] = name
        if not credential.way:
            return name
        # What is slow to guess needs to be so once.
        return hashlib.blake2b(credential.way.encode(), key=bytes.fromhex(name), digest_size=16).hexdigest()


def _words(error: OSError | sqlite3.Error) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
