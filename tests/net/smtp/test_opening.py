import asyncio
from pathlib import Path
from typing import Any, Literal

import pytest

from maild.config.model import AuthMechanism, TlsMode, TlsVersion
from maild.config.pin import Pin, PinKind
from maild.mail.phase import Phase
from maild.net.certificate import Defect
from maild.net.pinning import seen_pin
from maild.net.smtp import CertificateError, Timeouts
from maild.net.step import NetError, Reason
from tests.fakes.certificates import EXPIRED_AT, Demanding, certificates
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.net.smtp.visit import IMPATIENT, PASSWORD, USERS, Visit
from tests.rows import each_row

Mode = Literal["none", "starttls", "implicit"]


def peer_of(tls: Mode = "none", **switches: object) -> ScriptedSmtpServer:
    server = ScriptedSmtpServer(tls=tls, certificate=certificates().good, users=USERS)
    for name, value in switches.items():
        assert hasattr(server, name)
        setattr(server, name, value)
    return server


def opened(peer: ScriptedSmtpServer, *, login: bool = True, **visit: Any) -> Visit:  # noqa: ANN401 -- any switch of a Visit
    """Open a session and leave politely."""

    async def scenario() -> Visit:
        async with peer:
            one = visit_of(peer, **visit)
            session = await one.open(login=login)
            await session.quit()
            assert not session.is_usable
            return one

    return asyncio.run(scenario())


def visit_of(peer: ScriptedSmtpServer, **visit: object) -> Visit:
    one = Visit(peer=peer)
    for name, value in visit.items():
        assert hasattr(one, name)
        setattr(one, name, value)
    return one


def refused(peer: ScriptedSmtpServer, **visit: object) -> tuple[NetError, Visit]:
    """The failure of opening a session; the connection must be gone afterwards."""

    async def scenario() -> tuple[NetError, Visit]:
        async with peer:
            one = visit_of(peer, **visit)
            with pytest.raises(NetError) as caught:
                await one.open()
            await peer.until(lambda: not peer.open_connections)
            return caught.value, one

    error, one = asyncio.run(scenario())
    last = one.steps[-1]
    assert (last.phase, last.error) == (error.phase, error)
    return error, one


PHASES: dict[Mode, list[Phase]] = {
    "implicit": [
        Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.CERTIFICATE, Phase.BANNER, Phase.EHLO, Phase.AUTH,
    ],
    "starttls": [
        Phase.RESOLVE, Phase.CONNECT, Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.TLS, Phase.CERTIFICATE,
        Phase.EHLO, Phase.AUTH,
    ],
    "none": [Phase.RESOLVE, Phase.CONNECT, Phase.BANNER, Phase.EHLO, Phase.AUTH],
}  # fmt: skip


@pytest.mark.parametrize("mode", ["implicit", "starttls", "none"])
def test_every_mode_tells_its_phases_in_order(mode: Mode) -> None:
    peer = peer_of(mode)

    visit = opened(peer)

    assert visit.phases == PHASES[mode]
    assert all(step.error is None and step.seconds >= 0 for step in visit.steps)
    assert peer.logins == [("PLAIN", True)]
    assert peer.verbs()[-1] == "QUIT"


def test_the_phases_tell_what_was_learnt() -> None:
    visit = opened(peer_of("implicit"))

    details = {step.phase: step.detail for step in visit.steps}
    assert details[Phase.RESOLVE] == "127.0.0.1"
    assert details[Phase.CONNECT] == f"127.0.0.1 port {visit.peer.port}"
    assert details[Phase.TLS].startswith("TLSv1.3 ")
    assert details[Phase.CERTIFICATE].startswith("valid until 2099-01-01, issued by ")
    assert details[Phase.BANNER] == "220 mail.test ESMTP"
    assert details[Phase.AUTH] == "plain"


def test_a_session_knows_certificate_capabilities_and_mechanism() -> None:
    async def scenario() -> None:
        async with peer_of("starttls", capabilities_after_tls=("SIZE 1000",)) as peer:
            session = await Visit(peer=peer).open()
            assert session.certificate is not None
            assert "mail.test" in session.certificate.names
            assert session.capabilities.size_limit == 1000
            assert not session.capabilities.offers("8BITMIME")  # said before TLS, hence forgotten
            assert session.facts.mechanism == "PLAIN"
            session.abort()

    asyncio.run(scenario())


def test_without_a_login_nothing_is_sent_after_ehlo() -> None:
    peer = peer_of("implicit")

    visit = opened(peer, login=False)

    assert visit.phases[-1] is Phase.EHLO
    assert peer.verbs() == ["EHLO", "QUIT"]


@pytest.mark.parametrize("visit", [{"username": None}, {"auth": AuthMechanism.NONE}])
def test_an_account_without_a_login_does_not_log_in(visit: dict[str, object]) -> None:
    peer = peer_of("implicit")

    opened(peer, login=True, **visit)

    assert peer.logins == []


def test_we_introduce_ourselves_with_a_name_or_an_address_literal() -> None:
    peer = peer_of()

    opened(peer)

    name = peer.commands[0].removeprefix("EHLO ")
    assert name == "[127.0.0.1]" or "." in name


def test_a_server_without_ehlo_is_greeted_the_old_way() -> None:
    peer = peer_of(replies={"EHLO": "502 5.5.2 unknown"})

    opened(peer, username=None)

    assert peer.verbs() == ["EHLO", "HELO", "QUIT"]


DEFECTS = [
    ("expired", Defect.EXPIRED),
    ("not_yet_valid", Defect.NOT_YET_VALID),
    ("wrong_host", Defect.NAME_MISMATCH),
    ("self_signed", Defect.SELF_SIGNED),
    ("untrusted_root", Defect.UNTRUSTED_ROOT),
    ("incomplete_chain", Defect.INCOMPLETE_CHAIN),
    ("weak_key", Defect.WEAK_KEY),
]


@each_row("mode", ["implicit", "starttls"])
@each_row(("name", "defect"), DEFECTS)
def test_a_bad_certificate_is_refused_by_its_defect_and_its_facts_survive(
    mode: Mode, name: str, defect: Defect
) -> None:
    peer = peer_of(mode, certificate=getattr(certificates(), name))

    error, visit = refused(peer)

    assert isinstance(error, CertificateError)
    assert (error.phase, error.reason, error.defect) == (Phase.CERTIFICATE, Reason.CERTIFICATE, defect)
    assert error.certificate is not None
    assert Phase.AUTH not in visit.phases
    assert peer.logins == []


def test_facts_of_a_refused_certificate_are_its_own() -> None:
    error, _ = refused(peer_of("implicit", certificate=certificates().expired))

    assert isinstance(error, CertificateError)
    assert error.certificate is not None
    assert error.certificate.not_after == EXPIRED_AT
    assert error.detail == "the server's certificate has expired on 2020-02-02"


def test_a_defect_is_named_even_when_the_certificate_cannot_be_fetched() -> None:
    error, _ = refused(peer_of("starttls", certificate=certificates().expired, accepts=1))

    assert isinstance(error, CertificateError)
    assert (error.defect, error.certificate) == (Defect.EXPIRED, None)
    assert error.detail == "the server's certificate has expired"


def test_a_missing_ca_file_is_found_out_before_anybody_is_bothered(tmp_path: Path) -> None:
    peer = peer_of("implicit")

    error, visit = refused(peer, ca_file=tmp_path / "gone.pem")

    assert (error.phase, error.reason) == (Phase.TLS, Reason.LOCAL)
    assert visit.phases == [Phase.TLS]
    assert peer.connections == 0


def test_a_server_that_closes_during_the_handshake_is_a_failure_of_tls() -> None:
    error, _ = refused(peer_of(accepts=0), mode=TlsMode.IMPLICIT)

    assert (error.phase, error.reason) == (Phase.TLS, Reason.LOST)


def test_a_server_that_closes_instead_of_greeting_is_told() -> None:
    error, _ = refused(peer_of(accepts=0))

    assert (error.phase, error.reason) == (Phase.BANNER, Reason.LOST)


def test_an_own_name_that_cannot_be_said_is_our_fault() -> None:
    error, _ = refused(peer_of(), local_hostname="a b")

    assert (error.phase, error.reason) == (Phase.EHLO, Reason.LOCAL)


def test_an_unverified_certificate_is_accepted_only_when_configured_so() -> None:
    peer = peer_of("implicit", certificate=certificates().self_signed)

    visit = opened(peer, verify=False)

    detail = next(step.detail for step in visit.steps if step.phase is Phase.CERTIFICATE)
    assert detail == "not verified, as configured; valid until 2099-01-01, issued by CN=mail.test"


def test_a_server_that_does_not_offer_starttls_gets_no_password() -> None:
    peer = peer_of("none")

    error, visit = refused(peer, mode=TlsMode.STARTTLS)

    assert (error.phase, error.reason) == (Phase.STARTTLS, Reason.NO_STARTTLS)
    assert peer.verbs() == ["EHLO", "QUIT"]
    assert visit.phases[-1] is Phase.STARTTLS


def test_what_is_inserted_in_clear_before_tls_is_reported_and_refused() -> None:
    peer = peer_of("starttls", after_starttls=b"250 2.0.0 what a good idea\r\n")

    error, _ = refused(peer)

    assert (error.phase, error.reason) == (Phase.STARTTLS, Reason.PROTOCOL)
    assert error.detail == "something in clear came right behind the go-ahead for TLS, as an attacker would insert it"
    assert peer.logins == []


def test_a_server_that_refuses_starttls_is_left() -> None:
    peer = peer_of("starttls", replies={"STARTTLS": "454 4.7.0 TLS not available"})

    error, _ = refused(peer)

    assert (error.phase, error.reason) == (Phase.STARTTLS, Reason.REPLY)
    assert error.reply is not None
    assert error.reply.code == 454
    assert peer.verbs() == ["EHLO", "STARTTLS", "QUIT"]


def test_implicit_tls_towards_a_cleartext_port_is_called_the_wrong_mode() -> None:
    error, _ = refused(peer_of("starttls"), mode=TlsMode.IMPLICIT)

    assert (error.phase, error.reason) == (Phase.TLS, Reason.TLS_MODE)
    assert error.detail.endswith("the mode may have to be starttls")


def test_cleartext_towards_an_implicit_port_is_called_the_wrong_mode() -> None:
    error, _ = refused(peer_of("implicit"), mode=TlsMode.STARTTLS, timeouts=IMPATIENT)

    assert (error.phase, error.reason) == (Phase.BANNER, Reason.TLS_MODE)
    assert error.detail.endswith("the mode has to be implicit")


def test_a_name_that_does_not_exist_ends_at_resolve() -> None:
    error, visit = refused(peer_of(), host="nowhere.test")

    assert (error.phase, error.reason) == (Phase.RESOLVE, Reason.NAME)
    assert visit.phases == [Phase.RESOLVE]


@each_row(
    ("banner", "reason", "detail"),
    [
        ("421 4.3.2 too busy", Reason.REPLY, "the server turned us away: 421 4.3.2 too busy"),
        ("554 go away", Reason.REPLY, "the server turned us away: 554 go away"),
        ("250 hello", Reason.PROTOCOL, "what answers on this port does not speak SMTP"),
        ("hello", Reason.PROTOCOL, "what answers on this port does not speak SMTP"),
        (b"\0\1\2\r\n", Reason.PROTOCOL, "what answers on this port does not speak SMTP"),
        (b"220 hi\r\n250 early\r\n", Reason.PROTOCOL, "the server sent more than one reply to one command"),
        (b"220-" + b"x" * 9000 + b"\r\n", Reason.PROTOCOL, "what answers on this port does not speak SMTP"),
        (b"220-more\r\n" * 800_000, Reason.PROTOCOL, "what answers on this port does not speak SMTP"),
        (None, Reason.TIMEOUT, "the server accepted the connection and did not greet in time"),
    ],
)
def test_a_banner_that_is_none_ends_the_session(banner: str | bytes | None, reason: Reason, detail: str) -> None:
    error, visit = refused(peer_of(banner=banner), timeouts=IMPATIENT if banner is None else Timeouts())

    assert (error.phase, error.reason, error.detail) == (Phase.BANNER, reason, detail)
    assert visit.phases == [Phase.RESOLVE, Phase.CONNECT, Phase.BANNER]


def test_a_banner_after_tls_that_never_comes_is_not_a_failure_of_tls() -> None:
    error, visit = refused(peer_of("implicit", banner=None), timeouts=IMPATIENT)

    assert (error.phase, error.reason) == (Phase.BANNER, Reason.TIMEOUT)
    assert visit.phases == [Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.BANNER]


def test_tls_that_is_never_answered_ends_in_time() -> None:
    error, _ = refused(peer_of(banner=None), mode=TlsMode.IMPLICIT, timeouts=IMPATIENT)

    assert (error.phase, error.reason) == (Phase.TLS, Reason.TIMEOUT)


def test_a_byte_now_and_then_does_not_keep_us() -> None:
    error, _ = refused(peer_of(drip_s=0.02), timeouts=IMPATIENT)

    assert (error.phase, error.reason) == (Phase.BANNER, Reason.TIMEOUT)


@each_row(
    ("verb", "mode", "phase"),
    [
        ("EHLO", "none", Phase.EHLO),
        ("STARTTLS", "starttls", Phase.STARTTLS),
        ("AUTH", "implicit", Phase.AUTH),
        ("RESPONSE", "implicit", Phase.AUTH),
    ],
)
def test_a_server_that_closes_or_falls_silent_ends_the_session(verb: str, mode: Mode, phase: Phase) -> None:
    switches = {"mechanisms": ("LOGIN",)}

    lost, _ = refused(peer_of(mode, drop_at=frozenset({verb}), **switches))
    silent, _ = refused(peer_of(mode, silent_at=frozenset({verb}), **switches), timeouts=IMPATIENT)

    assert (lost.phase, lost.reason) == (phase, Reason.LOST)
    assert (silent.phase, silent.reason) == (phase, Reason.TIMEOUT)


@each_row("reply", ["550 no", "421 busy", "99 what", "nonsense", b"250 a\r\n250 b\r\n", "354 go on"])
def test_an_answer_to_ehlo_that_is_no_yes_ends_the_session(reply: str | bytes) -> None:
    error, _ = refused(peer_of(replies={"EHLO": reply}))

    assert error.phase is Phase.EHLO
    assert error.reason in {Reason.REPLY, Reason.PROTOCOL}


def test_cancelling_leaves_no_connection_behind() -> None:
    async def scenario() -> None:
        async with peer_of(silent_at=frozenset({"EHLO"})) as peer:
            opening = asyncio.create_task(Visit(peer=peer).open())
            await peer.until(lambda: peer.commands)
            opening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await opening
            await peer.until(lambda: not peer.open_connections)

    asyncio.run(scenario())


def test_nothing_of_the_password_is_in_what_is_told() -> None:
    error, visit = refused(peer_of("implicit"), password=PASSWORD + "x")

    told = repr(visit.steps) + repr(error) + str(error.detail) + repr(error.__cause__)
    assert PASSWORD not in told


def pinned(kind: PinKind) -> Pin:
    pin = seen_pin(kind, certificates().good.der)
    assert pin is not None
    return pin


@each_row("kind", PinKind)
@each_row("mode", ["implicit", "starttls"])
def test_a_server_with_the_pinned_certificate_or_key_is_logged_in_to(mode: Mode, kind: PinKind) -> None:
    peer = peer_of(mode)

    opened(peer, pins=(pinned(kind),), verify=False)

    assert peer.logins == [("PLAIN", True)]


@each_row("verify", [True, False])
@each_row("mode", ["implicit", "starttls"])
def test_a_server_with_another_certificate_than_the_pinned_gets_no_password(mode: Mode, *, verify: bool) -> None:
    peer, pin = peer_of(mode), Pin(kind=PinKind.CERTIFICATE, digest=bytes(32))

    error, visit = refused(peer, pins=(pin,), verify=verify)

    assert isinstance(error, CertificateError)
    assert (error.phase, error.reason, error.defect) == (Phase.CERTIFICATE, Reason.CERTIFICATE, Defect.NOT_PINNED)
    assert error.detail == (
        "the server's certificate is not the pinned one: "
        f"pinned is certificate {pin}; the server shows certificate {pinned(PinKind.CERTIFICATE)}"
    )
    assert visit.phases[-2:] == [Phase.TLS, Phase.CERTIFICATE]
    assert peer.logins == []
    assert "AUTH" not in peer.verbs()


def test_a_pin_without_encryption_is_refused_before_anything_is_said() -> None:
    async def scenario() -> NetError:
        async with peer_of("none") as peer:
            with pytest.raises(NetError) as caught:
                await visit_of(peer, pins=(pinned(PinKind.CERTIFICATE),)).open()
            assert peer.verbs() == []
            return caught.value

    error = asyncio.run(scenario())

    assert error.detail == "the account pins a certificate, and without encryption there is none"


def test_the_version_that_an_account_asks_for_is_spoken() -> None:
    visit = opened(peer_of("implicit"), min_version=TlsVersion.TLS_1_3)

    assert next(step.detail for step in visit.steps if step.phase is Phase.TLS).startswith("TLSv1.3 ")


def test_a_client_certificate_without_its_file_is_said_before_connecting(tmp_path: Path) -> None:
    async def scenario() -> NetError:
        async with peer_of("implicit") as peer:
            visit = visit_of(peer, cert_file=tmp_path / "gone.pem", key_file=certificates().good.key_file)
            with pytest.raises(NetError) as caught:
                await visit.open()
            return caught.value

    error = asyncio.run(scenario())

    assert (error.phase, error.reason) == (Phase.TLS, Reason.LOCAL)
    assert "gone.pem does not exist" in error.detail


def test_an_account_says_how_long_its_server_may_be_silent() -> None:
    error, _ = refused(peer_of("implicit", banner=None), timeout_s=0.25)

    assert (error.phase, error.reason) == (Phase.BANNER, Reason.TIMEOUT)


def test_a_server_that_asks_for_a_certificate_gets_ours() -> None:
    good = certificates().good
    peer = peer_of("implicit")
    peer.certificate = Demanding(cert_file=good.cert_file, key_file=good.key_file)

    opened(peer, cert_file=good.cert_file, key_file=good.key_file)

    assert peer.logins == [("PLAIN", True)]
