"""A world of names as two maps: who has which addresses, who has which records, and whom nobody answers for."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.mail.phase import Phase
from maild.net.resolver import Address, Answer, NoSuchName
from maild.net.step import NetError, Reason


@dataclass(kw_only=True)
class FakeResolver:
    """`hosts` maps a name to its addresses, `records` a name and type to the answer; `asked` tells what was wanted.

    A name in neither map does not exist; the names in `failing` give no answer, as when the name server is silent.
    """

    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        self.asked.append((host, "addresses"))
        if host in self.failing:
            raise NetError(Phase.RESOLVE, Reason.DNS, f"no name server answered for {host}")
        try:
            found: tuple[str, ...] = (str(ipaddress.ip_address(host)),)
        except ValueError:
            found = self.hosts.get(host, ("127.0.0.1",) if host == "localhost" else ())
        if not found:
            raise NetError(Phase.RESOLVE, Reason.NAME, f"there is no host {host}")
        return tuple(Address(ip=ipaddress.ip_address(ip), port=port) for ip in found)

    async def lookup(self, name: str, rdtype: str) -> Answer:
        self.asked.append((name, rdtype))
        return self.records.get((name, rdtype), NoSuchName(name=name, canonical_name=name))
