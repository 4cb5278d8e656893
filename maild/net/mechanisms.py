"""SASL mechanisms that need no grammar of their own: PLAIN, LOGIN, CRAM-MD5, EXTERNAL, XOAUTH2, OAUTHBEARER. Pure.

RFC 4616 (PLAIN), RFC 2195 (CRAM-MD5), RFC 4422 appendix A (EXTERNAL), RFC 7628 (OAUTHBEARER); LOGIN and XOAUTH2 have no
RFC: LOGIN is draft-murchison-sasl-login, XOAUTH2 is Google's description of its protocol. In none of them does the
server prove anything. What can go wrong: a challenge that makes no sense, or a character that a mechanism cannot carry:
SaslError.
"""

import functools
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from maild.net.scram_text import SaslError, escape_name
from maild.secret import Secret

_NOTHING: Final = Secret("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who logs in where, with which password (or, with the bearer mechanisms, access token). EXTERNAL has none."""

    username: str
    password: Secret = _NOTHING
    host: str = ""
    port: int = 0


class _Unproven:
    """What mechanisms share in which the server proves nothing."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials: Final = credentials

    def check_success(self) -> None:
        """Nothing to check."""


class Plain(_Unproven):
    """Everything in one message: authorisation identity (empty), user, password (RFC 4616 §2)."""

    name: Final = "PLAIN"

    def first(self) -> bytes:
        """The only message there is."""
        user, password = self._credentials.username, self._credentials.password.reveal()
        if "\0" in user or "\0" in password:
            raise SaslError("user name or password holds a NUL character, which PLAIN cannot carry")
        return b"\0" + user.encode() + b"\0" + password.encode()

    def respond(self, challenge: bytes) -> bytes:
        """A challenge after everything was said makes no sense."""
        del challenge
        raise SaslError("the server asks for more than PLAIN has to say")


class Login(_Unproven):
    """User, then password, each asked for. The prompts are not looked at: servers word them as they like."""

    name: Final = "LOGIN"

    def __init__(self, credentials: Credentials) -> None:
        super().__init__(credentials)
        self._answers: Final = [credentials.username.encode(), credentials.password.reveal().encode()]

    def first(self) -> None:
        """None: not every server takes the user name as an initial response."""
        return

    def respond(self, challenge: bytes) -> bytes:
        """The user name, then the password."""
        del challenge
        if not self._answers:
            raise SaslError("the server asks for more than LOGIN has to say")
        return self._answers.pop(0)


class CramMd5(_Unproven):
    """The password keys a digest of the server's challenge (RFC 2195 §2)."""

    name: Final = "CRAM-MD5"

    def first(self) -> None:
        """None: the server begins."""
        return

    def respond(self, challenge: bytes) -> bytes:
        """User name, space, hexadecimal digest."""
        # MD5 as RFC 2195 wants it; a machine in FIPS mode gives it for nothing that it would call security.
        md5 = functools.partial(hashlib.md5, usedforsecurity=False)
        digest = hmac.new(self._credentials.password.reveal().encode(), challenge, md5).hexdigest()
        return f"{self._credentials.username} {digest}".encode()


class External(_Unproven):
    """TLS has shown already who we are, by the client certificate; only the identity to act as is said."""

    name: Final = "EXTERNAL"

    def first(self) -> bytes:
        """The user name; empty: whoever the certificate is for."""
        user = self._credentials.username
        if "\0" in user:
            raise SaslError("the user name holds a NUL character, which EXTERNAL cannot carry")
        return user.encode()

    def respond(self, challenge: bytes) -> bytes:
        """A challenge after everything was said makes no sense."""
        del challenge
        raise SaslError("the server asks for more than EXTERNAL has to say")


class Xoauth2(_Unproven):
    """An OAuth 2.0 access token, the way Google and Microsoft made it before there was an RFC."""

    name: Final = "XOAUTH2"

    def first(self) -> bytes:
        """User and token."""
        user, token = self._credentials.username, self._credentials.password.reveal()
        return f"user={user}\1auth=Bearer {token}\1\1".encode()

    def respond(self, challenge: bytes) -> bytes:
        """The challenge is JSON that says why the token is refused; an empty line leads to the refusal itself."""
        del challenge
        return b""


class OauthBearer(_Unproven):
    """An OAuth 2.0 access token (RFC 7628 §3.1)."""

    name: Final = "OAUTHBEARER"

    def first(self) -> bytes:
        """The GS2 header with the user, then host, port and token."""
        one = self._credentials
        token = one.password.reveal()
        return f"n,a={escape_name(one.username)},\1host={one.host}\1port={one.port}\1auth=Bearer {token}\1\1".encode()

    def respond(self, challenge: bytes) -> bytes:
        """The challenge says why the token is refused; RFC 7628 §3.2.3 wants one %x01 to get to the refusal."""
        del challenge
        return b"\1"
