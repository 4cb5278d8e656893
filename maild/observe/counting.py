"""From events to numbers: which counter each event moves, and what was last known of each account's checks. Pure.

Every event is handled here, by name, even those that count nothing: a new kind of event is a decision, not an
oversight.
"""

from typing import TYPE_CHECKING, Final, assert_never

from maild.delivery.events import (
    AnswerLost,
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    ReportMade,
    SessionOpened,
)
from maild.mail.message import MessageProblem
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.net.oauth.events import TokenEvent, TokenRefused, TokenRenewed
from maild.observe import catalogue
from maild.observe.dns_gauges import SELDOM, count_question
from maild.observe.events import (
    CanaryRan,
    ChangesMissed,
    CredentialsChanged,
    DaemonStarted,
    DaemonStopping,
    Event,
    FileAccepted,
    FileGone,
    FileHeld,
    FileRejected,
    LastGoodUnkept,
    PageActed,
    Reloaded,
    RestartPending,
    SpoolDoubtful,
    TaskFailed,
    WatchOverflowed,
    WatchRebuilt,
    WebFileRefused,
    WebFileTaken,
)
from maild.observe.gauges import Known
from maild.observe.probe_id import probe_id
from maild.observe.series import Series
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished, QuestionAsked, ServerChanged
from maild.probe.result import CertificateFacts, CheckResult, CheckVerdict, ProbeResult
from maild.spool.events import (
    DropRejected,
    DropRepeated,
    DropTaken,
    DropUnreadable,
    IntakePaused,
    IntakeResumed,
    SpoolEvent,
    UserCrowded,
)

if TYPE_CHECKING:
    from datetime import datetime

REJECT_REASONS: Final = frozenset(
    {
        "bad_checksum",
        "bad_envelope",
        "bad_name",
        "hard_link",
        "not_a_file",
        *(problem.value for problem in MessageProblem),
    }
)
"""Reasons that the spool gives for refusing a drop; another word is counted as "other", so that labels stay bounded."""

REPLY_CLASSES: Final = ("4xx", "5xx", "none")


class Counting:
    """Keeps the numbers; told every event, on the event loop."""

    def __init__(self) -> None:
        self.series = Series()
        self._success: dict[str, dict[str, bool]] = {}
        self._passed_at: dict[str, dict[str, datetime]] = {}
        self._certificates: dict[str, CertificateFacts] = {}
        self._tokens: dict[str, datetime] = {}

    def known(self) -> Known:
        """A copy of what outlives the last probe."""
        return Known(
            success={name: dict(checks) for name, checks in self._success.items()},
            passed_at={name: dict(checks) for name, checks in self._passed_at.items()},
            certificates=dict(self._certificates),
            tokens=dict(self._tokens),
        )

    def on_event(self, event: Event) -> None:  # noqa: PLR0912 -- one branch for each family of events
        """Count one event."""
        match event:
            case DropTaken() | DropRepeated() | DropRejected() | DropUnreadable() | UserCrowded():
                self._count_drop(event)
            case IntakePaused() | IntakeResumed():
                self._count_drop(event)
            case AttemptFinished():
                self._count_attempt(event)
            case (
                AnswerLost()
                | MessageUnroutable()
                | MessageExpired()
                | QueueTrouble()
                | BreakerOpened()
                | BreakerClosed()
            ):
                self._count_delivery(event)
            case SessionOpened(seconds=seconds):
                self.series.observe(catalogue.delivery.SESSION_SECONDS, seconds)
            case ReportMade(occasion=occasion, way=way):
                self.series.add(catalogue.delivery.REPORTS, occasion, way)
            case ProbeFinished(result=result):
                self._count_probe(result)
            case QuestionAsked():
                count_question(self.series, event)
            case LoginTried() | TokenRenewed() | TokenRefused():
                self._count_login(event)
            case Reloaded() | WatchRebuilt() | WatchOverflowed() | ChangesMissed() | CredentialsChanged() | CanaryRan():
                self._count_look(event)
            case FileAccepted() | FileGone() | FileHeld() | FileRejected() | RestartPending() | LoginSuspended():
                # State, not numbers: the gauges show it.
                pass
            case DaemonStarted() | DaemonStopping() | TaskFailed() | LastGoodUnkept() | SpoolDoubtful():
                pass
            case ServerChanged() | WebFileTaken() | WebFileRefused() | PageActed():
                pass
            case _:
                assert_never(event)

    def forget(self, accounts: frozenset[str]) -> None:
        """Drop what belongs to accounts that are no more."""
        self.series.forget(accounts)
        self._success = {key: value for key, value in self._success.items() if key not in accounts}
        self._passed_at = {key: value for key, value in self._passed_at.items() if key not in accounts}
        self._certificates = {key: value for key, value in self._certificates.items() if key not in accounts}
        self._tokens = {key: value for key, value in self._tokens.items() if key not in accounts}

    def _count_look(
        self, event: Reloaded | WatchRebuilt | WatchOverflowed | ChangesMissed | CredentialsChanged | CanaryRan
    ) -> None:
        match event:
            case Reloaded():
                self.series.add(catalogue.config.CONFIG_RELOADS, event.trigger, _reload_result(event))
                if event.has_changed:
                    self.series.observe(catalogue.config.CONFIG_VALIDATE_SECONDS, event.validate_seconds)
            case WatchRebuilt():
                self.series.add(catalogue.config.CONFIG_WATCH_REBUILDS)
            case WatchOverflowed():
                self.series.add(catalogue.config.CONFIG_WATCH_OVERFLOWS)
            case ChangesMissed(files=files):
                self.series.add(catalogue.config.CONFIG_WATCH_MISSED, amount=files)
            case CredentialsChanged(accounts=accounts):
                self.series.add(catalogue.config.CREDENTIAL_CHANGES, amount=len(accounts))
            case CanaryRan(result=result):
                self.series.add(catalogue.config.CONFIG_CANARY_RUNS, result)
            case _:
                assert_never(event)

    def _count_drop(self, event: SpoolEvent) -> None:
        match event:
            case DropTaken(size_bytes=size_bytes):
                self.series.add(catalogue.spool.INTAKE_TAKEN)
                self.series.add(catalogue.spool.INTAKE_BYTES, amount=size_bytes)
            case DropRejected(reason=reason):
                self.series.add(catalogue.spool.INTAKE_REJECTED, reason if reason in REJECT_REASONS else "other")
            case DropRepeated():
                self.series.add(catalogue.spool.INTAKE_REPEATED)
            case UserCrowded():
                self.series.add(catalogue.spool.INTAKE_CROWDED)
            case DropUnreadable() | IntakePaused() | IntakeResumed():
                pass
            case _:
                assert_never(event)

    def _count_attempt(self, event: AttemptFinished) -> None:
        whose = ("queue_id", event.id, event.finished_at.timestamp())
        self.series.add(catalogue.delivery.ATTEMPTS, event.account)
        self.series.observe(catalogue.delivery.ATTEMPT_SECONDS, event.seconds, whose=whose)
        for verdict in event.verdicts.values():
            self.series.add(catalogue.delivery.RECIPIENTS, event.account, _verdict_word(verdict))
            if not isinstance(verdict, Delivered):
                reply_class = _reply_class(verdict)
                self.series.add(catalogue.delivery.ATTEMPT_FAILURES, event.account, reply_class)
                self.series.add(catalogue.delivery.FAILURE_PHASES, verdict.phase, reply_class)
        if any(isinstance(verdict, Uncertain) for verdict in event.verdicts.values()):
            self.series.add(catalogue.delivery.UNCERTAIN, event.account)
        if any(isinstance(verdict, Delivered) for verdict in event.verdicts.values()):
            self.series.observe(catalogue.delivery.DELIVERY_SECONDS, event.waited_seconds, event.account, whose=whose)

    def _count_delivery(
        self, event: AnswerLost | MessageUnroutable | MessageExpired | QueueTrouble | BreakerOpened | BreakerClosed
    ) -> None:
        match event:
            case AnswerLost(account=account):
                self.series.add(catalogue.delivery.UNCERTAIN, account or "")
            case MessageUnroutable():
                self.series.add(catalogue.delivery.UNROUTABLE)
            case MessageExpired():
                self.series.add(catalogue.delivery.EXPIRED)
            case QueueTrouble():
                self.series.add(catalogue.spool.QUEUE_TROUBLE)
            case BreakerOpened(account=account):
                self.series.add(catalogue.delivery.BREAKER_OPENINGS, account)
            case BreakerClosed():
                pass
            case _:
                assert_never(event)

    def _count_login(self, event: LoginTried | TokenEvent) -> None:
        match event:
            case LoginTried(account=account, is_rejected=is_rejected):
                self.series.add(catalogue.probe.AUTH_ATTEMPTS, account)
                self.series.add(catalogue.probe.AUTH_REJECTIONS, account, amount=1 if is_rejected else 0)
            case TokenRenewed(account=account, expires_at=expires_at):
                self.series.add(catalogue.probe.OAUTH_RENEWALS, account, "granted")
                self._tokens[account] = expires_at
            case TokenRefused(account=account, is_final=is_final):
                self.series.add(catalogue.probe.OAUTH_RENEWALS, account, "refused" if is_final else "failed")
            case _:
                assert_never(event)

    def _count_probe(self, result: ProbeResult) -> None:
        whose = ("probe_id", probe_id(result), result.started_at.timestamp())
        for check in result.checks:
            self._count_check(result, check)
            for phase in check.phases:
                self.series.observe(
                    catalogue.probe.PROBE_PHASE_SECONDS, phase.seconds, check.check, phase.phase, whose=whose
                )

    def _count_check(self, result: ProbeResult, check: CheckResult) -> None:
        # Checks of DNS are many, and looked at again once an hour, and a message needs its time: gauges tell of both.
        is_own = check.check not in SELDOM
        is_failed = check.verdict is CheckVerdict.FAIL
        if is_own:
            self.series.add(catalogue.probe.PROBES, result.account, check.check)
            self.series.add(catalogue.probe.PROBE_FAILURES, result.account, check.check, amount=int(is_failed))
        if is_failed and check.phases:
            self.series.add(catalogue.probe.FAILURE_REASONS, "other" if check.reason is None else check.reason)
        known = _known_success(check.verdict)
        if known is not None:
            self._success.setdefault(result.account, {})[check.check] = known
        if known and is_own:
            self._passed_at.setdefault(result.account, {})[check.check] = result.started_at
        if check.certificate is not None:
            self._certificates[result.account] = check.certificate


def _reload_result(event: Reloaded) -> str:
    if not event.is_clean:
        return "degraded"
    return "changed" if event.has_changed else "unchanged"


def _verdict_word(verdict: Verdict) -> str:
    match verdict:
        case Delivered():
            return "delivered"
        case Deferred():
            return "deferred"
        case Failed():
            return "failed"
        case Uncertain():
            return "uncertain"
        case _:
            assert_never(verdict)


def _reply_class(verdict: Deferred | Failed | Uncertain) -> str:
    reply = None if isinstance(verdict, Uncertain) else verdict.reply
    found = "none" if reply is None else f"{reply.code // 100}xx"
    # A 250 where 354 was due is no refusal.
    return found if found in REPLY_CLASSES else "none"


def _known_success(verdict: CheckVerdict) -> bool | None:
    match verdict:
        case CheckVerdict.PASS | CheckVerdict.WARN:
            return True
        case CheckVerdict.FAIL:
            return False
        case CheckVerdict.NOT_APPLICABLE | CheckVerdict.INDETERMINATE:
            # A name server's silence says nothing about the mail server, so what was known before stands.
            return None
        case _:
            assert_never(verdict)
