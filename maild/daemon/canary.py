"""The canary: which changed accounts must prove themselves before they are used, and how one did. Pure.

A change concerns it when a probe could tell: another server, TLS, mechanism, username or password reference, a new
account, one that is switched on. A name, a limit or a comment takes effect at once, provider down or not. What is being
tried is named by its content, so an answer about a version that is not on disk any more decides nothing.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from maild.config.delivery_settings import AccountDelivery
from maild.config.fault import Pointer
from maild.config.load import LoadedAccount
from maild.config.model import Account, HttpSettings, Limits, ReplyToPolicy
from maild.diagnostics import Diagnostic, Location, Severity
from maild.probe.findings.login import LOGIN_REJECTED, PASSWORDS_SWITCHED_OFF
from maild.probe.place import place_of
from maild.probe.result import CheckResult, ProbeResult
from maild.rules.tool.ml909_canary_failed import INFO

_OWN_CHECKS: Final = frozenset({"smtp", "http"})
_NEEDS_ANOTHER_PASSWORD: Final = frozenset({LOGIN_REJECTED.code, PASSWORDS_SWITCHED_OFF.code})


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """Held back; no try has said yes or no."""

    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Held back; the last try that said anything said no. `cause` is the code of what the probe found."""

    content: str
    cause: str
    finding: Diagnostic


Held: TypeAlias = Untried | Failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """It can send: to be taken into use."""

    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """Nothing could be told for long enough: to be taken into use unproven."""

    content: str


Verdict: TypeAlias = Failing | Passed | Waived


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A version of an account that is held back. `has_last_good`: an older one is in force meanwhile."""

    content: str
    loaded: LoadedAccount
    account: Account
    has_last_good: bool

    @property
    def file(self) -> str:
        """The file's name."""
        return self.loaded.file


def concerns_canary(candidate: Account, in_force: Account | None) -> bool:
    """Whether a probe could tell something about the step from the account in force, None: there is none, to this."""
    if not candidate.is_enabled:
        return False
    return in_force is None or not in_force.is_enabled or _connection(candidate) != _connection(in_force)


def failing(candidate: Candidate, result: ProbeResult) -> Failing:
    """What a try that said no comes to; at the line to blame, else at the server's name."""
    check = next(check for check in result.checks if check.check in _OWN_CHECKS)
    found = _worst(check)
    words = check.summary if found is None else found.message
    meanwhile = (
        "The version before it stays in force." if candidate.has_last_good else "Until then nothing is sent through it."
    )
    finding = Diagnostic(
        code=INFO.code,
        name=INFO.name,
        severity=INFO.severity,
        message=f"The {'changed' if candidate.has_last_good else 'new'} account was tried and cannot send: {words}",
        help=" ".join(part for part in (_help(candidate, found), meanwhile) if part),
        location=_location(candidate, found),
    )
    return Failing(content=candidate.content, cause="" if found is None else found.code, finding=finding)


def _connection(account: Account) -> Account:
    """The account without what no try could tell."""
    return replace(
        account,
        email=None,
        reply_to=(),
        reply_to_policy=ReplyToPolicy.KEEP,
        display_name=None,
        copy_to=None,
        limits=Limits(),
        delivery=AccountDelivery(),
    )


def _worst(check: CheckResult) -> Diagnostic | None:
    return min(check.diagnostics, key=lambda one: one.severity.rank, default=None)


def _help(candidate: Candidate, found: Diagnostic | None) -> str:
    if found is None:
        return ""
    again = "It is tried again by itself, and at once by `systemctl reload maild`."
    if found.code in _NEEDS_ANOTHER_PASSWORD:
        again = f"The login is not repeated before that, unless by `maild probe {candidate.account.name} --login`."
    return f"{found.help} ({found.docs}) {again}".strip()


def _location(candidate: Candidate, found: Diagnostic | None) -> Location:
    if found is not None and found.severity is Severity.ERROR and found.location is not None:
        return found.location
    is_http = isinstance(candidate.account.transport, HttpSettings)
    return place_of(candidate.loaded, (Pointer("/http/url" if is_http else "/smtp/host"),))
