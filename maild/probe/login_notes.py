"""Logins of deliveries, written into the memory of logins: real mail counts as a probe of the login.

Shell: what is noted waits in a queue and is written in a thread. It is not written at every login, but when it tells
something new.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maild.clock import Clock
from maild.config.model import Account, SmtpSettings
from maild.net.keys import Keys
from maild.net.step import NetError
from maild.probe.events import LoginSuspended
from maild.probe.login_memory import Credential, LoginMemory
from maild.probe.login_policy import NOTE_INTERVAL, AcceptedAt, LoginAccepted, LoginRejected, Suspended
from maild.secret import Secret

MAX_NOTES: Final = 1000
"""So many wait to be written down; more tell nothing new."""

_REFUSED: Final = "a delivery's login was refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    account: Account
    is_rejected: bool
    is_current: Callable[[], bool]


class LoginNotes:
    """The queue, and who empties it."""

    def __init__(self, memory: LoginMemory, keys: Keys, clock: Clock) -> None:
        self._memory: Final = memory
        self._keys: Final = keys
        self._clock: Final = clock
        self._waiting: Final[asyncio.Queue[_Note]] = asyncio.Queue(MAX_NOTES)

    def add(self, account: Account, *, is_rejected: bool, is_current: Callable[[], bool] = lambda: True) -> None:
        """A delivery logged in with this account, or was refused. `is_current` says later whether the account and its
        secret are still those: of others it would not be true.
        """
        if not self._waiting.full():
            self._waiting.put_nowait(_Note(account=account, is_rejected=is_rejected, is_current=is_current))

    async def keep(self, folder: Callable[[], Path], emit: Callable[[LoginSuspended], None]) -> None:
        """Write down what comes, until cancelled; `folder` is what relative paths of accounts count from."""
        while True:
            note = await self._waiting.get()
            try:
                key = await self._keys.key_of(note.account, folder())
            except NetError:
                continue
            if not note.is_current():
                continue
            identity = None if key is None else key.identity
            suspended = await asyncio.to_thread(self._write, note.account, identity, is_rejected=note.is_rejected)
            if suspended is not None and note.is_current():
                emit(suspended)

    def _write(self, account: Account, secret: Secret | None, *, is_rejected: bool) -> LoginSuspended | None:
        """Blocking. The secret was fetched again, for deliveries do not hand it around; where it changes without a
        trace, as that of a command may, the note can be about the next one, which its next login mends.
        """
        if not isinstance(account.transport, SmtpSettings) or account.username is None:
            return None
        credential = Credential(host=account.transport.host, user=account.username, secret=secret)
        now = self._clock.now()
        known = self._memory.recall(credential, now=now).state
        if is_rejected:
            self._memory.note(credential, LoginRejected(detail=_REFUSED), now=now)
            if not isinstance(known, Suspended):
                return LoginSuspended(account=account.name, detail=_REFUSED)
        elif not isinstance(known, AcceptedAt) or now - known.at > NOTE_INTERVAL:
            self._memory.note(credential, LoginAccepted(), now=now)
        return None
