"""SCRAM (RFC 5802; with SHA-256 RFC 7677): both sides prove that they know the password.

Pure: the nonce is handed in. The server's proof is demanded, so a server that lets anybody in is found out. A library
would do the same; this one states how much work a server may ask for, which none of those looked at does.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from maild.net.scram_text import SaslError, ServerFirst, attributes, escape_name, prepare
from maild.secret import Secret

_HASHES: Final = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What is said of channel binding: the GS2 header (RFC 5802 §7), and the binding's data."""

    header: str
    data: bytes = b""


UNBOUND: Final = Binding(header="n,,")
"""Nothing is bound."""

UNOFFERED: Final = Binding(header="y,,")
"""We would bind the login, but saw no offer to."""


def bound_to(name: str, data: bytes) -> Binding:
    """The login is bound to the channel by this binding."""
    return Binding(header=f"p={name},,", data=data)


class Scram:
    """One login: client-first, server-first, client-final, server-final. `name` is the mechanism's on the wire."""

    def __init__(self, name: str, username: str, password: Secret, *, nonce: str, binding: Binding = UNBOUND) -> None:
        self.name: Final = name
        self._hash: Final = _HASHES[name.removesuffix("-PLUS")]
        self._binding: Final = binding
        self._nonce: Final = nonce
        self._password: Final = Secret(prepare(password.reveal()))
        self._first_bare: Final = f"n={escape_name(prepare(username))},r={nonce}"
        self._server_signature: bytes | None = None
        self._is_proved = False

    def first(self) -> bytes:
        """The user and our half of the nonce."""
        return (self._binding.header + self._first_bare).encode()

    def respond(self, challenge: bytes) -> bytes:
        """Our proof upon the server's first message, nothing more upon its last."""
        if self._server_signature is None:
            return self._prove(challenge)
        self._check(challenge)
        return b""

    def check_success(self) -> None:
        """The server must have shown its signature by now."""
        if not self._is_proved:
            raise SaslError("the server let us in without proving that it knows the password")

    def _prove(self, server_first: bytes) -> bytes:
        found = ServerFirst.parse(server_first)
        # RFC 5802 §5.1: the server's nonce must begin with ours and add to it, or the exchange is a replay.
        if not found.nonce.startswith(self._nonce) or len(found.nonce) == len(self._nonce):
            raise SaslError("the server did not answer to our own nonce")
        binding = base64.b64encode(self._binding.header.encode() + self._binding.data).decode()
        without_proof = f"c={binding},r={found.nonce}"
        auth_message = f"{self._first_bare},".encode() + server_first + f",{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac(self._hash, self._password.reveal().encode(), found.salt, found.iterations)
        client_key = self._hmac(salted, b"Client Key")
        client_signature = self._hmac(hashlib.new(self._hash, client_key).digest(), auth_message)
        proof = bytes(a ^ b for a, b in zip(client_key, client_signature, strict=True))
        self._server_signature = self._hmac(self._hmac(salted, b"Server Key"), auth_message)
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def _hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self._hash)

    def _check(self, server_final: bytes) -> None:
        assert self._server_signature is not None
        expected = base64.b64encode(self._server_signature).decode()
        if not hmac.compare_digest(attributes(server_final).get("v", "").encode(), expected.encode()):
            raise SaslError("the server could not prove that it knows the password")
        self._is_proved = True
