"""The text side of SCRAM: its attribute grammar (RFC 5802 §7) and the preparation of passwords (RFC 4013, SASLprep).

Pure. What can go wrong: a server's message that is not of the grammar, or a password with a character that SASLprep
forbids: SaslError.
"""

import base64
import binascii
import re
import stringprep
import unicodedata
from dataclasses import dataclass
from typing import Final, Self

MAX_ITERATIONS: Final = 600_000
"""A quarter of a second of work, and as much as careful servers ask for; a hostile one could ask for days."""

MIN_ITERATIONS: Final = 4096
"""RFC 7677 §4: fewer would make the proof too easy to attack for whoever sees it."""

_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_FORBIDDEN_TABLES: Final = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class SaslError(Exception):
    """The login cannot go on; the text says why, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFirst:
    """The server's first message: the whole nonce, the salt, how often to iterate."""

    nonce: str
    salt: bytes
    iterations: int

    @classmethod
    def parse(cls, message: bytes) -> Self:
        """The message as a value.

        Raises:
            SaslError: it is none, or asks for too little or too much work.
        """
        fields = attributes(message)
        try:
            iterations = int(fields["i"]) if _COUNT.fullmatch(fields["i"]) else 0
            found = cls(nonce=fields["r"], salt=base64.b64decode(fields["s"], validate=True), iterations=iterations)
        except (KeyError, ValueError, binascii.Error):
            raise SaslError("the server's part of SCRAM is not of its grammar") from None
        if not MIN_ITERATIONS <= found.iterations <= MAX_ITERATIONS:
            raise SaslError(f"the server wants {found.iterations} iterations of SCRAM, which is not acceptable")
        return found


def attributes(message: bytes) -> dict[str, str]:
    """The attributes `x=value,y=value` of a message.

    Raises:
        SaslError: it is not of that form.
    """
    try:
        pairs = [part.split("=", 1) for part in message.decode("utf-8").split(",")]
        return {name: value for name, value in pairs}  # noqa: C416 -- dict() would not check that there are two
    except ValueError:
        raise SaslError("the server's part of SCRAM is not of its grammar") from None


def escape_name(name: str) -> str:
    """A user name as SCRAM carries it: "=" and "," escaped (RFC 5802 §5.1)."""
    return name.replace("=", "=3D").replace(",", "=2C")


def prepare(text: str) -> str:
    """The text as SASLprep wants it (RFC 4013 §2): mapped, normalised, without forbidden characters.

    Raises:
        SaslError: a forbidden character, or directions mixed as RFC 3454 §6 forbids.
    """
    # RFC 4013 §2.1: every kind of space becomes a plain one, what is never seen vanishes.
    mapped = "".join(
        " " if stringprep.in_table_c12(char) else char for char in text if not stringprep.in_table_b1(char)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    if any(in_table(char) for char in prepared for in_table in _FORBIDDEN_TABLES):
        raise SaslError("user name or password holds a character that SCRAM does not allow")
    if any(stringprep.in_table_d1(char) for char in prepared):
        is_mixed = any(stringprep.in_table_d2(char) for char in prepared)
        if is_mixed or not (stringprep.in_table_d1(prepared[0]) and stringprep.in_table_d1(prepared[-1])):
            raise SaslError("user name or password mixes directions of writing as SCRAM does not allow")
    return prepared
