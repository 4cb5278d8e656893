"""The server's side of a small SMTP dialogue, for `maild-sendmail -bs` (RFC 5321, RFC 3461, RFC 6531). Pure.

Lines come in, replies go out; whom a message can be for and taking it is somebody else's, the `Desk`.
The other side is a program on this machine that speaks through a pipe, so a bare LF ends a line as well as CRLF does,
and there is neither TLS nor AUTH. Everything is bounded: lines, recipients, the message.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from maild.errors import PermanentError
from maild.mail.address import Mailbox
from maild.mail.message import MAX_RECIPIENTS
from maild.mail.report_wish import (
    USUAL_WISH,
    Notify,
    ReportWish,
    ReportWishError,
    check_envelope_id,
    parse_notify,
)
from maild.spool.queue import SenderChoice

MAX_LINE_OCTETS: Final = 4096
"""RFC 5321 §4.5.3.1.4 asks for 512, extensions for more (RFC 3461 §4, RFC 6531 §3.4)."""

MAX_ERRORS: Final = 100
"""A program that still talks nonsense then is no mail program."""

_PATH: Final = re.compile(r"\s*<([^<>]*)>(?:\s+(.*))?\s*|\s*([^\s<>]+)(?:\s+(.*))?\s*")
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message with its envelope."""

    sender: SenderChoice
    recipients: tuple[Mailbox, ...]
    content: bytes = field(repr=False)
    wish: ReportWish


class Desk(Protocol):
    """Who takes the messages of a dialogue."""

    def sender(self, text: str) -> SenderChoice:
        """The reverse-path that a path means.

        Raises:
            PermanentError: it means none; the text says why.
        """
        ...

    def recipient(self, text: str) -> Mailbox:
        """The address that a path means.

        Raises:
            PermanentError: it means none; the text says why.
        """
        ...

    def take(self, letter: Letter) -> str:
        """Take a message, durably, and answer with the reply to its end."""
        ...


@dataclass(slots=True)
class _Transaction:
    sender: SenderChoice
    wish: ReportWish
    recipients: list[Mailbox] = field(default_factory=list)
    notify: frozenset[Notify] | None = None


class _Refused(Exception):  # noqa: N818 -- not an error: a reply other than the usual one
    """A command is answered by this."""


class Dialogue:
    """One dialogue, in the name of this machine; messages of at most so many bytes go to the desk."""

    def __init__(self, hostname: str, desk: Desk, max_bytes: int) -> None:
        self._hostname = hostname
        self._desk = desk
        self._max_bytes = max_bytes
        self._transaction: _Transaction | None = None
        self._lines: list[bytes] | None = None
        self._size = 0
        self._errors = 0
        self.is_over = False
        """Whether nothing more is to be said: QUIT, or too much nonsense."""

    def greeting(self) -> str:
        """What is said first."""
        return f"220 {self._hostname} ESMTP maild"

    def answer(self, line: bytes) -> str:
        """The reply to a line, lines joined by CRLF; empty while a message is coming."""
        if self._lines is not None:
            return self._data_line(line)
        try:
            return self._command(line.rstrip(b"\r\n").decode("utf-8", "surrogateescape"))
        except _Refused as refused:
            self._errors += 1
            if self._errors >= MAX_ERRORS:
                self.is_over = True
                return "421 4.7.0 Too many errors"
            return str(refused)

    def _command(self, line: str) -> str:
        if len(line) > MAX_LINE_OCTETS or not line.isprintable():
            raise _Refused("500 5.5.2 This line is too long or holds something else than text")
        verb, _, rest = line.partition(" ")
        act = self._verbs().get(verb.upper())
        if act is None:
            raise _Refused("500 5.5.1 There is no such command")
        return act(rest.strip())

    def _verbs(self) -> Mapping[str, Callable[[str], str]]:
        return {
            "HELO": self._helo,
            "EHLO": self._ehlo,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": lambda _: self._reset("250 2.0.0 Forgotten"),
            "NOOP": lambda _: "250 2.0.0 Fine",
            "VRFY": lambda _: "252 2.1.5 Send it, and the receipt will say",
            "HELP": lambda _: "214 2.0.0 HELO EHLO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT",
            "QUIT": self._quit,
        }

    def _helo(self, _name: str) -> str:
        return self._reset(f"250 {self._hostname}")

    def _ehlo(self, _name: str) -> str:
        words = ("PIPELINING", f"SIZE {self._max_bytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "DSN")
        self._transaction = None
        return "\r\n".join([f"250-{self._hostname}", *(f"250-{word}" for word in words), "250 HELP"])

    def _mail(self, rest: str) -> str:
        if self._transaction is not None:
            raise _Refused("503 5.5.1 There is a sender already")
        path, parameters = _path(rest, "FROM")
        size = parameters.get("SIZE", "0")
        if not size.isdecimal() or len(size) > 15:
            raise _Refused("501 5.5.4 SIZE is a number")
        if int(size) > self._max_bytes:
            raise _Refused(f"552 5.3.4 At most {self._max_bytes} octets are taken")
        try:
            sender = self._desk.sender(path)
        except PermanentError as error:
            raise _Refused(f"553 5.1.7 {_shown(str(error))}") from error
        self._transaction = _Transaction(sender=sender, wish=_wish(parameters))
        return "250 2.1.0 Fine"

    def _rcpt(self, rest: str) -> str:
        if self._transaction is None:
            raise _Refused("503 5.5.1 MAIL comes first")
        path, parameters = _path(rest, "TO")
        if len(self._transaction.recipients) >= MAX_RECIPIENTS:
            raise _Refused("452 4.5.3 Too many recipients")
        if not path:
            raise _Refused("501 5.1.3 A recipient is needed")
        if "NOTIFY" in parameters:
            wanted = _checked_notify(parameters["NOTIFY"])
            self._transaction.notify = wanted | (self._transaction.notify or frozenset())
        try:
            self._transaction.recipients.append(self._desk.recipient(path))
        except PermanentError as error:
            raise _Refused(f"550 5.1.1 {_shown(str(error))}") from error
        return "250 2.1.5 Fine"

    def _data(self, rest: str) -> str:
        if rest:
            raise _Refused("501 5.5.4 DATA has no parameter")
        if self._transaction is None or not self._transaction.recipients:
            raise _Refused("503 5.5.1 MAIL and RCPT come first")
        self._lines, self._size = [], 0
        return "354 Go on; a line with a lone dot ends it"

    def _data_line(self, line: bytes) -> str:
        assert self._lines is not None
        if line.rstrip(b"\r\n") == b"." and line != b".":
            return self._end()
        # RFC 5321 §4.5.2: a dot at the beginning was added by the other side.
        text = line.removeprefix(b".")
        self._size += len(text)
        if self._size <= self._max_bytes:
            self._lines.append(text)
        return ""

    def _end(self) -> str:
        transaction, lines = self._transaction, self._lines or []
        self._transaction = self._lines = None
        if self._size > self._max_bytes:
            return f"552 5.3.4 At most {self._max_bytes} octets are taken"
        assert transaction is not None
        wish = ReportWish(
            notify=transaction.notify, is_full=transaction.wish.is_full, envelope_id=transaction.wish.envelope_id
        )
        return self._desk.take(
            Letter(
                sender=transaction.sender,
                recipients=tuple(transaction.recipients),
                content=b"".join(lines),
                wish=wish,
            )
        )

    def _reset(self, reply: str) -> str:
        self._transaction = None
        return reply

    def _quit(self, _rest: str) -> str:
        self.is_over = True
        return "221 2.0.0 Bye"


def _path(rest: str, word: str) -> tuple[str, Mapping[str, str]]:
    """The path and the parameters of MAIL FROM: or RCPT TO:."""
    if not rest.upper().startswith(f"{word}:"):
        raise _Refused(f"501 5.5.4 {word}: is missing")
    found = _PATH.fullmatch(rest[len(word) + 1 :])
    if found is None:
        raise _Refused("501 5.1.7 An address in angle brackets is needed")
    path = found[1] if found[1] is not None else found[3]
    words = (found[2] or found[4] or "").split()
    pairs = (parameter.partition("=") for parameter in words)
    return path, {name.upper(): value for name, _, value in pairs}


def _wish(parameters: Mapping[str, str]) -> ReportWish:
    if "RET" not in parameters and "ENVID" not in parameters:
        return USUAL_WISH
    returns = parameters.get("RET", "HDRS").upper()
    if returns not in {"FULL", "HDRS"}:
        raise _Refused("501 5.5.4 RET is FULL or HDRS")
    try:
        text = parameters.get("ENVID")
        envelope_id = None if text is None else check_envelope_id(_XTEXT.sub(lambda code: chr(int(code[1], 16)), text))
    except ReportWishError as error:
        raise _Refused(f"501 5.5.4 {_shown(str(error))}") from error
    return ReportWish(is_full=returns == "FULL", envelope_id=envelope_id)


def _checked_notify(text: str) -> frozenset[Notify]:
    try:
        return parse_notify(text.split(","))
    except ReportWishError as error:
        raise _Refused(f"501 5.5.4 {_shown(str(error))}") from error


def _shown(text: str) -> str:
    return text.encode("ascii", "replace").decode()[:400]
