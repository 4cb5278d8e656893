"""REQUIRETLS (RFC 8689): a sender wants a message to go over verified TLS from hop to hop, or not at all. Pure.

The wish travels in the queue as a field of the message's header, which no recipient ever sees: it is taken out as the
message is sent, like Bcc. A program that drops messages may write the field itself, or say it in the envelope file. The
field TLS-Required of the same RFC is the opposite, is for the servers behind, and goes through untouched; where both
are there, this one counts (RFC 8689 §5).
"""

import re
from typing import Final

FIELD: Final = "X-Maild-Require-TLS"

_LINE: Final = re.compile(
    rb"^" + FIELD.encode() + rb"[ \t]*:[ \t]*(?P<value>[^\r\n]*)(?:\r\n[ \t][^\r\n]*)*\r\n",
    re.IGNORECASE | re.MULTILINE,
)
_YES: Final = frozenset({b"yes", b"true", b"1"})


def requires_tls(head: bytes) -> bool:
    """Whether the header has such a wish."""
    return any(found["value"].strip().lower() in _YES for found in _LINE.finditer(head))


def without_wish(head: bytes) -> bytes:
    """The header as others may see it."""
    return _LINE.sub(b"", head)


def with_wish(head: bytes) -> bytes:
    """The header with the wish."""
    return without_wish(head) + f"{FIELD}: yes\r\n".encode()
