"""The status as a JSON object, held to `schemas/status.schema.json` by test. Pure.

Every text that may quote an address goes through the veil here: this is the one way out of the process for them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from maild.diagnostics import Diagnostic, Severity
from maild.diagnostics.render.json import diagnostic_object
from maild.observe.gauges import WAITING_STATES
from maild.observe.privacy import AddressVeil
from maild.observe.status import (
    AccountStatus,
    BreakerStatus,
    BudgetStatus,
    CanaryStatus,
    ConfigStatus,
    Health,
    OldestMessage,
    SpoolStatus,
    Status,
)
from maild.probe.offer import Offer
from maild.probe.result import AddressResult, CertificateFacts, CheckResult, PhaseResult, ProbeResult

Json: TypeAlias = Mapping[str, object]


def status_object(status: Status, veil: AddressVeil) -> Json:
    """The whole status."""
    return {
        "version": status.version,
        "pid": status.pid,
        "started_at": _instant(status.started_at),
        "at": _instant(status.at),
        "listen": list(status.listen),
        "web": {"problem": veil.show_text(status.web_problem)},
        "health": health_object(status.health, veil),
        "config": _config(status.config, veil),
        "spool": _spool(status.spool, veil),
        "accounts": [_account(account, veil) for account in status.accounts],
    }


def health_object(health: Health, veil: AddressVeil) -> Json:
    """Health with its reasons."""
    return {
        "healthy": health.is_healthy,
        "ready": health.is_ready,
        "conditions": [
            {"name": condition.name, "met": condition.is_met, "detail": veil.show_text(condition.detail)}
            for condition in (*health.alive, *health.ready)
        ],
    }


def _config(config: ConfigStatus, veil: AddressVeil) -> Json:
    return {
        "folder": config.folder,
        "generation": config.generation,
        "loaded_at": _instant(config.loaded_at),
        "commit": config.commit,
        "dirty": config.is_dirty,
        "clean": config.is_clean,
        "last_success_at": _instant(config.last_success_at),
        "problem": config.problem,
        "watch": {"mode": config.watch, "problem": config.watch_problem, "rebuilds": config.watch_rebuilds},
        "pending_restart": list(config.pending_restart),
        "findings": {severity.value: config.count_findings(severity) for severity in Severity},
        "files": [
            {
                "file": file.file,
                "standing": file.standing.value,
                "since": _instant(file.since),
                "accepted_at": _instant(file.good_at),
                "commit": file.commit,
                "dirty": file.is_dirty,
                "generation": file.generation,
                "canary": _canary(file.canary) if file.canary is not None else None,
                "diagnostics": _diagnostics(file.diagnostics, veil),
            }
            for file in config.files
        ],
        "diagnostics": _diagnostics(config.diagnostics, veil),
    }


def _canary(canary: CanaryStatus) -> Json:
    return {
        "state": canary.state.value,
        "tries": canary.tries,
        "untold": canary.untold,
        "next_at": _instant(canary.next_at),
    }


def _spool(spool: SpoolStatus, veil: AddressVeil) -> Json:
    return {
        "folder": spool.folder,
        "messages": {state.value: spool.messages.get(state, 0) for state in WAITING_STATES}
        if not spool.problem
        else None,
        "uncertain": spool.uncertain if not spool.problem else None,
        "oldest": _oldest(spool.oldest, veil) if spool.oldest is not None else None,
        "problem": veil.show_text(spool.problem),
        "paused": veil.show_text(spool.paused),
        "free_bytes": spool.free_bytes,
    }


def _oldest(oldest: OldestMessage, veil: AddressVeil) -> Json:
    return {
        "id": oldest.id,
        "received_at": _instant(oldest.received_at),
        "account": oldest.account,
        "detail": veil.show_text(oldest.detail),
        "next_at": _instant(oldest.next_at),
    }


def _account(account: AccountStatus, veil: AddressVeil) -> Json:
    return {
        "name": account.name,
        "protocol": account.protocol,
        "server": account.server,
        "enabled": account.is_enabled,
        "breaker": _breaker(account.breaker, veil) if account.breaker is not None else None,
        "budget": _budget(account.budget),
        "in_flight": account.in_flight,
        "sessions": account.sessions,
        "waiting": account.waiting,
        "login_suspended": veil.show_text(account.login_suspended) if account.login_suspended is not None else None,
        "probe": probe_object(account.probe, veil) if account.probe is not None else None,
    }


def _budget(budget: BudgetStatus) -> Json:
    return {
        "used_up": budget.used_up,
        "until": _instant(budget.until),
        "day_left": budget.day_left,
        "lowered": [
            {"kind": one.kind.value, "value": one.value, "until": _instant(one.until)} for one in budget.lowered
        ],
    }


def _breaker(breaker: BreakerStatus, veil: AddressVeil) -> Json:
    return {
        "phase": breaker.phase,
        "reason": breaker.reason,
        "detail": veil.show_text(breaker.detail),
        "until": _instant(breaker.until),
    }


def probe_object(probe: ProbeResult, veil: AddressVeil) -> Json:
    """One probe; `maild probe` prints the same."""
    return {
        "started_at": _instant(probe.started_at),
        "seconds": round(probe.seconds, 4),
        "can_send": probe.can_send,
        "checks": [_check(check, veil) for check in probe.checks],
    }


def _check(check: CheckResult, veil: AddressVeil) -> Json:
    return {
        "check": check.check,
        "verdict": check.verdict.value,
        "summary": veil.show_text(check.summary),
        "phases": _phases(check.phases, veil),
        "certificate": _certificate(check.certificate) if check.certificate is not None else None,
        "diagnostics": _diagnostics(check.diagnostics, veil),
        "owner": check.owner.value if check.owner is not None else None,
        "addresses": [_address(address, veil) for address in check.addresses],
        "offer": _offer(check.offer) if check.offer is not None else None,
        "transcript": [veil.show_text(line) for line in check.transcript],
        "figures": [{"name": one.name, "label": one.label, "value": float(one.value)} for one in check.figures],
        "told": {"verdict": check.told.verdict.value, "at": _instant(check.told.at)} if check.told else None,
    }


def _address(address: AddressResult, veil: AddressVeil) -> Json:
    return {
        "address": address.address,
        "family": address.family.value,
        "verdict": address.verdict.value,
        "summary": veil.show_text(address.summary),
        "phases": _phases(address.phases, veil),
        "certificate": _certificate(address.certificate) if address.certificate is not None else None,
    }


def _offer(offer: Offer) -> Json:
    return {
        "clear": None if offer.clear is None else list(offer.clear),
        "encrypted": None if offer.encrypted is None else list(offer.encrypted),
        "mechanisms": None if offer.mechanisms is None else list(offer.mechanisms),
        "size_limit": offer.size_limit,
        "tls_version": offer.tls_version or None,
        "cipher": offer.cipher or None,
        "chain": [
            {"subject": link.subject, "not_after": _instant(link.not_after), "sha256": link.sha256}
            for link in offer.chain
        ],
        "key_sha256": offer.key or None,
    }


def _phases(phases: Iterable[PhaseResult], veil: AddressVeil) -> list[Json]:
    return [
        {
            "phase": phase.phase.value,
            "verdict": phase.verdict.value,
            "seconds": round(phase.seconds, 4),
            "detail": veil.show_text(phase.detail),
        }
        for phase in phases
    ]


def _certificate(certificate: CertificateFacts) -> Json:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "not_before": _instant(certificate.not_before),
        "not_after": _instant(certificate.not_after),
        "sha256": certificate.sha256,
        "problem": certificate.problem,
    }


def _diagnostics(diagnostics: Iterable[Diagnostic], veil: AddressVeil) -> list[Json]:
    shown: list[Json] = []
    for diagnostic in diagnostics:
        words = {"message": veil.show_text(diagnostic.message), "help": veil.show_text(diagnostic.help)}
        # Nobody edits a file from the status, and an edit that hides an address would be a wrong one.
        shown.append({**diagnostic_object(diagnostic), **words, "fix": None})
    return shown


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at is not None else None
