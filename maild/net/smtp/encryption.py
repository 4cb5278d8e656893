"""How a conversation begins and becomes encrypted, and what to say when it does not.

The library shakes hands and reads the banner in one call, so the phases are told apart by the times of the handshake
(`net.tls.watch_handshake`) and failures by what lies under the library's error, which comes in two shapes: wrapped at
implicit TLS, raw at STARTTLS.
"""

import ssl
from asyncio import timeout
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import aiosmtplib

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.handshake import CertificateError, certificate_error, fetch_chain, pin_error, tls_error
from maild.net.narrator import Findings, Narrator
from maild.net.peer import Peer
from maild.net.resolver import Address
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.dialogue import Dialogue, net_error
from maild.net.smtp.server import SmtpServer, Timeouts
from maild.net.step import NetError, Reason
from maild.net.tls import HandshakeTimes, watch_handshake

TLS_GUESS_S: Final = 5.0
"""How long a silent server gets to answer a TLS hello, to see whether that is what it is waiting for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """The beginning of one conversation."""

    server: SmtpServer
    dialogue: Dialogue
    narrator: Narrator
    timeouts: Timeouts
    context: ssl.SSLContext
    fetch_peer: Callable[[], Awaitable[Peer | None]]
    """Gets who a server is whose certificate was refused, over a connection of its own; may raise."""

    async def connect_implicitly(self) -> tuple[Peer, Reply]:
        """TLS first, then the banner."""
        began_at = self.narrator.now()
        with watch_handshake() as handshake:
            try:
                with self.dialogue.closing():
                    response = await self.dialogue.client.connect(
                        tls_context=self.context, timeout=self.timeouts.greeting_s
                    )
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                raise await self._implicit_failure(error, handshake, began_at) from error
        peer = self._told_peer(began_at, handshake)
        banner = self._told_banner(response, since=handshake.ended_at or began_at)
        return peer, banner

    async def connect_in_clear(self, address: Address | None) -> Reply:
        """The banner; the connection is not encrypted yet, or never.

        Args:
            address: where to look whether TLS is waited for; None: nowhere.
        """
        began_at = self.narrator.now()
        try:
            with self.dialogue.closing():
                response = await self.dialogue.client.connect(timeout=self.timeouts.greeting_s)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            failure, failed_at = _banner_error(error), self.narrator.now()
            if failure.reason in {Reason.TIMEOUT, Reason.LOST} and await self._speaks_tls(address):
                detail = "the server waits for TLS from the first byte on this port: the mode has to be implicit"
                failure = NetError(Phase.BANNER, Reason.TLS_MODE, detail)
            raise self._told(failure, began_at, until=failed_at) from error
        return self._told_banner(response, since=began_at)

    async def start_tls(self, capabilities: Capabilities) -> Peer:
        """STARTTLS (RFC 3207)."""
        began_at = self.narrator.now()
        if not capabilities.offers("STARTTLS"):
            detail = "the server does not offer STARTTLS here, so nothing is sent to it"
            raise self._told(NetError(Phase.STARTTLS, Reason.NO_STARTTLS, detail), began_at)
        with watch_handshake() as handshake:
            try:
                await self.dialogue.start_tls(self.context, timeout_s=self.timeouts.greeting_s)
            except NetError as error:
                self.dialogue.abort()
                raise self._told(error, began_at) from None
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                if _refusal_of(error) is None:  # after a refusal the conversation could go on
                    self.dialogue.abort()
                raise await self._starttls_failure(error, handshake, began_at) from error
        shaking_at = handshake.began_at or began_at
        self.narrator.tell(Phase.STARTTLS, since=began_at, until=shaking_at)
        return self._told_peer(shaking_at, handshake)

    async def _implicit_failure(self, error: Exception, handshake: HandshakeTimes, began_at: float) -> NetError:
        failed_at = self.narrator.now()
        if handshake.ended_at is not None:
            self.narrator.tell(Phase.TLS, since=began_at, until=handshake.ended_at)
            return self._told(_banner_error(error), handshake.ended_at)
        # An error of the connection is wrapped in the library's own.
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        failure = await self._handshake_failure(cause)
        if failure.reason is Reason.TLS_MODE:
            failure = NetError(failure.phase, failure.reason, f"{failure.detail}: the mode may have to be starttls")
        return self._told(failure, began_at, until=failed_at)

    async def _starttls_failure(self, error: Exception, handshake: HandshakeTimes, began_at: float) -> NetError:
        failed_at = self.narrator.now()
        # uvloop keeps no context for an upgraded connection, so there the error alone must tell.
        if handshake.began_at is None and not _is_of_handshake(error):
            return self._told(_starttls_error(error), began_at)
        shaking_at = handshake.began_at or began_at
        self.narrator.tell(Phase.STARTTLS, since=began_at, until=shaking_at)
        return self._told(await self._handshake_failure(error), shaking_at, until=failed_at)

    async def _handshake_failure(self, error: BaseException) -> NetError:
        if isinstance(error, ssl.SSLCertVerificationError):
            return await self._certificate_failure(error)
        return tls_error(error, timeout_s=self.timeouts.greeting_s)

    async def _certificate_failure(self, error: ssl.SSLCertVerificationError) -> CertificateError:
        try:
            async with timeout(self.timeouts.greeting_s):
                peer = await self.fetch_peer()
        except (NetError, TimeoutError):
            peer = None  # the defect's name needs it in few cases only
        return certificate_error(error, peer, host=self.server.host)

    async def _speaks_tls(self, address: Address | None) -> bool:
        if address is None:
            return False
        limit_s = min(TLS_GUESS_S, self.timeouts.greeting_s)
        return bool(await fetch_chain(address, self.server.tls_name, timeout_s=limit_s))

    def _told_peer(self, began_at: float, handshake: HandshakeTimes) -> Peer:
        """Who is there, told as the phases TLS and CERTIFICATE. Nobody has logged in yet."""
        peer = Peer.of(self.dialogue.client.get_transport_info("ssl_object"))
        stranger = pin_error(self.server.pins, peer, host=self.server.host)
        if stranger is not None:
            ended_at = handshake.ended_at or self.narrator.now()
            self.narrator.tell(Phase.TLS, since=began_at, until=ended_at, findings=Findings(detail=peer.protocol))
            raise self._told(stranger, ended_at)
        self.narrator.tell_peer(peer, since=began_at, until=handshake.ended_at, is_verified=self.server.verify)
        return peer

    def _told_banner(self, response: aiosmtplib.SMTPResponse, *, since: float) -> Reply:
        try:
            with self.dialogue.failing(Phase.BANNER):
                reply = self.dialogue.reply_of(Phase.BANNER, response)
        except NetError as error:
            raise self._told(error, since) from None
        self.narrator.tell(Phase.BANNER, since=since, findings=Findings(detail=str(reply), reply=reply))
        return reply

    def _told(self, error: NetError, since: float, *, until: float | None = None) -> NetError:
        self.narrator.fail(error, since=since, until=until)
        return error


def _is_of_handshake(error: Exception) -> bool:
    """The library's time-out of a handshake is its general one; that of a reply is a kind of its own."""
    is_timeout = isinstance(error, aiosmtplib.SMTPTimeoutError)
    return isinstance(error, ssl.SSLError) or (is_timeout and not isinstance(error, aiosmtplib.SMTPReadTimeoutError))


def _refusal_of(error: Exception) -> Reply | None:
    """The server's no, if that is what the library's error is about."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        reply = Reply.of(error.code, error.message)
        if reply.is_transient or reply.is_permanent:
            return reply
    return None


def _banner_error(error: Exception) -> NetError:
    refusal = _refusal_of(error)
    if refusal is not None:
        return NetError(Phase.BANNER, Reason.REPLY, f"the server turned us away: {refusal}", reply=refusal)
    match error:
        case aiosmtplib.SMTPConnectTimeoutError():
            reason, detail = Reason.TIMEOUT, "the server accepted the connection and did not greet in time"
        case aiosmtplib.SMTPResponseException():
            reason, detail = Reason.PROTOCOL, "what answers on this port does not speak SMTP"
        case aiosmtplib.SMTPConnectError():
            reason, detail = Reason.LOST, "the server closed the connection instead of greeting"
        case _:
            return net_error(Phase.BANNER, error)
    return NetError(Phase.BANNER, reason, detail)


def _starttls_error(error: Exception) -> NetError:
    refusal = _refusal_of(error)
    if refusal is None:
        return net_error(Phase.STARTTLS, error)
    return NetError(Phase.STARTTLS, Reason.REPLY, f"the server refused STARTTLS: {refusal}", reply=refusal)
