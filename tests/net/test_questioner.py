import asyncio
import socket
from collections.abc import Awaitable, Callable

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from maild.net.dns_message import DnsAnswer
from maild.net.name_servers import Server, Silence, parse_server
from maild.net.questioner import Questioner, Refusal
from tests.fakes.dns_server import DnsServer

ZONE = {("example.test", "MX"): ["10 mx.example.test."]}


def closed_port() -> Server:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return ("127.0.0.1", int(sock.getsockname()[1]))


async def ask(*servers: Server, lifetime_s: float = 10.0) -> DnsAnswer | Refusal:
    return await Questioner(servers, lifetime_s=lifetime_s).ask("example.test", "MX")


def run(scenario: Callable[[], Awaitable[DnsAnswer | Refusal]]) -> DnsAnswer | Refusal:
    async def within() -> DnsAnswer | Refusal:
        async with asyncio.timeout(30):
            return await scenario()

    return asyncio.run(within())


def test_the_next_server_is_asked_where_one_is_not_there_or_fails() -> None:
    async def scenario() -> DnsAnswer | Refusal:
        failing = DnsServer(rcodes={"example.test": dns.rcode.SERVFAIL})
        async with failing, DnsServer(zone=ZONE) as good:
            return await ask(closed_port(), parse_server(failing.address), parse_server(good.address))

    found = run(scenario)
    assert isinstance(found, DnsAnswer)
    assert len(found.records) == 1


def test_when_all_fail_each_one_s_word_is_told_at_once() -> None:
    async def scenario() -> DnsAnswer | Refusal:
        async with DnsServer(rcodes={"example.test": dns.rcode.REFUSED}) as refusing:
            return await ask(closed_port(), parse_server(refusing.address))

    assert run(scenario) == Refusal(silences=(Silence.OTHER, Silence.REFUSED))


class TwoWays:
    """By UDP nothing or the beginning, by TCP all of it."""

    def __init__(self, *, is_silent: bool) -> None:
        self.is_silent = is_silent
        self.is_garbled = False

    async def __aenter__(self) -> Server:
        self._tcp = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._tcp.sockets[0].getsockname()[:2]
        way, loop = self, asyncio.get_running_loop()

        class Datagrams(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
                self.transport = transport

            def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
                if not way.is_silent:
                    message = dns.message.make_response(dns.message.from_wire(data))
                    message.flags |= dns.flags.TC
                    self.transport.sendto(b"no answer at all", addr)
                    self.transport.sendto(message.to_wire(), addr)

        self._udp, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=(host, port))
        return (host, port)

    async def __aexit__(self, *_: object) -> None:
        self._udp.close()
        self._tcp.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2), "big")
        message = dns.message.make_response(dns.message.from_wire(await reader.readexactly(size)))
        message.answer.append(dns.rrset.from_text("example.test.", 300, "IN", "MX", "10 mx.example.test."))
        wire = b"?" * 12 if self.is_garbled else message.to_wire()
        writer.write(len(wire).to_bytes(2, "big") + wire)
        writer.close()


def test_what_does_not_fit_or_gets_lost_comes_by_tcp() -> None:
    for way, lifetime_s in ((TwoWays(is_silent=False), 10.0), (TwoWays(is_silent=True), 1.0)):

        async def scenario(way: TwoWays = way, lifetime_s: float = lifetime_s) -> DnsAnswer | Refusal:
            async with way as server:
                return await ask(server, lifetime_s=lifetime_s)

        found = run(scenario)
        assert isinstance(found, DnsAnswer)
        assert [rdata.to_text() for rdata in found.records] == ["10 mx.example.test."]


def test_garbage_by_tcp_is_no_answer() -> None:
    async def scenario() -> DnsAnswer | Refusal:
        way = TwoWays(is_silent=False)
        way.is_garbled = True
        async with way as server:
            return await ask(server, lifetime_s=0.3)

    assert run(scenario) == Refusal(silences=(Silence.TIMEOUT,))
