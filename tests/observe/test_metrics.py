import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import prod
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families

from maild.delivery.events import (
    AnswerLost,
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    ReportMade,
    ReportWay,
    SessionOpened,
)
from maild.diagnostics import Diagnostic, Location, Severity
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.net.name_servers import Silence
from maild.net.oauth.events import TokenRefused, TokenRenewed
from maild.net.step import Reason
from maild.observe import catalogue
from maild.observe.catalogue import METRICS
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
from maild.observe.gauges import MAX_FILES, MAX_FINDINGS
from maild.observe.labels import label_info
from maild.observe.metric import Kind, MetricInfo
from maild.observe.metrics import Metrics
from maild.observe.status import CanaryState, CanaryStatus, FileStanding, FileStatus, SpoolStatus, Status
from maild.probe.downgrade import Change, Quality
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished, QuestionAsked, ServerChanged
from maild.probe.figure import Figure, FigureName
from maild.probe.offer import Offer
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from maild.spool.events import (
    DropRejected,
    DropRepeated,
    DropTaken,
    DropUnreadable,
    IntakePaused,
    IntakeResumed,
    UserCrowded,
)
from maild.spool.queue import MessageState, Occasion, QueueId
from tests.observe.values import NOON, account, diagnostic, probe, status
from tests.rows import each_row

ID = QueueId("01JD0000000000000000000000")


def scrape(metrics: Metrics, now: Status | None = None, accept: str = "") -> dict[str, float]:
    _, text = asyncio.run(metrics.render(now or status(), accept))
    lines = (line.rpartition(" ") for line in text.decode().splitlines() if not line.startswith("#"))
    return {in_order(name): float(value) for name, _, value in lines}


def in_order(series: str) -> str:
    """A series with its labels in the order of the alphabet."""
    name, brace, labels = series.rstrip("}").partition("{")
    return f"{name}{brace}{','.join(sorted(labels.split(',')))}{'}' if brace else ''}"


def attempt(**verdicts: Verdict) -> AttemptFinished:
    return AttemptFinished(
        id=ID,
        account="billing",
        generation=1,
        verdicts={Mailbox(name, "example.com"): verdict for name, verdict in verdicts.items()},
        state=MessageState.SENT,
        seconds=0.3,
        waited_seconds=20.0,
        next_at=None,
        finished_at=NOON,
    )


def reloaded(*, trigger: str, has_changed: bool, is_clean: bool) -> Reloaded:
    return Reloaded(
        generation=2,
        trigger=trigger,
        has_changed=has_changed,
        is_clean=is_clean,
        seconds=0.1,
        finished_at=NOON,
        validate_seconds=0.02,
    )


DELIVERED = Delivered(reply=Reply.of(250, "ok"))
DEFERRED = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="full", reply=Reply.of(452, "4.2.2 full"))
FAILED = Failed(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="unknown", reply=Reply.of(550, "5.1.1 unknown"))

EVENTS: list[tuple[Event, dict[str, float]]] = [
    (
        DropTaken(drop="a.eml", id=ID, size_bytes=1000, recipient_count=2, taken_at=NOON),
        {"maild_intake_messages_total": 1, "maild_intake_bytes_total": 1000},
    ),
    (
        DropRejected(drop="a.eml", reason="empty", detail="", rejected_at=NOON),
        {'maild_intake_rejected_total{reason="empty"}': 1},
    ),
    (
        DropRejected(drop="a.eml", reason="a word from nowhere", detail="", rejected_at=NOON),
        {'maild_intake_rejected_total{reason="other"}': 1},
    ),
    (DropUnreadable(drop="a.eml", detail=""), {}),
    (IntakePaused(reason="disk_full", detail=""), {}),
    (IntakeResumed(), {}),
    (
        attempt(ann=DELIVERED, bob=DEFERRED),
        {
            'maild_delivery_attempts_total{account="billing"}': 1,
            'maild_delivery_recipients_total{account="billing",verdict="delivered"}': 1,
            'maild_delivery_recipients_total{account="billing",verdict="deferred"}': 1,
            'maild_delivery_attempt_failures_total{account="billing",reply_class="4xx"}': 1,
            'maild_delivery_failure_phases_total{phase="rcpt",reply_class="4xx"}': 1,
            "maild_delivery_attempt_duration_seconds_count": 1,
            'maild_delivery_duration_seconds_count{account="billing"}': 1,
            'maild_delivery_duration_seconds_sum{account="billing"}': 20,
        },
    ),
    (
        attempt(ann=FAILED, bob=Uncertain(phase=Phase.BODY, reason="lost")),
        {
            'maild_delivery_attempts_total{account="billing"}': 1,
            "maild_delivery_attempt_duration_seconds_sum": 0.3,
            'maild_delivery_recipients_total{account="billing",verdict="failed"}': 1,
            'maild_delivery_recipients_total{account="billing",verdict="uncertain"}': 1,
            'maild_delivery_uncertain_total{account="billing"}': 1,
            'maild_delivery_attempt_failures_total{account="billing",reply_class="5xx"}': 1,
            'maild_delivery_attempt_failures_total{account="billing",reply_class="none"}': 1,
            'maild_delivery_failure_phases_total{phase="rcpt",reply_class="5xx"}': 1,
            'maild_delivery_failure_phases_total{phase="body",reply_class="none"}': 1,
        },
    ),
    (AnswerLost(id=ID, account="billing"), {'maild_delivery_uncertain_total{account="billing"}': 1}),
    (AnswerLost(id=ID, account=None), {'maild_delivery_uncertain_total{account=""}': 1}),
    (MessageUnroutable(id=ID, detail=""), {"maild_delivery_unroutable_total": 1}),
    (MessageExpired(id=ID, account=None), {"maild_delivery_expired_total": 1}),
    (QueueTrouble(detail=""), {"maild_queue_trouble_total": 1}),
    (
        ReportMade(id=ID, occasion=Occasion.FAILED, way=ReportWay.MAIL),
        {'maild_reports_total{occasion="failed",way="mail"}': 1},
    ),
    (UserCrowded(user=1000, drop="b.eml", until=NOON), {"maild_intake_crowded_total": 1}),
    (DropRepeated(drop="b.eml", id=ID, of=None, repeated_at=NOON), {"maild_intake_repeated_total": 1}),
    (
        BreakerOpened(account="billing", phase=Phase.AUTH, reason=Reason.REPLY, detail="", until=NOON),
        {'maild_breaker_openings_total{account="billing"}': 1},
    ),
    (BreakerClosed(account="billing"), {}),
    (
        SessionOpened(account="billing", seconds=0.2),
        {
            'maild_session_open_duration_seconds_bucket{le="0.1"}': 0,
            'maild_session_open_duration_seconds_bucket{le="0.25"}': 1,
            "maild_session_open_duration_seconds_sum": 0.2,
        },
    ),
    (
        ProbeFinished(result=probe()),
        {
            'maild_probes_total{account="billing",check="smtp"}': 1,
            'maild_probe_success{account="billing",check="smtp"}': 1,
            'maild_probe_last_success_timestamp_seconds{account="billing",check="smtp"}': NOON.timestamp(),
            'maild_probe_phase_duration_seconds_count{check="smtp",phase="auth"}': 1,
            'maild_probe_failures_total{account="billing",check="smtp"}': 0,
            'maild_tls_certificate_not_after_timestamp_seconds{account="billing"}': (
                NOON + timedelta(days=30)
            ).timestamp(),
            'maild_tls_certificate_valid{account="billing"}': 1,
        },
    ),
    (
        ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)),
        {
            'maild_probes_total{account="billing",check="smtp"}': 1,
            'maild_tls_certificate_not_after_timestamp_seconds{account="billing"}': (
                NOON + timedelta(days=30)
            ).timestamp(),
            'maild_tls_certificate_valid{account="billing"}': 1,
            'maild_probe_failures_total{account="billing",check="smtp"}': 1,
            'maild_probe_failure_reasons_total{reason="other"}': 1,
            'maild_probe_phase_duration_seconds_count{check="smtp",phase="auth"}': 1,
            'maild_probe_success{account="billing",check="smtp"}': 0,
        },
    ),
    (
        TokenRefused(account="billing", is_final=True, detail=""),
        {'maild_oauth_renewals_total{account="billing",result="refused"}': 1},
    ),
    (
        TokenRefused(account="billing", is_final=False, detail=""),
        {'maild_oauth_renewals_total{account="billing",result="failed"}': 1},
    ),
    (
        TokenRenewed(account="billing", expires_at=NOON),
        {
            'maild_oauth_renewals_total{account="billing",result="granted"}': 1,
            'maild_oauth_token_expiry_timestamp_seconds{account="billing"}': NOON.timestamp(),
        },
    ),
    (
        LoginTried(account="billing", is_rejected=True),
        {
            'maild_auth_attempts_total{account="billing"}': 1,
            'maild_auth_rejections_total{account="billing"}': 1,
        },
    ),
    (LoginSuspended(account="billing", detail=""), {}),
    (
        QuestionAsked(server="", rdtype="TXT", seconds=0.003, silence=Silence.TIMEOUT),
        {
            'maild_dns_query_duration_seconds_bucket{le="0.005",resolver="site",rrtype="TXT"}': 1,
            'maild_dns_failures_total{reason="timeout",resolver="site",rrtype="TXT"}': 1,
            'maild_dns_failures_total{reason="servfail",resolver="site",rrtype="TXT"}': 0,
        },
    ),
    (
        QuestionAsked(server="192.0.2.53", rdtype="MX", seconds=0.003, silence=None),
        {
            'maild_dns_query_duration_seconds_count{resolver="192.0.2.53",rrtype="MX"}': 1,
            'maild_dns_failures_total{reason="timeout",resolver="192.0.2.53",rrtype="MX"}': 0,
        },
    ),
    (
        ServerChanged(
            account="billing",
            changes=(Change(quality=Quality.KEY, before="a", after="b", is_weaker=False),),
            is_held=False,
        ),
        {},
    ),
    (
        reloaded(trigger="event", has_changed=True, is_clean=True),
        {
            'maild_config_reloads_total{result="changed",trigger="event"}': 1,
            'maild_config_validate_duration_seconds_bucket{le="0.005"}': 0,
            'maild_config_validate_duration_seconds_bucket{le="0.025"}': 1,
        },
    ),
    (
        reloaded(trigger="rescan", has_changed=False, is_clean=True),
        {'maild_config_reloads_total{result="unchanged",trigger="rescan"}': 1},
    ),
    (
        reloaded(trigger="signal", has_changed=True, is_clean=False),
        {
            'maild_config_reloads_total{result="degraded",trigger="signal"}': 1,
            'maild_config_validate_duration_seconds_bucket{le="+Inf"}': 1,
        },
    ),
    (WatchRebuilt(folder="configs", mode="events", problem=""), {"maild_config_watch_rebuilds_total": 1}),
    (WatchOverflowed(folder="configs"), {"maild_config_watch_overflows_total": 1}),
    (ChangesMissed(files=3), {"maild_config_watch_missed_changes_total": 3}),
    (CredentialsChanged(accounts=("a", "b")), {"maild_config_credential_changes_total": 2}),
    (CanaryRan(file="a.yaml", result="failed"), {'maild_config_canary_runs_total{result="failed"}': 1}),
    (FileHeld(file="a.yaml", has_last_good=True), {}),
    (RestartPending(settings=("web.listen",)), {}),
    (LastGoodUnkept(detail=""), {}),
    (FileAccepted(file="a.yaml", generation=2), {}),
    (FileGone(file="a.yaml", generation=2), {}),
    (FileRejected(file="a.yaml", has_last_good=True, diagnostics=()), {}),
    (WebFileTaken(file="web.yml"), {}),
    (WebFileRefused(file="web.yml", detail=""), {}),
    (PageActed(deed="hold", id=ID, is_done=True, detail=""), {}),
    (DaemonStarted(version="", config="", spool="", listen=(), accounts=1, waiting=0), {}),
    (DaemonStopping(reason="", in_flight=0), {}),
    (TaskFailed(task="", detail=""), {}),
    (SpoolDoubtful(code="", detail=""), {}),
]


@each_row(("event", "moved"), EVENTS)
def test_an_event_moves_exactly_its_own_series(event: Event, moved: dict[str, float]) -> None:
    metrics = Metrics()
    before = dict.fromkeys(moved, 0.0) | scrape(metrics)

    metrics.on_event(event)

    after = scrape(metrics)
    changed = {
        name: value for name, value in after.items() if before.get(name) != value and not is_of_the_machine(name)
    }
    assert {name: changed.get(name, after.get(name)) for name in moved} == moved
    assert {metric_of(name) for name in changed} - {"maild_metric_series"} <= {metric_of(name) for name in moved}


def is_of_the_machine(series: str) -> bool:
    """What differs from one moment to the next whatever maild does."""
    return series.startswith("process_") or series == "maild_event_loop_tasks"


def metric_of(series: str) -> str:
    return re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", series)


def test_the_event_loops_lag_is_a_histogram() -> None:
    metrics = Metrics()

    metrics.on_lag(0.02)

    series = scrape(metrics)
    assert series['maild_event_loop_lag_seconds_bucket{le="0.01"}'] == 0
    assert series['maild_event_loop_lag_seconds_bucket{le="0.025"}'] == 1
    assert series["maild_event_loop_lag_seconds_sum"] == 0.02


def test_the_gauges_describe_the_status() -> None:
    now = status(account(is_broken=True), is_clean=False, is_ready=False)
    config = replace(now.config, pending_restart=("web.listen",), digest="d1ge57", commit="0123abc")
    (held, *others), canary = config.files, CanaryStatus(tries=2, untold=1, next_at=None, state=CanaryState.FAILED)
    config = replace(config, files=(replace(held, canary=canary), *others))
    series = scrape(Metrics(), replace(now, config=config, web_problem="no"))

    grows = re.compile("_total|_bucket|_sum$|_count$")
    gauges = {
        name: value
        for name, value in series.items()
        if "build_info" not in name and not grows.search(name) and not is_of_the_machine(name)
    }
    assert gauges == {
        "maild_clock_timestamp_seconds": (NOON + timedelta(minutes=5)).timestamp(),
        "maild_start_timestamp_seconds": NOON.timestamp(),
        "maild_healthy": 1,
        "maild_ready": 0,
        "maild_metric_series": len(series),
        "maild_web_config_last_reload_successful": 0,
        "maild_spool_disk_free_bytes": 5e9,
        "maild_config_generation": 7,
        "maild_config_last_reload_successful": 0,
        "maild_config_last_reload_success_timestamp_seconds": NOON.timestamp(),
        'maild_config_files{state="accepted"}': 1,
        'maild_config_files{state="last_good"}': 1,
        'maild_config_files{state="rejected"}': 0,
        'maild_config_findings{severity="error"}': 1,
        'maild_config_findings{severity="warning"}': 1,
        'maild_config_findings{severity="info"}': 0,
        'maild_config_file_valid{file="accounts/a.yaml"}': 0,
        'maild_config_file_valid{file="maild.yaml"}': 1,
        'maild_config_file_stale{file="accounts/a.yaml"}': 1,
        'maild_config_file_stale{file="maild.yaml"}': 0,
        'maild_config_file_last_good_timestamp_seconds{file="accounts/a.yaml"}': NOON.timestamp() - 3600,
        'maild_config_diagnostics{code="ML301",file="accounts/a.yaml",severity="error"}': 1,
        'maild_config_diagnostics{code="ML301",file="accounts/a.yaml",severity="warning"}': 1,
        'maild_config_hash_info{git_commit="0123abc",hash="d1ge57"}': 1,
        'maild_config_pending_restart{field="spool.path"}': 0,
        'maild_config_pending_restart{field="spool.queue"}': 0,
        'maild_config_pending_restart{field="web.listen"}': 1,
        'maild_config_pending_restart{field="web.config_file"}': 0,
        'maild_config_canary_files{state="running"}': 0,
        'maild_config_canary_files{state="failed"}': 1,
        "maild_config_watch_alive": 1,
        "maild_probe_interval_seconds": 300,
        'maild_probe_last_run_timestamp_seconds{account="billing"}': NOON.timestamp(),
        'maild_probe_last_phase_duration_seconds{account="billing",check="smtp",phase="connect"}': 0.125,
        'maild_probe_last_phase_duration_seconds{account="billing",check="smtp",phase="auth"}': 0.25,
        'maild_probe_addresses{account="billing",family="ipv4"}': 1,
        'maild_probe_addresses_failing{account="billing",family="ipv4"}': 0,
        'maild_smtp_downgraded{account="billing"}': 0,
        'maild_smtp_reply_code{account="billing"}': 0,
        'maild_smtp_capability{account="billing",capability="STARTTLS"}': 1,
        'maild_smtp_capability{account="billing",capability="PIPELINING"}': 0,
        'maild_smtp_capability{account="billing",capability="CHUNKING"}': 0,
        'maild_smtp_capability{account="billing",capability="8BITMIME"}': 0,
        'maild_smtp_capability{account="billing",capability="SMTPUTF8"}': 0,
        'maild_smtp_auth_mechanism{account="billing",mechanism="PLAIN"}': 1,
        'maild_smtp_message_size_limit_bytes{account="billing"}': 100,
        'maild_tls_session_info{account="billing",cipher="TLS_AES_256_GCM_SHA384",version="TLSv1.3"}': 1,
        'maild_tls_chain_not_after_timestamp_seconds{account="billing"}': (NOON + timedelta(days=30)).timestamp(),
        'maild_auth_probe_suspended{account="billing"}': 1,
        "maild_intake_paused": 0,
        'maild_spool_messages{state="queued"}': 4,
        'maild_spool_messages{state="sending"}': 0,
        'maild_spool_messages{state="held"}': 0,
        "maild_spool_uncertain_messages": 1,
        "maild_spool_oldest_message_timestamp_seconds": NOON.timestamp() - 3600,
        'maild_breaker_open{account="billing"}': 1,
        'maild_breaker_trouble{account="billing",phase="auth",reason="refused_by_server"}': 1,
        'maild_delivery_in_flight{account="billing"}': 2,
        'maild_delivery_waiting{account="billing"}': 3,
        'maild_delivery_limited{account="billing"}': 1,
        'maild_delivery_day_recipients_left{account="billing"}': 0,
        'maild_delivery_sessions{account="billing"}': 1,
    }


def test_of_very_many_files_the_rejected_ones_and_the_worst_findings_have_series() -> None:
    good = [
        FileStatus(file=f"{number}.yaml", standing=FileStanding.ACCEPTED, since=NOON, generation=1)
        for number in range(MAX_FILES)
    ]
    bad = FileStatus(file="z.yaml", standing=FileStanding.REJECTED, since=NOON, generation=None)
    infos = [located(f"{number}.yaml", Severity.INFO) for number in range(MAX_FINDINGS)]
    error = replace(diagnostic(), location=None)
    now = status()
    config = replace(now.config, files=(*good, bad), diagnostics=(*infos, located("z.yaml", Severity.ERROR), error))

    series = scrape(Metrics(), replace(now, config=config))

    assert series['maild_config_file_valid{file="z.yaml"}'] == 0
    assert sum(1 for name in series if name.startswith("maild_config_file_valid")) == MAX_FILES
    assert series['maild_config_diagnostics{code="ML301",file="z.yaml",severity="error"}'] == 1
    assert sum(1 for name in series if name.startswith("maild_config_diagnostics")) == MAX_FINDINGS


def located(file: str, severity: Severity) -> Diagnostic:
    return replace(diagnostic(severity=severity), location=Location(file=file))


def test_nothing_is_said_about_a_queue_that_cannot_be_read() -> None:
    series = scrape(Metrics(), status(spool=SpoolStatus(folder="s", problem="disk I/O error", paused="disk full")))

    assert not [name for name in series if name.startswith("maild_spool_") and "_fsync_" not in name]
    assert series["maild_intake_paused"] == 1


def test_what_a_server_does_not_say_has_no_series() -> None:
    found = probe()
    check = replace(found.checks[0], offer=Offer())

    series = scrape(Metrics(), status(replace(account(), probe=replace(found, checks=(check,)))))

    for name in ("maild_smtp_message_size_limit_bytes", "maild_tls_session_info", "maild_tls_chain_not_after"):
        assert not [one for one in series if one.startswith(name)]


def test_an_empty_queue_has_no_oldest_message() -> None:
    series = scrape(Metrics(), status(spool=SpoolStatus(folder="s")))

    assert series['maild_spool_messages{state="queued"}'] == 0
    assert "maild_spool_oldest_message_timestamp_seconds" not in series


def test_what_cannot_be_told_leaves_the_last_known_outcome_standing() -> None:
    metrics = Metrics()
    metrics.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)))

    metrics.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.INDETERMINATE)))

    series = scrape(metrics)
    assert series['maild_probe_success{account="billing",check="smtp"}'] == 0
    assert series['maild_probes_total{account="billing",check="smtp"}'] == 2
    assert series['maild_probe_failures_total{account="billing",check="smtp"}'] == 1


def test_the_series_of_a_removed_account_vanish() -> None:
    metrics = Metrics()
    for event, _ in EVENTS:
        metrics.on_event(event)
    scrape(metrics, status(account("billing"), account("shop")))

    series = scrape(metrics, status(account("shop")))

    assert not [name for name in series if "billing" in name]
    assert series['maild_delivery_attempts_total{account="shop"}'] == 0


def test_a_token_of_an_account_that_is_not_in_force_has_no_series() -> None:
    metrics = Metrics()
    metrics.on_event(TokenRenewed(account="shop", expires_at=NOON))

    assert not [name for name in scrape(metrics) if name.startswith("maild_oauth_token_expiry")]


def test_a_probe_of_an_account_that_is_not_in_force_has_no_series() -> None:
    metrics = Metrics()

    metrics.on_event(ProbeFinished(result=probe("shop")))

    assert not [name for name in scrape(metrics) if name.startswith("maild_probe_success")]


def with_figures(result: ProbeResult) -> ProbeResult:
    """With a check of DNS that saw one number of every kind."""
    seen = {"spf_lookups": "", "spf_void_lookups": "", "spf_relay_authorised": "gmail", "dkim_key_bits": "s1"}
    seen |= {"round_trip_seconds": "", "round_trip_received": "", "round_trip_authentication": "dmarc"}
    seen |= {"dnsbl_listed": "zen.example 192.0.2.1", "dnsbl_indeterminate": "zen.example 192.0.2.1"}
    seen |= {"dns_resolvers_disagree": "MX", "dns_resolver_trusted_ad": ""}
    figures = tuple(Figure(name=name, label=seen[name], value=1) for name in get_args(FigureName))
    check = CheckResult(check="spf", verdict=CheckVerdict.INDETERMINATE, summary="", figures=figures)
    return replace(result, checks=(*result.checks, check))


def test_numbers_that_checks_of_dns_saw_are_shown_by_account() -> None:
    series = scrape(Metrics(), status(replace(account("shop"), probe=with_figures(probe("shop")))))

    assert series['maild_dnsbl_listed{account="shop",address="192.0.2.1",list="zen.example"}'] == 1
    assert series['maild_dkim_key_bits{account="shop",selector="s1"}'] == 1
    assert series['maild_round_trip_authentication_pass{account="shop",method="dmarc"}'] == 1
    assert series['maild_probe_indeterminate{account="shop",check="spf"}'] == 1


def test_a_failed_check_of_dns_is_a_gauge_and_no_counter() -> None:
    metrics = Metrics()
    check = CheckResult(check="spf", verdict=CheckVerdict.FAIL, summary="")

    metrics.on_event(ProbeFinished(result=replace(probe(), checks=(check,))))

    series = scrape(metrics)
    assert series['maild_probe_success{account="billing",check="spf"}'] == 0
    assert not [name for name in series if "_total" in name and 'check="spf"' in name]


def test_every_metric_of_the_list_is_exposed_and_nothing_else() -> None:
    metrics = Metrics()
    for event, _ in EVENTS:
        metrics.on_event(event)
    metrics.on_event(ProbeFinished(result=with_problem(probe("shop"), "expired")))
    metrics.on_lag(0.0)

    seen = replace(account("shop"), probe=with_figures(probe("shop", CheckVerdict.FAIL)))
    exposed = {metric_of(name) for name in scrape(metrics, status(account(is_broken=True), seen))}

    assert exposed == {f"{metric.name}_total" if metric.kind is Kind.COUNTER else metric.name for metric in METRICS}


def test_the_list_is_every_metric_of_its_files_with_names_that_keep_the_conventions() -> None:
    parts = (
        catalogue.process,
        catalogue.config,
        catalogue.probe,
        catalogue.dns,
        catalogue.spool,
        catalogue.delivery,
    )
    defined = [value for part in parts for value in vars(part).values() if isinstance(value, MetricInfo)]

    assert list(METRICS) == defined
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(metric.name.startswith(("maild_", "process_")) and metric.meaning.endswith(".") for metric in METRICS)
    assert all(metric.name.endswith(metric.unit) for metric in METRICS)
    assert all(bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM) for metric in METRICS)


def test_the_text_format_is_what_prometheus_reads_line_by_line() -> None:
    content_type, text = asyncio.run(Metrics().render(status(), "text/plain;version=0.0.4"))

    lines = text.decode().splitlines()
    assert content_type.startswith("text/plain; version=0.0.4")
    start = lines.index("# HELP maild_spool_messages Messages in the queue by state.")
    assert lines[start : start + 5] == [
        "# HELP maild_spool_messages Messages in the queue by state.",
        "# TYPE maild_spool_messages gauge",
        'maild_spool_messages{state="queued"} 4.0',
        'maild_spool_messages{state="sending"} 0.0',
        'maild_spool_messages{state="held"} 0.0',
    ]
    assert not [line for line in lines if "_created" in line]


def with_problem(result: ProbeResult, problem: str) -> ProbeResult:
    (check,) = result.checks
    assert check.certificate is not None
    return replace(result, checks=(replace(check, certificate=replace(check.certificate, problem=problem)),))


def test_the_defect_of_a_certificate_is_a_series_while_it_has_it() -> None:
    metrics = Metrics()
    metrics.on_event(ProbeFinished(result=with_problem(probe(), "expired")))
    assert scrape(metrics)['maild_tls_certificate_problem{account="billing",problem="expired"}'] == 1

    metrics.on_event(ProbeFinished(result=probe()))
    assert not [name for name in scrape(metrics) if name.startswith("maild_tls_certificate_problem")]


def test_what_is_known_beforehand_stands_at_zero_from_the_start() -> None:
    series = scrape(Metrics())

    for metric in METRICS:
        if metric.kind is Kind.COUNTER:
            sets = {label: len(label_info(metric, label).values) for label in metric.labels}
            sets |= {label: count for label, count in {"account": 1, "check": 2}.items() if label in sets}
            is_kept_back = metric is catalogue.probe.OAUTH_RENEWALS
            more = 1 if metric is catalogue.delivery.UNCERTAIN else 0  # whose account is not known
            found = [value for name, value in series.items() if name.partition("{")[0] == f"{metric.name}_total"]
            if metric is not catalogue.process.CPU_SECONDS:
                assert found == [0] * (0 if is_kept_back else prod(sets.values()) + more), metric.name
        if metric.kind is Kind.HISTOGRAM and not metric.labels:
            assert series[f"{metric.name}_count"] == 0, metric.name


def test_an_account_has_no_more_counters_than_one_small_closed_set() -> None:
    for metric in METRICS:
        if metric.kind is not Kind.GAUGE and "account" in metric.labels:
            _, *others = sorted(metric.labels, key=lambda label: label != "account")
            assert len(others) <= 1, metric.name
            assert all(1 < len(label_info(metric, label).values) <= 4 for label in others), metric.name


def test_tokens_are_counted_from_zero_where_there_are_any_and_another_protocol_has_its_own_zeros() -> None:
    metrics = Metrics()
    scrape(metrics)

    series = scrape(metrics, status(replace(account(), has_tokens=True, protocol="http")))

    assert series['maild_oauth_renewals_total{account="billing",result="refused"}'] == 0
    assert series['maild_probe_failures_total{account="billing",check="http"}'] == 0


def test_what_a_transaction_took_and_what_the_process_uses_is_told() -> None:
    metrics = Metrics()
    metrics.on_commit(0.003)

    series = scrape(metrics)

    assert series['maild_spool_fsync_seconds_bucket{le="0.0025"}'] == 0
    assert series['maild_spool_fsync_seconds_bucket{le="0.005"}'] == 1
    assert series["process_resident_memory_bytes"] > 2**20
    assert 3 <= series["process_open_fds"] < series["process_max_fds"]
    assert series["process_cpu_seconds_total"] > 0


def test_a_reply_that_is_no_refusal_has_no_class() -> None:
    metrics = Metrics()
    metrics.on_event(attempt(ann=replace(DEFERRED, reply=Reply.of(250, "ok"))))

    assert scrape(metrics)['maild_delivery_attempt_failures_total{account="billing",reply_class="none"}'] == 1


def test_why_a_conversation_failed_is_a_series_while_it_does() -> None:
    failed = probe(verdict=CheckVerdict.FAIL)
    refused = replace(failed.checks[0], reason=Reason.REPLY, reply_code=535)
    metrics = Metrics()
    metrics.on_event(ProbeFinished(result=replace(failed, checks=(refused,))))

    series = scrape(metrics, status(replace(account(), probe=replace(failed, checks=(refused,)))))

    assert series['maild_probe_failing{account="billing",check="smtp",phase="auth",reason="refused_by_server"}'] == 1
    assert series['maild_smtp_reply_code{account="billing"}'] == 535
    assert series['maild_probe_failure_reasons_total{reason="refused_by_server"}'] == 1
    assert not [name for name in scrape(metrics) if name.startswith("maild_probe_failing")]


def test_of_a_server_that_begins_with_encryption_there_is_no_series_of_what_begins_it() -> None:
    found = probe()
    check = replace(found.checks[0], offer=Offer(encrypted=("PIPELINING",), protocol="TLSv1.3 X"))

    series = scrape(Metrics(), status(replace(account(), probe=replace(found, checks=(check,)))))

    assert series['maild_smtp_capability{account="billing",capability="PIPELINING"}'] == 1
    assert 'maild_smtp_capability{account="billing",capability="STARTTLS"}' not in series


def test_of_a_server_without_encryption_the_extensions_are_those_that_it_offers_in_clear() -> None:
    found = probe()
    offer = Offer(clear=("CHUNKING", "AUTH PLAIN X-OWN"), mechanisms=("PLAIN", "X-OWN"))

    series = scrape(
        Metrics(), status(replace(account(), probe=replace(found, checks=(replace(found.checks[0], offer=offer),))))
    )

    assert series['maild_smtp_capability{account="billing",capability="CHUNKING"}'] == 1
    assert series['maild_smtp_capability{account="billing",capability="STARTTLS"}'] == 0
    assert [name for name in series if "mechanism=" in name] == [
        'maild_smtp_auth_mechanism{account="billing",mechanism="PLAIN"}'
    ]


def test_exemplars_name_the_message_and_the_probe_and_only_openmetrics_has_them() -> None:
    metrics = Metrics()
    metrics.on_event(attempt(ann=DELIVERED))
    metrics.on_event(ProbeFinished(result=probe()))
    _, text = asyncio.run(metrics.render(status(), "application/openmetrics-text;version=1.0.0"))
    _, plain = asyncio.run(metrics.render(status(), "text/plain"))

    found = {
        (
            sample.name,
            tuple(sample.exemplar.labels.items()),
            sample.exemplar.value,
            float(sample.exemplar.timestamp or 0),
        )
        for family in openmetrics_families(text.decode())  # type: ignore[no-untyped-call]
        for sample in family.samples
        if sample.exemplar
    }
    at, probe_id = NOON.timestamp(), (("probe_id", "billing@20261123T120000.000Z"),)
    assert found == {
        ("maild_delivery_attempt_duration_seconds_bucket", (("queue_id", ID),), 0.3, at),
        ("maild_delivery_duration_seconds_bucket", (("queue_id", ID),), 20.0, at),
        ("maild_probe_phase_duration_seconds_bucket", probe_id, 0.125, at),
        ("maild_probe_phase_duration_seconds_bucket", probe_id, 0.25, at),
    }
    assert b"probe_id" not in plain


def test_openmetrics_is_given_to_who_asks_for_it() -> None:
    content_type, text = asyncio.run(Metrics().render(status(), "application/openmetrics-text;version=1.0.0"))

    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert text.endswith(b"# EOF\n")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize("fill", [lambda metrics: None, lambda metrics: [metrics.on_event(e) for e, _ in EVENTS]])
def test_promtool_has_nothing_to_say(fill: Callable[[Metrics], object], tmp_path: Path) -> None:
    metrics = Metrics()
    fill(metrics)
    _, text = asyncio.run(metrics.render(status(), ""))

    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False, cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_check_that_failed_without_a_phase_or_a_certificate_is_counted_too() -> None:
    metrics = Metrics()
    check = CheckResult(check="mx", verdict=CheckVerdict.FAIL, summary="null MX")

    metrics.on_event(ProbeFinished(result=replace(probe(), checks=(check,))))

    series = scrape(metrics)
    assert series['maild_probe_failures_total{account="billing",check="mx"}'] == 1
    assert 'maild_tls_certificate_valid{account="billing"}' not in series


def test_an_account_that_was_not_probed_yet_has_no_last_run() -> None:
    series = scrape(Metrics(), status(replace(account(), probe=None)))

    assert not [name for name in series if name.startswith("maild_probe_last_")]


def test_a_server_that_offers_nothing_has_no_series_of_what_it_would_offer() -> None:
    now = status(account())
    (one, *_) = now.accounts
    assert one.probe is not None
    check = replace(one.probe.checks[0], offer=Offer(), diagnostics=())
    shown = replace(one, probe=replace(one.probe, checks=(check,)))
    names = {metric_of(name) for name in scrape(Metrics(), replace(now, accounts=(shown,)))}

    assert "maild_smtp_downgraded" in names
    assert not names & {
        "maild_smtp_message_size_limit_bytes",
        "maild_tls_session_info",
        "maild_tls_chain_not_after_timestamp_seconds",
    }


def test_a_phase_that_happens_twice_in_a_conversation_is_one_series() -> None:
    now = status(account())
    (one, *_) = now.accounts
    assert one.probe is not None
    check = replace(one.probe.checks[0], phases=one.probe.checks[0].phases[:1] * 2)
    shown = replace(one, probe=replace(one.probe, checks=(check,)))
    _, text = asyncio.run(Metrics().render(replace(now, accounts=(shown,)), ""))

    lines = [line for line in text.decode().splitlines() if line.startswith("maild_probe_last_phase_duration_seconds{")]
    assert lines == ['maild_probe_last_phase_duration_seconds{account="billing",check="smtp",phase="connect"} 0.25']
