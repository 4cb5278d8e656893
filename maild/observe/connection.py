"""Keeps one HTTP connection from costing more than it is worth: a limit of bytes in, of time, and of connections.

The web library reads a request's head for as long as somebody sends it and writes an answer for as long as somebody
does not read it. Nothing that maild serves takes more than a small GET and one answer, so every connection has a hard
end, is counted, and is dropped when it sends more than a head can be.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

MAX_REQUEST_BYTES = 32 * 1024
"""Browsers send some 2 KiB; the limit leaves room for a proxy's headers and cookies of other sites on localhost."""

MAX_CONNECTIONS = 100
"""Beyond it the oldest connection is dropped: a new one may be Prometheus, an old one is at best slow."""

CONNECTION_LIFE_S = 30.0
"""A scrape of a thousand accounts takes well under a second; Prometheus gives up after 10 s by default."""


@dataclass(slots=True)
class ConnectionLimits:
    """The limits of one listener, and the connections that are open on it now."""

    max_connections: int = MAX_CONNECTIONS
    life_s: float = CONNECTION_LIFE_S
    max_request_bytes: int = MAX_REQUEST_BYTES
    open: "dict[GuardedConnection, None]" = field(default_factory=dict)


class GuardedConnection(asyncio.Protocol):
    """Stands between the transport and the web library's protocol and hands everything on, within limits."""

    def __init__(self, inner: asyncio.Protocol, limits: ConnectionLimits) -> None:
        self._inner = inner
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._received_bytes = 0
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection and start its clock."""
        # uvloop's transports are none of asyncio's classes, but they can do the same.
        self._transport = cast("asyncio.Transport", transport)
        self._limits.open[self] = None
        if len(self._limits.open) > self._limits.max_connections:
            next(iter(self._limits.open)).drop()
        self._end = asyncio.get_running_loop().call_later(self._limits.life_s, self.drop)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Hand the bytes on while they are few enough for a request."""
        self._received_bytes += len(data)
        if self._received_bytes > self._limits.max_request_bytes:
            self.drop()
            return
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._limits.open.pop(self, None)
        if self._end is not None:
            self._end.cancel()
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand it on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        self._inner.resume_writing()

    def drop(self) -> None:
        """End the connection now, even in the middle of an answer: `close()` waits for clients that never read."""
        self._limits.open.pop(self, None)
        if self._transport is not None:
            self._transport.abort()


def guarded(make_inner: Callable[[], asyncio.Protocol], limits: ConnectionLimits) -> Callable[[], GuardedConnection]:
    """A protocol factory for `loop.create_server` whose connections keep to the limits."""
    return lambda: GuardedConnection(make_inner(), limits)
