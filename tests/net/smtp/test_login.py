import asyncio
import base64
import ipaddress
import ssl

import pytest

from maild.config.model import AuthMechanism, TlsMode
from maild.mail.phase import Phase
from maild.net.resolver import Address
from maild.net.smtp import Capabilities, SmtpServer
from maild.net.smtp.login import Channel, plan_login
from maild.net.step import NetError, Reason
from maild.secret import Secret
from tests.fakes.certificates import ServerCertificate, certificates
from tests.fakes.smtp_server import ScriptedReply, ScriptedSmtpServer
from tests.net.smtp.visit import PASSWORD, USERS, Visit
from tests.rows import each_row

SAFE = Channel(is_encrypted=True, is_loopback=False)
ALL = ("CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER")
BOUND = ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS")
WITH_PASSWORD = [kind for kind in AuthMechanism if kind not in {AuthMechanism.NONE, AuthMechanism.EXTERNAL}]


class Curious(ServerCertificate):
    """Of a server that asks for a certificate of ours, and goes without."""

    def context(self) -> ssl.SSLContext:
        context = super().context()
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(certificates().ca_file)
        return context


class Older(ServerCertificate):
    """Of a server that speaks TLS 1.2 at most."""

    def context(self) -> ssl.SSLContext:
        context = super().context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


def peer_of(
    *mechanisms: str, replies: dict[str, ScriptedReply] | None = None, lies: bool = False
) -> ScriptedSmtpServer:
    return ScriptedSmtpServer(
        tls="implicit",
        certificate=certificates().good,
        users=USERS,
        mechanisms=mechanisms,
        replies=replies or {},
        lies_in_scram=lies,
    )


def logged_in(peer: ScriptedSmtpServer, auth: AuthMechanism | None = None, password: str = PASSWORD) -> str | None:
    async def scenario() -> str | None:
        async with peer:
            session = await Visit(peer=peer, auth=auth, password=password).open()
            await session.quit()
            return session.facts.mechanism

    return asyncio.run(scenario())


def refused(peer: ScriptedSmtpServer, auth: AuthMechanism | None = None, password: str = PASSWORD) -> NetError:
    with pytest.raises(NetError) as caught:
        logged_in(peer, auth, password)
    assert caught.value.phase is Phase.AUTH
    return caught.value


@each_row("auth", WITH_PASSWORD)
def test_every_mechanism_logs_in_once_with_a_password_beyond_ascii(auth: AuthMechanism) -> None:
    peer = peer_of(*ALL, *BOUND)

    assert logged_in(peer, auth) == auth.value.upper()
    assert peer.logins == [(auth.value.upper(), True)]


@each_row("auth", [None, *WITH_PASSWORD])
def test_a_refused_password_is_tried_once_and_by_no_other_mechanism(auth: AuthMechanism | None) -> None:
    peer = peer_of(*ALL, *BOUND)

    error = refused(peer, auth, password="wrong password")

    assert error.reason is Reason.REPLY
    assert error.reply is not None
    assert (error.reply.code, str(error.reply.enhanced)) == (535, "5.7.8")
    assert error.detail == "the server refused the login: 535 5.7.8 authentication failed"
    assert len(peer.logins) == 1
    assert peer.verbs()[-1] == "QUIT"


def test_the_strongest_common_mechanism_is_used_unasked() -> None:
    assert logged_in(peer_of("CRAM-MD5", "LOGIN", "PLAIN")) == "PLAIN"


def test_a_login_is_bound_to_the_connection_unasked_where_the_server_is_sure_to_know_how() -> None:
    good = certificates().good
    peer = peer_of(*ALL, *BOUND)
    peer.certificate = Older(cert_file=good.cert_file, key_file=good.key_file)

    assert logged_in(peer) == "SCRAM-SHA-256-PLUS"
    assert logged_in(peer_of(*ALL, *BOUND)) == "SCRAM-SHA-256"  # TLS 1.3


def test_a_server_whose_offer_to_bind_was_taken_out_on_the_way_finds_that_out() -> None:
    good = certificates().good
    peer = peer_of("SCRAM-SHA-256")
    peer.certificate = Older(cert_file=good.cert_file, key_file=good.key_file)
    peer.has_hidden_binding = True

    assert refused(peer).reason is Reason.REPLY


@pytest.mark.parametrize("username", ["user", None])
def test_a_client_certificate_is_a_login(username: str | None) -> None:
    good = certificates().good
    peer = peer_of("EXTERNAL")
    peer.certificate = Curious(cert_file=good.cert_file, key_file=good.key_file)

    async def scenario() -> str | None:
        async with peer:
            visit = Visit(
                peer=peer,
                auth=AuthMechanism.EXTERNAL,
                username=username,
                cert_file=good.cert_file,
                key_file=good.key_file,
            )
            session = await visit.open()
            await session.quit()
            return session.facts.mechanism

    assert asyncio.run(scenario()) == "EXTERNAL"
    assert peer.logins == [("EXTERNAL", True)]


def test_a_mechanism_that_is_not_offered_is_not_tried() -> None:
    peer = peer_of("PLAIN", "LOGIN")

    error = refused(peer, AuthMechanism.CRAM_MD5)

    assert error.reason is Reason.NO_MECHANISM
    assert error.detail == "the server does not offer the login mechanism cram-md5; it offers plain, login"
    assert peer.logins == []


def test_a_server_that_lets_in_without_a_proof_is_left() -> None:
    error = refused(peer_of("SCRAM-SHA-256", lies=True))

    assert (error.reason, error.detail) == (
        Reason.PROTOCOL,
        "the server could not prove that it knows the password",
    )


def test_a_server_that_skips_the_proof_is_left() -> None:
    error = refused(peer_of("SCRAM-SHA-256", replies={"AUTH": "235 2.7.0 welcome, whoever you are"}))

    assert error.reason is Reason.PROTOCOL


@pytest.mark.parametrize("challenge", ["334 !!!", "334 =", "334 " + "A" * 5])
def test_a_challenge_that_is_not_base64_ends_the_login(challenge: str) -> None:
    error = refused(peer_of("CRAM-MD5", replies={"AUTH": challenge}))

    assert (error.reason, error.detail) == (Reason.PROTOCOL, "the server's challenge is not base64")


def test_a_server_that_asks_without_end_is_left() -> None:
    error = refused(peer_of("XOAUTH2", replies={"AUTH": "334 ", "": "334 "}), AuthMechanism.XOAUTH2)

    assert (error.reason, error.detail) == (Reason.PROTOCOL, "the server goes on asking without end")


@pytest.mark.parametrize("text", ["454 4.7.0 temporary failure", "421 4.3.2 bye", "534 5.7.9 app password needed"])
def test_every_refusal_comes_with_the_server_s_words(text: str) -> None:
    error = refused(peer_of("PLAIN", replies={"AUTH": text}))

    assert error.reason is Reason.REPLY
    assert str(error.reply) == text


def test_an_answer_that_makes_no_sense_ends_the_login() -> None:
    error = refused(peer_of("PLAIN", replies={"AUTH": "354 go ahead"}))

    assert error.reason is Reason.PROTOCOL


def test_a_server_that_repeats_what_we_sent_is_not_quoted() -> None:
    encoded = base64.b64encode(f"\0user\0{PASSWORD}".encode()).decode()
    peer = peer_of("PLAIN", replies={"AUTH": f"535 5.7.8 bad {encoded} alias {PASSWORD}"})

    error = refused(peer)

    assert error.detail == "the server refused the login: 535 5.7.8 bad •••• alias ••••"


def test_a_long_token_waits_to_be_asked_for() -> None:
    token = "t" * 2000
    peer = peer_of("XOAUTH2")
    peer.users = {"user": token}

    assert logged_in(peer, AuthMechanism.XOAUTH2, token) == "XOAUTH2"
    assert [command for command in peer.commands if command.startswith(("AUTH", "("))] == [
        "AUTH XOAUTH2",
        "(response)",
    ]


def server_of(auth: AuthMechanism | None = None, password: str | None = "x") -> SmtpServer:
    secret = None if password is None else Secret(password)
    return SmtpServer(host="mail.test", port=587, mode=TlsMode.NONE, username="user", password=secret, auth=auth)


def plan_failure(server: SmtpServer, *mechanisms: str, channel: Channel = SAFE) -> tuple[Reason, str]:
    with pytest.raises(NetError) as caught:
        plan_login(server, Capabilities(mechanisms=mechanisms), channel, nonce="abc")
    return caught.value.reason, caught.value.detail


def test_nothing_is_sent_in_clear_to_another_machine() -> None:
    channel = Channel(is_encrypted=False, is_loopback=False)

    assert plan_failure(server_of(), "PLAIN", channel=channel) == (
        Reason.CLEARTEXT,
        "the password is not sent, because this connection is not encrypted",
    )


def test_a_login_in_clear_is_for_this_machine_only() -> None:
    channel = Channel(is_encrypted=False, is_loopback=Address(ip=ipaddress.ip_address("::1"), port=25).is_loopback)

    mechanism, secret = plan_login(server_of(), Capabilities(mechanisms=("PLAIN",)), channel, nonce="abc")

    assert (mechanism.name, secret.reveal()) == ("PLAIN", "x")


def test_a_server_without_any_login_is_said_to_have_none() -> None:
    assert plan_failure(server_of()) == (Reason.NO_MECHANISM, "the server offers no login on this port")


def test_a_server_with_foreign_mechanisms_is_said_to_have_those() -> None:
    assert plan_failure(server_of(), "NTLM", "GSSAPI") == (
        Reason.NO_MECHANISM,
        "the server does not offer a login mechanism that maild uses unasked; it offers ntlm, gssapi",
    )


def test_a_login_without_a_password_is_not_begun() -> None:
    assert plan_failure(server_of(password=None), "PLAIN") == (
        Reason.SECRET,
        "there is no password to log in with",
    )


def test_a_password_that_the_mechanism_cannot_carry_is_not_sent() -> None:
    reason, _ = plan_failure(server_of(AuthMechanism.SCRAM_SHA_256, "\u0007"), "SCRAM-SHA-256")

    assert reason is Reason.LOCAL
