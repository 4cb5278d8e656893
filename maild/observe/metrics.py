"""The metrics as Prometheus takes them: counters from events, gauges from the status, written off the event loop.

Shell code, thinly: it reads the versions of the running program and uses a thread. One scrape takes one status and one
picture of the numbers, both immutable, and turns them into text where no event loop waits for it.

Counters stand at zero from the start where their labels are known: those of closed sets at once, those of an account
with the account, those of a check's phases with its first probe; else a rate would not see the first event. What has
an account, a phase and a reason besides begins with its first event: a thousand accounts would have it in a hundred
thousand series.
"""

import asyncio
import platform
import ssl
from collections import defaultdict
from itertools import product
from typing import Final

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
from maild.observe.series import Labels, SeriesPicture
from maild.observe.status import Status

_VERSIONS: Final = (__version__, platform.python_version(), ssl.OPENSSL_VERSION)

_COUNTERS: Final = tuple(metric for metric in METRICS if metric.kind is Kind.COUNTER)


class Metrics:
    """All of maild's numbers."""

    def __init__(self) -> None:
        self._counting = Counting()
        self._accounts: frozenset[str] = frozenset()
        self._probe_lines = ProbeLines()
        self._turn = asyncio.Lock()
        for metric in _COUNTERS:
            self._start_at_zero(metric, {})

    def on_event(self, event: Event) -> None:
        """Count one event; on the event loop only."""
        self._counting.on_event(event)

    def on_lag(self, seconds: float) -> None:
        """Note how late the event loop was."""
        self._counting.series.observe(catalogue.process.LOOP_LAG, seconds)

    async def render(self, status: Status, accept: str) -> tuple[str, bytes]:
        """Content type and text for a scrape; `accept` is the request's header and decides between the two formats."""
        async with self._turn:
            self._use(frozenset(account.name for account in status.accounts))
            # The dictionaries are copied here, on the loop that writes to them; the thread sees only the copies.
            known, picture = self._counting.known(), self._counting.series.picture()
            return await asyncio.to_thread(self._render, status, known, picture, accept)

    def _render(self, status: Status, known: Known, picture: SeriesPicture, accept: str) -> tuple[str, bytes]:
        """In a thread, one at a time."""
        from prometheus_client.exposition import choose_encoder  # noqa: PLC0415 -- a megabyte, for who is scraped

        _, content_type = choose_encoder(accept)
        gauges: defaultdict[MetricInfo, list[tuple[Labels, float]]] = defaultdict(list)
        for sample in samples_of(status, known, _VERSIONS):
            gauges[sample.metric].append((sample.labels, float(sample.value)))
        blocks, series = self._probe_lines.of(status.accounts, known)
        # With the line that says so.
        gauges[catalogue.process.SERIES].append(((), float(count_series(gauges, picture) + series + 1)))
        is_open = content_type.startswith("application/openmetrics-text")
        return content_type, exposition(METRICS, gauges, picture, blocks, is_open=is_open).encode()

    def _use(self, accounts: frozenset[str]) -> None:
        if accounts == self._accounts:
            return
        self._counting.forget(self._accounts - accounts)
        for account in sorted(accounts - self._accounts):
            for metric in _COUNTERS:
                self._start_at_zero(metric, {"account": (account,)})
        self._accounts = accounts

    def _start_at_zero(self, metric: MetricInfo, known: dict[str, tuple[str, ...]]) -> None:
        """Where the account is `known`, those whose labels are it and one closed set at most; else those without it."""
        if ("account" in metric.labels) != bool(known) or (known and len(metric.labels) > 2):
            return
        sets = [known.get(label) or label_info(metric, label).values for label in metric.labels]
        for labels in product(*sets):
            self._counting.series.add(metric, *labels, amount=0)
