"""One probe as Prometheus' text format 0.0.4, for `/probe`. Pure.

The names are those of blackbox_exporter where it has such, so that its dashboards and alerts work; there is no label
for the target, since Prometheus sets `instance` itself.
"""

from collections.abc import Iterator

from maild.probe.result import CheckResult, CheckVerdict, ProbeResult


def probe_text(result: ProbeResult | None) -> str:
    """The metrics; None: it was not done in time. What cannot be told has no `probe_success`."""
    lines: list[str] = []
    can_send = None if result is None else result.can_send
    lines += _gauge(
        "probe_indeterminate", "1 when it could not be told whether the account can send.", can_send is None
    )
    if can_send is not None:
        lines += _gauge("probe_success", "1 when the account can send.", can_send)
    if result is not None:
        lines += _gauge("probe_duration_seconds", "How long the probe took.", result.seconds)
        lines += _checks(result)
        for check in result.checks:
            lines += _server(check)
    return "\n".join(lines) + "\n"


def _checks(result: ProbeResult) -> Iterator[str]:
    yield from _head("maild_probe_check", "1 for what each check came to.")
    for check in result.checks:
        yield f'maild_probe_check{{check="{check.check}",verdict="{check.verdict}"}} 1'
    phases = {
        (check.check, phase): seconds for check in result.checks for phase, seconds in check.seconds_by_phase.items()
    }
    if phases:
        yield from _head("probe_phase_duration_seconds", "How long each phase took.")
        for (name, phase), seconds in phases.items():
            yield f'probe_phase_duration_seconds{{check="{name}",phase="{phase}"}} {seconds:.6f}'


def _server(check: CheckResult) -> Iterator[str]:
    """Of the check that talks to the account's own server or service."""
    if check.certificate is not None:
        help_ = "When the server's certificate ends, also of one that was not accepted."
        yield from _gauge("probe_ssl_earliest_cert_expiry", help_, check.certificate.not_after.timestamp())
    if check.offer is not None and check.offer.tls_version:
        yield from _head("probe_tls_version_info", "1 for the TLS version.")
        yield f'probe_tls_version_info{{version="{check.offer.tls_version}"}} 1'
    if check.addresses:
        yield from _head("maild_probe_addresses", "Addresses of the server, by verdict.")
        keys = [(one.family, one.verdict) for one in check.addresses]
        for family, verdict in sorted(set(keys)):
            count = keys.count((family, verdict))
            yield f'maild_probe_addresses{{family="{family}",verdict="{verdict}"}} {count}'
        failing = sum(one.verdict is CheckVerdict.FAIL for one in check.addresses)
        yield from _gauge("maild_probe_addresses_failing", "Of these, how many fail.", failing)


def _gauge(name: str, help_: str, value: float) -> Iterator[str]:
    yield from _head(name, help_)
    yield f"{name} {float(value):.6f}".rstrip("0").rstrip(".")


def _head(name: str, help_: str) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} gauge"
