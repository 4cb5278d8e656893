"""Opens sessions, phase by phase, each told to a listener.

The order in the three modes:

    implicit   resolve connect             tls certificate banner ehlo        auth
    starttls   resolve connect banner ehlo starttls tls certificate ehlo      auth
    none       resolve connect banner ehlo                                    auth

There is no mode that encrypts if possible: with STARTTLS stripped by somebody on the way, it would hand over the
password. RFC 3207 §4.2 (what was learnt before TLS is forgotten), RFC 8314 §3, RFC 5321 §4.1.1.1.
"""

import asyncio
import base64
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import aiosmtplib

from maild.config.model import TlsMode
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.channel_binding import ChannelBinding
from maild.net.connect import Connection
from maild.net.dial import Way
from maild.net.narrator import Narrator
from maild.net.peer import Peer
from maild.net.resolver import Resolver
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.dialogue import Dialogue
from maild.net.smtp.encryption import Encryption
from maild.net.smtp.introduction import introduction
from maild.net.smtp.login import Channel, log_in, plan_login
from maild.net.smtp.server import SmtpServer, Timeouts
from maild.net.smtp.session import SessionFacts, SmtpSession
from maild.net.smtp.tapped_wire import TappedWire
from maild.net.smtp.wire import Wire
from maild.net.step import NetError, Reason, StepListener, ignore_steps
from maild.net.tls import ClientCertificate, context_for
from maild.net.transcript import current_tap

NONCE_BYTES: Final = 18

LoginWish: TypeAlias = bool | Callable[[], Awaitable[bool]]


async def open_session(
    server: SmtpServer,
    resolver: Resolver,
    *,
    listener: StepListener = ignore_steps,
    login: LoginWish = True,
    timeouts: Timeouts | None = None,
) -> SmtpSession:
    """A session that is ready to send; the caller ends it with `quit` or `abort`.

    Args:
        server: whom to talk to, how, and as whom.
        resolver: where the host's addresses come from.
        listener: told each phase as it ends.
        login: False: stop before AUTH, as a probe does whose budget of logins is used up. Who decides only when it has
            come so far hands in a function, which is asked once.
        timeouts: how long each part may take.

    Raises:
        NetError: a phase failed; the connection is closed. A certificate that was not accepted is a
            `CertificateError`, with the facts and the defect.
    """
    narrator, times = Narrator(listener), (timeouts or Timeouts()).within(server.timeout_s)
    with narrator.only_failures():
        context = _context_of(server)
    way = Way(host=server.host, port=server.port, proxy=server.proxy, resolver=resolver, timeout_s=times.connect_s)
    opening = _Opening(
        server=server,
        way=way,
        connection=await way.connect(narrator),
        narrator=narrator,
        timeouts=times,
        context=context,
    )
    return await opening.run(login=login)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """From a connected socket to a session."""

    server: SmtpServer
    way: Way
    connection: Connection
    narrator: Narrator
    timeouts: Timeouts
    context: ssl.SSLContext

    async def run(self, *, login: LoginWish) -> SmtpSession:
        """All that is left to do. The socket belongs to the session afterwards, or is closed."""
        try:
            with self.narrator.only_failures():
                dialogue = Dialogue(self._client())
        except BaseException:
            self.connection.sock.close()
            raise
        try:
            facts = await self._set_up(dialogue, login=login)
            wire = _take_over(dialogue)
        except NetError:
            # A refusal leaves the conversation open: take leave like everybody else.
            if dialogue.is_open:
                await dialogue.quit(self.timeouts.quit_s)
            dialogue.abort()
            raise
        except BaseException:
            dialogue.abort()
            raise
        return SmtpSession(wire, facts, self.timeouts)

    def _client(self) -> aiosmtplib.SMTP:
        own_address: str = self.connection.sock.getsockname()[0]
        name = introduction(self.server.local_hostname, machine_name=socket.gethostname(), own_address=own_address)
        try:
            return aiosmtplib.SMTP(
                hostname=self.server.tls_name,
                local_hostname=name,
                timeout=self.timeouts.command_s,
                use_tls=self.server.mode is TlsMode.IMPLICIT,
                start_tls=False,  # never the library's default, which is "if possible"
                sock=self.connection.sock,
            )
        except ValueError:
            raise NetError(Phase.EHLO, Reason.LOCAL, "our own name or the server's holds a space or worse") from None

    async def _set_up(self, dialogue: Dialogue, *, login: LoginWish) -> SessionFacts:
        encryption = Encryption(
            server=self.server,
            dialogue=dialogue,
            narrator=self.narrator,
            timeouts=self.timeouts,
            context=self.context,
            fetch_peer=self._fetch_peer,
        )
        peer = None
        if self.server.mode is TlsMode.IMPLICIT:
            peer, banner = await encryption.connect_implicitly()
        else:
            banner = await encryption.connect_in_clear(None if self.connection.is_tunnel else self.connection.address)
        capabilities = await self._say_ehlo(dialogue)
        if self.server.mode is TlsMode.STARTTLS:
            peer = await encryption.start_tls(capabilities)
            capabilities = await self._say_ehlo(dialogue)
        facts = SessionFacts(
            address=self.connection.address,
            banner=banner,
            capabilities=capabilities,
            peer=peer,
            is_trusted=peer is not None and (self.server.verify or bool(self.server.pins)),
        )
        if self.server.wants_login and (login if isinstance(login, bool) else await login()):
            return replace(facts, mechanism=await self._log_in(dialogue, facts))
        return facts

    async def _say_ehlo(self, dialogue: Dialogue) -> Capabilities:
        with self.narrator.phase(Phase.EHLO) as found:
            name = (dialogue.client.local_hostname or "").encode("ascii", "replace")
            reply = await self._hello(dialogue, b"EHLO", name)
            if reply.code in {500, 502}:
                # RFC 5321 §3.2: a server that does not know EHLO is greeted the old way and has no extensions.
                reply = await self._hello(dialogue, b"HELO", name)
                capabilities = Capabilities(greeting=reply.text)
            else:
                capabilities = Capabilities.parse(reply.text)
            found.reply, found.detail = reply, str(capabilities)
            if reply.code != 250:
                raise NetError(Phase.EHLO, Reason.REPLY, f"the server refused our greeting: {reply}", reply=reply)
        # The library wants to know it before it starts TLS.
        dialogue.client.last_ehlo_response = aiosmtplib.SMTPResponse(reply.code, reply.text)
        return capabilities

    async def _hello(self, dialogue: Dialogue, verb: bytes, name: bytes) -> Reply:
        return await dialogue.command(Phase.EHLO, verb, name, timeout_s=self.timeouts.command_s)

    async def _log_in(self, dialogue: Dialogue, facts: SessionFacts) -> str:
        server = self.server
        channel = Channel(
            is_encrypted=facts.peer is not None,
            is_loopback=self.connection.is_loopback,
            binding=ChannelBinding.of(facts.peer),
        )
        with self.narrator.phase(Phase.AUTH) as found:
            nonce = base64.b64encode(os.urandom(NONCE_BYTES)).decode()
            mechanism, secret = plan_login(server, facts.capabilities, channel, nonce=nonce)
            found.reply = await log_in(dialogue, mechanism, secret, timeout_s=self.timeouts.command_s)
            found.detail = mechanism.name.lower()
        return mechanism.name

    async def _fetch_peer(self) -> Peer | None:
        """Who has the certificate that was just refused: the same way again, unverified, without login."""
        again = replace(self.server, verify=False, ca_file=None, pins=(), username=None, password=None)
        opening = replace(
            self,
            server=again,
            connection=await self.way.connect_again(self.connection),
            narrator=Narrator(ignore_steps),
            context=context_for(verify=False),
        )
        session = await opening.run(login=False)
        await session.quit()
        return session.facts.peer


def _context_of(server: SmtpServer) -> ssl.SSLContext:
    if server.pins and server.mode is TlsMode.NONE:
        raise NetError(Phase.TLS, Reason.LOCAL, "the account pins a certificate, and without encryption there is none")
    shown = None
    if server.cert_file is not None and server.key_file is not None:
        shown = ClientCertificate(cert_file=server.cert_file, key_file=server.key_file)
    return context_for(verify=server.verify, ca_file=server.ca_file, min_version=server.min_version, client=shown)


def _take_over(dialogue: Dialogue) -> Wire:
    """From here on the connection is ours alone."""
    transport = dialogue.surrender()
    loop, tap = asyncio.get_running_loop(), current_tap()
    wire = Wire(transport, loop) if tap is None else TappedWire(transport, loop, tap)
    transport.set_protocol(wire)
    return wire
