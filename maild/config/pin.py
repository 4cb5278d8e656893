"""The fingerprint of a server's certificate or key, as people write it. Grammar only; nothing is compared here.

Two customs, told apart by their form, so that what somebody pastes means what it means where they copied it:

    hexadecimal   of the whole certificate, as `openssl x509 -noout -fingerprint -sha256` prints it, colons or none
    base64        of the public key (SubjectPublicKeyInfo), as RFC 7469 §2.4 and curl have it, `sha256//` before or not
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DIGEST_BYTES: Final = 32
"""Of SHA-256."""

_HEX: Final = re.compile(r"(?:sha256 fingerprint=)?((?:[0-9a-f]{2}:){31}[0-9a-f]{2}|[0-9a-f]{64})", re.IGNORECASE)
_BASE64: Final = re.compile(r"(?:sha256//|pin-sha256=)?\"?([A-Za-z0-9+/]{43}=)\"?")


class PinKind(StrEnum):
    """What a fingerprint is of."""

    CERTIFICATE = "certificate"
    """Changes with every renewal."""
    PUBLIC_KEY = "public key"
    """Stays while renewals keep the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A fingerprint by SHA-256."""

    kind: PinKind
    digest: bytes

    def __str__(self) -> str:
        if self.kind is PinKind.CERTIFICATE:
            return self.digest.hex()
        return base64.b64encode(self.digest).decode()


def parse_pin(text: str) -> Pin | None:
    """The pin, None when the text is none."""
    if (found := _HEX.fullmatch(text)) is not None:
        return Pin(kind=PinKind.CERTIFICATE, digest=bytes.fromhex(found[1].replace(":", "")))
    if (found := _BASE64.fullmatch(text)) is not None:
        digest = base64.b64decode(found[1], validate=True)
        # The last character carries two bits that nothing reads; another spelling of one digest is no pin of ours.
        return Pin(kind=PinKind.PUBLIC_KEY, digest=digest) if base64.b64encode(digest).decode() == found[1] else None
    return None
