"""Numbers that grow: counters and histograms by label values, and an immutable picture of them. Pure.

The client library's own counters lock, carry creation times and cannot be rendered from a picture; these are plain
dictionaries that the event loop alone writes to, copied in microseconds for a scrape that is rendered in a thread.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from maild.observe.metric import MetricInfo

Labels: TypeAlias = tuple[str, ...]
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemplar:
    """The last observation of a bucket that says whose it was: `label` is queue_id or probe_id, `at_s` since 1970."""

    label: str
    id: str
    value: float
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A histogram's state: how many observations per bucket (the last is +Inf, not cumulated), their sum, and by the
    number of the bucket its exemplar.
    """

    counts: tuple[int, ...]
    total: float
    exemplars: Mapping[int, Exemplar] = field(default_factory=lambda: MappingProxyType({}))

    def cumulated(self) -> tuple[int, ...]:
        """How many observations are at most each bound; the last number is that of all."""
        return tuple(accumulate(self.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPicture:
    """All counters and histograms at one moment."""

    counters: Mapping[MetricInfo, Mapping[Labels, float]] = field(default_factory=lambda: MappingProxyType({}))
    histograms: Mapping[MetricInfo, Mapping[Labels, Distribution]] = field(default_factory=lambda: MappingProxyType({}))


class Series:
    """Counters and histograms that grow. Not for several threads: the event loop's alone."""

    def __init__(self) -> None:
        self._counters: dict[MetricInfo, dict[Labels, float]] = {}
        self._histograms: dict[MetricInfo, dict[Labels, _Growing]] = {}

    def add(self, metric: MetricInfo, *labels: str, amount: float = 1) -> None:
        """Count."""
        assert len(labels) == len(metric.labels)
        by_labels = self._counters.setdefault(metric, {})
        by_labels[labels] = by_labels.get(labels, 0.0) + amount

    def observe(
        self, metric: MetricInfo, value: float, *labels: str, whose: tuple[str, str, float] | None = None
    ) -> None:
        """Note one value of a histogram; `whose` it was: label, value and time of its exemplar."""
        assert len(labels) == len(metric.labels)
        by_labels = self._histograms.setdefault(metric, {})
        growing = by_labels.get(labels)
        if growing is None:
            growing = by_labels[labels] = _Growing(len(metric.buckets) + 1)
        place = bisect_left(metric.buckets, value)
        growing.counts[place] += 1
        growing.total += value
        if whose is not None:
            label, id_, at_s = whose
            growing.exemplars[place] = Exemplar(label=label, id=id_, value=value, at_s=at_s)

    def begin(self, metric: MetricInfo, *labels: str) -> None:
        """Let a histogram be there before its first value."""
        self._histograms.setdefault(metric, {}).setdefault(labels, _Growing(len(metric.buckets) + 1))

    def forget(self, accounts: Iterable[str]) -> None:
        """Drop the series of accounts that are no more, so that years of renamed files do not pile up."""
        gone = frozenset(accounts)
        if not gone:
            return
        for metric, numbers in self._counters.items():
            self._counters[metric] = _without(metric, numbers, gone)
        for metric, distributions in self._histograms.items():
            self._histograms[metric] = _without(metric, distributions, gone)

    def picture(self) -> SeriesPicture:
        """A copy that does not change any more."""
        return SeriesPicture(
            counters=MappingProxyType({metric: dict(values) for metric, values in self._counters.items()}),
            histograms=MappingProxyType(
                {
                    metric: {labels: growing.picture() for labels, growing in values.items()}
                    for metric, values in self._histograms.items()
                }
            ),
        )


class _Growing:
    """A histogram that is still added to."""

    __slots__ = ("counts", "exemplars", "total")

    def __init__(self, buckets: int) -> None:
        self.counts = [0] * buckets
        self.total = 0.0
        self.exemplars: dict[int, Exemplar] = {}

    def picture(self) -> Distribution:
        """A copy that does not change any more."""
        return Distribution(counts=tuple(self.counts), total=self.total, exemplars=dict(self.exemplars))


def _without(metric: MetricInfo, by_labels: dict[Labels, _V], accounts: frozenset[str]) -> dict[Labels, _V]:
    if "account" not in metric.labels:
        return by_labels
    place = metric.labels.index("account")
    return {labels: value for labels, value in by_labels.items() if labels[place] not in accounts}
