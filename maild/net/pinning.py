"""Whether a server has the certificate or the key that an account pins. Pure.

A pin of a certificate is held against the server's own certificate, one of a public key against the
SubjectPublicKeyInfo in it (RFC 7469 §2.4). Not against those above it in the chain: whoever pins a server means that
one.
"""

from collections.abc import Sequence
from hashlib import sha256

from maild.config.pin import Pin, PinKind
from maild.net.certificate import public_key_of


def seen_pin(kind: PinKind, der: bytes) -> Pin | None:
    """The fingerprint of a server's certificate (DER) or of its key; None when it has no key that can be read."""
    data = der if kind is PinKind.CERTIFICATE else public_key_of(der)
    return None if data is None else Pin(kind=kind, digest=sha256(data).digest())


def pin_mismatch(pins: Sequence[Pin], chain: Sequence[bytes]) -> str | None:
    """What is pinned and what was seen instead, as the end of a sentence; None when a pin fits, or there are none."""
    if not pins:
        return None
    seen = {kind: seen_pin(kind, chain[0]) for kind in PinKind} if chain else {}
    if any(seen.get(pin.kind) == pin for pin in pins):
        return None
    shown = [f"{kind} {seen.get(kind) or 'nothing'}" for kind in PinKind if any(pin.kind is kind for pin in pins)]
    pinned = ", or ".join(f"{pin.kind} {pin}" for pin in pins)
    return f"pinned is {pinned}; the server shows {' and '.join(shown)}"
