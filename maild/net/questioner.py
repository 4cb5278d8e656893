"""Asks name servers: by UDP, by TCP what is truncated or gets lost, without EDNS whoever does not understand it. Shell.

Each question has a socket of its own, and so a port that nobody can guess, connected to the server, so that strangers'
octets are no answers and a closed port is noticed (RFC 5452 §9). One server after the other, again and again until time
is up; who failed is not asked again. In the second half of the time it goes by TCP: a large answer in pieces may never
arrive by UDP.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import dns.name
import dns.rcode
import dns.rdatatype

from maild.net.dns_message import DnsAnswer, DnsQuestion, read_answer
from maild.net.name_servers import Server, Silence, silence_of

TRY_S: Final = 2.0
"""For one answer by UDP."""

PAUSE_S: Final = 0.1
"""Between rounds in which nobody answered, for those that end at once."""

_TOLD: Final = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nobody told: what each server that failed said, or a time-out."""

    silences: tuple[Silence, ...]


class Questioner:
    """The servers, and how long all of it may take."""

    def __init__(self, servers: Sequence[Server], *, lifetime_s: float) -> None:
        self._servers: Final = tuple(servers)
        self._lifetime_s: Final = lifetime_s

    async def ask(self, name: str, rdtype: str) -> DnsAnswer | Refusal:
        """What the first server says that can tell: that there are records, none, or no such name.

        Raises:
            dns.exception.DNSException, UnicodeError: this cannot be asked.
        """
        question = DnsQuestion(
            name=dns.name.from_text(name),
            rdtype=dns.rdatatype.from_text(rdtype),
            id=int.from_bytes(os.urandom(2), "big"),
        )
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        failed: dict[Server, Silence] = {}
        try:
            async with asyncio.timeout_at(began_s + self._lifetime_s):
                while len(failed) < len(self._servers):
                    for server in [one for one in self._servers if one not in failed]:
                        is_late = loop.time() - began_s > self._lifetime_s / 2
                        answer = await self._ask_one(server, question, is_late=is_late)
                        if isinstance(answer, DnsAnswer):
                            return answer
                        if answer is not Silence.TIMEOUT:
                            failed[server] = answer
                    await asyncio.sleep(PAUSE_S if len(failed) < len(self._servers) else 0)
        except TimeoutError:
            return Refusal(silences=(Silence.TIMEOUT,))
        return Refusal(silences=tuple(failed.values()))

    async def _ask_one(self, server: Server, question: DnsQuestion, *, is_late: bool) -> DnsAnswer | Silence:
        try_s = min(TRY_S, self._lifetime_s / 2)
        try:
            async with asyncio.timeout(try_s):
                answer = await (_by_tcp if is_late else _by_udp)(server, question, has_edns=True)
                if answer.rcode == dns.rcode.FORMERR:
                    # Old servers do not know EDNS and say so in this way (RFC 6891 §7).
                    answer = await _by_udp(server, question, has_edns=False)
                if answer.is_truncated:
                    answer = await _by_tcp(server, question, has_edns=True)
        except (TimeoutError, EOFError):
            return Silence.TIMEOUT
        except OSError:
            # Not there by TCP is no failure: many answer by UDP alone.
            return Silence.TIMEOUT if is_late else Silence.OTHER
        return answer if answer.rcode in _TOLD else silence_of(answer)


class _Ear(asyncio.DatagramProtocol):
    """Hears the answer."""

    def __init__(self, question: DnsQuestion, answer: "asyncio.Future[DnsAnswer]") -> None:
        self._question: Final = question
        self._answer: Final = answer

    def datagram_received(self, data: bytes, addr: object) -> None:
        del addr  # the socket is connected
        found = read_answer(data, self._question)
        if found is not None and not self._answer.done():
            self._answer.set_result(found)

    def error_received(self, exc: Exception) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc)


async def _by_udp(server: Server, question: DnsQuestion, *, has_edns: bool) -> DnsAnswer:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[DnsAnswer] = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(question, answer), remote_addr=server)
    try:
        transport.sendto(question.to_wire(has_edns=has_edns))
        return await answer
    finally:
        transport.close()


async def _by_tcp(server: Server, question: DnsQuestion, *, has_edns: bool) -> DnsAnswer:
    reader, writer = await asyncio.open_connection(*server)
    try:
        wire = question.to_wire(has_edns=has_edns)
        writer.write(len(wire).to_bytes(2, "big") + wire)
        size = int.from_bytes(await reader.readexactly(2), "big")
        found = read_answer(await reader.readexactly(size), question)
    finally:
        writer.transport.abort()
    if found is None:
        raise EOFError
    return found
