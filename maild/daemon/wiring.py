"""Lets delivery and probes learn from each other. An observer of events; decides nothing that they could decide.

A probe's result opens or closes the account's breaker; a delivery's login counts in the probes' login budget. One care:
a probe that did not log in, because logins are rationed, says nothing about credentials, so it must not open again what
a refused login closed; else each refusal would be followed by the next one.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from maild.config.model import Account
from maild.daemon.adoption import logs_in, needs_no_login
from maild.delivery.events import BreakerOpened, SessionOpened
from maild.delivery.trouble import Trouble
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.observe.events import CredentialsChanged, Event
from maild.probe.events import LoginTried, ProbeFinished
from maild.probe.result import CheckResult, CheckVerdict, PhaseResult, ProbeResult

_REASONS: Final = {
    Phase.SECRET: Reason.SECRET,
    Phase.RESOLVE: Reason.DNS,
    Phase.CONNECT: Reason.UNREACHABLE,
    Phase.STARTTLS: Reason.NO_STARTTLS,
    Phase.TLS: Reason.TLS,
    Phase.CERTIFICATE: Reason.CERTIFICATE,
    Phase.AUTH: Reason.REPLY,
    Phase.REQUEST: Reason.REPLY,
}
"""The nearest word for a probe that failed in this phase; the detail has the exact ones."""

MOST_PROBES: Final = 100
"""So many accounts are probed at once because of a file that all of them use; the others when their time comes."""


class Sender(Protocol):
    """The engine, as far as it is told about probes."""

    def account_probed(
        self,
        account: str,
        can_send: bool | None,  # noqa: FBT001 -- the engine's signature
        detail: str,
        *,
        phase: Phase = ...,
        reason: Reason = ...,
    ) -> None:
        """A probe looked at the account."""
        ...

    def credentials_changed(self, accounts: Sequence[str]) -> None:
        """A file that these accounts log in with has changed."""
        ...

    def trouble_of(self, account: str) -> Trouble | None:
        """Why this account cannot send; None when it can, or is not known."""
        ...


class LoginNotes(Protocol):
    """The prober, as far as it is told about deliveries' logins."""

    def note_login(self, account: str, is_rejected: bool) -> None:  # noqa: FBT001 -- the prober's signature
        """A delivery logged in, or was refused."""
        ...

    def credentials_changed(self, accounts: Collection[str]) -> None:
        """A file that these accounts log in with has changed."""
        ...

    def request(self, account: str) -> None:
        """Probe this one soon."""
        ...


class Wiring:
    """Told every event."""

    def __init__(
        self,
        sender: Sender,
        notes: LoginNotes,
        *,
        account: Callable[[str], Account | None],
        emit: Callable[[Event], None],
    ) -> None:
        self._sender = sender
        self._notes = notes
        self._account = account
        self._emit = emit
        self._is_telling = False
        """While the engine is told of a probe. Events come at once, so a breaker that opens now is the probe's doing:
        the login that was refused is counted already, or was not even tried."""

    def on_event(self, event: Event) -> None:
        """Pass on what the other side should know."""
        match event:
            case ProbeFinished(result=result):
                self._tell_sender(result)
            case CredentialsChanged(accounts=accounts):
                self._sender.credentials_changed(accounts)
                self._notes.credentials_changed(accounts)
                for account in accounts[:MOST_PROBES]:
                    self._notes.request(account)
            case SessionOpened(account=account) if self._logs_in(account):
                self._note(account, is_rejected=False)
            case BreakerOpened(account=account, phase=Phase.AUTH, reason=Reason.REPLY) if not self._is_telling:
                self._note(account, is_rejected=True)
            case _:
                pass

    def _logs_in(self, name: str) -> bool:
        account = self._account(name)
        return account is not None and logs_in(account)

    def _needs_no_login(self, name: str) -> bool:
        account = self._account(name)
        return account is not None and needs_no_login(account)

    def _note(self, account: str, *, is_rejected: bool) -> None:
        self._notes.note_login(account, is_rejected)
        self._emit(LoginTried(account=account, is_rejected=is_rejected))

    def _tell_sender(self, result: ProbeResult) -> None:
        check = next((check for check in result.checks if check.check in {"smtp", "http"}), None)
        if check is None or result.can_send is None:
            return
        if result.can_send:
            # An account that needs no login any more has none to wait for.
            is_all = _has_logged_in(check) or self._needs_no_login(result.account)
            if is_all or not self._is_closed_by_login(result.account):
                self._sender.account_probed(result.account, can_send=True, detail="")
            return
        failed = _failed_phase(check)
        phase = failed.phase if failed is not None else Phase.CONNECT
        self._is_telling = True
        try:
            self._sender.account_probed(
                result.account,
                can_send=False,
                detail=_words(check, failed),
                phase=phase,
                reason=_REASONS.get(phase, Reason.PROTOCOL),
            )
        finally:
            self._is_telling = False

    def _is_closed_by_login(self, account: str) -> bool:
        trouble = self._sender.trouble_of(account)
        return trouble is not None and trouble.phase is Phase.AUTH


def _failed_phase(check: CheckResult) -> PhaseResult | None:
    return next((phase for phase in check.phases if phase.verdict is CheckVerdict.FAIL), None)


def _has_logged_in(check: CheckResult) -> bool:
    return any(phase.phase is Phase.AUTH and phase.verdict is CheckVerdict.PASS for phase in check.phases)


def _words(check: CheckResult, failed: PhaseResult | None) -> str:
    return f"a probe failed: {check.summary}" + (f" ({failed.detail})" if failed is not None and failed.detail else "")
