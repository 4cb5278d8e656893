"""What maild sees of a real name server, through real resolvers that check signatures and that do not."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from maild.cli.probe import probe as command
from maild.config.dns_settings import AccountDns
from maild.config.model import Account, DnsSettings, SmtpSettings, Tls, TlsMode
from maild.net.name_servers import Silence
from maild.net.resolver import Answer, NoRecords, NoSuchName, Records, SystemResolver, Unanswered
from maild.probe.dns.answers import Answers
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.dns.scene import TestNames
from maild.probe.dns.view import DnsView, view_of
from maild.probe.result import CheckResult
from tests.peers.name_servers import NameServers, running_name_servers
from tests.records.test_dkim import ed25519_key, rsa_key

LONG = " ".join(f'"{chr(97 + number) * 250}"' for number in range(12))
ZONES = {
    "good.test": f"""
@ MX 10 mx
mx A 127.0.0.1
mail A 127.0.0.1
@ TXT "v=spf1 ip4:192.0.2.1 " "-all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.test"
s1._domainkey TXT "v=DKIM1; k=ed25519; p={ed25519_key()}"
s2._domainkey TXT "v=DKIM1; k=rsa; p={rsa_key()[:200]}" "{rsa_key()[200:]}"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@good.test"
_submissions._tcp SRV 0 1 465 mail
_465._tcp.mail TLSA 3 1 1 {"ab" * 32}
@ CAA 0 issue "ca.example"
alias CNAME mx
long TXT {LONG}
""",
    "test": "",
    "bogus.test": "@ MX 10 mx\nmx A 127.0.0.1\n",
    "plain.test": """
@ MX 10 mx
mx A 127.0.0.1
@ TXT "v=spf1 include:a.plain.test include:a.plain.test -all"
a TXT "v=spf1 ip4:192.0.2.0/24 -all"
null MX 0 .
both MX 0 .
both MX 10 mx
to-alias MX 10 www
www CNAME mx
to-ip MX 10 192.0.2.1.
to-localhost MX 10 localhost.
to-nowhere MX 10 nowhere
to-empty MX 10 empty
empty TXT "x"
dotless MX 10 mx.plain.test
is-alias CNAME www
implicit A 127.0.0.1
""",
}
NAMES = TestNames(signed="good.test", bogus="bogus.test")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServers]:
    with running_name_servers(tmp_path_factory.mktemp("dns"), ZONES) as running:
        yield running


def account(domain: str, *, dns: AccountDns | None = None) -> Account:
    settings = SmtpSettings(host="mail.good.test", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
    return Account(name="x", transport=settings, username=f"x@{domain}", dns=dns or AccountDns())


def look(address: str, *questions: tuple[str, str]) -> list[Answer]:
    async def scenario() -> list[Answer]:
        resolver = SystemResolver([address], lifetime_s=4.0)
        return [await resolver.lookup(*question) for question in questions]

    return asyncio.run(scenario())


def checked(address: str, subject: Account, *others: str) -> dict[str, CheckResult]:
    async def scenario() -> list[CheckResult]:
        settings = DnsSettings(resolvers=(address, *others), blocklists=())
        made = view_of(settings, SystemResolver([address], lifetime_s=4.0), lambda _: None)
        view = DnsView(answers=made.answers, resolvers=made.resolvers, names=NAMES)
        assert isinstance(view.answers, Answers)
        return await asyncio.gather(*(view.run(check, subject, lambda _: None) for check in DNS_CHECKS))

    return {result.check: result for result in asyncio.run(scenario())}


def codes(result: CheckResult) -> list[str]:
    return [diagnostic.code for diagnostic in result.diagnostics]


def test_the_resolver_s_word_on_signatures_is_heard(servers: NameServers) -> None:
    questions = (
        ("good.test", "MX"),
        ("good.test", "AAAA"),
        ("no.good.test", "A"),
        ("plain.test", "MX"),
        ("bogus.test", "MX"),
    )
    good, nodata, nxdomain, plain, bogus = look(servers.validating, *questions)

    assert isinstance(good, Records) and good.is_secure  # noqa: PT018
    assert isinstance(nodata, NoRecords) and nodata.is_secure  # noqa: PT018
    assert isinstance(nxdomain, NoSuchName) and nxdomain.is_secure  # noqa: PT018
    assert isinstance(plain, Records) and not plain.is_secure  # noqa: PT018
    assert isinstance(bogus, Unanswered) and bogus.silence is Silence.BOGUS  # noqa: PT018
    trusting = look(servers.trusting, *questions)
    assert [getattr(answer, "is_secure", None) for answer in trusting] == [False] * 5


def test_an_answer_too_large_for_udp_comes_by_tcp(servers: NameServers) -> None:
    (answer,) = look(servers.validating, ("long.good.test", "TXT"))

    assert isinstance(answer, Records)
    assert answer.values == ("".join(chr(97 + number) * 250 for number in range(12)),)


def test_states_of_dnssec_are_told_apart_and_only_by_a_resolver_that_checks(servers: NameServers) -> None:
    found = {
        domain: checked(servers.validating, account(domain))["dnssec"]
        for domain in ("good.test", "bogus.test", "plain.test")
    }

    assert [(one.verdict.value, one.summary) for one in found.values()] == [
        ("pass", "good.test is signed"),
        ("fail", "DNSSEC of bogus.test is broken"),
        ("pass", "plain.test is not signed"),
    ]
    trusting = checked(servers.trusting, account("bogus.test"))["dnssec"]
    assert (trusting.verdict.value, codes(trusting)) == ("not_applicable", ["ML790"])


def test_a_domain_in_order_passes_every_check_that_is_about_it(servers: NameServers) -> None:
    dns = AccountDns(dkim_selectors=("s1", "s2"), sends_from=("192.0.2.1",))
    found = checked(servers.validating, account("good.test", dns=dns), servers.trusting)

    assert {name: one.verdict.value for name, one in found.items() if one.verdict.value != "not_applicable"} == {
        "address": "pass",
        "spf": "pass",
        "dkim": "pass",
        "dmarc": "pass",
        "tls-rpt": "pass",
        "dane": "pass",  # nobody listens there, so the pin is judged alone
        "reverse": "warn",  # of addresses for documentation nobody has a name
        "dnssec": "pass",
        "resolvers": "pass",
        "caa": "pass",
        "srv": "pass",
    }
    assert codes(found["dkim"]) == ["ML768"]
    assert found["spf"].summary == "SPF of good.test lets 192.0.2.1 send (0 of 10 look-ups)"


def test_a_domain_that_nobody_can_verify_is_unanswered_not_failed(servers: NameServers) -> None:
    found = checked(servers.validating, account("bogus.test"))

    assert [found[name].verdict.value for name in ("spf", "dmarc", "tls-rpt")] == ["indeterminate"] * 3


@pytest.mark.parametrize(
    ("name", "verdict", "code"),
    [
        ("null", "warn", "ML741"),
        ("both", "warn", "ML742"),
        ("to-alias", "warn", "ML745"),
        ("to-ip", "fail", "ML743"),
        ("to-localhost", "fail", "ML748"),
        ("to-nowhere", "fail", "ML744"),
        ("to-empty", "fail", "ML744"),
        ("dotless", "fail", "ML746"),
        ("implicit", "pass", "ML747"),
        ("is-alias", "pass", "ML747"),
        ("nowhere", "fail", "ML740"),
    ],
)
def test_maild_probe_tells_each_state_of_mx(
    servers: NameServers, tmp_path: Path, name: str, verdict: str, code: str
) -> None:
    accounts = tmp_path / "accounts"
    accounts.mkdir()
    (tmp_path / "maild.yaml").write_text(
        f"dns: {{resolvers: ['{servers.validating}'], blocklists: []}}\nprobe: {{control: []}}\n"
    )
    (accounts / "x.yaml").write_text(
        f"protocol: smtp\nsmtp: {{host: mx.plain.test, port: 465, auth: none}}\nemail: x@{name}.plain.test\n"
    )

    done = CliRunner().invoke(
        command,
        ["--config", str(tmp_path), "--spool", str(tmp_path / "spool"), "--format", "json"],
        standalone_mode=False,
    )

    checks = {one["check"]: one for one in json.loads(done.stdout)["accounts"][0]["probe"]["checks"]}
    assert (checks["mx"]["verdict"], code in [one["code"] for one in checks["mx"]["diagnostics"]]) == (verdict, True)
    assert len(checks) == 2 + len(DNS_CHECKS)
