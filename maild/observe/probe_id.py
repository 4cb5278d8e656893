"""The name under which one probe is found again: in a log line, and as the exemplar of a histogram. Pure."""

from datetime import UTC

from maild.probe.result import ProbeResult


def probe_id(result: ProbeResult) -> str:
    """What a log line and an exemplar call a probe: account and beginning, such as shop@20261124T120000.123Z."""
    at = result.started_at.astimezone(UTC)
    # An exemplar's label and value have 128 characters together (OpenMetrics 1.0).
    return f"{result.account[:80]}@{at:%Y%m%dT%H%M%S}.{at.microsecond // 1000:03}Z"
