"""What a metric is: its name, kind, labels and meaning, with the buckets that histograms share. Pure.

The metrics themselves are listed in the catalogue beside this file. Conventions: base units, one prefix, counters'
names without the `_total` that the exposition adds, labels whose values are bounded (`labels` says by what).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The metric types that are used (Prometheus exposition format)."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # each is one of a kind: quick keys
class MetricInfo:
    """One metric. `unit` is the name's suffix or empty; `buckets` are a histogram's upper bounds in that unit."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    buckets: tuple[float, ...] = ()


ATTEMPT_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
"""One attempt: a loopback sink takes milliseconds, a server with a greeting delay and a big message takes minutes."""

SESSION_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""From look-up to login."""

FSYNC_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Flash with a buffer takes half a millisecond, a disk that turns ten; from a second on something is wrong."""

DNS_BUCKETS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
"""A resolver with a full cache answers in a millisecond; after ten seconds checks give up."""

PHASE_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
"""One phase of a probe: a server that makes its greeting wait takes 20 to 60 s."""

DELIVERY_BUCKETS: Final = (1, 5, 30, 120, 600, 3600, 14400, 86400)
"""Spool to accept: at once, after the first retries, within a day. There are few, since each account has them;
what takes longer is an alert, and `maild queue` knows why.
"""

VALIDATE_BUCKETS: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60)
"""From one file to twenty thousand."""

LAG_BUCKETS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


def gauge(name: str, meaning: str, *labels: str, unit: str = "") -> MetricInfo:
    """Something that is so now, in the base unit that ends the name."""
    return MetricInfo(name=name, kind=Kind.GAUGE, meaning=meaning, labels=labels, unit=unit)


def counter(name: str, meaning: str, *labels: str) -> MetricInfo:
    """Something that happened so often since the start."""
    return MetricInfo(name=name, kind=Kind.COUNTER, meaning=meaning, labels=labels)


def histogram(name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> MetricInfo:
    """How long something took, in seconds, by the upper bounds `buckets`."""
    return MetricInfo(
        name=name,
        kind=Kind.HISTOGRAM,
        meaning=meaning,
        labels=labels,
        unit="seconds",
        buckets=tuple(map(float, buckets)),
    )
