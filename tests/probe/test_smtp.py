import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath

import pytest

from maild.config.model import Account, AuthMechanism, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import ProbeSettings
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.net.certificate import public_key_digest
from maild.net.smtp import Timeouts
from maild.probe.events import LoginSuspended, LoginTried, ProbeEvent
from maild.probe.result import CheckResult, CheckVerdict, PhaseResult
from maild.probe.smtp import check
from maild.probe.subject import LoginMode
from maild.secret import EnvRef
from tests.fakes.certificates import EXPIRED_AT, GOOD_UNTIL, ServerCertificate, certificates
from tests.fakes.clock import FakeClock
from tests.fakes.probe_subject import smtp_account, subject
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

USERS = {"billing@shop.example": "right"}
V = CheckVerdict


def good_server(**switches: object) -> ScriptedSmtpServer:
    settings: dict[str, object] = {"tls": "implicit", "certificate": certificates().good, "users": USERS, **switches}
    return ScriptedSmtpServer(**settings)  # type: ignore[arg-type]  # a builder passes switches on


def probe(
    server: ScriptedSmtpServer,
    folder: Path,
    *,
    change: Callable[[Account], Account] = lambda account: account,
    resolver: FakeResolver | None = None,
) -> CheckResult:
    async def scenario() -> CheckResult:
        async with server:
            return await check(subject(change(smtp_account(server)), folder, resolver=resolver))

    return asyncio.run(scenario())


def codes(result: CheckResult) -> list[str]:
    return [diagnostic.code for diagnostic in result.diagnostics]


def outline(result: CheckResult) -> list[tuple[Phase, CheckVerdict]]:
    return [(phase.phase, phase.verdict) for phase in result.phases]


def with_tls(mode: TlsMode) -> Callable[[Account], Account]:
    def change(account: Account) -> Account:
        assert isinstance(account.transport, SmtpSettings)
        return replace(account, transport=replace(account.transport, tls=replace(account.transport.tls, mode=mode)))

    return change


def test_a_good_server_passes_in_every_phase_and_hears_a_goodbye(tmp_path: Path) -> None:
    server = good_server()
    result = probe(server, tmp_path)

    assert (result.verdict, result.summary, result.diagnostics) == (V.PASS, "ready to send", ())
    assert outline(result) == [
        (phase, V.PASS)
        for phase in (
            Phase.SECRET,
            Phase.RESOLVE,
            Phase.CONNECT,
            Phase.TLS,
            Phase.CERTIFICATE,
            Phase.BANNER,
            Phase.EHLO,
            Phase.AUTH,
            Phase.MAIL,
            Phase.RCPT,
            Phase.RSET,
            Phase.QUIT,
        )
    ]
    assert result.certificate is not None
    assert (result.certificate.not_after, result.certificate.problem) == (GOOD_UNTIL, None)
    assert server.verbs() == ["EHLO", "AUTH", "MAIL", "RCPT", "RSET", "QUIT"]
    assert server.commands[2:4] == ["MAIL FROM:<billing@shop.example>", "RCPT TO:<billing@shop.example>"]
    assert server.transactions == []


def test_starttls_is_asked_for_and_ehlo_said_again(tmp_path: Path) -> None:
    server = good_server(tls="starttls")
    result = probe(server, tmp_path)

    assert result.verdict is V.PASS
    assert server.verbs() == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "RSET", "QUIT"]


def without_login(account: Account) -> Account:
    return replace(account, username=None, password=None, email=Mailbox("billing", "shop.example"))


def test_without_a_username_there_is_no_secret_and_no_login(tmp_path: Path) -> None:
    server = good_server(tls="none", users={})
    result = probe(server, tmp_path, change=without_login)

    assert result.verdict is V.PASS
    assert [phase.phase for phase in result.phases] == [
        Phase.RESOLVE,
        Phase.CONNECT,
        Phase.BANNER,
        Phase.EHLO,
        Phase.MAIL,
        Phase.RCPT,
        Phase.RSET,
        Phase.QUIT,
    ]


def test_a_password_that_is_not_to_be_had_fails_before_anybody_is_called(tmp_path: Path) -> None:
    server = good_server()
    result = probe(server, tmp_path, change=lambda account: replace(account, password=EnvRef(name="NO_SUCH_VARIABLE")))

    assert (result.verdict, codes(result), outline(result)) == (V.FAIL, ["ML731"], [(Phase.SECRET, V.FAIL)])
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.pointer == "/password"
    assert server.connections == 0


def misspelt(account: Account) -> Account:
    assert isinstance(account.transport, SmtpSettings)
    return replace(account, transport=replace(account.transport, host="smtp.gmial.com"))


def test_a_host_that_does_not_exist_fails_and_points_at_its_line(tmp_path: Path) -> None:
    server = good_server()
    result = probe(
        server,
        tmp_path,
        change=misspelt,
    )

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML710"])
    assert result.summary == 'There is no host "smtp.gmial.com"; "smtp.gmail.com" was probably meant.'
    assert result.diagnostics[0].location is not None
    assert (result.diagnostics[0].location.file, result.diagnostics[0].location.pointer) == (
        "billing.yaml",
        "/smtp/host",
    )


def test_a_silent_name_server_is_indeterminate(tmp_path: Path) -> None:
    result = probe(good_server(), tmp_path, resolver=FakeResolver(failing=frozenset({"localhost"})))

    assert (result.verdict, codes(result)) == (V.INDETERMINATE, ["ML733"])
    assert outline(result)[-1] == (Phase.RESOLVE, V.INDETERMINATE)


def test_a_closed_port_fails(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with good_server() as server:
            account = smtp_account(server)
        return await check(subject(account, tmp_path))

    result = asyncio.run(scenario())

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML720"])
    assert outline(result)[-1] == (Phase.CONNECT, V.FAIL)


@pytest.mark.parametrize(
    ("switches", "code", "phase"),
    [
        ({"banner": "421 4.3.2 too many connections"}, "ML722", Phase.BANNER),
        ({"banner": "554 5.7.1 go away"}, "ML722", Phase.BANNER),
        ({"banner": None}, "ML721", Phase.BANNER),
        ({"banner": b"\x00\xff nonsense\r\n"}, "ML732", Phase.BANNER),
        ({"replies": {"EHLO": "550 no"}}, "ML722", Phase.EHLO),
        ({"drop_at": frozenset({"EHLO"})}, "ML721", Phase.EHLO),
        ({"silent_at": frozenset({"AUTH"})}, "ML728", Phase.AUTH),
        ({"tls": "starttls", "after_starttls": b"250 injected\r\n"}, "ML732", Phase.STARTTLS),
        ({"tls": "starttls", "replies": {"STARTTLS": "454 4.7.0 not now"}}, "ML723", Phase.STARTTLS),
        ({"tls": "starttls", "replies": {"EHLO": "421 4.3.2 busy"}}, "ML722", Phase.EHLO),
        ({"replies": {"MAIL": "550 5.7.60 not yours"}}, "ML736", Phase.MAIL),
        ({"replies": {"MAIL": "530 5.7.0 login first"}}, "ML727", Phase.MAIL),
        ({"mechanisms": ("GSSAPI",)}, "ML712", Phase.AUTH),
        ({"replies": {"AUTH": "535 5.7.8 bad credentials"}}, "ML726", Phase.AUTH),
        ({"replies": {"AUTH": "454 4.7.0 too many logins"}}, "ML728", Phase.AUTH),
        ({"replies": {"AUTH": "550 5.7.30 basic authentication is off"}}, "ML413", Phase.AUTH),
    ],
)
def test_each_defect_fails_in_its_phase_under_its_code(
    tmp_path: Path, switches: dict[str, object], code: str, phase: Phase
) -> None:
    server = good_server(**switches)
    result = probe(server, tmp_path)

    assert (result.verdict, codes(result)) == (V.FAIL, [code])
    assert outline(result)[-2 if phase is Phase.MAIL else -1] == (phase, V.FAIL)


def test_the_servers_words_are_in_the_message_and_the_fix_in_the_help(tmp_path: Path) -> None:
    result = probe(good_server(replies={"AUTH": "535 5.7.8 bad credentials"}), tmp_path)

    diagnostic = result.diagnostics[0]
    assert diagnostic.message == (
        'The server did not accept this username and password. The server said: "535 5.7.8 bad credentials"'
    )
    assert diagnostic.help.startswith("Check both.")


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    server = good_server(tls="none")
    result = probe(server, tmp_path, change=with_tls(TlsMode.STARTTLS))

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML711"])
    assert server.verbs() == ["EHLO", "QUIT"]


def test_tls_from_the_first_byte_at_a_port_that_begins_in_clear_is_named(tmp_path: Path) -> None:
    result = probe(good_server(tls="starttls"), tmp_path, change=with_tls(TlsMode.IMPLICIT))

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML724"])
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.pointer == "/smtp/tls/mode"


@pytest.mark.parametrize(
    ("certificate", "problem", "owner_word"),
    [
        (certificates().expired, "expired", "has expired"),
        (certificates().wrong_host, "name_mismatch", 'not for "localhost" but for other.test'),
        (certificates().self_signed, "self_signed", "authority in the CA file"),
        (certificates().untrusted_root, "untrusted_root", "authority in the CA file"),
        (certificates().not_yet_valid, "not_yet_valid", "not valid"),
        (certificates().weak_key, "weak_key", "certificate is of"),
        (certificates().incomplete_chain, "incomplete_chain", "intermediate certificate"),
    ],
)
def test_the_defect_of_a_certificate_is_named_and_its_facts_are_kept(
    tmp_path: Path, certificate: ServerCertificate, problem: str, owner_word: str
) -> None:
    server = good_server(certificate=certificate)
    result = probe(server, tmp_path)

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML725"])
    assert result.certificate is not None
    assert result.certificate.problem == problem
    assert owner_word in result.summary
    assert server.logins == []
    assert result.offer is not None
    assert (result.offer.tls_version, result.offer.key) == ("TLSv1.3", public_key_digest(certificate.der))
    assert result.offer.chain[0].sha256 == result.certificate.sha256
    if problem == "expired":
        assert result.certificate.not_after == EXPIRED_AT


def test_a_certificate_that_ends_soon_is_a_warning_and_the_account_can_send(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with good_server() as server:
            late = FakeClock(GOOD_UNTIL - timedelta(days=5, hours=1))
            return await check(subject(smtp_account(server), tmp_path, clock=late))

    result = asyncio.run(scenario())

    assert (result.verdict, codes(result)) == (V.WARN, ["ML320"])
    assert result.diagnostics[0].message == "The certificate of localhost ends on 2099-01-01, in 5 days."
    assert (Phase.CERTIFICATE, V.WARN) in outline(result)


def test_a_ca_file_that_is_not_there_is_the_accounts_fault(tmp_path: Path) -> None:
    def without(account: Account) -> Account:
        assert isinstance(account.transport, SmtpSettings)
        tls = Tls(mode=TlsMode.IMPLICIT, ca_file=PurePath("missing.pem"))
        return replace(account, transport=replace(account.transport, tls=tls))

    result = probe(good_server(), tmp_path, change=without)

    assert (result.verdict, codes(result)) == (V.FAIL, ["ML734"])
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.pointer == "/smtp/tls/ca_file"


class Repeated:
    """Several probes of one account, with a clock between them and the events they caused."""

    def __init__(self, folder: Path, server: ScriptedSmtpServer) -> None:
        self.folder = folder
        self.server = server
        self.clock = FakeClock()
        self.events: list[ProbeEvent] = []

    async def probe(self, login: LoginMode = LoginMode.SAFE) -> CheckResult:
        account = smtp_account(self.server)
        return await check(subject(account, self.folder, clock=self.clock, emit=self.events.append, login=login))


def test_credentials_that_worked_are_tried_again_after_six_hours(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server() as server:
            probes = Repeated(tmp_path, server)
            await probes.probe()
            probes.clock.advance(6 * 3600 - 1)
            second = await probes.probe()

            assert len(server.logins) == 1
            assert second.verdict is V.PASS
            assert second.phases[-2] == PhaseResult(
                phase=Phase.AUTH,
                verdict=V.NOT_APPLICABLE,
                seconds=0.0,
                detail="not tried: it worked at 2026-03-01 12:00 UTC and is tried again at 18:00 UTC",
            )

            probes.clock.advance(1)
            await probes.probe()
            assert len(server.logins) == 2

    asyncio.run(scenario())


def test_refused_credentials_are_not_tried_again_until_the_secret_changes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server() as server:
            probes = Repeated(tmp_path, server)
            (tmp_path / "password").write_text("wrong")
            first = await probes.probe()
            probes.clock.advance(30 * 86400)
            second = await probes.probe()

            assert (first.verdict, second.verdict) == (V.FAIL, V.FAIL)
            assert server.logins == [("PLAIN", False)]
            assert codes(second) == ["ML726"]
            assert second.phases[-2].detail == (
                'not tried: refused at 2026-03-01 12:00 UTC with "535 5.7.8 authentication failed" '
                "and not changed since"
            )

            (tmp_path / "password").write_text("right")
            third = await probes.probe()
            assert third.verdict is V.PASS
            assert server.logins == [("PLAIN", False), ("PLAIN", True)]
            assert probes.events == [
                LoginTried(account="billing", is_rejected=True),
                LoginSuspended(account="billing", detail="535 5.7.8 authentication failed"),
                LoginSuspended(account="billing", detail="535 5.7.8 authentication failed"),
                LoginTried(account="billing", is_rejected=False),
            ]

    asyncio.run(scenario())


def test_one_refusal_is_one_login_whatever_mechanisms_are_offered(tmp_path: Path) -> None:
    server = good_server(
        mechanisms=("SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"), users={"billing@shop.example": "x"}
    )
    probe(server, tmp_path)

    assert len(server.logins) == 1


def test_a_deferred_login_pauses_and_the_pause_is_indeterminate(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server(replies={"AUTH": "454 4.7.0 too many"}) as server:
            probes = Repeated(tmp_path, server)
            await probes.probe()
            probes.clock.advance(60)
            second = await probes.probe()

            assert (second.verdict, codes(second)) == (V.INDETERMINATE, ["ML729"])
            assert server.verbs() == ["EHLO", "AUTH", "QUIT", "EHLO", "QUIT"]

    asyncio.run(scenario())


def test_somebody_who_asks_for_it_logs_in_all_the_same(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server() as server:
            probes = Repeated(tmp_path, server)
            await probes.probe()
            await probes.probe(LoginMode.ALWAYS)

            assert len(server.logins) == 2

    asyncio.run(scenario())


def test_a_mechanism_that_is_gone_is_seen_without_a_login(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server() as server:
            probes = Repeated(tmp_path, server)
            await probes.probe()
            server.mechanisms = ("XOAUTH",)
            second = await probes.probe()

            assert (second.verdict, codes(second)) == (V.FAIL, ["ML712"])
            assert outline(second)[-2:] == [(Phase.AUTH, V.FAIL), (Phase.QUIT, V.PASS)]
            assert second.phases[-2].detail == "offered are: xoauth"

    asyncio.run(scenario())


def test_without_a_memory_that_keeps_anything_there_is_no_login(tmp_path: Path) -> None:
    (tmp_path / "logins.sqlite3").mkdir()
    server = good_server()
    result = probe(server, tmp_path)

    assert (result.verdict, codes(result)) == (V.INDETERMINATE, ["ML729", "ML739"])
    assert server.logins == []


def test_a_mechanism_named_in_the_account_is_the_only_one_used(tmp_path: Path) -> None:
    server = good_server()

    def with_login(account: Account) -> Account:
        assert isinstance(account.transport, SmtpSettings)
        return replace(account, transport=replace(account.transport, auth=AuthMechanism.LOGIN))

    assert probe(server, tmp_path, change=with_login).verdict is V.PASS
    assert server.logins == [("LOGIN", True)]


def test_the_password_is_in_no_result(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cr3t-w0rd")
    server = good_server(replies={"AUTH": lambda line: f"535 5.7.8 you said {line}"})
    result = probe(server, tmp_path)

    assert "s3cr3t-w0rd" not in repr(result)
    assert "czNjcjN0" not in repr(result)  # base64 of its beginning


@pytest.mark.parametrize(
    ("silent_at", "is_paused"), [("EHLO", False), ("STARTTLS", False), ("AUTH", True)], ids=["ehlo", "starttls", "auth"]
)
def test_only_a_login_that_may_have_begun_is_followed_by_a_pause_after_a_stop(
    tmp_path: Path, silent_at: str, *, is_paused: bool
) -> None:
    async def scenario() -> None:
        async with good_server(tls="starttls", silent_at=frozenset({silent_at})) as server:
            patient = subject(smtp_account(server), tmp_path, timeouts=Timeouts())
            task = asyncio.create_task(check(patient))
            async with asyncio.timeout(10):
                while True:
                    await asyncio.sleep(0.005)
                    if silent_at in server.verbs():
                        break
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

            server.silent_at = frozenset()
            again = await check(patient)
            assert (again.verdict is V.INDETERMINATE) is is_paused

    asyncio.run(scenario())


def test_a_probe_takes_no_longer_than_the_site_gives_it(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with good_server(banner=None) as server:
            slow = subject(smtp_account(server), tmp_path, timeouts=Timeouts())
            return await check(replace(slow, settings=ProbeSettings(timeout=timedelta(seconds=0.8))))

    result = asyncio.run(scenario())

    assert result.verdict is V.FAIL
    assert "the conversation was not done within 0.8 seconds" in result.diagnostics[0].message


def test_a_stop_while_the_banner_is_awaited_is_followed_by_no_pause(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with good_server(banner=None) as server:
            patient = subject(smtp_account(server), tmp_path, timeouts=Timeouts())
            task = asyncio.create_task(check(patient))
            async with asyncio.timeout(10):
                while True:
                    await asyncio.sleep(0.005)
                    if server.open_connections:
                        break
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

            server.banner = "220 mail.test ESMTP"
            assert (await check(patient)).verdict is V.PASS

    asyncio.run(scenario())
