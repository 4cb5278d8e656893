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
class Distribution:
    """A histogram's state: how many observations per bucket (the last is +Inf, not cumulated) and their sum."""

    counts: tuple[int, ...]
    total: float

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
        self._histograms: dict[MetricInfo, dict[Labels, tuple[list[int], list[float]]]] = {}

    def add(self, metric: MetricInfo, *labels: str, amount: float = 1) -> None:
        """Count."""
        assert len(labels) == len(metric.labels)
        by_labels = self._counters.setdefault(metric, {})
        by_labels[labels] = by_labels.get(labels, 0) + amount

    def observe(self, metric: MetricInfo, value: float, *labels: str) -> None:
        """Note one value of a histogram."""
        assert len(labels) == len(metric.labels)
        by_labels = self._histograms.setdefault(metric, {})
        counts, total = by_labels.setdefault(labels, ([0] * (len(metric.buckets) + 1), [0.0]))
        counts[bisect_left(metric.buckets, value)] += 1
        total[0] += value

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
                    metric: {
                        labels: Distribution(counts=tuple(counts), total=total[0])
                        for labels, (counts, total) in values.items()
                    }
                    for metric, values in self._histograms.items()
                }
            ),
        )


def _without(metric: MetricInfo, by_labels: dict[Labels, _V], accounts: frozenset[str]) -> dict[Labels, _V]:
    if "account" not in metric.labels:
        return by_labels
    place = metric.labels.index("account")
    return {labels: value for labels, value in by_labels.items() if labels[place] not in accounts}
