"""The beginning of a conversation: a command at a time, each with its reply, every way of failing made a NetError.

aiosmtplib's client does the talking; its low-level calls alone are used, because its `login` tries every mechanism
after a refusal. Two things are added here. On any doubt the connection is closed: after a time-out, a cancelled call
or a reply that is none, the next reply would be taken for the wrong command's. More than one reply to a command is
found out for the same reason. Messages do not travel this way: `surrender` gives the connection to a `Wire`.

RFC 5321 §4.1.1, §4.2, §4.3; timeouts §4.5.3.2.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator, Sequence
from typing import Final, cast

import aiosmtplib

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason
from maild.net.transcript import HIDDEN, current_tap, shown


class Dialogue:
    """A conversation over a connected client, which belongs to the dialogue from now on."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client: Final = client
        self._tap: Final = current_tap()

    @property
    def is_open(self) -> bool:
        """Whether a command can still be sent; false after any failure and after a 421."""
        return self.client.is_connected

    async def command(self, phase: Phase, *words: bytes, timeout_s: float) -> Reply:
        """Send a command and wait for its reply, whatever it says.

        Raises:
            NetError: no reply came, or what came is none; the connection is closed then.
        """
        with self.failing(phase):
            self._tell(phase, words)
            response = await self.client.execute_command(*words, timeout=timeout_s)
            return self.reply_of(phase, response)

    @contextlib.contextmanager
    def failing(self, phase: Phase) -> Iterator[None]:
        """Whatever goes wrong inside closes the connection; the library's errors come out as NetError."""
        try:
            with self.closing():
                yield
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise net_error(phase, error) from error

    @contextlib.contextmanager
    def closing(self) -> Iterator[None]:
        """Whatever goes wrong inside, a cancellation too, closes the connection: the reply to a command that was given
        up would be read as the next command's.
        """
        try:
            yield
        except BaseException:
            self.abort()
            raise

    def reply_of(self, phase: Phase, response: aiosmtplib.SMTPResponse) -> Reply:
        """The reply, if it is one and the only one.

        Raises:
            NetError: Reason.PROTOCOL.
        """
        self._tell_response(phase, response)
        reply = Reply.of(response.code, response.message)
        # RFC 5321 §4.2.1: the first digit of what a server may say in answer to a command is 2 to 5.
        if not 200 <= reply.code <= 599:
            raise NetError(phase, Reason.PROTOCOL, f"the server answered with {reply.code}, which is no reply code")
        self._refuse_unread(phase)
        if reply.code == 421:
            self.abort()  # RFC 5321 §3.8: the server is closing; nothing more will be answered
        return reply

    async def start_tls(self, context: ssl.SSLContext, *, timeout_s: float) -> None:
        """STARTTLS and the handshake. The library would do it too, but throw away unseen what comes between the two.

        Raises:
            NetError: something came in clear behind the go-ahead. Whoever put it there wants it taken for a part of
                the encrypted conversation.
            aiosmtplib.SMTPException, OSError: the server refused, or it failed.
        """
        self._tell(Phase.STARTTLS, (b"STARTTLS",))
        response = await self.client.execute_command(b"STARTTLS", timeout=timeout_s)
        self._tell_response(Phase.STARTTLS, response)
        if response.code != 220:
            raise aiosmtplib.SMTPResponseException(response.code, response.message)
        protocol = self.client.protocol
        if protocol is None or protocol.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        if protocol._buffer:  # noqa: SLF001 -- as in _refuse_unread
            detail = "something in clear came right behind the go-ahead for TLS, as an attacker would insert it"
            raise NetError(Phase.STARTTLS, Reason.PROTOCOL, detail)
        try:
            transport = await asyncio.get_running_loop().start_tls(
                cast("asyncio.Transport", protocol.transport),
                protocol,
                context,
                server_hostname=self.client.hostname,
                ssl_handshake_timeout=timeout_s,
            )
        except (TimeoutError, ConnectionAbortedError) as error:
            # asyncio says ConnectionAbortedError when a handshake takes too long.
            raise aiosmtplib.SMTPTimeoutError("The handshake was not finished in time") from error
        except ConnectionError as error:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost") from error
        if transport is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self.client.transport = protocol.transport = transport

    async def quit(self, timeout_s: float) -> None:
        """Say goodbye and close; a server that does not answer properly is left all the same."""
        with contextlib.suppress(NetError):
            await self.command(Phase.QUIT, b"QUIT", timeout_s=timeout_s)
        self.client.close()

    def _tell(self, phase: Phase, words: Sequence[bytes]) -> None:
        if self._tap is None:
            return
        if phase is not Phase.AUTH:
            self._tap(f"C: {shown(b' '.join(words))}")
        elif words[0] == b"AUTH":
            self._tap(f"C: {shown(b' '.join(words[:2]))}{f' {HIDDEN}' if len(words) > 2 else ''}")
        else:
            self._tap(f"C: {HIDDEN}")

    def _tell_response(self, phase: Phase, response: aiosmtplib.SMTPResponse) -> None:
        if self._tap is None:
            return
        is_challenge = phase is Phase.AUTH and response.code == 334
        *lines, last = [HIDDEN] if is_challenge else response.message.split("\n")
        for line in lines:
            self._tap(f"S: {response.code}-{shown(line)}")
        self._tap(f"S: {response.code} {shown(last)}")

    def abort(self) -> None:
        """Close at once, without a word and without waiting for what is not written yet."""
        transport = self.client.transport
        if transport is not None:
            # Every transport of a stream has it; the library's annotation is the base class.
            cast("asyncio.WriteTransport", transport).abort()
        self.client.close()

    def _refuse_unread(self, phase: Phase) -> None:
        # aiosmtplib keeps what came behind a reply and would take it for the next command's. It has no public name.
        if self.client.protocol is not None and self.client.protocol._buffer:  # noqa: SLF001
            raise NetError(phase, Reason.PROTOCOL, "the server sent more than one reply to one command")

    def surrender(self) -> asyncio.Transport:
        """Give the connection away; the dialogue is over. Nothing is under way on it.

        Raises:
            NetError: it is gone, or something came that nobody asked for; it is closed then.
        """
        with self.closing():
            transport, protocol = self.client.transport, self.client.protocol
            if transport is None or protocol is None or transport.is_closing():
                raise NetError(Phase.MAIL, Reason.LOST, "the server closed the connection")
            self._refuse_unread(Phase.MAIL)
            # Every transport of a stream is one; the library's annotation is the base class.
            return cast("asyncio.Transport", transport)


def net_error(phase: Phase, error: Exception) -> NetError:
    """The library's or the system's error as ours. Its text is not shown: it may quote what the server sent."""
    match error:
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return NetError(phase, Reason.TIMEOUT, "the server did not answer in time")
        case aiosmtplib.SMTPServerDisconnected() | ConnectionError():
            return NetError(phase, Reason.LOST, "the server closed the connection")
        case aiosmtplib.SMTPResponseException():
            return NetError(phase, Reason.PROTOCOL, "what the server sent is no SMTP reply")
        case ssl.SSLError():
            return NetError(phase, Reason.TLS, f"TLS failed: {error.reason or 'unknown reason'}")
        case OSError():
            return NetError(phase, Reason.LOST, f"the connection failed: {error.strerror or type(error).__name__}")
        case _:
            return NetError(phase, Reason.LOCAL, f"the command could not be sent: {type(error).__name__}")
