"""One open conversation: a command at a time, each with its reply, every way of failing made a NetError.

aiosmtplib's client does the talking; its low-level calls alone are used, because its `login` tries every mechanism
after a refusal and its `sendmail` forgets who was refused. Three things are added here. On any doubt the connection is
closed: after a time-out, a cancelled call or a reply that is none, the next reply would be taken for the wrong
command's. More than one reply to a command is found out for the same reason. And the message is written here, in
blocks with back-pressure, because whether its end was sent decides between "not delivered" and "cannot be known".

RFC 5321 §4.1.1, §4.2, §4.3; timeouts §4.5.3.2.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from typing import Final, cast

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.smtp.server import Timeouts
from maild.net.step import NetError, Reason


class BodyError(NetError):
    """The message's data did not come to an answer; `is_uncertain` when its end had been sent."""

    def __init__(self, error: NetError, *, is_uncertain: bool) -> None:
        super().__init__(error.phase, error.reason, error.detail, reply=error.reply)
        self.is_uncertain = is_uncertain


class Dialogue:
    """A conversation over a connected client, which belongs to the dialogue from now on."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client: Final = client

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
        reply = Reply.of(response.code, response.message)
        # RFC 5321 §4.2.1: the first digit of what a server may say in answer to a command is 2 to 5.
        if not 200 <= reply.code <= 599:
            raise NetError(phase, Reason.PROTOCOL, f"the server answered with {reply.code}, which is no reply code")
        self._refuse_unread(phase)
        if reply.code == 421:
            self.abort()  # RFC 5321 §3.8: the server is closing; nothing more will be answered
        return reply

    async def write_message(self, blocks: Iterator[bytes], timeouts: Timeouts) -> Reply:
        """Write the message's data after a 354 and wait for the answer to its end.

        Raises:
            BodyError: no answer, or none that makes sense; the connection is closed then.
        """
        answer: asyncio.Task[aiosmtplib.SMTPResponse] | None = None
        is_ended = False
        try:
            with self.failing(Phase.BODY):
                protocol = self._protocol()
                # Read while writing: a server may refuse in the middle, and then stop reading.
                answer = asyncio.create_task(protocol.read_response())
                block = next(blocks)
                for following in blocks:
                    protocol.write(block)
                    block = following
                    await _until_taken(protocol, answer, timeouts.block_s)
                    if answer.done():
                        return self._early_refusal(answer.result())
                protocol.write(block)
                is_ended = True
                async with asyncio.timeout(timeouts.end_s):
                    response = await answer
                return self.reply_of(Phase.BODY, response)
        except NetError as error:
            raise BodyError(error, is_uncertain=is_ended) from error
        finally:
            if answer is not None and not answer.cancel() and not answer.cancelled():
                answer.exception()  # seen, so that nobody reports it as forgotten

    async def quit(self, timeout_s: float) -> None:
        """Say goodbye and close; a server that does not answer properly is left all the same."""
        with contextlib.suppress(NetError):
            await self.command(Phase.QUIT, b"QUIT", timeout_s=timeout_s)
        self.client.close()

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

    def _early_refusal(self, response: aiosmtplib.SMTPResponse) -> Reply:
        """An answer before the end of the data; only a refusal makes sense then. The data cannot be taken back, so the
        connection is of no more use.
        """
        reply = self.reply_of(Phase.BODY, response)
        if not (reply.is_transient or reply.is_permanent):
            raise NetError(Phase.BODY, Reason.PROTOCOL, "the server answered before the end of the message")
        self.abort()
        return reply

    def _protocol(self) -> SMTPProtocol:
        if self.client.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        return self.client.protocol


async def _until_taken(protocol: SMTPProtocol, answer: asyncio.Task[aiosmtplib.SMTPResponse], timeout_s: float) -> None:
    """Wait until the transport takes more, or the server has answered."""
    # The name is asyncio's own convention between a stream's writer and its protocol; there is no public one.
    drained = asyncio.ensure_future(protocol._drain_helper())  # noqa: SLF001
    try:
        done, _ = await asyncio.wait({drained, answer}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError
        if drained in done and not answer.done():
            drained.result()
    finally:
        drained.cancel()


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
