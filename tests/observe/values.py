"""Builders of status values and events with good defaults."""

from datetime import UTC, datetime, timedelta

from maild.diagnostics import Diagnostic, Location, Severity, Span
from maild.mail.phase import Phase
from maild.observe.status import (
    AccountStatus,
    BreakerStatus,
    BudgetStatus,
    Condition,
    ConfigStatus,
    FileStanding,
    FileStatus,
    Health,
    OldestMessage,
    SpoolStatus,
    Status,
)
from maild.probe.offer import ChainLink, Offer
from maild.probe.owner import Owner
from maild.probe.result import (
    AddressResult,
    CertificateFacts,
    CheckResult,
    CheckVerdict,
    Family,
    PhaseResult,
    ProbeResult,
)
from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.queue import MessageState

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def diagnostic(message: str = "port 25 is for relaying", severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(
        code="ML301",
        name="port-25-submission",
        severity=severity,
        message=message,
        help="use 465",
        location=Location(
            file="accounts/a.yaml", span=Span(line=4, column=9, end_line=4, end_column=11), pointer="/smtp/port"
        ),
    )


def health(*, is_ready: bool = True) -> Health:
    return Health(
        alive=(Condition(name="engine", is_met=True, detail="running"),),
        ready=(Condition(name="probes", is_met=is_ready, detail="first round done" if is_ready else "1 of 2 done"),),
    )


def probe(account: str = "billing", verdict: CheckVerdict = CheckVerdict.PASS) -> ProbeResult:
    return ProbeResult(
        account=account,
        started_at=NOON,
        seconds=0.5,
        checks=(
            CheckResult(
                check="smtp",
                verdict=verdict,
                summary="550 no such user <bob@example.com>" if verdict is CheckVerdict.FAIL else "ready",
                phases=(
                    PhaseResult(phase=Phase.CONNECT, verdict=CheckVerdict.PASS, seconds=0.125),
                    PhaseResult(phase=Phase.AUTH, verdict=verdict, seconds=0.25, detail="PLAIN"),
                ),
                certificate=CertificateFacts(
                    subject="CN=mail",
                    issuer="CN=ca",
                    not_before=NOON,
                    not_after=NOON + timedelta(days=30),
                    sha256="ab" * 32,
                    names=("mail.example",),
                ),
                owner=Owner.CREDENTIALS if verdict is CheckVerdict.FAIL else None,
                addresses=(
                    AddressResult(
                        address="192.0.2.1",
                        family=Family.IPV4,
                        verdict=verdict,
                        summary="ready to send",
                        phases=(PhaseResult(phase=Phase.CONNECT, verdict=CheckVerdict.PASS, seconds=0.125),),
                    ),
                ),
                offer=Offer(
                    clear=("SIZE 100", "STARTTLS"),
                    encrypted=("SIZE 100", "AUTH PLAIN"),
                    mechanisms=("PLAIN",),
                    size_limit=100,
                    protocol="TLSv1.3 TLS_AES_256_GCM_SHA384",
                    chain=(ChainLink(subject="CN=mail", not_after=NOON + timedelta(days=30), sha256="ab" * 32),),
                    key="cd" * 32,
                ),
                transcript=("S: 220 mail.example", "C: MAIL FROM:<bob@example.com>"),
            ),
        ),
    )


BUDGET = BudgetStatus(
    used_up="the 500 recipients a day that it may send to are used up",
    until=NOON + timedelta(hours=1),
    day_left=0,
    lowered=(Allowance(kind=AllowanceKind.PER_DAY, value=500, until=NOON + timedelta(days=7)),),
)


def account(name: str = "billing", *, is_broken: bool = False) -> AccountStatus:
    breaker = BreakerStatus(phase="auth", reason="refused_by_server", detail="535 for bob@example.com", until=NOON)
    return AccountStatus(
        name=name,
        protocol="smtp",
        server="smtp.example.com:465",
        breaker=breaker if is_broken else None,
        budget=BUDGET if is_broken else BudgetStatus(),
        in_flight=2,
        sessions=1,
        waiting=3,
        probe=probe(name),
        login_suspended="535 for bob@example.com" if is_broken else None,
    )


def config(*, is_clean: bool = True) -> ConfigStatus:
    found = (diagnostic(),) if is_clean else (diagnostic(), diagnostic("alerts@example.com@", Severity.ERROR))
    standing = FileStanding.ACCEPTED if is_clean else FileStanding.LAST_GOOD
    return ConfigStatus(
        folder="/etc/maild",
        generation=7,
        loaded_at=NOON,
        is_clean=is_clean,
        last_success_at=NOON,
        files=(
            FileStatus(
                file="accounts/a.yaml",
                standing=standing,
                since=NOON,
                generation=7,
                diagnostics=found,
                good_at=NOON - timedelta(hours=1),
            ),
            FileStatus(file="maild.yaml", standing=FileStanding.ACCEPTED, since=NOON, generation=1),
        ),
        diagnostics=found,
        watch="events",
    )


def oldest(at: datetime) -> OldestMessage:
    return OldestMessage(
        id="01JD0000000000000000000000",
        received_at=at,
        account="billing",
        detail="mailbox of bob@example.com is full (452 4.2.2 full)",
        next_at=at + timedelta(hours=2),
    )


def status(
    *accounts: AccountStatus, is_clean: bool = True, is_ready: bool = True, spool: SpoolStatus | None = None
) -> Status:
    full = SpoolStatus(
        folder="/var/lib/maild/spool",
        messages={MessageState.QUEUED: 4},
        uncertain=1,
        free_bytes=5_000_000_000,
        oldest=oldest(NOON - timedelta(hours=1)),
    )
    return Status(
        version="0.1.0",
        pid=4711,
        started_at=NOON,
        at=NOON + timedelta(minutes=5),
        listen=("127.0.0.1:9725",),
        config=config(is_clean=is_clean),
        spool=spool or full,
        accounts=accounts or (account(),),
        health=health(is_ready=is_ready),
        probe_interval_s=300.0,
    )
