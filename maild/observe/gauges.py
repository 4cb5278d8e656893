"""From the status to gauges: each describes the state at the moment of the scrape, so no series can go stale. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from maild.diagnostics import Severity
from maild.observe import catalogue
from maild.observe.dns_gauges import dns_values
from maild.observe.metric import MetricInfo
from maild.observe.series import Labels
from maild.observe.server_gauges import server_values
from maild.observe.status import START_SETTINGS, AccountStatus, CanaryState, ConfigStatus, FileStanding, Status
from maild.probe.result import CertificateFacts
from maild.spool.queue import MessageState

MAX_FILES: Final = 1000
"""So many files have series of their own."""

MAX_FINDINGS: Final = 500
"""So many findings have, by file and rule."""

WAITING_STATES = (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD)
"""The states that a message can stand in without being history."""


class Sample(NamedTuple):
    """One gauge value. A tuple: a thousand accounts have twenty thousand, and frozen dataclasses are made slowly."""

    metric: MetricInfo
    value: float
    labels: Labels = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What outlives the last probe: the last determinate outcome and the last success by account and check, the last
    certificate seen, the end of the access token.
    """

    success: Mapping[str, Mapping[str, bool]]
    passed_at: Mapping[str, Mapping[str, datetime]]
    certificates: Mapping[str, CertificateFacts]
    tokens: Mapping[str, datetime]


def samples_of(status: Status, known: Known, versions: Labels) -> Iterator[Sample]:
    """Every gauge but those of probes. `versions` are those of maild, Python and OpenSSL."""
    yield Sample(metric=catalogue.process.BUILD_INFO, labels=versions, value=1)
    yield Sample(metric=catalogue.process.START_TIME, value=status.started_at.timestamp())
    yield Sample(metric=catalogue.process.HEALTHY, value=status.health.is_healthy)
    yield Sample(metric=catalogue.process.READY, value=status.health.is_ready)
    yield Sample(metric=catalogue.process.CLOCK, value=status.at.timestamp())
    yield Sample(metric=catalogue.probe.PROBE_INTERVAL, value=status.probe_interval_s)
    yield Sample(metric=catalogue.process.WEB_FILE_OK, value=not status.web_problem)
    yield from _config(status)
    yield from _spool(status)
    for account in status.accounts:
        yield from _account(account)
    names = frozenset(account.name for account in status.accounts)
    for name, expires_at in known.tokens.items():
        if name in names:
            yield Sample(metric=catalogue.probe.OAUTH_TOKEN_EXPIRY, labels=(name,), value=expires_at.timestamp())


def _config(status: Status) -> Iterator[Sample]:
    config = status.config
    yield Sample(metric=catalogue.config.CONFIG_GENERATION, value=config.generation)
    yield Sample(metric=catalogue.config.CONFIG_RELOAD_OK, value=config.is_clean)
    # Seconds since 1970 can be 0 only for "never", which is what an alert on its age should take it for.
    success_at = config.last_success_at
    yield Sample(metric=catalogue.config.CONFIG_RELOAD_SUCCESS_AT, value=success_at.timestamp() if success_at else 0)
    for standing in FileStanding:
        yield Sample(metric=catalogue.config.CONFIG_FILES, labels=(standing,), value=config.count_files(standing))
    for severity in Severity:
        yield Sample(metric=catalogue.config.CONFIG_FINDINGS, labels=(severity,), value=config.count_findings(severity))
    yield Sample(metric=catalogue.config.CONFIG_WATCH_ALIVE, value=config.watch == "events")
    yield Sample(metric=catalogue.config.CONFIG_HASH_INFO, labels=(config.digest, config.commit or ""), value=1)
    for key in START_SETTINGS:
        yield Sample(metric=catalogue.config.CONFIG_PENDING_RESTART, labels=(key,), value=key in config.pending_restart)
    for state in CanaryState:
        yield Sample(metric=catalogue.config.CONFIG_CANARY_FILES, labels=(state,), value=config.count_canaries(state))
    yield from _files(config)


def _files(config: ConfigStatus) -> Iterator[Sample]:
    """Series by file: bounded, since a folder may hold any number of them."""
    shown = sorted(config.files, key=lambda file: file.standing is FileStanding.ACCEPTED)[:MAX_FILES]
    for file in shown:
        labels, standing = (file.file,), file.standing
        yield Sample(metric=catalogue.config.CONFIG_FILE_VALID, labels=labels, value=standing is FileStanding.ACCEPTED)
        yield Sample(metric=catalogue.config.CONFIG_FILE_STALE, labels=labels, value=standing is FileStanding.LAST_GOOD)
        if file.good_at is not None:
            yield Sample(metric=catalogue.config.CONFIG_FILE_LAST_GOOD, labels=labels, value=file.good_at.timestamp())
    counts = Counter(
        (location.file, diagnostic.code, diagnostic.severity)
        for diagnostic in config.diagnostics
        if (location := diagnostic.location) is not None
    )
    worst = sorted(counts.items(), key=lambda entry: entry[0][2].rank)[:MAX_FINDINGS]
    for found, count in worst:
        yield Sample(metric=catalogue.config.CONFIG_DIAGNOSTICS, labels=found, value=count)


def _spool(status: Status) -> Iterator[Sample]:
    spool = status.spool
    yield Sample(metric=catalogue.spool.INTAKE_PAUSED, value=bool(spool.paused))
    if spool.free_bytes is not None:
        yield Sample(metric=catalogue.spool.DISK_FREE, value=spool.free_bytes)
    if spool.problem:
        # Nothing is known about the queue; no series says so better than a wrong zero.
        return
    for state in WAITING_STATES:
        yield Sample(metric=catalogue.spool.SPOOL_MESSAGES, labels=(state,), value=spool.messages.get(state, 0))
    yield Sample(metric=catalogue.spool.SPOOL_UNCERTAIN, value=spool.uncertain)
    if spool.oldest is not None:
        yield Sample(metric=catalogue.spool.SPOOL_OLDEST, value=spool.oldest.received_at.timestamp())


def _account(account: AccountStatus) -> Iterator[Sample]:
    labels = (account.name,)
    yield Sample(metric=catalogue.delivery.BREAKER_OPEN, labels=labels, value=account.breaker is not None)
    if account.breaker is not None:
        trouble = (account.name, account.breaker.phase, account.breaker.reason)
        yield Sample(metric=catalogue.delivery.BREAKER_TROUBLE, labels=trouble, value=1)
    yield Sample(metric=catalogue.delivery.IN_FLIGHT, labels=labels, value=account.in_flight)
    yield Sample(metric=catalogue.delivery.WAITING, labels=labels, value=account.waiting)
    yield Sample(metric=catalogue.delivery.LIMITED, labels=labels, value=bool(account.budget.used_up))
    if account.budget.day_left is not None:
        yield Sample(metric=catalogue.delivery.DAY_LEFT, labels=labels, value=account.budget.day_left)
    yield Sample(metric=catalogue.delivery.SESSIONS, labels=labels, value=account.sessions)
    yield Sample(metric=catalogue.probe.AUTH_SUSPENDED, labels=labels, value=account.login_suspended is not None)


def probe_samples(account: AccountStatus, known: Known) -> Iterator[Sample]:
    """Every gauge of an account's probes; they change with its probe and with nothing else."""
    for check, is_passed in known.success.get(account.name, {}).items():
        yield Sample(metric=catalogue.probe.PROBE_SUCCESS, labels=(account.name, check), value=is_passed)
    for check, passed_at in known.passed_at.get(account.name, {}).items():
        labels = (account.name, check)
        yield Sample(metric=catalogue.probe.PROBE_LAST_SUCCESS, labels=labels, value=passed_at.timestamp())
    yield from _probe(account, known)


def _probe(account: AccountStatus, known: Known) -> Iterator[Sample]:
    certificate = known.certificates.get(account.name)
    if certificate is not None:
        labels = (account.name,)
        yield Sample(
            metric=catalogue.probe.CERTIFICATE_NOT_AFTER, labels=labels, value=certificate.not_after.timestamp()
        )
        yield Sample(metric=catalogue.probe.CERTIFICATE_VALID, labels=labels, value=certificate.problem is None)
        if certificate.problem is not None:
            defect = (account.name, certificate.problem)
            yield Sample(metric=catalogue.probe.CERTIFICATE_PROBLEM, labels=defect, value=1)
    if account.probe is None:
        return
    yield Sample(
        metric=catalogue.probe.PROBE_LAST_RUN, labels=(account.name,), value=account.probe.started_at.timestamp()
    )
    for check_result in account.probe.checks:
        for values_of in (server_values, dns_values):
            for metric, labels_, value in values_of(account.name, check_result):
                yield Sample(metric=metric, labels=labels_, value=value)
        for phase, seconds in check_result.seconds_by_phase.items():
            named = (account.name, check_result.check, phase)
            yield Sample(metric=catalogue.probe.PROBE_PHASE, labels=named, value=seconds)
