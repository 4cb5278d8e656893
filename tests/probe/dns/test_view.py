"""The shell around the checks, against a name server on loopback."""

import asyncio
from dataclasses import replace

from maild.config.dns_settings import AccountDns
from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.net.name_servers import Silence
from maild.net.resolver import Answer, Records, SystemResolver
from maild.probe.dns import mta_sts, resolvers, spf, srv
from maild.probe.dns.answers import Answers, NameServers
from maild.probe.dns.catalogue import DnsCheck
from maild.probe.dns.dane import CHAIN
from maild.probe.dns.view import DnsView, registrable
from maild.probe.result import CheckResult, CheckVerdict
from maild.records.dialogue import Found, Reply, Silent, ask
from tests.fakes.certificates import certificates
from tests.fakes.dns_server import DnsServer
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.virtual_time import run_virtual

ACCOUNT = Account(
    name="billing",
    transport=SmtpSettings(host="mail.shop.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT)),
    username="billing@shop.example",
    dns=AccountDns(sends_from=("192.0.2.1",)),
)
SPF = DnsCheck(name=spf.NAME, check=spf.check)


def test_questions_are_asked_once_and_their_times_told() -> None:
    told: list[tuple[str, Silence | None]] = []
    zone = {("shop.example", "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"']}

    async def scenario() -> list[CheckResult]:
        async with DnsServer(zone=zone, silent=frozenset({"_submission._tcp.shop.example"})) as server:
            resolver = SystemResolver([server.address], lifetime_s=0.2)
            view = DnsView(
                answers=Answers(NameServers(any_of_them=resolver), lambda one: told.append((one.rdtype, one.silence)))
            )
            first = await asyncio.gather(*(view.run(SPF, ACCOUNT, lambda _: None) for _ in range(2)))
            again = await view.run(SPF, ACCOUNT, lambda _: None)
            lost = await view.run(DnsCheck(name=srv.NAME, check=srv.check), ACCOUNT, lambda _: None)
            assert server.asked.count(("shop.example", "TXT")) == 1
            return [*first, again, lost]

    results = asyncio.run(scenario())

    assert [result.verdict.value for result in results] == ["pass", "pass", "pass", "indeterminate"]
    assert told == [("TXT", None), ("SRV", None), ("SRV", Silence.TIMEOUT)]


def test_resolvers_are_asked_by_their_names() -> None:
    async def scenario() -> CheckResult:
        one = DnsServer(zone={("shop.example", "MX"): ["1 a.example."]})
        other = DnsServer(zone={("shop.example", "MX"): ["1 b.example."]})
        async with one, other:
            each = {name: SystemResolver([name], lifetime_s=0.5) for name in (one.address, other.address)}
            servers = NameServers(any_of_them=FakeResolver(), each=each)
            view = DnsView(answers=Answers(servers), resolvers=tuple(each))
            return await view.run(DnsCheck(name=resolvers.NAME, check=resolvers.check), ACCOUNT, lambda _: None)

    assert [diagnostic.code for diagnostic in asyncio.run(scenario()).diagnostics] == ["ML791"]


class Sleepy(FakeResolver):
    """Never answers."""

    async def lookup(self, name: str, rdtype: str) -> Answer:
        await asyncio.sleep(3600)
        return await super().lookup(name, rdtype)


def test_a_check_ends_in_time() -> None:
    view = DnsView(answers=Answers(NameServers(any_of_them=Sleepy())))

    result = run_virtual(view.run(SPF, ACCOUNT, lambda _: None))

    assert (result.verdict, result.summary) == (CheckVerdict.INDETERMINATE, "name servers are too slow")


def test_why_a_policy_cannot_be_fetched_is_told() -> None:
    found = {}
    for name, failing in (("no host", ""), ("no answer", "mta-sts.shop.example")):
        announced = Records(values=("v=STSv1; id=1",), canonical_name="", ttl_s=0)
        resolver = FakeResolver(records={("_mta-sts.shop.example", "TXT"): announced}, failing=frozenset({failing}))
        view = DnsView(answers=Answers(NameServers(any_of_them=resolver)))
        check = DnsCheck(name=mta_sts.NAME, check=mta_sts.check)
        result = asyncio.run(view.run(check, ACCOUNT, lambda _: None))
        found[name] = (result.verdict, [one.code for one in result.diagnostics])

    assert found == {"no host": (CheckVerdict.WARN, ["ML753"]), "no answer": (CheckVerdict.INDETERMINATE, ["ML753"])}


def shown(place: str) -> Reply:
    answers = Answers(NameServers(any_of_them=FakeResolver(hosts={"mail.example": ("127.0.0.1",)})))
    return asyncio.run(answers.hold(ask(place, CHAIN)))


def test_a_server_shows_its_certificate() -> None:
    async def scenario() -> Reply:
        async with ScriptedSmtpServer(tls="starttls", certificate=certificates().good) as server:
            answers = Answers(NameServers(any_of_them=FakeResolver(hosts={"mail.example": ("127.0.0.1",)})))
            return await answers.hold(ask(f"_{server.port}._tcp.mail.example", CHAIN))

    reply = asyncio.run(scenario())

    assert isinstance(reply, Found)
    assert reply.values[0].startswith("30")
    assert isinstance(shown("_25._tcp.nowhere.example"), Silent)
    assert isinstance(shown("nowhere.example"), Silent)


def test_the_domain_that_somebody_registered_is_told_by_the_list() -> None:
    assert registrable("a.mail.shop.co.uk") == "shop.co.uk"
    assert registrable("co.uk") == "co.uk"
    assert registrable("www.city.kobe.jp") == "city.kobe.jp"
    assert registrable("Mail.Shop.Example.") == "shop.example"
    assert registrable("a.b.xn--55qx5d.cn") == "b.xn--55qx5d.cn"
    assert registrable("a.b.xn--p1ai") == "b.xn--p1ai"
    assert registrable("a.github.io") == "a.github.io"


def test_an_account_becomes_a_scene() -> None:
    view = DnsView(answers=Answers(NameServers(any_of_them=FakeResolver())), lists=("a.example",))
    account = replace(ACCOUNT, dns=AccountDns(dkim_selectors=("s1",), sends_from=("2001:db8::1",)))

    scene = view.scene_of(account, lambda _: None)

    assert (scene.domain, scene.host, scene.port, scene.provider) == ("shop.example", "mail.shop.example", 465, None)
    assert (scene.selectors, [str(one) for one in scene.sends_from], scene.lists) == (
        ("s1",),
        ["2001:db8::1"],
        ("a.example",),
    )
