"""The login of one probe: asks the policy, tells the memory, and says what was decided.

Shell: the memory's file is read in a thread. In the conversation, once all before AUTH has worked, it is used as

    gate = await LoginGate.open(subject, credential)      # may we?
    ...AUTH, if gate.may_log_in...
    await gate.close(error_or_none)                       # how it went
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Self, assert_never

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic
from maild.net.step import NetError
from maild.probe.events import LoginSuspended, LoginTried
from maild.probe.findings.login import LOGIN_PAUSED, LOGIN_REJECTED, MEMORY_LOST
from maild.probe.login_memory import Credential, LoginMemory, Remembered
from maild.probe.login_policy import (
    KnownBad,
    KnownGood,
    LoginAccepted,
    LoginNotReached,
    LoginRejected,
    MayLogIn,
    NotNow,
    Permission,
    Suspended,
    decide,
    outcome_of,
)
from maild.probe.result import CheckVerdict
from maild.probe.subject import LoginMode, Subject, way_of

_CREDENTIALS: Final = (Pointer("/password"), Pointer("/username"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginGate:
    """One decision.

    Attributes:
        permission: what the policy said.
        known: what the memory held before; None: there is no memory.
    """

    subject: Subject
    credential: Credential
    permission: Permission
    known: Remembered | None

    @classmethod
    async def open(cls, subject: Subject, credential: Credential) -> Self:
        """Decide; a login that is allowed counts as begun from here on."""
        subject.on_login()
        if subject.memory is None:
            return cls(subject=subject, credential=credential, permission=MayLogIn(), known=None)
        permission, known = await asyncio.to_thread(_begin, subject.memory, subject, credential)
        if isinstance(permission, KnownBad):
            # At every probe: after a restart nobody else knows; who has heard it already passes it over.
            subject.emit(LoginSuspended(account=subject.account.name, detail=permission.detail))
        return cls(subject=subject, credential=credential, permission=permission, known=known)

    @property
    def may_log_in(self) -> bool:
        """Whether the conversation should go on to AUTH."""
        return isinstance(self.permission, MayLogIn)

    async def close(self, error: NetError | None) -> None:
        """Write down how the conversation ended, when a login was allowed."""
        if not self.may_log_in:
            return
        subject, outcome = self.subject, outcome_of(error)
        if not isinstance(outcome, LoginNotReached):
            is_rejected = isinstance(outcome, LoginRejected)
            subject.emit(LoginTried(account=subject.account.name, is_rejected=is_rejected))
        if subject.memory is None or self.known is None:
            return
        # What was known against the password before is mended by a login that worked: for the account in force by a try
        # of a changed one, and for that by a login that somebody had made.
        is_accepted = isinstance(outcome, LoginAccepted)
        after = await asyncio.to_thread(
            subject.memory.finish,
            self.credential,
            outcome,
            before=self.known.state,
            now=subject.clock.now(),
            ways={"", way_of(subject.account)} - {self.credential.way} if is_accepted else (),
        )
        if isinstance(after.state, Suspended) and after.state != self.known.state:
            subject.emit(LoginSuspended(account=subject.account.name, detail=after.state.detail))

    @property
    def verdict(self) -> CheckVerdict:
        """What a login that was not tried counts as."""
        match self.permission:
            case MayLogIn():
                return CheckVerdict.PASS
            case KnownGood():
                return CheckVerdict.NOT_APPLICABLE
            case KnownBad():
                return CheckVerdict.FAIL
            case NotNow():
                return CheckVerdict.INDETERMINATE
            case _:
                assert_never(self.permission)

    @property
    def words(self) -> str:
        """Why it was not tried; empty when it was."""
        match self.permission:
            case MayLogIn():
                return ""
            case KnownGood(at=at, next_at=next_at):
                return f"not tried: it worked at {at:%Y-%m-%d %H:%M} UTC and is tried again at {next_at:%H:%M} UTC"
            case KnownBad(since=since, detail=detail):
                return f'not tried: refused at {since:%Y-%m-%d %H:%M} UTC with "{detail}" and not changed since'
            case NotNow(until=until, detail=detail):
                return f"not tried before {until:%H:%M} UTC: {detail}"
            case _:
                assert_never(self.permission)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What there is to say about a login that was not tried, and about the memory."""
        found: list[Diagnostic] = []
        match self.permission:
            case MayLogIn() | KnownGood():
                pass
            case KnownBad(since=since, detail=detail):
                message = (
                    f"The server refused these credentials at {since:%Y-%m-%d %H:%M} UTC, and they have not changed "
                    f'since, so they are not tried again. The server said: "{detail}"'
                )
                where = self.subject.location(_CREDENTIALS)
                found.append(LOGIN_REJECTED.diagnostic(message, help_=LOGIN_REJECTED.mend, location=where))
            case NotNow(until=until, detail=detail):
                message = f"The login was not tried and will not be before {until:%H:%M} UTC: {detail}."
                found.append(LOGIN_PAUSED.diagnostic(message, help_=LOGIN_PAUSED.mend))
            case _:
                assert_never(self.permission)
        if self.known is not None and self.known.trouble:
            found.append(MEMORY_LOST.diagnostic(self.known.trouble, help_=MEMORY_LOST.mend))
        return tuple(found)


def _begin(memory: LoginMemory, subject: Subject, credential: Credential) -> tuple[Permission, Remembered]:
    known = memory.begin(
        credential, now=subject.clock.now(), may=lambda known: isinstance(_decide(known, subject), MayLogIn)
    )
    return _decide(known, subject), known


def _decide(known: Remembered, subject: Subject) -> Permission:
    now = subject.clock.now()
    if subject.login is LoginMode.ALWAYS:
        return MayLogIn()
    if not known.is_kept:
        # Without memory every probe would log in, and a wrong password would be tried every few minutes.
        return NotNow(until=now + subject.settings.interval, detail="the memory of logins cannot be used")
    return decide(known.state, host_failures=known.host_failures, now=now, auth_interval=subject.settings.auth_interval)
