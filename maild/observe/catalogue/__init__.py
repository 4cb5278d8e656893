"""Every metric of maild, in one list: name, kind, unit, labels with where their values come from, meaning. Pure.

A file beside this one is about one part of the daemon and has its part of the list. Names are public: alerts and
dashboards are built on them. A label's values are bounded by the configuration (`account`) or by a closed set in the
code; never a recipient, an address, a queue id or a server's words. Counters' names stand here without `_total`, which
the exposition adds.
"""

from typing import Final

from maild.observe.catalogue import config, delivery, dns, probe, process, spool

__all__ = ["METRICS", "config", "delivery", "dns", "probe", "process", "spool"]

METRICS: Final = (*process.METRICS, *config.METRICS, *probe.METRICS, *dns.METRICS, *spool.METRICS, *delivery.METRICS)
"""In the order in which they are shown."""
