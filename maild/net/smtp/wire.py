"""The open connection of a session after the login: writes what it is given, pairs nothing, counts what comes back.

Shell code, thin: `ReplyReader` reads, `Transaction` understands. It is the protocol of the transport that aiosmtplib
opened (`Dialogue.surrender`). Whoever writes says how many replies that will have; a reply too many, a reply while
none is expected or anything that is no reply ends the connection, because from then on nothing could be paired. The
last reply of a server that said too much is not believed either.

Back-pressure: `flow()` waits until the transport takes more, so that a message is never buffered as a whole, and
stops waiting when the server answers early. Every wait has its time-out; one timer serves them all.
"""

import asyncio
import ssl
from collections import deque
from typing import Final

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.smtp.reply_reader import ReplyReader
from maild.net.step import NetError, Reason

_LOST: Final = (Reason.LOST, "the server closed the connection")


class Wire(asyncio.Protocol):
    """See above. Not for use by two tasks at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport: Final = transport
        self._loop: Final = loop
        self._reader: Final = ReplyReader()
        self._replies: Final[deque[Reply]] = deque()
        self._outstanding = 0
        """Replies that were not received yet."""
        self._failure: tuple[Reason, str] | None = None
        self.is_cut_short = False
        """It timed out while octets waited to be written: the last that was handed over never left this process."""
        self._waiter: asyncio.Future[None] | None = None
        self._is_paused = False
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = loop.time()

    @property
    def silence_s(self) -> float:
        """Since when nothing was heard of the server."""
        return self._loop.time() - self._heard_at

    @property
    def is_open(self) -> bool:
        """Whether something may be written; false after any failure and after a 421."""
        return self._failure is None and not self._transport.is_closing()

    @property
    def has_reply(self) -> bool:
        """Whether `reply` would not wait."""
        return bool(self._replies) or self._failure is not None

    def require(self, phase: Phase) -> None:
        """Raises NetError when nothing can be written any more."""
        if self._failure is not None:
            raise NetError(phase, *self._failure)

    def write(self, data: bytes, *, replies: int = 0) -> None:
        """Hand over bytes, and say how many replies they will have; to a connection that is gone, in vain."""
        self._outstanding += replies
        if self._failure is None:
            self._transport.write(data)

    async def reply(self, phase: Phase, timeout_s: float) -> Reply:
        """The next reply.

        Raises:
            NetError: none came; the connection is closed then.
        """
        while (reply := self.next_reply()) is None:
            self.require(phase)
            await self._wait(timeout_s)
        return reply

    def next_reply(self) -> Reply | None:
        """The next reply if it is there already."""
        if not self._replies:
            return None
        reply = self._replies.popleft()
        if reply.code == 421:
            self.abort()
        return reply

    async def flow(self, phase: Phase, timeout_s: float) -> None:
        """Wait until the transport takes more, or the server has said something.

        Raises:
            NetError: neither happened; the connection is closed then.
        """
        while self._is_paused and not self._replies:
            self.require(phase)
            await self._wait(timeout_s)

    async def command(self, phase: Phase, text: bytes, timeout_s: float) -> Reply:
        """Say a line and wait for the reply to it.

        Raises:
            NetError: none came; the connection is closed then.
        """
        self.write(text, replies=1)
        return await self.reply(phase, timeout_s)

    async def quit(self, timeout_s: float) -> None:
        """Say goodbye and close; a server that does not answer properly is left all the same."""
        try:
            await self.command(Phase.QUIT, b"QUIT\r\n", timeout_s)
        except NetError:
            return
        finally:
            self.fail(*_LOST)
            self._transport.close()

    def abort(self) -> None:
        """Close at once, without a word and without waiting for what is not written yet."""
        self.fail(Reason.LOST, "the connection is closed")

    def fail(self, reason: Reason, detail: str) -> None:
        """The connection is of no more use. The first reason stays."""
        if self._failure is None:
            self._failure = (reason, detail)
            # Only then: when the server closes, the event loop may just be writing the rest.
            self.is_cut_short = reason is Reason.TIMEOUT and self._transport.get_write_buffer_size() > 0
            self._transport.abort()
        self._wake()

    # What the transport calls.

    def data_received(self, data: bytes) -> None:
        """Count what comes; nothing is kept of a connection that failed."""
        if self._failure is not None:
            return
        self._heard_at = self._loop.time()
        replies = self._reader.feed(data)
        self._replies.extend(replies)
        self._outstanding -= len(replies)
        if self._reader.problem is not None:
            self.fail(Reason.PROTOCOL, f"the server broke the protocol: {self._reader.problem}")
        elif self._outstanding < 0 or (self._outstanding == 0 and not self._reader.is_between):
            self._too_much(replies)
        elif replies:
            self._wake()

    def eof_received(self) -> bool:
        """The server will say nothing more; what it has said still counts."""
        self.fail(*_LOST)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The same, whatever the cause."""
        self.fail(*_reason_of(exc))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def pause_writing(self) -> None:
        """The transport has enough for now."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """The transport takes more."""
        self._is_paused = False
        self._wake()

    # Inside.

    def _too_much(self, replies: list[Reply]) -> None:
        """What is one too many can be any of them, so the last one that was expected is not believed."""
        surplus = -self._outstanding
        for _ in range(min(len(self._replies), surplus + 1) if replies else 0):
            self._replies.pop()
        self.fail(Reason.PROTOCOL, "the server sent more replies than it was asked for")

    async def _wait(self, timeout_s: float) -> None:
        self._deadline = self._loop.time() + timeout_s
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._on_timer)
        waiter = self._waiter = self._loop.create_future()
        try:
            await waiter
        except BaseException:
            # The reply to a command that was given up would be read as the next command's.
            self.abort()
            raise
        finally:
            self._waiter = None

    def _on_timer(self) -> None:
        self._timer = None
        if self._waiter is None:
            return
        if self._loop.time() >= self._deadline:
            self.fail(Reason.TIMEOUT, "the server did not answer in time")
        else:
            self._timer = self._loop.call_at(self._deadline, self._on_timer)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _reason_of(error: Exception | None) -> tuple[Reason, str]:
    match error:
        case None | ConnectionError():
            return _LOST
        case ssl.SSLError():
            return Reason.TLS, f"TLS failed: {error.reason or 'unknown reason'}"
        case OSError():
            return Reason.LOST, f"the connection failed: {error.strerror or type(error).__name__}"
        case _:
            return Reason.LOST, f"the connection failed: {type(error).__name__}"
