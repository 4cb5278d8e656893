"""What a probe came to: a verdict per check, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.diagnostics import Diagnostic
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.figure import Figure
from maild.probe.offer import Offer
from maild.probe.owner import Owner


class CheckVerdict(StrEnum):
    """INDETERMINATE is not FAIL: a time-out of a name server, or our own network down, says nothing about the thing
    asked about and never overwrites what was last known.
    """

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseResult:
    """One phase of the conversation with the account's server."""

    phase: Phase
    verdict: CheckVerdict
    seconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """The server's certificate, kept even when it was not accepted; `problem` names the defect."""

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    sha256: str
    names: tuple[str, ...] = ()
    problem: str | None = None


class Family(StrEnum):
    """The two internets."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressResult:
    """One address of the server, judged by itself: a dead one hides behind a healthy one for as long as that works."""

    address: str
    family: Family
    verdict: CheckVerdict
    summary: str
    phases: tuple[PhaseResult, ...] = ()
    certificate: CertificateFacts | None = None
    reason: Reason | None = None
    """Why it failed; None: it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a check came to when it could last be told."""

    verdict: CheckVerdict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of the catalogue (`smtp`, `http`, `mx`): its verdict, its phases if it has some, and the findings.

    Attributes:
        owner: who has to do something; None where nobody has.
        addresses: the server's, each by itself; `phases` are those of the one that mail would go to.
        offer: what the server offered.
        transcript: who said what, secrets hidden.
        figures: numbers that were seen.
        told: what it came to when it could last be told, where the daemon keeps it.
        reason: why the conversation stopped; None: it did not, or there was none.
        reply_code: of the reply by which the server refused; None: it refused nothing.
    """

    check: str
    verdict: CheckVerdict
    summary: str
    phases: tuple[PhaseResult, ...] = ()
    certificate: CertificateFacts | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    owner: Owner | None = None
    addresses: tuple[AddressResult, ...] = ()
    offer: Offer | None = None
    transcript: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    told: Told | None = None
    reason: Reason | None = None
    reply_code: int | None = None

    @property
    def failed_phase(self) -> Phase | None:
        """The first that failed."""
        return next((phase.phase for phase in self.phases if phase.verdict is CheckVerdict.FAIL), None)

    @property
    def seconds_by_phase(self) -> Mapping[Phase, float]:
        """How long each took altogether: with STARTTLS there are two greetings."""
        seconds: dict[Phase, float] = {}
        for phase in self.phases:
            seconds[phase.phase] = seconds.get(phase.phase, 0.0) + phase.seconds
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """One run of an account's checks."""

    account: str
    started_at: datetime
    seconds: float
    checks: tuple[CheckResult, ...]

    @property
    def can_send(self) -> bool | None:
        """Whether the account's own server or service is ready; None when that could not be told."""
        for check in self.checks:
            if check.check in {"smtp", "http"}:
                if check.verdict is CheckVerdict.INDETERMINATE:
                    return None
                return check.verdict in {CheckVerdict.PASS, CheckVerdict.WARN}
        return None
