"""What a conversation came to, as a check's result: phases, verdict, words. Pure.

Indeterminate is not fail: a name server that says nothing, a missing route and a full table of descriptors are no
evidence about the account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic, Location
from maild.mail.phase import Phase
from maild.net.certificate import Certificate
from maild.net.handshake import CertificateError
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Blame, Target, blame
from maild.probe.evidence import Evidence
from maild.probe.findings.server import CERTIFICATE_EXPIRING, NETWORK_DOWN
from maild.probe.result import CertificateFacts, CheckVerdict, PhaseResult

EXPIRY_WARNING: Final = timedelta(days=14)
"""Renewal usually runs 30 days before the end; two weeks before it is certain that it does not."""

_NO_EVIDENCE: Final = frozenset({Reason.DNS, Reason.UNREACHABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A failure with everything that is said about it."""

    error: NetError
    certificate: CertificateFacts | None
    blame: Blame
    evidence: Evidence | None = None

    @classmethod
    def of(cls, error: NetError, target: Target, evidence: Evidence | None = None) -> "Judged":
        """The failure of a conversation with that target, and what was seen beside it."""
        certificate = None
        if isinstance(error, CertificateError) and error.certificate is not None:
            certificate = facts_of(error.certificate, problem=error.defect.value)
        return cls(
            error=error,
            certificate=certificate,
            blame=blame(error, target, certificate, evidence),
            evidence=evidence,
        )

    @property
    def verdict(self) -> CheckVerdict:
        """FAIL, or INDETERMINATE when it says nothing about the account."""
        error = self.error
        is_silence = error.reason in _NO_EVIDENCE or (error.phase, error.reason) == (Phase.RESOLVE, Reason.TIMEOUT)
        # A local failure while setting up TLS or a login is the account's: a CA file that is not there, a password
        # that the mechanism cannot carry. Elsewhere it is the machine's.
        is_machine = error.reason is Reason.LOCAL and error.phase not in {Phase.TLS, Phase.AUTH}
        is_ours = self.blame.finding is NETWORK_DOWN
        # "Not now" to a sender is no refusal of the sender; one that lasts shows in deliveries.
        is_put_off = error.phase is Phase.MAIL and error.reply is not None and error.reply.is_transient
        is_open = is_silence or is_machine or is_ours or is_put_off
        return CheckVerdict.INDETERMINATE if is_open else CheckVerdict.FAIL

    @property
    def message(self) -> str:
        """What happened and why, with the server's words where it spoke."""
        error = self.error
        evidence = f"({error.detail})" if error.reply is None else f'The server said: "{error.reply}"'
        compared = f" Compared: {self.evidence}." if self.evidence is not None and str(self.evidence) else ""
        return f"{self.blame.cause} {evidence}{compared}"

    @property
    def pointers(self) -> tuple[Pointer, ...]:
        """The configuration values to change, most likely first."""
        return self.blame.pointers


def phases_of(steps: Sequence[Step], failure: Judged | None) -> tuple[PhaseResult, ...]:
    """The steps as results; the one that failed bears the failure's verdict."""
    results = [
        PhaseResult(
            phase=step.phase,
            verdict=CheckVerdict.PASS if step.error is None or failure is None else failure.verdict,
            seconds=step.seconds,
            detail=step.detail if step.error is None else step.error.detail,
        )
        for step in steps
    ]
    if failure is not None and all(step.error is None for step in steps):
        # Noticed by the probe itself and not by the session; a goodbye that was said comes after it.
        end = len(results) - 1 if results and results[-1].phase is Phase.QUIT else len(results)
        found = PhaseResult(
            phase=failure.error.phase, verdict=failure.verdict, seconds=0.0, detail=failure.error.detail
        )
        results.insert(end, found)
    return tuple(results)


def facts_of(certificate: Certificate, *, problem: str | None = None) -> CertificateFacts:
    """The certificate as a result carries it."""
    return CertificateFacts(
        subject=certificate.subject,
        issuer=certificate.issuer,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        sha256=certificate.sha256,
        names=certificate.names,
        problem=problem,
    )


def is_expiring(certificate: CertificateFacts, *, now: datetime) -> bool:
    """Whether it ends within two weeks, or within a third of its life when that is shorter."""
    lifetime = certificate.not_after - certificate.not_before
    return certificate.not_after - now < min(EXPIRY_WARNING, lifetime / 3)


def expiry_diagnostic(
    certificate: CertificateFacts, *, host: str, now: datetime, location: Location | None
) -> Diagnostic:
    """The warning about it."""
    days = max(0, (certificate.not_after - now).days)
    return CERTIFICATE_EXPIRING.diagnostic(
        f"The certificate of {host} ends on {certificate.not_after:%Y-%m-%d}, in {days} days.",
        help_="If it is your own server, see why the renewal did not run.",
        location=location,
    )
