"""How far a request came, from aiohttp's tracing: which phase it is in, and whether its body was on its way."""

from types import SimpleNamespace
from typing import Any, Final

import aiohttp

from maild.mail.phase import Phase
from maild.net.narrator import Narrator
from maild.net.peer import Peer
from maild.net.step import NetError
from maild.net.tls import HandshakeTimes


class Progress:
    """Of one request; tells the phases before REQUEST when they are over."""

    def __init__(self, narrator: Narrator, size_bytes: int) -> None:
        self.narrator: Final = narrator
        self.handshake = HandshakeTimes()
        self.began_at = narrator.now()
        self._size_bytes: Final = size_bytes
        self._sent_bytes = 0
        self._phase = Phase.CONNECT
        self._is_dialled = False

    @property
    def phase(self) -> Phase:
        """Where it is now. The library connects and shakes hands in one; the handshake's own times tell them apart."""
        if self._phase is Phase.CONNECT and self.handshake.began_at is not None:
            return Phase.TLS
        return self._phase

    @property
    def is_all_sent(self) -> bool:
        """Whether there was a body and all of it was handed over: with less, nobody can have done what it says."""
        return 0 < self._size_bytes <= self._sent_bytes

    def sending(self, octets: int) -> None:
        """So much more of the body is being handed over."""
        self._sent_bytes += octets

    def resolving(self) -> None:
        """The name is being looked up."""
        self._enter(Phase.RESOLVE)

    def resolved(self) -> None:
        """It was found."""
        self.narrator.tell(Phase.RESOLVE, since=self.began_at)
        self._enter(Phase.CONNECT)

    def dialled(self) -> None:
        """TCP is done, and told by who did it."""
        self._is_dialled = True
        self._enter(Phase.CONNECT)

    def connected(self) -> None:
        """TCP and TLS are done."""
        self._tell_connect()
        shaking_at = self.handshake.began_at
        if shaking_at is not None and self.handshake.ssl_object is not None:
            peer = Peer.of(self.handshake.ssl_object)
            self.narrator.tell_peer(peer, since=shaking_at, until=self.handshake.ended_at)
        self._enter(Phase.REQUEST)

    def failed(self, error: NetError) -> None:
        """The request ends here."""
        if self.phase is Phase.TLS:
            self._tell_connect()
            self.began_at = self.handshake.began_at or self.began_at
        self.narrator.fail(error, since=self.began_at)

    def _tell_connect(self) -> None:
        if not self._is_dialled:
            self.narrator.tell(Phase.CONNECT, since=self.began_at, until=self.handshake.began_at)

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self.began_at = self.narrator.now()


def trace_config() -> aiohttp.TraceConfig:
    """Tells the Progress that a request carries as its context."""
    config = aiohttp.TraceConfig()

    # The parameters are the library's: session, context, what happened.
    async def resolving(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: Any) -> None:  # noqa: ANN401
        _of(context).resolving()

    async def resolved(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: Any) -> None:  # noqa: ANN401
        _of(context).resolved()

    async def connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: Any) -> None:  # noqa: ANN401
        _of(context).connected()

    async def sending(_session: aiohttp.ClientSession, context: SimpleNamespace, what: Any) -> None:  # noqa: ANN401
        _of(context).sending(memoryview(what.chunk).nbytes)

    config.on_dns_resolvehost_start.append(resolving)
    config.on_dns_resolvehost_end.append(resolved)
    config.on_connection_create_end.append(connected)
    config.on_request_chunk_sent.append(sending)
    return config


def _of(context: SimpleNamespace) -> Progress:
    progress: Progress = context.trace_request_ctx
    return progress
