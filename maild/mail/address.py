"""Mail addresses: one mailbox as SMTP has it. Pure; `maild.mail.address_list` reads the lists of header fields.

RFC 5321 §4.1.2 (grammar), §4.1.3 (address literals), §4.5.3.1 (lengths), RFC 6531 §3.3 (UTF-8). Stricter than the
RFC in one thing: characters that cannot be seen are refused, since nobody means them and they do deceive. What can
go wrong is one `AddressError`.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from maild.errors import PermanentError
from maild.mail.domain import DomainError, name_char, parse_address_literal, parse_domain

MAX_LOCAL_OCTETS: Final = 64
"""RFC 5321 §4.5.3.1.1."""

MAX_ADDRESS_OCTETS: Final = 254
"""RFC 5321 §4.5.3.1.3 allows 256 for a path, and a path has two brackets around its address."""

# RFC 5322 §3.2.3 with RFC 6532 §3.2: every character beyond ASCII is atext. Written as what is not atext, since a
# class with a range beyond ASCII takes milliseconds to compile, at every start of every command.
ATOM: Final = re.compile(r"""[^\x00-\x20"(),.:;<>@\[\\\]\x7f]+""")
_DOT_ATOM: Final = re.compile(rf"{ATOM.pattern}(?:\.{ATOM.pattern})*")


class AddressError(PermanentError, ValueError):
    """The text is no mail address. `problem` says what is wrong, `position` is the character concerned, from 1."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(f"{problem} (character {position})")
        self.problem = problem
        self.position = position


@dataclass(frozen=True, slots=True, order=True)
class Mailbox:
    """One address.

    Attributes:
        local: as written, case kept, without the quotes and backslashes that the grammar may have needed.
        domain: lower case, in ASCII form (A-labels); or an address literal with its brackets.
    """

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address that the whole of `text` is, without display name or brackets.

        Raises:
            AddressError: it is none.
        """
        local, end = _parse_quoted(text) if text.startswith('"') else _parse_dot_atom(text)
        return cls(local, _parse_domain_part(text, local, end))

    @classmethod
    def of(cls, local: str, domain_text: str) -> Self:
        """An address of a local part whose quoting is already undone and a domain as written.

        Raises:
            AddressError: a part is too long, unseen or no domain; positions count within `local@domain`.
        """
        _check_seen(local, 1)
        text = f"{local}@{domain_text}"
        return cls(local, _parse_domain_part(text, local, len(local)))

    def __str__(self) -> str:
        """The address as it stands on the wire, quoted where the grammar wants it."""
        return f"{self.quoted_local}@{self.domain}"

    @property
    def quoted_local(self) -> str:
        """The local part as it stands on the wire (RFC 5321 §4.1.2)."""
        if _DOT_ATOM.fullmatch(self.local) is not None:
            return self.local
        return quote(self.local)


def quote(text: str) -> str:
    """A quoted-string of the text (RFC 5322 §3.2.4)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _parse_dot_atom(text: str) -> tuple[str, int]:
    found = _DOT_ATOM.match(text)
    end = 0 if found is None else found.end()
    if end == len(text):
        raise AddressError('there is no "@"' if text else "the address is empty", end + 1)
    char = text[end]
    if char == "@" and end:
        local = text[:end]
        _check_seen(local, 1)
        return local, end
    raise AddressError(_local_problem(char, end), end + 1)


def _local_problem(char: str, end: int) -> str:
    if char == "@":
        return 'nothing stands before the "@"'
    if char == ".":
        return 'the part before the "@" cannot begin with a dot' if end == 0 else "a dot has no name beside it"
    return f'the part before the "@" cannot contain {name_char(char)} without quotes'


def _parse_quoted(text: str) -> tuple[str, int]:
    """The content of the quoted-string at the beginning, and where the "@" must stand."""
    chars: list[str] = []
    index = 1
    while index < len(text) and text[index] != '"':
        if text[index] == "\\":
            index += 1
        chars.append(text[index : index + 1])
        index += 1
    if index >= len(text):
        raise AddressError("the closing quote is missing", len(text) + 1)
    if not text.startswith("@", index + 1):
        raise AddressError('there is no "@" after the closing quote', index + 2)
    local = "".join(chars)
    _check_seen(local, 2)
    return local, index + 1


def _check_seen(local: str, position: int) -> None:
    if not local.isprintable():
        index, char = next((index, char) for index, char in enumerate(local) if not char.isprintable())
        raise AddressError(f'the part before the "@" cannot contain {name_char(char)}', position + index)


def _parse_domain_part(text: str, local: str, end: int) -> str:
    """The domain after the "@" at `end`, with the lengths of the whole checked."""
    local_octets = len(local.encode("utf-8", "surrogatepass"))
    if local_octets > MAX_LOCAL_OCTETS:
        raise AddressError(f'the part before the "@" is longer than {MAX_LOCAL_OCTETS} octets', 1)
    written = text[end + 1 :]
    try:
        is_literal = written.startswith("[") and written.endswith("]")
        domain = parse_address_literal(written) if is_literal else parse_domain(written)
    except DomainError as error:
        raise AddressError(error.problem, end + 1 + error.position) from None
    if local_octets + 1 + len(domain) > MAX_ADDRESS_OCTETS:
        raise AddressError(f"the address is longer than {MAX_ADDRESS_OCTETS} octets", MAX_ADDRESS_OCTETS + 1)
    return domain
