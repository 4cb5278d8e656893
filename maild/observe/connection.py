"""Keeps one HTTP connection from costing more than it is worth: a limit of bytes in, of time, and of connections.

The web library reads a request's head for as long as somebody sends it and writes an answer for as long as somebody
does not read it. Nothing that maild serves takes more than a small request and one answer, so every connection has a
hard end, is counted, and is dropped when it sends more than a head can be.

TLS is begun here as well, on a connection that is counted already: who connects and says nothing is the same client
with TLS as without. The context is asked for with each connection, so that a new one is in force at once.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

MAX_REQUEST_BYTES = 32 * 1024
"""Browsers send some 2 KiB; the limit leaves room for a proxy's headers and cookies of other sites on localhost."""

MAX_CONNECTIONS = 100
"""Beyond it the oldest connection is dropped: a new one may be Prometheus, an old one is at best slow."""

CONNECTION_LIFE_S = 30.0
"""A scrape of a thousand accounts takes well under a second; Prometheus gives up after 10 s by default."""

HANDSHAKE_S: Final = 10.0


class Lock(Protocol):
    """What connections over the network are secured with."""

    @property
    def context(self) -> ssl.SSLContext | None:
        """For new connections; None: not secured."""
        ...

    def knows(self, peer: ssl.SSLObject) -> bool:
        """Whether a client with this certificate may come in."""
        ...


class NoLock:
    """Connections that are not secured."""

    context: ssl.SSLContext | None = None

    def knows(self, peer: ssl.SSLObject) -> bool:  # noqa: ARG002 -- the port's signature
        """Everybody may."""
        return True


@dataclass(slots=True)
class ConnectionLimits:
    """The limits of one listener, and the connections that are open on it now."""

    max_connections: int = MAX_CONNECTIONS
    life_s: float = CONNECTION_LIFE_S
    max_request_bytes: int = MAX_REQUEST_BYTES
    open: "dict[GuardedConnection, None]" = field(default_factory=dict)


class GuardedConnection(asyncio.Protocol):
    """Stands between the transport and the web library's protocol and hands everything on, within limits."""

    def __init__(self, inner: asyncio.Protocol, limits: ConnectionLimits, lock: Lock) -> None:
        self._inner = inner
        self._limits = limits
        self._lock = lock
        self._transport: asyncio.Transport | None = None
        self._received_bytes = 0
        self._end: asyncio.TimerHandle | None = None
        self._securing: asyncio.Task[None] | None = None
        self._early: bytes | None = None
        """What came between the end of the handshake and the word of it; None outside of that."""
        self._is_handed_on = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, start its clock, and secure it if it is to be."""
        # uvloop's transports are none of asyncio's classes, but they can do the same.
        self._transport = cast("asyncio.Transport", transport)
        self._limits.open[self] = None
        if len(self._limits.open) > self._limits.max_connections:
            next(iter(self._limits.open)).drop()
        self._end = asyncio.get_running_loop().call_later(self._limits.life_s, self.drop)
        context = self._lock.context if isinstance(transport.get_extra_info("sockname"), tuple) else None
        if context is None:
            self._hand_on(self._transport)
            return
        self._early = b""
        loop = asyncio.get_running_loop()
        handshake = loop.start_tls(
            self._transport,
            self,
            context,
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_S,
            ssl_shutdown_timeout=1.0,
        )
        # At once, and not when a task has its first turn: what is read until then would come here and not to TLS, for
        # uvloop reads on a connection that was paused before it began to.
        self._securing = loop.create_task(self._secure(_begun(handshake)))

    def data_received(self, data: bytes) -> None:
        """Hand the bytes on while they are few enough for a request."""
        self._received_bytes += len(data)
        if self._received_bytes > self._limits.max_request_bytes:
            self.drop()
        elif self._early is not None:
            self._early += data
        else:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._inner.eof_received() if self._is_handed_on else None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._limits.open.pop(self, None)
        if self._end is not None:
            self._end.cancel()
        if self._is_handed_on:
            self._is_handed_on = False
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand it on."""
        if self._is_handed_on:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        if self._is_handed_on:
            self._inner.resume_writing()

    def drop(self) -> None:
        """End the connection now, even in the middle of an answer: `close()` waits for clients that never read."""
        self._limits.open.pop(self, None)
        if self._securing is not None:
            self._securing.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _hand_on(self, transport: asyncio.Transport) -> None:
        self._is_handed_on = True
        self._inner.connection_made(transport)

    async def _secure(self, handshake: Awaitable[asyncio.Transport | None]) -> None:
        try:
            secured = await handshake
        except (OSError, asyncio.CancelledError):
            # No TLS, not ours, too slow, a certificate that is not accepted: the client has heard of it, or has left.
            secured = None
        if secured is None or not self._lock.knows(secured.get_extra_info("ssl_object")):
            self._securing = None
            self.connection_lost(None)
            self.drop()
            return
        self._securing = None
        early, self._early = self._early, None
        self._hand_on(secured)
        if early:
            self._inner.data_received(early)


class _begun:  # noqa: N801 -- used like a function
    """A coroutine that has made its first step already, to be awaited by a task."""

    def __init__(self, coroutine: Coroutine[Any, Any, asyncio.Transport | None]) -> None:
        self._coroutine = coroutine
        self._error: BaseException | None = None
        self._first: Any = None
        try:
            self._first = coroutine.send(None)
        except (StopIteration, OSError) as error:
            self._error = error

    def __await__(self) -> Generator[Any, Any, asyncio.Transport | None]:
        if self._error is not None:
            raise ConnectionAbortedError from self._error
        waited = self._first
        while True:
            try:
                try:
                    told = yield waited
                except BaseException as error:  # noqa: BLE001 -- handed to whom it concerns
                    waited = self._coroutine.throw(error)
                else:
                    waited = self._coroutine.send(told)
            except StopIteration as end:
                result: asyncio.Transport | None = end.value
                return result


def guarded(
    make_inner: Callable[[], asyncio.Protocol], limits: ConnectionLimits, lock: Lock
) -> Callable[[], GuardedConnection]:
    """A protocol factory for `loop.create_server` whose connections keep to the limits."""
    return lambda: GuardedConnection(make_inner(), limits, lock)
