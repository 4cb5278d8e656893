"""The header of a message: its fields as bytes, found, read, replaced and written (RFC 5322 §2.2, §3.6). Pure.

Bytes that nobody asked to change stay as they are, folding, case and order included: a signature (RFC 6376) may cover
them. What comes in is hostile: every value that goes into a field is refused when it holds a control character, so
that no field can smuggle in another one. What can go wrong is `HeaderError`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from maild.errors import PermanentError
from maild.mail.address import quote
from maild.mail.address_list import NamedMailbox
from maild.mail.encoded_word import decode_text, encode_text

MAX_FIELDS: Final = 1000
"""Mail that went through the longest chain of lists and filters has about a hundred."""

MAX_LINE_OCTETS: Final = 998
"""RFC 5322 §2.1.1, without the CRLF. Only what maild writes itself is held to it."""

_WANTED_LINE_OCTETS: Final = 78

# RFC 5322 §3.6.8; blank space before the colon is obsolete syntax (§4.5) that must be understood.
_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:([^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)")
_NAME: Final = re.compile(r"[!-9;-~]+")
_FOLD: Final = re.compile(rb"\r\n(?=[ \t])")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FOLDING_PLACE: Final = re.compile(r"(?<=[^ ]) (?=[^ ])")


class HeaderError(PermanentError, ValueError):
    """A header block that is none, or a field that cannot be written."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in lower case, and its bytes with every CRLF."""

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """What follows the colon, unfolded, without blank space around it."""
        return _FOLD.sub(b"", self.raw.partition(b":")[2]).strip(b" \t\r\n")

    @property
    def text(self) -> str:
        """The value as text, not decoded; octets that are no UTF-8 become U+FFFD."""
        return self.value.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a message in their order."""

    fields: tuple[Field, ...] = field(repr=False)

    @classmethod
    def parse(cls, head: bytes) -> Self:
        """The fields of a header block whose lines end in CRLF; `bytes()` gives the same block back.

        Raises:
            HeaderError: a line is no field and continues none, or there are too many.
        """
        fields: list[Field] = []
        position = 0
        while position < len(head):
            found = _FIELD.match(head, position)
            if found is None:
                line = head.count(b"\r\n", 0, position) + 1
                raise HeaderError(f"line {line} is no header field: a field begins with its name and a colon")
            if len(fields) == MAX_FIELDS:
                raise HeaderError(f"the header has more than {MAX_FIELDS} fields")
            fields.append(Field(found[1].decode("ascii").lower(), found[0]))
            position = found.end()
        return cls(tuple(fields))

    def __bytes__(self) -> bytes:
        """The block in wire form, without the blank line after it."""
        return b"".join(one.raw for one in self.fields)

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields of that name, in order; case does not matter."""
        wanted = name.lower()
        return tuple(one for one in self.fields if one.name == wanted)

    def __contains__(self, name: str) -> bool:
        return any(one.name == name.lower() for one in self.fields)

    def text(self, name: str) -> str | None:
        """The first value of that name for people: unfolded, encoded words decoded, no control characters."""
        found = self.all(name)
        return decode_text(found[0].text) if found else None

    def without(self, names: Iterable[str]) -> "Header":
        """The header without every field of these names."""
        unwanted = frozenset(name.lower() for name in names)
        return Header(tuple(one for one in self.fields if one.name not in unwanted))

    def with_added(self, new: Field) -> "Header":
        """The header with one field more at its end."""
        return Header((*self.fields, new))

    def with_replaced(self, new: Field) -> "Header":
        """The header with this as the only field of its name: where the first one stood, else at the end."""
        kept: list[Field] = []
        is_placed = False
        for one in self.fields:
            if one.name != new.name:
                kept.append(one)
            elif not is_placed:
                kept.append(new)
                is_placed = True
        return Header((*kept,) if is_placed else (*kept, new))


def text_field(name: str, text: str) -> Field:
    """A field of plain text, such as Subject; encoded and folded as needed.

    Raises:
        HeaderError: the name is none, or the text holds a control character.
    """
    return _field(name, encode_text(_checked(name, text)))


def structured_field(name: str, value: str) -> Field:
    """A field whose value is written already, such as Date or Message-ID; only folded.

    Raises:
        HeaderError: the name is none, the value holds a control character or a word too long for a line.
    """
    return _field(name, _checked(name, value))


def address_field(name: str, mailboxes: Iterable[NamedMailbox]) -> Field:
    """A field of addresses, such as From, Reply-To or To; display names are encoded or quoted as needed.

    Raises:
        HeaderError: the name is none, or a display name holds a control character.
    """
    return _field(name, ", ".join(_format_named(name, one) for one in mailboxes))


def _format_named(name: str, named: NamedMailbox) -> str:
    display = _checked(name, named.name)
    if display.isascii() and "=?" in display:
        # As a bare word it would be decoded by the reader into something that nobody wrote.
        return f"{quote(display)} <{named.mailbox}>"
    if display.isascii():
        return str(named)
    return f"{encode_text(display)} <{named.mailbox}>"


def _checked(name: str, value: str) -> str:
    found = _CONTROL.search(value)
    if found is not None:
        raise HeaderError(
            f"{name}: character {found.start() + 1} is a control character, which no header field can hold"
        )
    return value.strip(" ")


def _field(name: str, value: str) -> Field:
    if _NAME.fullmatch(name) is None:
        raise HeaderError(f"{name!a} is no name of a header field")
    if value and value.isascii() and len(name) + len(value) < _WANTED_LINE_OCTETS - 1:
        # Most are that short.
        return Field(name.lower(), f"{name}: {value}\r\n".encode())
    lines = [f"{name}:"]
    for word in _FOLDING_PLACE.split(value) if value else ():
        if len(f"{lines[-1]} {word}".encode()) > _WANTED_LINE_OCTETS and len(lines[-1]) > len(name) + 1:
            lines.append("")
        lines[-1] += f" {word}"
    if max(len(line.encode()) for line in lines) > MAX_LINE_OCTETS:
        raise HeaderError(f"{name}: a word is longer than the {MAX_LINE_OCTETS} octets that a line can have")
    return Field(name.lower(), "".join(f"{line}\r\n" for line in lines).encode())
