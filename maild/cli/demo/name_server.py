"""A name server that knows one domain, so that the demo's probes get real answers without a network.

UDP only: its answers fit into one datagram.
"""

import asyncio
from collections.abc import Mapping

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer(asyncio.DatagramProtocol):
    """Answers from records given as text: {("shop.example.", "MX"): ("10 mx.shop.example.",)}."""

    def __init__(self, records: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        self._records = records
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """The port that the system chose."""
        assert self._transport is not None
        port = self._transport.get_extra_info("sockname")[1]
        assert isinstance(port, int)
        return port

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    async def stop(self) -> None:
        """Listen no more."""
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question; what is none is let go."""
        assert self._transport is not None
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return
        self._transport.sendto(self._answer(query).to_wire(), addr)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        for question in query.question:
            name = question.name.to_text().lower()
            found = self._records.get((name, dns.rdatatype.to_text(question.rdtype)))
            if found is not None:
                response.answer.append(dns.rrset.from_text(name, 60, "IN", question.rdtype, *found))
            elif not any(known == name for known, _ in self._records):
                response.set_rcode(dns.rcode.NXDOMAIN)
        return response
