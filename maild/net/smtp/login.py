"""Logging in over a dialogue: one mechanism, once (RFC 4954).

One refused try is an answer. Trying the next mechanism with the same password, as clients like to do, turns one wrong
password into three failed logins and a few of those into a locked account. Credentials go out on an encrypted channel
or not at all; the one exception is a server on this very machine. What a server says is searched for what we sent it,
because servers do echo.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final, NoReturn

from maild.config.model import AuthMechanism
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.channel_binding import ChannelBinding
from maild.net.sasl import Credentials, Mechanism, SaslError, choose_mechanism, mechanism_of
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.dialogue import Dialogue
from maild.net.smtp.server import SmtpServer
from maild.net.step import NetError, Reason
from maild.secret import Secret

MAX_INITIAL_COMMAND: Final = 510
"""RFC 4954 §4: an AUTH command with an initial response may not be longer than any command line, 512 with its CRLF;
a longer response is sent when the server asks for it.
"""

MAX_CHALLENGES: Final = 8
"""No mechanism has more; a server that goes on asking is playing with us."""

_MASK: Final = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the credentials would travel on, and what the login can be bound to there."""

    is_encrypted: bool
    is_loopback: bool
    binding: ChannelBinding | None = None


def plan_login(
    server: SmtpServer, capabilities: Capabilities, channel: Channel, *, nonce: str
) -> tuple[Mechanism, Secret]:
    """The mechanism to log in with, ready to start, and what it keeps secret. Nothing is sent here.

    Raises:
        NetError: at Phase.AUTH; Reason.CLEARTEXT, NO_MECHANISM, SECRET or LOCAL.
    """
    if not (channel.is_encrypted or channel.is_loopback):
        raise NetError(
            Phase.AUTH, Reason.CLEARTEXT, "the password is not sent, because this connection is not encrypted"
        )
    offered = capabilities.mechanisms
    kind = choose_mechanism(server.auth, offered, channel.binding, has_token=server.has_token)
    if kind is None:
        raise NetError(Phase.AUTH, Reason.NO_MECHANISM, _not_offered(server, capabilities))
    credentials = _credentials_of(server, kind)
    try:
        mechanism = mechanism_of(kind, credentials, nonce=nonce, binding=channel.binding, offered=offered)
    except SaslError as error:
        raise NetError(Phase.AUTH, Reason.LOCAL, str(error)) from None
    return mechanism, credentials.password


def _credentials_of(server: SmtpServer, kind: AuthMechanism) -> Credentials:
    if kind is AuthMechanism.EXTERNAL:
        return Credentials(username=server.username or "")
    if server.username is None or server.password is None:
        raise NetError(Phase.AUTH, Reason.SECRET, "there is no password to log in with")
    return Credentials(username=server.username, password=server.password, host=server.host, port=server.port)


async def log_in(dialogue: Dialogue, mechanism: Mechanism, secret: Secret, *, timeout_s: float) -> Reply:
    """Carry out the login; `secret` is what must not be shown should the server repeat it.

    Raises:
        NetError: at Phase.AUTH; Reason.REPLY with the server's refusal, else what broke the conversation off.
    """
    sent = [secret.reveal()]
    try:
        reply = await _converse(dialogue, mechanism, sent, timeout_s)
        if reply.is_positive:
            mechanism.check_success()
    except SaslError as error:
        dialogue.abort()
        raise NetError(Phase.AUTH, Reason.PROTOCOL, str(error)) from None
    reply = Reply.of(reply.code, _redacted(reply.text, sent))
    if not reply.is_positive:
        _refused(dialogue, reply)
    return reply


async def _converse(dialogue: Dialogue, mechanism: Mechanism, sent: list[str], timeout_s: float) -> Reply:
    """The AUTH command and its challenges, up to the reply that is no challenge."""
    first = mechanism.first()
    command = [b"AUTH", mechanism.name.encode()]
    if first is not None:
        encoded = _encoded(first, sent) or b"="  # RFC 4954 §4: an empty initial response
        if len(b" ".join([*command, encoded])) <= MAX_INITIAL_COMMAND:
            command.append(encoded)
            first = None
    reply = await dialogue.command(Phase.AUTH, *command, timeout_s=timeout_s)
    challenges = 0
    while reply.code == 334:
        challenges += 1
        if challenges > MAX_CHALLENGES:
            raise SaslError("the server goes on asking without end")
        response = mechanism.respond(_challenge(reply)) if first is None else first
        first = None
        reply = await dialogue.command(Phase.AUTH, _encoded(response, sent), timeout_s=timeout_s)
    return reply


def _challenge(reply: Reply) -> bytes:
    try:
        return base64.b64decode(reply.text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise SaslError("the server's challenge is not base64") from None


def _encoded(response: bytes, sent: list[str]) -> bytes:
    encoded = base64.b64encode(response)
    sent.append(encoded.decode())
    return encoded


def _redacted(text: str, sent: list[str]) -> str:
    for secret in sorted(sent, key=len, reverse=True):
        if len(secret) >= 4:  # a shorter one would blot out half the words and give itself away by that
            text = text.replace(secret, _MASK)
    return text


def _refused(dialogue: Dialogue, reply: Reply) -> NoReturn:
    if reply.is_transient or reply.is_permanent:
        raise NetError(Phase.AUTH, Reason.REPLY, f"the server refused the login: {reply}", reply=reply)
    dialogue.abort()
    raise NetError(Phase.AUTH, Reason.PROTOCOL, f"the server answered the login with {reply}", reply=reply)


def _not_offered(server: SmtpServer, capabilities: Capabilities) -> str:
    if not capabilities.mechanisms:
        return "the server offers no login on this port"
    offered = ", ".join(name.lower() for name in capabilities.mechanisms[:20])
    wanted = f"the login mechanism {server.auth.value}" if server.auth else "a login mechanism that maild uses unasked"
    return f"the server does not offer {wanted}; it offers {offered}"
