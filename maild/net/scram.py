"""SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: both sides prove that they know the password.

Pure: the nonce is handed in. The server's proof is demanded, so a server that lets anybody in is found out.
"""

import base64
import hashlib
import hmac
from typing import Final

from maild.net.scram_text import SaslError, ServerFirst, attributes, escape_name, prepare
from maild.secret import Secret

_GS2_HEADER: Final = "n,,"
"""RFC 5802 §7: this client does no channel binding, and no other identity is asked for."""


class ScramSha256:
    """One login: client-first, server-first, client-final, server-final."""

    name: Final = "SCRAM-SHA-256"

    def __init__(self, username: str, password: Secret, *, nonce: str) -> None:
        self._nonce: Final = nonce
        self._password: Final = Secret(prepare(password.reveal()))
        self._first_bare: Final = f"n={escape_name(prepare(username))},r={nonce}"
        self._server_signature: bytes | None = None
        self._is_proved = False

    def first(self) -> bytes:
        """The user and our half of the nonce."""
        return (_GS2_HEADER + self._first_bare).encode()

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
        binding = base64.b64encode(_GS2_HEADER.encode()).decode()
        without_proof = f"c={binding},r={found.nonce}"
        auth_message = f"{self._first_bare},".encode() + server_first + f",{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac("sha256", self._password.reveal().encode(), found.salt, found.iterations)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        client_signature = hmac.digest(hashlib.sha256(client_key).digest(), auth_message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, client_signature, strict=True))
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        self._server_signature = hmac.digest(server_key, auth_message, "sha256")
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def _check(self, server_final: bytes) -> None:
        assert self._server_signature is not None
        expected = base64.b64encode(self._server_signature).decode()
        if not hmac.compare_digest(attributes(server_final).get("v", "").encode(), expected.encode()):
            raise SaslError("the server could not prove that it knows the password")
        self._is_proved = True
