"""SASL (RFC 4422): which mechanism to log in by, and a step machine for it that is fed the server's challenges.

Pure: no sockets, no base64, no randomness; the nonce is handed in. One machine is one login and is used once. The
machines stand in `net.mechanisms` and `net.scram`; the order of preference and its reasons at `PREFERENCE`.
"""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from maild.config.model import AuthMechanism
from maild.net.channel_binding import ChannelBinding
from maild.net.mechanisms import CramMd5, Credentials, External, Login, OauthBearer, Plain, Xoauth2
from maild.net.scram import UNBOUND, UNOFFERED, Binding, Scram, bound_to
from maild.net.scram_text import SaslError

__all__ = ["PREFERENCE", "Credentials", "Mechanism", "SaslError", "choose_mechanism", "mechanism_of"]

PREFERENCE: Final = (
    AuthMechanism.SCRAM_SHA_256_PLUS,
    AuthMechanism.SCRAM_SHA_1_PLUS,
    AuthMechanism.SCRAM_SHA_256,
    AuthMechanism.SCRAM_SHA_1,
    AuthMechanism.PLAIN,
    AuthMechanism.LOGIN,
    AuthMechanism.CRAM_MD5,
)
"""Best first. SCRAM: the server proves itself and never sees the password; bound to the connection (-PLUS) nobody can
stand in between. Then PLAIN: the channel is encrypted and verified, and every server implements it right. CRAM-MD5 last
although it does not send the password: inside TLS that gains nothing, it makes servers keep passwords in the clear, and
servers that offer it without having them are the classic cause of refused logins with a right password. The bearer
mechanisms want a token and EXTERNAL a certificate, not a password, so they are used only when configured."""

BEARERS: Final = (AuthMechanism.OAUTHBEARER, AuthMechanism.XOAUTH2)
"""For an access token: the standard one first."""

_BOUND: Final = frozenset({AuthMechanism.SCRAM_SHA_256_PLUS, AuthMechanism.SCRAM_SHA_1_PLUS})


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


def choose_mechanism(
    configured: AuthMechanism | None,
    offered: Collection[str],
    binding: ChannelBinding | None = None,
    *,
    has_token: bool = False,
) -> AuthMechanism | None:
    """The one mechanism to use, or None when the server does not offer what is wanted.

    Args:
        configured: what the account says; None: the best in `PREFERENCE` that is offered.
        offered: names as the server wrote them, in any case.
        has_token: there is an access token, and no password.
        binding: what the login could be bound to. Unasked it is only where the server is sure to know it.
    """
    names = {name.lower() for name in offered}
    can_bind = binding is not None and binding.is_sure
    best = PREFERENCE if can_bind else tuple(one for one in PREFERENCE if one not in _BOUND)
    usual = BEARERS if has_token else best
    wanted = usual if configured is None else (configured,)
    return next((mechanism for mechanism in wanted if mechanism.value in names), None)


def mechanism_of(
    kind: AuthMechanism,
    credentials: Credentials,
    *,
    nonce: str,
    binding: ChannelBinding | None = None,
    offered: Collection[str] = (),
) -> Mechanism:
    """A fresh machine of that kind.

    Args:
        kind: not NONE.
        credentials: who logs in.
        nonce: unguessable, printable ASCII without a comma; fresh for every login.
        binding: what the login can be bound to.
        offered: what the server offers.

    Raises:
        SaslError: user name or password hold a character that the mechanism cannot carry, or there is nothing that the
            login could be bound to.
    """
    match kind:
        case AuthMechanism.SCRAM_SHA_256_PLUS | AuthMechanism.SCRAM_SHA_1_PLUS:
            return _scram(kind, credentials, nonce, _bound(binding))
        case AuthMechanism.SCRAM_SHA_256 | AuthMechanism.SCRAM_SHA_1:
            return _scram(kind, credentials, nonce, _unbound(binding, offered))
        case AuthMechanism.NONE:
            raise SaslError("no login is wanted")
        case _:
            return _SIMPLE[kind](credentials)


_SIMPLE: Final[Mapping[AuthMechanism, Callable[[Credentials], Mechanism]]] = MappingProxyType(
    {
        AuthMechanism.PLAIN: Plain,
        AuthMechanism.LOGIN: Login,
        AuthMechanism.CRAM_MD5: CramMd5,
        AuthMechanism.EXTERNAL: External,
        AuthMechanism.XOAUTH2: Xoauth2,
        AuthMechanism.OAUTHBEARER: OauthBearer,
    }
)
"""Those that need the credentials alone."""


def _scram(kind: AuthMechanism, credentials: Credentials, nonce: str, binding: Binding) -> Scram:
    return Scram(kind.value.upper(), credentials.username, credentials.password, nonce=nonce, binding=binding)


def _bound(binding: ChannelBinding | None) -> Binding:
    if binding is None:
        raise SaslError("the server's certificate and this connection's TLS give nothing to bind the login to")
    return bound_to(binding.name, binding.data)


def _unbound(binding: ChannelBinding | None, offered: Collection[str]) -> Binding:
    """A server that does offer -PLUS, and learns from us that we did not see it, knows that somebody took it out
    (RFC 5802 §6).
    """
    is_offered = any(name.lower() in _BOUND for name in offered)
    return UNBOUND if binding is None or not binding.is_sure or is_offered else UNOFFERED
