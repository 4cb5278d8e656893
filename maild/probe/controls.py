"""Knocks: connections that are only tried out, to the server's other ports and to servers nobody here depends on.

Shell. It happens after a failure only, politely: what speaks first is let speak and gets a QUIT, and an unrelated
server is knocked at once a minute at most, for however many accounts fail meanwhile. A server on this machine or on a
private address is compared with no stranger on the internet, for the way there is another one.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from maild.config.probe_settings import ControlTarget
from maild.net.connect import connect_first
from maild.net.resolver import Address, Resolver
from maild.net.step import NetError, Reason
from maild.probe.evidence import SUBMISSION_PORTS, Evidence, Knock, KnockResult
from maild.probe.witnesses import hear

KNOCK_S: Final = 5.0
BANNER_S: Final = 3.0
KEPT_S: Final = 60.0
IMPLICIT_PORT: Final = 465
MAX_BANNER_BYTES: Final = 4096


class Controls:
    """The control targets and what they last said. One for all accounts."""

    def __init__(
        self,
        controls: Sequence[ControlTarget],
        resolver: Resolver,
        *,
        witnesses: Callable[[], Mapping[str, Resolver]] = dict,
        knock_s: float = KNOCK_S,
    ) -> None:
        self._witnesses: Final = witnesses
        self._controls = tuple(controls)
        self._resolver: Final = resolver
        self._knock_s: Final = knock_s
        self._known: Final[dict[tuple[str, int], tuple[float, asyncio.Task[Knock]]]] = {}

    def use(self, controls: Sequence[ControlTarget]) -> None:
        """From now on these."""
        self._controls = tuple(controls)

    async def look_around(self, host: str, port: int, addresses: Sequence[Address]) -> Evidence:
        """What there is to compare a failure at this port with.

        Args:
            host: the server's name.
            port: the one that failed.
            addresses: the server's; empty when its name could not be looked up.
        """
        is_local = bool(addresses) and not any(address.ip.is_global for address in addresses)
        async with asyncio.TaskGroup() as tasks:
            own = [
                tasks.create_task(self._knock_at(host, [_with_port(one, other) for one in addresses]))
                for other in SUBMISSION_PORTS
                if addresses and other != port
            ]
            controls = [
                tasks.create_task(self._recent(control.host, wanted))
                for control in self._controls
                if _is_local(control) == is_local
                for wanted in _ports(control, port)
            ]
        return Evidence(
            port=port,
            own=tuple(task.result() for task in own),
            controls=tuple(task.result() for task in controls),
        )

    async def ask_around(self, host: str, port: int) -> Evidence:
        """What name servers, each by itself, say of a host whose name could not be looked up."""
        return Evidence(port=port, witnesses=await hear(self._witnesses(), host))

    async def _recent(self, host: str, port: int) -> Knock:
        now_s = asyncio.get_running_loop().time()
        known = self._known.get((host, port))
        if known is None or now_s - known[0] > KEPT_S or known[1].cancelled():
            known = (now_s, asyncio.create_task(self._knock(host, port)))
            self._known[host, port] = known
        # Shielded: who gives up waiting must not take the answer from the others.
        return await asyncio.shield(known[1])

    async def _knock(self, host: str, port: int) -> Knock:
        try:
            async with asyncio.timeout(self._knock_s):
                addresses = await self._resolver.addresses(host, port)
        except (NetError, TimeoutError):
            return Knock(host=host, port=port, result=KnockResult.NAMELESS)
        return await self._knock_at(host, addresses)

    async def _knock_at(self, host: str, addresses: Sequence[Address]) -> Knock:
        port = addresses[0].port
        try:
            connection = await connect_first(addresses, timeout_s=self._knock_s)
        except NetError as error:
            result = KnockResult.CLOSED if error.reason is Reason.REFUSED else KnockResult.SILENT
            return Knock(host=host, port=port, result=result)
        reader, writer = await asyncio.open_connection(sock=connection.sock)
        try:
            if port != IMPLICIT_PORT:
                await _take_leave(reader, writer)
        finally:
            writer.transport.abort()
        return Knock(host=host, port=port, result=KnockResult.OPEN)


async def _take_leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear the greeting and say goodbye; whatever goes wrong, the connection was there."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(BANNER_S):
            if await reader.read(MAX_BANNER_BYTES):
                writer.write(b"QUIT\r\n")
                await writer.drain()
                await reader.read(MAX_BANNER_BYTES)


def _is_local(control: ControlTarget) -> bool:
    """Whether it is written as an address that is not of the internet."""
    try:
        return not ipaddress.ip_address(control.host.strip("[]")).is_global
    except ValueError:
        return False


def _ports(control: ControlTarget, port: int) -> tuple[int, ...]:
    """Where to knock: at the port in question, if it answers there, and at one more for comparison."""
    if control.port is not None:
        return (control.port,)
    other = 587 if port != 587 else IMPLICIT_PORT
    return (port, other) if port in SUBMISSION_PORTS else (other,)


def _with_port(address: Address, port: int) -> Address:
    return Address(ip=address.ip, port=port, scope_id=address.scope_id)
