"""Makes replies of what a server sends, however it is cut into pieces. Pure, and hostile until shown otherwise.

It holds no more than one reply, and no reply that is too long. What is no reply ends the reading for good: `problem`
says why, and nothing that follows is looked at, since nobody could say to which command it belongs. The replies before
it stand.

RFC 5321 §4.2 (form), §4.2.1 (codes), §4.5.3.1.5 (512 octets in a line; servers that explain themselves need more).
"""

import re
from typing import Final

from maild.mail.reply import Reply

MAX_LINE_BYTES: Final = 8 * 1024
MAX_REPLY_BYTES: Final = 32 * 1024
"""All lines of one reply; the longest answer to EHLO is a few kilobytes."""

_LINE: Final = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)

_MAX_KNOWN: Final = 64


class ReplyReader:
    """Feed it what comes; `problem` is None until something came that is no reply."""

    __slots__ = ("_code", "_known", "_rest", "_size", "_texts", "problem")

    def __init__(self) -> None:
        self.problem: str | None = None
        self._rest = b""
        self._code = b""
        self._texts: list[bytes] = []
        self._size = 0
        self._known: dict[bytes, Reply] = {}

    @property
    def is_between(self) -> bool:
        """Whether nothing of an unfinished reply has come."""
        return not self._rest and not self._texts

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole now, in order."""
        replies: list[Reply] = []
        if self.problem is not None:
            return replies
        *lines, self._rest = (self._rest + data).split(b"\n")
        try:
            for line in lines:
                # One line that was seen before is most of what a server says.
                reply = (None if self._texts else self._known.get(line)) or self._read(line)
                if reply is not None:
                    replies.append(reply)
        except _NoReplyError as error:
            self.problem = str(error)
        if len(self._rest) > MAX_LINE_BYTES:
            self.problem = self.problem or "a line of its reply is too long"
            self._rest = b""
        return replies

    def _read(self, line: bytes) -> Reply | None:
        """What a line ends, if it ends a reply."""
        self._size += len(line)
        if len(line) > MAX_LINE_BYTES or self._size > MAX_REPLY_BYTES:
            raise _NoReplyError("its reply is too long")
        # A bare LF is a line end too: some servers write no other, and nothing can be hidden behind it.
        found = _LINE.fullmatch(line.removesuffix(b"\r"))
        if found is None:
            raise _NoReplyError("what it sent is no SMTP reply")
        code, mark, text = found.groups()
        if self._texts and code != self._code:
            raise _NoReplyError("the lines of its reply have different codes")
        self._code = code
        self._texts.append(text or b"")
        return None if mark == b"-" else self._finish(line)

    def _finish(self, line: bytes) -> Reply:
        text = b"\n".join(text.strip(b" \t\r") for text in self._texts)
        reply = Reply.of(int(self._code), text.decode("utf-8", "surrogateescape"))
        if len(self._texts) == 1:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[line] = reply
        self._texts, self._size = [], 0
        return reply


class _NoReplyError(Exception):
    """What came is no reply."""
