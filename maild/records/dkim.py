"""A key that signs mail, as DNS has it: RFC 6376 §3.6.1, RFC 8301 §3 (lengths, SHA-1), RFC 8463 §4 (Ed25519). Pure.

Judges the record alone: which selectors sign is nothing that DNS tells. What can go wrong is one `DkimKeyError`, whose
`problem` says what a verifier would stumble over. A record whose `p` is empty is no mistake but a key taken back.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from maild.errors import PermanentError
from maild.records.tag_list import TagError, parse_tags

SHORTEST_BITS: Final = 1024
"""Verifiers take no shorter RSA key (RFC 8301 §3.2)."""

GOOD_BITS: Final = 2048
"""What signers should have at least (RFC 8301 §3.2)."""

ED25519_BITS: Final = 256
_ED25519_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A key that can be used.

    Attributes:
        kind: "rsa" or "ed25519".
        is_testing: verifiers shall treat signed mail like unsigned (`t=y`).
        is_strict: signatures must be for the very domain, not one below it (`t=s`).
        is_bare: an RSA key in the wrapping of PKCS #1 in place of SubjectPublicKeyInfo, which some verifiers refuse.
    """

    kind: str
    bits: int
    is_testing: bool = False
    is_strict: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimRevoked:
    """The key was taken back: `p` is empty."""


class DkimKeyError(PermanentError, ValueError):
    """No verifier can use the record."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parse_dkim_key(text: str) -> DkimKey | DkimRevoked:
    """The key in a TXT record.

    Raises:
        DkimKeyError: there is none that a verifier of mail could use.
    """
    try:
        tags = parse_tags(text)
    except TagError as error:
        raise DkimKeyError(str(error)) from None
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        raise DkimKeyError("`v` must be DKIM1 and stand first where it stands at all")
    if "p" not in tags:
        raise DkimKeyError("the tag `p` with the key is missing")
    _check_use(tags.get("h", ""), tags.get("s", "*"))
    data = "".join(tags["p"].split())
    if not data:
        return DkimRevoked()
    flags = _listed(tags.get("t", ""))
    kind = tags.get("k", "rsa").lower()
    bits, is_bare = _measure(kind, _decoded(data))
    return DkimKey(kind=kind, bits=bits, is_testing="y" in flags, is_strict="s" in flags, is_bare=is_bare)


def _check_use(hashes: str, services: str) -> None:
    if hashes and "sha256" not in _listed(hashes):
        raise DkimKeyError(f"`h={hashes}` leaves out sha256, the only hash that verifiers still take (RFC 8301)")
    if not {"*", "email"} & _listed(services):
        raise DkimKeyError(f"`s={services}` says that the key is not for e-mail")


def _listed(value: str) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in value.split(":"))


def _decoded(data: str) -> bytes:
    try:
        return b64decode(data, validate=True)
    except binascii.Error:
        raise DkimKeyError("`p` is no base64: often a piece is missing, or quotes came in with it") from None


def _measure(kind: str, data: bytes) -> tuple[int, bool]:
    match kind:
        case "ed25519":
            if len(data) != _ED25519_BYTES:
                raise DkimKeyError(f"`p` must be the {_ED25519_BYTES} bytes of the key alone, and has {len(data)}")
            return ED25519_BITS, False
        case "rsa":
            return _measure_rsa(data)
        case _:
            raise DkimKeyError(f"`k={kind}` is no kind of key that verifiers know")


def _measure_rsa(data: bytes) -> tuple[int, bool]:
    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise DkimKeyError(
            "`p` holds no RSA key: often its end is cut off, since one string has 255 characters"
        ) from None
    if not isinstance(key, RSAPublicKey):
        raise DkimKeyError("`k` says rsa, and `p` holds a key of another kind")
    is_bare = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != data
    return key.key_size, is_bare
