"""The metrics as Prometheus takes them: counters from events, gauges from the status, rendered off the event loop.

Shell code, thinly: it reads the versions of the running program and uses a thread. One scrape takes one status and one
picture of the numbers, both immutable, and turns them into text where no event loop waits for it. There are no
`_created` series: they double the counters and nobody asks for them.
"""

import asyncio
import platform
import ssl
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from maild import __version__
from maild.observe import catalogue
from maild.observe.catalogue import METRICS
from maild.observe.counting import Counting
from maild.observe.events import Event
from maild.observe.gauges import Known, Sample, samples_of
from maild.observe.metric import Kind, MetricInfo
from maild.observe.series import SeriesPicture
from maild.observe.status import Status

_VERSIONS: Final = (__version__, platform.python_version(), ssl.OPENSSL_VERSION)

_ACCOUNT_COUNTERS: Final = (catalogue.delivery.ATTEMPTS, catalogue.probe.AUTH_ATTEMPTS, catalogue.probe.AUTH_REJECTIONS)
"""Counters that stand at zero for every account from the start, so that a rate over the first event is seen."""


class Metrics:
    """All of maild's numbers."""

    def __init__(self) -> None:
        self._counting = Counting()
        self._accounts: frozenset[str] = frozenset()

    def on_event(self, event: Event) -> None:
        """Count one event; on the event loop only."""
        self._counting.on_event(event)

    def on_lag(self, seconds: float) -> None:
        """Note how late the event loop was."""
        self._counting.series.observe(catalogue.process.LOOP_LAG, seconds)

    async def render(self, status: Status, accept: str) -> tuple[str, bytes]:
        """Content type and text for a scrape; `accept` is the request's header and decides between the two formats."""
        accounts = frozenset(account.name for account in status.accounts)
        self._counting.forget(self._accounts - accounts)
        self._accounts = accounts
        self._start_at_zero(accounts)
        # The dictionaries are copied here, on the loop that writes to them; the thread sees only the copies.
        counted = self._counting
        known = Known(
            success=dict(counted.success), certificates=dict(counted.certificates), tokens=dict(counted.tokens)
        )
        samples = samples_of(status, known, _VERSIONS)
        picture = self._counting.series.picture()
        return await asyncio.to_thread(render, samples, picture, accept)

    def _start_at_zero(self, accounts: Iterable[str]) -> None:
        series = self._counting.series
        for account in accounts:
            for metric in _ACCOUNT_COUNTERS:
                series.add(metric, account, amount=0)
        for metric in METRICS:
            if metric.kind is Kind.COUNTER and not metric.labels:
                series.add(metric, amount=0)


def render(samples: Iterable[Sample], picture: SeriesPicture, accept: str) -> tuple[str, bytes]:
    """Content type and text of these numbers."""
    encoder, content_type = choose_encoder(accept)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(samples, picture))
    return content_type, encoder(registry)


class _Families(Collector):
    """The custom collector that the client library renders."""

    def __init__(self, samples: Iterable[Sample], picture: SeriesPicture) -> None:
        self._gauges: defaultdict[MetricInfo, list[Sample]] = defaultdict(list)
        for sample in samples:
            self._gauges[sample.metric].append(sample)
        self._picture = picture

    def describe(self) -> Iterator[Metric]:
        """Nothing: the registry is thrown away after one scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        for metric in METRICS:
            match metric.kind:
                case Kind.GAUGE:
                    yield self._gauge(metric)
                case Kind.COUNTER:
                    yield self._counter(metric)
                case Kind.HISTOGRAM:
                    yield self._histogram(metric)

    def _gauge(self, metric: MetricInfo) -> Metric:
        family = GaugeMetricFamily(metric.name, metric.meaning, labels=metric.labels)
        for sample in self._gauges[metric]:
            family.add_metric(sample.labels, sample.value)
        return family

    def _counter(self, metric: MetricInfo) -> Metric:
        family = CounterMetricFamily(metric.name, metric.meaning, labels=metric.labels)
        for labels, value in sorted(self._picture.counters.get(metric, {}).items()):
            family.add_metric(labels, value)
        return family

    def _histogram(self, metric: MetricInfo) -> Metric:
        family = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
        bounds = [*(str(bound) for bound in metric.buckets), "+Inf"]
        for labels, distribution in sorted(self._picture.histograms.get(metric, {}).items(), key=lambda item: item[0]):
            buckets = list(zip(bounds, map(float, distribution.cumulated()), strict=True))
            family.add_metric(labels, buckets, distribution.total)
        return family
