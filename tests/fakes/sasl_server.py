"""The server's side of SASL, for the scripted SMTP server: checks what a client sends, keeps what it said.

Written from the RFCs and not from our client, so that a shared misreading is less likely.
"""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Ask: TypeAlias = Callable[[bytes], Awaitable[bytes]]
"""Sends a challenge (334) and gives the client's decoded response."""

SCRAM_SALT: Final = b"salt of the test server"
SCRAM_ITERATIONS: Final = 4096
CRAM_CHALLENGE: Final = b"<1896.697170952@mail.test>"


class SaslRefusedError(Exception):
    """The client's proof is wrong, or it broke off."""


@dataclass(kw_only=True)
class SaslServer:
    """`users` maps login names to passwords (or tokens); returns who logged in or raises SaslRefusedError."""

    users: Mapping[str, str]
    lies: bool = False
    """SCRAM: send a server signature made without knowing the password."""
    bindings: Mapping[str, bytes] = field(default_factory=dict)
    """Channel bindings by name, for SCRAM-…-PLUS."""
    has_client_certificate: bool = False
    """For EXTERNAL."""
    offers_binding: bool = False
    said: list[bytes] = field(default_factory=list)

    async def authenticate(self, mechanism: str, initial: bytes | None, ask: Ask) -> str:
        if mechanism.startswith("SCRAM-"):
            hash_name = "sha256" if "256" in mechanism else "sha1"
            return await self._scram(hash_name, initial, ask, is_plus=mechanism.endswith("-PLUS"))
        conversation = {
            "PLAIN": self._plain,
            "LOGIN": self._login,
            "CRAM-MD5": self._cram_md5,
            "EXTERNAL": self._external,
            "XOAUTH2": self._bearer,
            "OAUTHBEARER": self._bearer,
        }[mechanism]
        return await conversation(initial, ask)

    async def _plain(self, initial: bytes | None, ask: Ask) -> str:
        message = await ask(b"") if initial is None else initial
        _, user, password = message.split(b"\0")
        return self._checked(user.decode(), password.decode())

    async def _login(self, initial: bytes | None, ask: Ask) -> str:
        user = await ask(b"Username:") if initial is None else initial
        password = await ask(b"Password:")
        return self._checked(user.decode(), password.decode())

    async def _cram_md5(self, initial: bytes | None, ask: Ask) -> str:
        user, _, digest = (await ask(CRAM_CHALLENGE)).decode().rpartition(" ")
        expected = hmac.new(self.users.get(user, "").encode(), CRAM_CHALLENGE, hashlib.md5).hexdigest()
        return self._known(user, is_right=digest == expected)

    async def _external(self, initial: bytes | None, ask: Ask) -> str:
        user = (await ask(b"") if initial is None else initial).decode()
        self.said.append(user.encode())
        if not self.has_client_certificate:
            raise SaslRefusedError
        return user or next(iter(self.users))

    async def _scram(self, hash_name: str, initial: bytes | None, ask: Ask, *, is_plus: bool) -> str:
        first = (await ask(b"") if initial is None else initial).decode()
        flag, identity, bare = first.split(",", 2)
        gs2 = f"{flag},{identity},"
        # RFC 5802 §6: whoever saw no offer of ours, although there is one, has somebody in between.
        if flag.startswith("p=") != is_plus or (flag == "y" and self.offers_binding):
            raise SaslRefusedError
        bound = gs2.encode() + (self.bindings.get(flag.removeprefix("p="), b"unknown") if is_plus else b"")
        fields = dict(part.split("=", 1) for part in bare.split(","))
        user = fields["n"].replace("=2C", ",").replace("=3D", "=")
        nonce = fields["r"] + "server"
        server_first = f"r={nonce},s={base64.b64encode(SCRAM_SALT).decode()},i={SCRAM_ITERATIONS}"
        final = (await ask(server_first.encode())).decode()
        without_proof, _, proof = final.rpartition(",p=")
        auth_message = f"{bare},{server_first},{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac(hash_name, self.users.get(user, "?").encode(), SCRAM_SALT, SCRAM_ITERATIONS)
        client_key = hmac.digest(salted, b"Client Key", hash_name)
        signature = hmac.digest(hashlib.new(hash_name, client_key).digest(), auth_message, hash_name)
        is_bound = without_proof == f"c={base64.b64encode(bound).decode()},r={nonce}"
        is_right = bytes(a ^ b for a, b in zip(client_key, signature, strict=True)) == base64.b64decode(proof)
        who = self._known(user, is_right=is_bound and is_right)
        server_key = b"no idea" if self.lies else hmac.digest(salted, b"Server Key", hash_name)
        verifier = base64.b64encode(hmac.digest(server_key, auth_message, hash_name)).decode()
        if await ask(f"v={verifier}".encode()):
            raise SaslRefusedError
        return who

    async def _bearer(self, initial: bytes | None, ask: Ask) -> str:
        """XOAUTH2 and OAUTHBEARER: a wrong token is answered by a challenge that holds JSON, then by the refusal."""
        message = await ask(b"") if initial is None else initial
        parts = message.split(b"\1")
        token = next(part for part in parts if part.startswith(b"auth=Bearer ")).removeprefix(b"auth=Bearer ").decode()
        user = parts[0].removeprefix(b"user=").removeprefix(b"n,a=").rstrip(b",").decode()
        if self.users.get(user) != token:
            self.said.append(await ask(b'{"status":"401","schemes":"bearer"}'))
        return self._checked(user, token)

    def _checked(self, user: str, password: str) -> str:
        return self._known(user, is_right=self.users.get(user) == password)

    def _known(self, user: str, *, is_right: bool) -> str:
        if user not in self.users or not is_right:
            raise SaslRefusedError
        return user
