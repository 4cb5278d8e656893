"""The address lists of header fields: To, Cc, Bcc, From, Reply-To (RFC 5322 §3.4), with display names and groups.

Takes what real mailers write besides: obsolete routes, empty elements, a bare address as the display name of the
same address, UTF-8 (RFC 6532). Encoded words (RFC 2047) are left in names as they are. Linear in its input; nothing
recurses. What can go wrong is one `AddressError`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from maild.mail.address import ATOM, MAX_ADDRESS_OCTETS, MAX_LOCAL_OCTETS, AddressError, Mailbox, quote
from maild.mail.domain import name_char

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_LITERAL: Final = re.compile(r"\[[^\[\]\\]*\]")
_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_COMMENT_MARK: Final = re.compile(r"\\.|[()]", re.DOTALL)
_PLAIN_NAME: Final = re.compile(rf"{ATOM.pattern}(?: {ATOM.pattern})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMailbox:
    """An address with the display name beside it; the name is empty when there is none."""

    mailbox: Mailbox
    name: str = ""

    def __str__(self) -> str:
        """As it stands in a header field. A name beyond ASCII stays UTF-8; encoding it is the header's business."""
        if not self.name:
            return str(self.mailbox)
        name = self.name if _PLAIN_NAME.fullmatch(self.name) is not None else quote(self.name)
        return f"{name} <{self.mailbox}>"


def parse_address_list(text: str) -> tuple[NamedMailbox, ...]:
    """Every address of a header value, in order, the members of groups included; empty when there is none.

    Raises:
        AddressError: some element is no address; positions count in `text`.
    """
    return _plain_addresses(text) or tuple(_Reader(text).addresses())


# What programs write: no quotes, comments, groups or blank space in odd places, ASCII. The domain ends in a name.
_MAX_PLAIN_CHARS: Final = 400
_TEXT: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = re.compile(
    rf"[ ]?(?:([A-Za-z0-9]+(?: [A-Za-z0-9]+)*) (?=<))?(<)?({_TEXT}(?:\.{_TEXT})*)@"
    rf"((?:{_LABEL}\.)*[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?)(?(2)>)"
)


def _plain_addresses(text: str) -> tuple[NamedMailbox, ...] | None:
    """The addresses of a plain list, found ten times as quickly; None where it is not that plain."""
    found = []
    for element in text.split(","):
        match = _PLAIN.fullmatch(element) if len(element) <= _MAX_PLAIN_CHARS else None
        if match is None or len(match[3]) > MAX_LOCAL_OCTETS or len(match[3]) + len(match[4]) >= MAX_ADDRESS_OCTETS:
            return None
        found.append(NamedMailbox(mailbox=Mailbox(match[3], match[4].lower()), name=match[1] or ""))
    return tuple(found)


class _Kind(Enum):
    ATOM = auto()
    QUOTED = auto()
    LITERAL = auto()
    SPECIAL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    position: int
    after_space: bool

    @property
    def is_word(self) -> bool:
        return self.kind in {_Kind.ATOM, _Kind.QUOTED}

    def is_special(self, char: str) -> bool:
        return self.kind is _Kind.SPECIAL and self.text == char


class _Reader:
    """Reads one list; holds the place reached."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokenize(text)
        self._token = next(self._tokens)
        self._in_group = False

    def addresses(self) -> Iterator[NamedMailbox]:
        while self._token.kind is not _Kind.END:
            # Empty elements are obsolete syntax (RFC 5322 §4.4) and common.
            if self._take(","):
                continue
            if self._in_group and self._take(";"):
                self._in_group = False
                continue
            address = self._address()
            if address is not None:
                yield address
        if self._in_group:
            raise AddressError('the group is not closed: ";" is missing', self._token.position)

    def _address(self) -> NamedMailbox | None:
        """One address with all that belongs to it, or None after the head of a group."""
        words = self._words()
        if self._token.is_special("@"):
            bare = self._after_local(words)
            # Outlook and others write the address as its own display name, without the quotes it needs.
            if not self._token.is_special("<"):
                self._expect_separator()
                return NamedMailbox(mailbox=bare)
            address = NamedMailbox(mailbox=self._angle(), name=str(bare))
        elif self._token.is_special("<"):
            address = NamedMailbox(mailbox=self._angle(), name=_phrase(words))
        elif words and not self._in_group and self._take(":"):
            self._in_group = True
            return None
        else:
            raise AddressError(_no_address(self._token, words), self._token.position)
        self._expect_separator()
        return address

    def _angle(self) -> Mailbox:
        self._advance()
        if self._token.is_special("@"):
            self._skip_route()
        words = self._words()
        if not self._token.is_special("@"):
            raise AddressError('an address with "@" must stand in the brackets', self._token.position)
        mailbox = self._after_local(words)
        if not self._take(">"):
            raise AddressError('the closing ">" is missing', self._token.position)
        return mailbox

    def _skip_route(self) -> None:
        # `<@relay,@relay:user@host>`: to be accepted and ignored (RFC 5321 appendix C, RFC 5322 §4.4).
        while not self._take(":"):
            if self._token.kind is _Kind.END or self._token.is_special(">"):
                raise AddressError('the route has no ":" after it', self._token.position)
            self._advance()

    def _after_local(self, words: list[_Token]) -> Mailbox:
        local, start = _local_part(words, self._token.position)
        self._advance()
        if self._token.kind is _Kind.LITERAL:
            domain = self._token.text
            self._advance()
        else:
            domain = "".join(token.text for token in self._domain_tokens())
        try:
            return Mailbox.of(local, domain)
        except AddressError as error:
            raise AddressError(error.problem, start) from None

    def _domain_tokens(self) -> Iterator[_Token]:
        needs_atom = True
        while self._token.kind is _Kind.ATOM if needs_atom else self._token.is_special("."):
            yield self._token
            self._advance()
            needs_atom = not needs_atom
        if needs_atom:
            raise AddressError("a domain is missing", self._token.position)

    def _words(self) -> list[_Token]:
        words: list[_Token] = []
        while self._token.is_word or self._token.is_special("."):
            words.append(self._token)
            self._advance()
        return words

    def _expect_separator(self) -> None:
        is_end = self._token.kind is _Kind.END or (self._in_group and self._token.is_special(";"))
        if not is_end and not self._token.is_special(","):
            raise AddressError("a comma is missing between two addresses", self._token.position)

    def _take(self, char: str) -> bool:
        if not self._token.is_special(char):
            return False
        self._advance()
        return True

    def _advance(self) -> None:
        self._token = next(self._tokens)


def _no_address(token: _Token, words: list[_Token]) -> str:
    if token.kind is _Kind.SPECIAL and not words:
        return f"{name_char(token.text)} has no address before it"
    return 'this is no address: there is no "@"'


def _local_part(words: list[_Token], at: int) -> tuple[str, int]:
    """The local part of words and dots that take turns, quotes undone (RFC 5322 §4.4 obs-local-part), and its place."""
    if not words:
        raise AddressError('nothing stands before the "@"', at)
    for index, token in enumerate(words):
        if token.is_word == bool(index % 2):
            problem = "a comma is missing between two addresses" if token.is_word else "a dot has no name beside it"
            raise AddressError(problem, token.position)
    if not words[-1].is_word:
        raise AddressError("a dot has no name beside it", words[-1].position)
    return "".join(token.text for token in words), words[0].position


def _phrase(words: list[_Token]) -> str:
    parts = [(" " if token.after_space and index else "") + token.text for index, token in enumerate(words)]
    return "".join(parts)


def _tokenize(text: str) -> Iterator[_Token]:
    """The tokens, then END for ever."""
    position = 0
    after_space = False
    while position < len(text):
        skipped = _skip_blank(text, position)
        if skipped != position:
            position, after_space = skipped, True
            continue
        token = _token_at(text, position, after_space=after_space)
        yield token[0]
        position, after_space = token[1], False
    while True:
        yield _Token(_Kind.END, "", len(text) + 1, after_space)


def _skip_blank(text: str, position: int) -> int:
    blank = _SPACE.match(text, position)
    if blank is not None:
        return blank.end()
    if text[position] != "(":
        return position
    depth = 0
    for mark in _COMMENT_MARK.finditer(text, position):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth == 0:
            return mark.end()
    raise AddressError('the comment is not closed: ")" is missing', position + 1)


def _token_at(text: str, position: int, *, after_space: bool) -> tuple[_Token, int]:
    char = text[position]
    at = position + 1
    if char in "<>,:;@.":
        return _Token(_Kind.SPECIAL, char, at, after_space), at
    if (found := ATOM.match(text, position)) is not None:
        _check_seen(found[0], at)
        return _Token(_Kind.ATOM, found[0], at, after_space), found.end()
    if (found := _QUOTED.match(text, position)) is not None:
        # Folding inside a quoted-string is no part of it (RFC 5322 §3.2.4).
        content = _PAIR.sub(r"\1", found[1].replace("\r", "").replace("\n", ""))
        _check_seen(content.replace("\t", " "), at + 1)
        return _Token(_Kind.QUOTED, content.replace("\t", " "), at, after_space), found.end()
    if (found := _LITERAL.match(text, position)) is not None:
        return _Token(_Kind.LITERAL, found[0], at, after_space), found.end()
    if char in '"[':
        missing = {'"': "quote", "[": "bracket"}[char]
        raise AddressError(f"the closing {missing} is missing", at)
    raise AddressError(f"{name_char(char)} cannot stand here without quotes", at)


def _check_seen(text: str, at: int) -> None:
    for index, char in enumerate(text):
        if not char.isprintable():
            raise AddressError(f"{name_char(char)} cannot stand in an address list", at + index)
