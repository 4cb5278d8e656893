"""A service account's own word for who it is: a signed JWT (RFC 7523, RFC 7515 with RS256). Pure.

The key file is Google's: JSON with `client_email`, `private_key` (PEM, RSA) and `private_key_id`. It is a secret as a
whole and handled as one. What can go wrong: it is no such file, `KeyFileError`, which says nothing of its content.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from maild.secret import Secret

LIFETIME: Final = timedelta(minutes=10)
"""Of the assertion, not of the token; Google takes an hour at most."""

LEEWAY: Final = timedelta(seconds=30)
"""Our clock may be ahead of the service's."""


class KeyFileError(Exception):
    """It is no key file of a service account; the text says why, without content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKey:
    """The key of a service account. `issuer` is its address, `key_id` tells its keys apart."""

    issuer: str
    key_id: str
    private_key: Secret

    @classmethod
    def parse(cls, text: Secret) -> Self:
        """From the text of a key file.

        Raises:
            KeyFileError: it is none.
        """
        try:
            found = json.loads(text.reveal())
            parts = [found[name] for name in ("client_email", "private_key_id", "private_key")]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise KeyFileError("it is no JSON with client_email, private_key_id and private_key") from None
        if not all(isinstance(part, str) for part in parts):
            raise KeyFileError("its client_email, private_key_id or private_key is no text")
        return cls(issuer=parts[0], key_id=parts[1], private_key=Secret(parts[2]))

    def assertion(self, *, user: str, scope: str, audience: str, now: datetime) -> Secret:
        """A JWT that asks for a token with which `user`'s mail can be sent.

        Raises:
            KeyFileError: the private key is none for RSA.
        """
        issued_at = int((now - LEEWAY).timestamp())
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        claims = {
            "iss": self.issuer,
            "sub": user,
            "scope": scope,
            "aud": audience,
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
        }
        signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
        signature = self._key().sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return Secret(f"{signed}.{_encoded(signature)}")

    def _key(self) -> rsa.RSAPrivateKey:
        try:
            key = load_pem_private_key(self.private_key.reveal().encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyFileError("its private_key cannot be read") from None
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeyFileError("its private_key is none for RSA")
        return key


def _encoded(data: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
