"""The lines of what probes found, written once for each probe and not for each scrape. Pure.

A thousand accounts have fifty thousand gauges from their probes, and are probed every few minutes, while Prometheus
comes every few seconds. What is kept is kept by the very result that it was made of, so it cannot go stale.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maild.observe.exposition import gauge_block
from maild.observe.gauges import Known, probe_samples
from maild.observe.metric import MetricInfo
from maild.observe.status import AccountStatus
from maild.probe.result import ProbeResult

if TYPE_CHECKING:
    from maild.observe.series import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The lines of one account by metric, and how many."""

    probe: ProbeResult | None
    blocks: Sequence[tuple[MetricInfo, str]]
    series: int


class ProbeLines:
    """Keeps them, for the accounts that were asked for last. Not for several threads at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def of(self, accounts: Iterable[AccountStatus], known: Known) -> tuple[Mapping[MetricInfo, Sequence[str]], int]:
        """The lines of these accounts by metric, and how many series they are."""
        kept: dict[str, _Kept] = {}
        blocks: defaultdict[MetricInfo, list[str]] = defaultdict(list)
        for account in accounts:
            mine = self._kept.get(account.name)
            if mine is None or mine.probe is None or mine.probe is not account.probe:
                mine = _made(account, known)
            kept[account.name] = mine
            for metric, block in mine.blocks:
                blocks[metric].append(block)
        self._kept = kept
        return blocks, sum(mine.series for mine in kept.values())


def _made(account: AccountStatus, known: Known) -> _Kept:
    samples: defaultdict[MetricInfo, list[tuple[Labels, float]]] = defaultdict(list)
    for sample in probe_samples(account, known):
        samples[sample.metric].append((sample.labels, float(sample.value)))
    return _Kept(
        probe=account.probe,
        blocks=[(metric, gauge_block(metric, found)) for metric, found in samples.items()],
        series=sum(map(len, samples.values())),
    )
