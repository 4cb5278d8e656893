"""The memory of logins on disk: what `login_policy` needs to know, across restarts and between programs.

One JSON file of mode 0600, replaced atomically, read again at each use and changed only under a lock, so that the
daemon and `maild probe` share it. A credential is named by host, user and a fingerprint of the secret: scrypt with a
salt of this file's own, because a plain hash of a weak password in a file would be the password. What can go wrong: a
damaged file is set aside as `<name>.damaged` and a fresh one begun; a folder that cannot be written keeps nothing. Both
are said in the answer. Blocking: event loops call it in a thread.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from maild.probe.login_policy import (
    LoginOutcome,
    LoginState,
    Untried,
    after,
    during,
    is_failure,
    recent_failures,
)
from maild.probe.login_record import MAX_BYTES, Record, RecordError, format_record, parse_record
from maild.secret import Secret

FORGET_AFTER: Final = timedelta(days=90)
"""Credentials that nobody asked about for so long are gone from the configuration."""

# About 10 ms and 4 MiB: noticed by somebody who guesses passwords from the file, not by a probe every few minutes.
_SCRYPT_COST: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Who logs in where, with which secret. `secret` is None for a login that needs none."""

    host: str
    user: str
    secret: Secret | None = field(repr=False)


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
    return spool / "state" / "logins.json"


class LoginMemory:
    """The file. Holds nothing itself."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path

    def recall(self, credential: Credential, *, now: datetime) -> Remembered:
        """What is known of this credential; it is not forgotten for a while then."""
        return self._change(credential, now=now, change=lambda state: state)

    def begin(self, credential: Credential, *, now: datetime) -> Remembered:
        """To be called before a login; returns what was known before."""
        return self._change(credential, now=now, change=lambda state: during(state, now=now))

    def finish(self, credential: Credential, outcome: LoginOutcome, *, before: LoginState, now: datetime) -> Remembered:
        """To be called after a login that began in the state `before`, with what it came to. Returns the new state."""
        known = self._change(
            credential,
            now=now,
            change=lambda _: after(before, outcome, now=now),
            has_failed=is_failure(outcome),
        )
        return replace(known, state=after(before, outcome, now=now))

    def note(self, credential: Credential, outcome: LoginOutcome, *, now: datetime) -> Remembered:
        """A login of somebody else, such as a delivery, with these credentials. Returns what was known before."""
        return self._change(
            credential, now=now, change=lambda state: after(state, outcome, now=now), has_failed=is_failure(outcome)
        )

    def _change(
        self,
        credential: Credential,
        *,
        now: datetime,
        change: Callable[[LoginState], LoginState],
        has_failed: bool = False,
    ) -> Remembered:
        """Read, change, write, all under the lock; returns what stood there before the change."""
        try:
            with _locked(self._path):
                record, trouble = self._read()
                name = _name(credential, record.salt)
                state = record.states.get(name, Untried())
                failures = recent_failures(record.failures.get(credential.host, ()), now=now)
                new_failures = (*failures, now) if has_failed else failures
                self._write(_updated(record, credential.host, (name, change(state)), new_failures, now))
        except OSError as error:
            words = f"The memory of logins {self._path} cannot be used: {error.strerror or error}."
            return Remembered(state=Untried(), host_failures=(), trouble=words, is_kept=False)
        return Remembered(state=state, host_failures=new_failures, trouble=trouble)

    def _read(self) -> tuple[Record, str]:
        fresh = Record(salt=os.urandom(16))
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return fresh, ""
        try:
            return parse_record(data), ""
        except RecordError as error:
            aside = self._path.with_name(f"{self._path.name}.damaged")
            self._path.replace(aside)
            return fresh, f"The memory of logins {self._path} was damaged ({error}); it was set aside as {aside.name}."

    def _write(self, record: Record) -> None:
        data = format_record(record)
        with contextlib.suppress(FileNotFoundError):
            if self._path.read_bytes() == data:
                return
        descriptor, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                _give_to_owner(descriptor, self._path.parent)
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _updated(
    record: Record, host: str, entry: tuple[str, LoginState], failures: tuple[datetime, ...], now: datetime
) -> Record:
    name, state = entry
    today = now.date()
    seen = {**record.seen, name: today}
    kept = {one for one, day in seen.items() if today - day <= FORGET_AFTER}
    states = {one: known for one, known in {**record.states, name: state}.items() if one in kept}
    by_host = {one: recent for one, known in record.failures.items() if (recent := recent_failures(known, now=now))}
    by_host.pop(host, None)
    if failures:
        by_host[host] = failures
    return Record(
        salt=record.salt, states=states, seen={one: day for one, day in seen.items() if one in kept}, failures=by_host
    )


def _name(credential: Credential, salt: bytes) -> str:
    # All three go into the hash: the file need not tell who logs in where.
    parts = (credential.host, credential.user, "" if credential.secret is None else credential.secret.reveal())
    text = json.dumps(parts).encode()
    return hashlib.scrypt(text, salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=16).hex()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone with the file. The lock is a file of its own, for the other one is replaced."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, mode=0o700)
        _give_to_owner(path.parent, path.parent.parent)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _give_to_owner(descriptor, path.parent)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _give_to_owner(made: int | Path, folder: Path) -> None:
    """What root makes in somebody's folder is theirs: after `sudo maild probe` the daemon must still read its file."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(made, owner.st_uid, owner.st_gid)
