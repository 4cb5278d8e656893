"""SASL (RFC 4422): logging in, as step machines that are fed the server's challenges and give the responses.

Pure: no sockets, no base64, no randomness; the nonce is handed in. One machine is one login and is used once. SCRAM,
which has a grammar of its own, is in `net.scram`. The order of preference and its reasons stand at `PREFERENCE`.

RFC 4616 (PLAIN), RFC 2195 (CRAM-MD5), RFC 5802 and RFC 7677 (SCRAM-SHA-256), RFC 7628 (OAUTHBEARER); LOGIN and
XOAUTH2 have no RFC: LOGIN is draft-murchison-sasl-login, XOAUTH2 is Google's description of its protocol. What can go
wrong: a challenge that makes no sense, or a server that cannot prove what it must: SaslError.
"""

import functools
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol, assert_never

from maild.config.model import AuthMechanism
from maild.net.scram import ScramSha256
from maild.net.scram_text import SaslError, escape_name
from maild.secret import Secret

__all__ = ["PREFERENCE", "Credentials", "Mechanism", "SaslError", "choose_mechanism", "mechanism_of"]

PREFERENCE: Final = (AuthMechanism.SCRAM_SHA_256, AuthMechanism.PLAIN, AuthMechanism.LOGIN, AuthMechanism.CRAM_MD5)
"""Best first. SCRAM: the server proves itself and never sees the password. Then PLAIN: the channel is encrypted and
verified, and every server implements it right. CRAM-MD5 last although it does not send the password: inside TLS that
gains nothing, it makes servers keep passwords in the clear, and servers that offer it without having them are the
classic cause of refused logins with a right password. The bearer mechanisms want a token, not a password, so
they are used only when configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who logs in where, with which password (or, with the bearer mechanisms, which access token)."""

    username: str
    password: Secret
    host: str = ""
    port: int = 0


class Mechanism(Protocol):
    """One login under way."""

    @property
    def name(self) -> str:
        """The name on the wire."""
        ...

    def first(self) -> bytes | None:
        """The initial response, or None when the server speaks first."""
        ...

    def respond(self, challenge: bytes) -> bytes:
        """The response to a challenge.

        Raises:
            SaslError: the challenge makes no sense; the login is to be broken off.
        """
        ...

    def check_success(self) -> None:
        """To be called when the server says that the login succeeded.

        Raises:
            SaslError: the server has not proved what the mechanism wants it to prove.
        """
        ...


def choose_mechanism(configured: AuthMechanism | None, offered: Collection[str]) -> AuthMechanism | None:
    """The one mechanism to use, or None when the server does not offer what is wanted.

    Args:
        configured: what the account says; None: the best in `PREFERENCE` that is offered.
        offered: names as the server wrote them, in any case.
    """
    names = {name.lower() for name in offered}
    wanted = PREFERENCE if configured is None else (configured,)
    return next((mechanism for mechanism in wanted if mechanism.value in names), None)


def mechanism_of(kind: AuthMechanism, credentials: Credentials, *, nonce: str) -> Mechanism:
    """A fresh machine of that kind.

    Args:
        kind: not NONE.
        credentials: who logs in.
        nonce: unguessable, printable ASCII without a comma; fresh for every login.

    Raises:
        SaslError: user name or password hold a character that the mechanism cannot carry.
    """
    match kind:
        case AuthMechanism.SCRAM_SHA_256:
            return ScramSha256(credentials.username, credentials.password, nonce=nonce)
        case AuthMechanism.PLAIN:
            return Plain(credentials)
        case AuthMechanism.LOGIN:
            return Login(credentials)
        case AuthMechanism.CRAM_MD5:
            return CramMd5(credentials)
        case AuthMechanism.XOAUTH2:
            return Xoauth2(credentials)
        case AuthMechanism.OAUTHBEARER:
            return OauthBearer(credentials)
        case AuthMechanism.NONE:
            raise SaslError("no login is wanted")
        case _:
            assert_never(kind)


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
