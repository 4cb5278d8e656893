"""The words of a conversation, for a person who wants to see them: who said what, secrets hidden, messages left out.

    with transcribe(print):
        ...  # open a session, send, quit

Pure but for the variable that says who listens in this context: conversations take no further argument for what one
command wants to see. Logins are hidden as a whole, so that nothing has to be recognised; of a message its size is told.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Final, TypeAlias

Tap: TypeAlias = Callable[[str], None]
"""Told a line: "C: EHLO host" of ours, "S: 250 ok" of the other side."""

HIDDEN: Final = "••••"
MAX_LINE: Final = 500

_TAP: Final[ContextVar[Tap | None]] = ContextVar("maild_transcript", default=None)
_BDAT: Final = re.compile(r"BDAT (\d+)", re.IGNORECASE)


@contextlib.contextmanager
def transcribe(tap: Tap) -> Iterator[None]:
    """Conversations that begin inside are told to the tap."""
    token = _TAP.set(tap)
    try:
        yield
    finally:
        _TAP.reset(token)


def current_tap() -> Tap | None:
    """Who listens to a conversation that begins now."""
    return _TAP.get()


def shown(text: bytes | str) -> str:
    """A line as it can be printed."""
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return "".join(char if char.isprintable() else "\ufffd" for char in line)[:MAX_LINE]


class SmtpLines:
    """The lines of an SMTP conversation, from the octets that go by; the content of messages is not among them."""

    def __init__(self, tap: Tap) -> None:
        self._tap: Final = tap
        self._sent = b""
        self._heard = b""
        self._chunk_left = 0
        self._content_bytes = 0
        self._is_content = False

    def sent(self, data: bytes) -> None:
        """We wrote this."""
        if self._is_content:
            self._content(data)
            return
        self._sent += data
        while self._sent:
            if self._chunk_left:
                size = min(self._chunk_left, len(self._sent))
                self._sent, self._chunk_left = self._sent[size:], self._chunk_left - size
                continue
            line, end, rest = self._sent.partition(b"\r\n")
            if not end:
                return
            self._sent = rest
            self._tap(f"C: {shown(line)}")
            if found := _BDAT.match(line.decode("ascii", "replace")):
                self._chunk_left = int(found[1])
                self._tap(f"C: ({found[1]} octets of the message)")

    def heard(self, data: bytes) -> None:
        """The server wrote this."""
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            self._tap(f"S: {shown(line.rstrip(bytes([13])))}")
            # After 354 the message goes out, up to the line with a dot alone.
            self._is_content = self._is_content or line.startswith(b"354")

    def _content(self, data: bytes) -> None:
        self._content_bytes += len(data)
        tail = (self._sent + data)[-5:]
        if tail in {b"\r\n.\r\n", b".\r\n"}:
            self._tap(f"C: ({self._content_bytes} octets of the message and its final dot)")
            self._is_content, self._content_bytes, self._sent = False, 0, b""
        else:
            self._sent = tail
