"""The metrics as Prometheus takes them: counters from events, gauges from the status, written off the event loop.

Shell code, thinly: it reads the versions of the running program and uses a thread. One scrape takes one status and one
picture of the numbers, both immutable, and turns them into text where no event loop waits for it.

Counters stand at zero from the start, else a rate would not see the first event: those of closed sets at once, those of
an account with the account, those of a name server with its first question. So no counter has more labels than the
account and one small closed set: a thousand accounts would have it in a hundred thousand series.
"""

import asyncio
import platform
import ssl
from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from typing import Final, NamedTuple

from maild import __version__
from maild.observe import catalogue
from maild.observe.catalogue import METRICS
from maild.observe.counting import Counting
from maild.observe.events import Event
from maild.observe.exposition import count_series, exposition
from maild.observe.gauges import Known, samples_of
from maild.observe.labels import label_info
from maild.observe.metric import Kind, MetricInfo
from maild.observe.probe_lines import ProbeLines
from maild.observe.process import process_values
from maild.observe.series import Labels, SeriesPicture
from maild.observe.status import Status

_VERSIONS: Final = (__version__, platform.python_version(), ssl.OPENSSL_VERSION)

_KEPT_BY_THE_KERNEL: Final = catalogue.process.CPU_SECONDS
_COUNTERS: Final = tuple(
    metric for metric in METRICS if metric.kind is Kind.COUNTER and metric is not _KEPT_BY_THE_KERNEL
)
_BARE_HISTOGRAMS: Final = tuple(metric for metric in METRICS if metric.kind is Kind.HISTOGRAM and not metric.labels)


class _Holder(NamedTuple):
    """Whose counters begin at zero."""

    account: str
    protocol: str
    has_tokens: bool


class Metrics:
    """All of maild's numbers."""

    def __init__(self) -> None:
        self._counting = Counting()
        self._accounts: frozenset[_Holder] = frozenset()
        self._probe_lines = ProbeLines()
        self._turn = asyncio.Lock()
        for metric in _COUNTERS:
            if "account" not in metric.labels:
                self._start_at_zero(metric, {})
        self._start_at_zero(catalogue.delivery.UNCERTAIN, {"account": ("",)})  # whose account is not known
        for metric in _BARE_HISTOGRAMS:
            self._counting.series.begin(metric)

    def on_event(self, event: Event) -> None:
        """Count one event; on the event loop only."""
        self._counting.on_event(event)

    def on_lag(self, seconds: float) -> None:
        """Note how late the event loop was."""
        self._counting.series.observe(catalogue.process.LOOP_LAG, seconds)

    def on_reload_lag(self, seconds: float) -> None:
        """Note how long a reload held up the event loop."""
        self._counting.series.observe(catalogue.config.CONFIG_RELOAD_LAG, seconds)

    def on_commit(self, seconds: float) -> None:
        """Note how long the disk took to make a transaction of the queue durable."""
        self._counting.series.observe(catalogue.spool.FSYNC_SECONDS, seconds)

    async def render(self, status: Status, accept: str) -> tuple[str, bytes]:
        """Content type and text for a scrape; `accept` is the request's header and decides between the two formats."""
        async with self._turn:
            self._use(frozenset(_Holder(one.name, one.protocol, one.has_tokens) for one in status.accounts))
            # The dictionaries are copied here, on the loop that writes to them; the thread sees only the copies.
            known, picture = self._counting.known(), self._counting.series.picture()
            tasks = len(asyncio.all_tasks())
            return await asyncio.to_thread(self._render, status, known, (picture, tasks), accept)

    def _render(
        self, status: Status, known: Known, numbers: tuple[SeriesPicture, int], accept: str
    ) -> tuple[str, bytes]:
        """In a thread, one at a time."""
        from prometheus_client.exposition import choose_encoder  # noqa: PLC0415 -- a megabyte, for who is scraped

        _, content_type = choose_encoder(accept)
        picture, tasks = numbers
        gauges: defaultdict[MetricInfo, list[tuple[Labels, float]]] = defaultdict(list)
        for sample in samples_of(status, known, _VERSIONS):
            gauges[sample.metric].append((sample.labels, float(sample.value)))
        gauges[catalogue.process.LOOP_TASKS].append(((), float(tasks)))
        for metric, value in process_values():
            gauges[metric].append(((), value))
        blocks, series = self._probe_lines.of(status.accounts, known)
        # With the line that says so.
        gauges[catalogue.process.SERIES].append(((), float(count_series(gauges, picture) + series + 1)))
        is_open = content_type.startswith("application/openmetrics-text")
        return content_type, exposition(METRICS, gauges, picture, blocks, is_open=is_open).encode()

    def _use(self, accounts: frozenset[_Holder]) -> None:
        if accounts == self._accounts:
            return
        names = frozenset(one.account for one in accounts)
        self._counting.forget(frozenset(one.account for one in self._accounts) - names)
        for account, protocol, has_tokens in sorted(accounts - self._accounts):
            known = {"account": (account,), "check": (protocol, "mx")}
            for metric in _COUNTERS:
                if "account" in metric.labels and (has_tokens or metric is not catalogue.probe.OAUTH_RENEWALS):
                    self._start_at_zero(metric, known)
        self._accounts = accounts

    def _start_at_zero(self, metric: MetricInfo, known: Mapping[str, tuple[str, ...]]) -> None:
        """With every value of its labels: those that are `known`, else those of its closed sets."""
        sets = [known.get(label) or label_info(metric, label).values for label in metric.labels]
        for labels in product(*sets):
            self._counting.series.add(metric, *labels, amount=0)
