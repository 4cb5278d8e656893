"""TCP connections: the addresses of a host tried in a staggered race, so that a dead family does not hide a live one.

RFC 8305 (Happy Eyeballs): families alternate, the next address starts 250 ms after the one before or as soon as that
one fails, the first connection wins. Each address has its own deadline. No name is looked up here and no TLS spoken.
"""

import asyncio
import contextlib
import errno
import itertools
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maild.mail.phase import Phase
from maild.net.resolver import Address
from maild.net.step import NetError, Reason

STAGGER_S: Final = 0.25
"""RFC 8305 §5: recommended Connection Attempt Delay."""

MAX_ADDRESSES: Final = 8
"""More addresses than this are somebody's mistake or malice; RFC 5321 §5.1 allows a limit of two or more."""

_UNREACHABLE: Final = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
)
_LOCAL: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EACCES, errno.EPERM})
_TELLING: Final = (Reason.LOCAL, Reason.REFUSED, Reason.LOST, Reason.TIMEOUT, Reason.UNREACHABLE)
"""When addresses fail differently, the reason that says most: a missing IPv6 route explains nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An address that could not be connected to, and why in a few words."""

    address: Address
    reason: Reason
    words: str

    def __str__(self) -> str:
        return f"{self.address}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connected, non-blocking socket, which now belongs to the caller.

    Attributes:
        address: the other end, which is the proxy's where there is one.
        failures: the addresses that failed before.
        is_tunnel: whether a proxy leads on to the server, wherever that is.
    """

    sock: socket.socket
    address: Address
    failures: tuple[Failure, ...] = ()
    is_tunnel: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether it stays on this machine."""
        return self.address.is_loopback and not self.is_tunnel

    def __str__(self) -> str:
        if not self.failures:
            return str(self.address)
        return f"{self.address} (not {'; not '.join(str(failure) for failure in self.failures)})"


class NoConnectionError(NetError):
    """None of the addresses could be connected to; `failures` has each by itself."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        reasons = {failure.reason for failure in failures}
        reason = next(one for one in _TELLING if one in reasons)
        super().__init__(Phase.CONNECT, reason, "; ".join(str(failure) for failure in failures))
        self.failures = tuple(failures)


async def connect_first(addresses: Sequence[Address], *, timeout_s: float, stagger_s: float = STAGGER_S) -> Connection:
    """Connect to whichever address answers first.

    Args:
        addresses: at least one, in order of preference.
        timeout_s: for each address.
        stagger_s: how long one address is alone before the next is tried beside it.

    Raises:
        NoConnectionError: at Phase.CONNECT, when no address could be connected to.
    """
    waiting = alternate_families(addresses)[:MAX_ADDRESSES]
    running: dict[asyncio.Task[socket.socket], Address] = {}
    failures: list[Failure] = []
    try:
        while waiting or running:
            if waiting:
                address = waiting.pop(0)
                running[asyncio.create_task(_connect(address, timeout_s))] = address
            done, _ = await asyncio.wait(
                running, timeout=stagger_s if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                address = running[task]
                error = task.exception()
                if error is None:
                    del running[task]
                    return Connection(sock=task.result(), address=address, failures=tuple(failures))
                if not isinstance(error, OSError):
                    raise error
                del running[task]
                reason, words = connection_failure(error, timeout_s=timeout_s)
                failures.append(Failure(address=address, reason=reason, words=words))
    finally:
        await _discard(running)
    raise NoConnectionError(failures)


def alternate_families(addresses: Sequence[Address]) -> list[Address]:
    """The addresses with the families taking turns, each family in its own order (RFC 8305 §4)."""
    first = [one for one in addresses if one.family == addresses[0].family]
    second = [one for one in addresses if one.family != addresses[0].family]
    pairs = itertools.zip_longest(first, second)
    return [one for pair in pairs for one in pair if one is not None]


async def _connect(address: Address, timeout_s: float) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(0)
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().sock_connect(sock, address.sockaddr)
    except BaseException:
        sock.close()
        raise
    return sock


async def _discard(running: dict[asyncio.Task[socket.socket], Address]) -> None:
    """Stop the losers; one that connected at the last moment is closed."""
    for task in running:
        task.cancel()
    for result in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(result, socket.socket):
            with contextlib.suppress(OSError):
                result.close()


def connection_failure(error: OSError, *, timeout_s: float) -> tuple[Reason, str]:
    """Why a connection could not be made: the reason, and a few words."""
    if isinstance(error, TimeoutError):
        return Reason.TIMEOUT, f"no answer within {timeout_s:g} seconds"
    if error.errno == errno.ECONNREFUSED:
        return Reason.REFUSED, "connection refused"
    words = (error.strerror or type(error).__name__).lower()
    if error.errno in _UNREACHABLE:
        return Reason.UNREACHABLE, words
    return Reason.LOCAL if error.errno in _LOCAL else Reason.LOST, words
