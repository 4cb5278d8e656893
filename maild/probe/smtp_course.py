"""How the probe of an SMTP server went, as a value, and what that comes to as the check's result. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from maild.config.probe_settings import OnDowngrade
from maild.diagnostics import Diagnostic, Severity
from maild.mail.phase import Phase
from maild.net.step import NetError, Step
from maild.probe.address_judgement import address_diagnostic
from maild.probe.blame import Target
from maild.probe.conversation import Judged, expiry_diagnostic, is_expiring, phases_of
from maild.probe.downgrade import Change, Quality
from maild.probe.evidence import Evidence
from maild.probe.findings.server import KEY_CHANGED, OFFERS_LOST, WEAKER_OFFER
from maild.probe.offer import Offer
from maild.probe.owner import Owner
from maild.probe.result import AddressResult, CertificateFacts, CheckResult, CheckVerdict, PhaseResult
from maild.probe.subject import Subject

NAME: Final = "smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLook:
    """What is to be said about the login besides its step. `words` say why it was not tried; empty: it was."""

    verdict: CheckVerdict = CheckVerdict.PASS
    words: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLook:
    """What was offered, in what that differs from before, and a sentence when nothing could be remembered."""

    offer: Offer
    changes: tuple[Change, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One probe.

    Attributes:
        error: what stopped the conversation; None: it came to its end.
        remark: about the account's own address.
        evidence: what was seen beside the error.
    """

    steps: Sequence[Step]
    error: NetError | None
    certificate: CertificateFacts | None
    login: LoginLook
    seen: OfferLook
    addresses: tuple[AddressResult, ...] = ()
    remark: Diagnostic | None = None
    evidence: Evidence | None = None
    transcript: tuple[str, ...] = ()

    def result(self, subject: Subject) -> CheckResult:
        """What it comes to."""
        target = Target.of(subject.account)
        result = self._passed(subject, target) if self.error is None else self._failed(self.error, subject, target)
        result = self._with_changes(result, subject)
        return replace(result, addresses=self.addresses, offer=self.seen.offer, transcript=self.transcript)

    def _failed(self, error: NetError, subject: Subject, target: Target) -> CheckResult:
        judged = Judged.of(error, target, self.evidence)
        found = judged.blame.finding.diagnostic(
            judged.message, help_=judged.blame.fix, location=subject.location(judged.pointers)
        )
        return CheckResult(
            check=NAME,
            verdict=judged.verdict,
            summary=judged.blame.cause,
            phases=phases_of(self.steps, judged),
            certificate=judged.certificate or self.certificate,
            diagnostics=(found, *self.login.diagnostics),
            owner=judged.blame.owner,
            reason=error.reason,
            reply_code=None if error.reply is None else error.reply.code,
        )

    def _passed(self, subject: Subject, target: Target) -> CheckResult:
        phases = list(phases_of(self.steps, None))
        result = CheckResult(
            check=NAME,
            verdict=CheckVerdict.PASS,
            summary="ready to send",
            certificate=self.certificate,
            diagnostics=self.login.diagnostics,
        )
        for phase, summary, owner, diagnostic in self._warnings(subject.clock.now(), target):
            phases = [replace(one, verdict=CheckVerdict.WARN) if one.phase is phase else one for one in phases]
            result = replace(
                result,
                verdict=CheckVerdict.WARN,
                summary=f"ready to send, but {summary}" if result.verdict is CheckVerdict.PASS else result.summary,
                owner=result.owner or owner,
                diagnostics=(*result.diagnostics, diagnostic),
            )
        if self.login.words:
            skipped = PhaseResult(phase=Phase.AUTH, verdict=self.login.verdict, seconds=0.0, detail=self.login.words)
            phases.insert(-1, skipped)  # before QUIT
            if self.login.verdict is not CheckVerdict.NOT_APPLICABLE:
                summary, owner = f"the login was {self.login.words}", Owner.CREDENTIALS
                result = replace(result, verdict=self.login.verdict, summary=summary, owner=owner)
        return replace(result, phases=tuple(phases))

    def _warnings(self, now: datetime, target: Target) -> list[tuple[Phase | None, str, Owner, Diagnostic]]:
        """Which phase, what in short, whose turn, the finding."""
        found: list[tuple[Phase | None, str, Owner, Diagnostic]] = []
        if self.certificate is not None and is_expiring(self.certificate, now=now):
            diagnostic = expiry_diagnostic(self.certificate, host=target.host, now=now, location=None)
            found.append((Phase.CERTIFICATE, "the server's certificate ends soon", Owner.PROVIDER, diagnostic))
        diagnostic_ = address_diagnostic(target.host, self.addresses)
        if diagnostic_ is not None:
            found.append((None, "not every address of the server works", Owner.PROVIDER, diagnostic_))
        if self.remark is not None:
            found.append((Phase.RCPT, "the server takes no mail for the sender's address", Owner.YOU, self.remark))
        return found

    def _with_changes(self, result: CheckResult, subject: Subject) -> CheckResult:
        """With what became of the server since it was last seen."""
        diagnostics = list(result.diagnostics)
        if self.seen.trouble:
            diagnostics.append(OFFERS_LOST.diagnostic(self.seen.trouble, help_=OFFERS_LOST.mend))
        weaker = [change for change in self.seen.changes if change.is_weaker]
        words = "; ".join(map(str, self.seen.changes))
        is_held = subject.settings.on_downgrade is OnDowngrade.HOLD
        host = Target.of(subject.account).host
        if not self.seen.changes:
            return replace(result, diagnostics=tuple(diagnostics))
        if not weaker:
            diagnostics.append(KEY_CHANGED.diagnostic(f"{host} has another key ({words}).", help_=KEY_CHANGED.mend))
            return replace(result, diagnostics=tuple(diagnostics))
        held = " Nothing is sent to it until that is accepted, or over." if is_held else ""
        found = WEAKER_OFFER.diagnostic(
            f"{host} offers less protection than it did: {words}.{held}", help_=WEAKER_OFFER.mend
        )
        diagnostics.append(replace(found, severity=Severity.ERROR) if is_held else found)
        result = replace(result, diagnostics=tuple(diagnostics))
        if result.verdict is CheckVerdict.FAIL or (result.verdict is CheckVerdict.INDETERMINATE and not is_held):
            return result
        verdict = CheckVerdict.FAIL if is_held else CheckVerdict.WARN
        return replace(
            result,
            verdict=verdict,
            summary=f"the server became weaker: {words}",
            owner=result.owner or Owner.PROVIDER,
            phases=_marked(result.phases, weaker[0], verdict),
        )


def _marked(phases: tuple[PhaseResult, ...], change: Change, verdict: CheckVerdict) -> tuple[PhaseResult, ...]:
    """The last phase of that kind bears the verdict."""
    wanted = _phase_of(change.quality)
    # What changed was seen in such a phase.
    index = max(index for index, one in enumerate(phases) if one.phase is wanted)
    return (
        *phases[:index],
        replace(phases[index], verdict=verdict, detail=str(change)),
        *phases[index + 1 :],
    )


def _phase_of(quality: Quality) -> Phase:
    match quality:
        case Quality.STARTTLS | Quality.AUTH | Quality.HIDDEN_PASSWORD:
            return Phase.EHLO
        case Quality.TLS_VERSION:
            return Phase.TLS
        case Quality.KEY:
            return Phase.CERTIFICATE
        case _:
            assert_never(quality)
