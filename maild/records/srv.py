"""SRV records that name a domain's submission servers: RFC 2782, RFC 6186 §3.1, RFC 8314 §5.1. Pure.

Reads what a name server gave in presentation format. A record that is none is left out, for the domain's other records
still say something.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_RECORD: Final = re.compile(r"([0-9]{1,5}) ([0-9]{1,5}) ([0-9]{1,5}) (\S+)")
_LARGEST: Final = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class SrvRecord:
    """One server. `target` is in lower case without its final dot."""

    priority: int
    weight: int
    port: int
    target: str


def parse_srv(values: Iterable[str]) -> tuple[SrvRecord, ...]:
    """The servers, the one to try first first; none where the domain says that it has no such service (target ".").

    Of equal priority the largest weight comes first, so that the answer is the same every time: RFC 2782 lets chance
    share the load among them, which does not matter to whoever wants a name to write down.
    """
    records = []
    for value in values:
        found = _RECORD.fullmatch(value)
        if found is None:
            continue
        priority, weight, port = (int(found[group]) for group in (1, 2, 3))
        target = found[4].lower().removesuffix(".")
        if target and 0 < port <= _LARGEST and max(priority, weight) <= _LARGEST:
            records.append(SrvRecord(priority=priority, weight=weight, port=port, target=target))
    return tuple(sorted(records, key=lambda record: (record.priority, -record.weight, record.target)))
