"""A name server on loopback (UDP) that answers from a map; built from dnspython's messages.

    async with DnsServer(zone={("example.test", "MX"): ["10 mx.example.test."]}) as server:
        SystemResolver([server.address])

A name in no entry does not exist; a name with entries of other types alone has no records. `rcodes` makes names fail,
`silent` names get no answer, `aliases` maps a name to its CNAME's target.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, cast

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass(kw_only=True)
class DnsServer:
    zone: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    rcodes: Mapping[str, dns.rcode.Rcode] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    bogus: frozenset[str] = frozenset()
    """Names whose signatures do not match, as a resolver says that checks them."""
    secure: frozenset[str] = frozenset()
    """Names for which the answer says that its signatures were checked."""
    knows_edns: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    payloads: list[int] = field(default_factory=list)
    """The EDNS payload size of each question."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=("127.0.0.1", 0))
        self.address = "127.0.0.1:{}".format(self._transport.get_extra_info("sockname")[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._transport.close()

    def answer(self, data: bytes) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, rdtype = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, rdtype))
        self.payloads.append(query.payload)
        if name in self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if not self.knows_edns and query.edns >= 0:
            response.use_edns(False)  # noqa: FBT003 -- dnspython's way to say "none"
            response.set_rcode(dns.rcode.FORMERR)
            return response.to_wire()
        if name in self.secure:
            response.flags |= dns.flags.AD
        if name in self.bogus:
            response.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS)])
            response.set_rcode(dns.rcode.SERVFAIL)
            return response.to_wire()
        if name in self.rcodes:
            response.set_rcode(self.rcodes[name])
            return response.to_wire()
        if name in self.aliases:
            target = self.aliases[name]
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", "CNAME", target + "."))
            name = target
        values = self.zone.get((name, rdtype), ())
        if values:
            response.answer.append(dns.rrset.from_text_list(dns.name.from_text(name), 300, "IN", rdtype, values))
        elif all(owner != name for owner, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._server.answer(data)
        if answer is not None:
            self._transport.sendto(answer, addr)
