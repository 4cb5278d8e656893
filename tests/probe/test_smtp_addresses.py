"""One host, several addresses: each is judged by itself. All of 127.0.0.0/8 is this machine."""

import asyncio
import ipaddress
from dataclasses import replace
from pathlib import Path

from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.net.resolver import Address
from maild.net.step import NetError, Reason
from maild.probe.address_judgement import address_diagnostic, failing_address, without_missing_family
from maild.probe.blame import Target
from maild.probe.conversation import Judged
from maild.probe.result import AddressResult, CheckResult, CheckVerdict, Family
from maild.probe.smtp import check
from tests.fakes.certificates import certificates
from tests.fakes.probe_subject import smtp_account, subject
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.rows import each_row

V = CheckVerdict


def probe(server: ScriptedSmtpServer, other: ScriptedSmtpServer, folder: Path) -> CheckResult:
    """`server` is at 127.0.0.1, `other` at 127.0.0.2 of the same port, and 127.0.0.3 is nobody."""

    async def scenario() -> CheckResult:
        async with server:
            other.host, other.port = "127.0.0.2", server.port
            async with other:
                account = replace(
                    smtp_account(server, host="mail.test", username=None), email=Mailbox("billing", "shop.example")
                )
                resolver = FakeResolver(hosts={"mail.test": ("127.0.0.1", "127.0.0.2", "127.0.0.3")})
                return await check(subject(account, folder, resolver=resolver))

    return asyncio.run(scenario())


def test_every_address_is_judged_by_itself(tmp_path: Path) -> None:
    good = ScriptedSmtpServer(tls="implicit", certificate=certificates().good)
    stale = ScriptedSmtpServer(tls="implicit", certificate=certificates().expired)
    result = probe(good, stale, tmp_path)

    assert result.verdict is V.WARN
    assert [(one.address, one.family, one.verdict) for one in result.addresses] == [
        ("127.0.0.1", Family.IPV4, V.PASS),
        ("127.0.0.2", Family.IPV4, V.FAIL),
        ("127.0.0.3", Family.IPV4, V.FAIL),
    ]
    assert [one.phases[-1].phase for one in result.addresses] == [Phase.QUIT, Phase.CERTIFICATE, Phase.CONNECT]
    assert result.addresses[1].certificate is not None
    assert result.addresses[1].certificate.problem == "expired"
    assert [one.code for one in result.diagnostics] == ["ML780"]
    assert result.diagnostics[0].message.startswith("2 of the 3 addresses of mail.test do not work")
    assert good.verbs() == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


TARGET = Target.of(smtp_account(ScriptedSmtpServer()))


def failed(ip: str, reason: Reason) -> AddressResult:
    judged = Judged.of(NetError(Phase.CONNECT, reason, "no way"), TARGET)
    return failing_address(Address(ip=ipaddress.ip_address(ip), port=25), judged, ())


PASSED = AddressResult(address="192.0.2.1", family=Family.IPV4, verdict=V.PASS, summary="ready to send")


@each_row(
    ("results", "verdicts"),
    [
        ((PASSED, failed("2001:db8::1", Reason.UNREACHABLE)), [V.PASS, V.NOT_APPLICABLE]),
        ((PASSED, failed("2001:db8::1", Reason.TIMEOUT)), [V.PASS, V.FAIL]),
        (
            (PASSED, failed("2001:db8::1", Reason.TIMEOUT), failed("2001:db8::2", Reason.UNREACHABLE)),
            [V.PASS, V.FAIL, V.INDETERMINATE],
        ),
        # Nothing at all can be reached: that is another story.
        (
            (failed("192.0.2.1", Reason.UNREACHABLE), failed("2001:db8::1", Reason.UNREACHABLE)),
            [V.INDETERMINATE, V.INDETERMINATE],
        ),
        ((failed("192.0.2.1", Reason.UNREACHABLE),), [V.INDETERMINATE]),
    ],
)
def test_a_family_that_this_machine_lacks_is_nobodys_failure(
    results: tuple[AddressResult, ...], verdicts: list[CheckVerdict]
) -> None:
    assert [one.verdict for one in without_missing_family(results)] == verdicts


def test_a_family_that_is_dead_as_a_whole_is_named() -> None:
    found = address_diagnostic("mail.test", (PASSED, failed("2001:db8::1", Reason.TIMEOUT)))
    other = address_diagnostic("mail.test", (failed("192.0.2.7", Reason.TIMEOUT),))

    assert found is not None
    assert found.message.startswith("None of the IPv6 addresses of mail.test works")
    assert other is not None
    assert other.message.startswith("None of the IPv4 addresses of mail.test works")
    assert address_diagnostic("mail.test", (PASSED,)) is None
