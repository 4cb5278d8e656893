import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.mail.address import Mailbox
from maild.net.resolver import Answer, NoRecords, NoSuchName, Records, Unanswered
from maild.probe.mx import MAX_HOSTS, applies, check
from maild.probe.result import CheckResult, CheckVerdict
from tests.fakes.probe_subject import subject
from tests.fakes.resolver import FakeResolver

DOMAIN = "shop.example"
ACCOUNT = Account(
    name="billing",
    transport=SmtpSettings(host="smtp.gmail.com", port=465, tls=Tls(mode=TlsMode.IMPLICIT)),
    username="billing@shop.example",
)
V = CheckVerdict


def records(*values: str, name: str = DOMAIN) -> Records:
    return Records(values=values, canonical_name=name, ttl_s=300)


def address(host: str, *values: str) -> dict[tuple[str, str], Answer]:
    return {(host, "A"): records(*(values or ("8.8.8.8",)), name=host)}


def probe(folder: Path, answers: dict[tuple[str, str], Answer], account: Account = ACCOUNT) -> CheckResult:
    return asyncio.run(check(subject(account, folder, resolver=FakeResolver(records=answers))))


def codes(result: CheckResult) -> list[str]:
    return [diagnostic.code for diagnostic in result.diagnostics]


def test_a_domain_whose_hosts_work_passes(tmp_path: Path) -> None:
    answers = {
        (DOMAIN, "MX"): records("20 B.mail.example.", "10 a.mail.example."),
        **address("a.mail.example"),
        ("b.mail.example", "A"): NoRecords(name="b.mail.example", canonical_name="b.mail.example"),
        ("b.mail.example", "AAAA"): records("2001:4860:4860::8888", name="b.mail.example"),
    }

    assert probe(tmp_path, answers) == CheckResult(
        check="mx", verdict=V.PASS, summary="shop.example takes mail at a.mail.example, b.mail.example"
    )


SILENT = Unanswered(name=DOMAIN, reason="SERVFAIL")
NO_MX = NoRecords(name=DOMAIN, canonical_name=DOMAIN)
CASES: list[tuple[dict[tuple[str, str], Answer], CheckVerdict, list[str], str]] = [
    ({}, V.FAIL, ["ML740"], "shop.example cannot take mail"),
    ({(DOMAIN, "MX"): SILENT}, V.INDETERMINATE, ["ML733"], "whether shop.example can take mail could not be told"),
    ({(DOMAIN, "MX"): records("0 .")}, V.WARN, ["ML741"], "shop.example cannot take mail"),
    (
        {(DOMAIN, "MX"): records("0 .", "10 a.mail."), **address("a.mail")},
        V.WARN,
        ["ML742"],
        "shop.example takes mail at a.mail",
    ),
    ({(DOMAIN, "MX"): records("10 192.0.2.1.")}, V.FAIL, ["ML743"], "shop.example cannot take mail"),
    ({(DOMAIN, "MX"): records("10 a.mail.")}, V.FAIL, ["ML744"], "shop.example cannot take mail"),
    (
        {(DOMAIN, "MX"): records("10 a.mail.", "20 b.mail."), **address("b.mail")},
        V.WARN,
        ["ML744"],
        "shop.example takes mail at b.mail, not at its other hosts",
    ),
    (
        {(DOMAIN, "MX"): records("10 a.mail."), ("a.mail", "A"): records("8.8.8.8", name="real.mail")},
        V.WARN,
        ["ML745"],
        "shop.example takes mail at a.mail",
    ),
    ({(DOMAIN, "MX"): records("10 mx.shop.example.shop.example.")}, V.FAIL, ["ML746"], "shop.example cannot take mail"),
    (
        {(DOMAIN, "MX"): NO_MX, **address(DOMAIN)},
        V.PASS,
        ["ML747"],
        "shop.example takes mail at shop.example",
    ),
    (
        {(DOMAIN, "MX"): NoRecords(name=DOMAIN, canonical_name="web.example"), **address("web.example")},
        V.PASS,
        ["ML747"],
        "shop.example takes mail at web.example",
    ),
    ({(DOMAIN, "MX"): NO_MX}, V.FAIL, ["ML747", "ML749"], "shop.example cannot take mail"),
    ({(DOMAIN, "MX"): records("10 localhost.")}, V.FAIL, ["ML748"], "shop.example cannot take mail"),
    (
        {(DOMAIN, "MX"): records("10 a.mail."), **address("a.mail", "10.0.0.2")},
        V.PASS,
        ["ML748"],
        "shop.example takes mail at a.mail",
    ),
    (
        {(DOMAIN, "MX"): records("10 a.mail."), ("a.mail", "A"): SILENT},
        V.INDETERMINATE,
        ["ML733"],
        "whether shop.example can take mail could not be told",
    ),
    (
        {(DOMAIN, "MX"): records("10 a.mail."), **address("a.mail"), ("a.mail", "AAAA"): SILENT},
        V.PASS,
        [],
        "shop.example takes mail at a.mail",
    ),
]


@pytest.mark.parametrize(("answers", "verdict", "found", "summary"), CASES)
def test_each_state_of_a_domain_has_its_verdict_and_code(
    tmp_path: Path, answers: dict[tuple[str, str], Answer], verdict: CheckVerdict, found: list[str], summary: str
) -> None:
    result = probe(tmp_path, answers)

    assert (result.verdict, codes(result), result.summary) == (verdict, found, summary)


def test_a_finding_shows_the_record_to_publish_and_points_at_the_sender(tmp_path: Path) -> None:
    diagnostic = probe(tmp_path, {(DOMAIN, "MX"): records("10 mx.shop.example.shop.example.")}).diagnostics[0]

    assert diagnostic.message == (
        "The mail host of shop.example is published as mx.shop.example.shop.example: the final dot was forgotten."
    )
    assert diagnostic.help == "Write `mx.shop.example.` with the dot in the zone file."
    assert diagnostic.location is not None
    assert diagnostic.location.file == "billing.yaml"


@pytest.mark.parametrize("domain", ["[127.0.0.1]", "localhost"])
def test_a_sender_outside_of_dns_is_not_asked_about(tmp_path: Path, domain: str) -> None:
    account = replace(ACCOUNT, username="billing", email=Mailbox("billing", domain))
    resolver = FakeResolver()
    result = asyncio.run(check(subject(account, tmp_path, resolver=resolver)))

    assert (result.verdict, result.diagnostics, resolver.asked) == (V.NOT_APPLICABLE, (), [])


def test_the_provider_s_own_domain_is_never_asked_about(tmp_path: Path) -> None:
    resolver = FakeResolver()
    asyncio.run(check(subject(ACCOUNT, tmp_path, resolver=resolver)))

    assert resolver.asked == [(DOMAIN, "MX")]


def test_a_flood_of_mail_hosts_is_not_followed(tmp_path: Path) -> None:
    hosts = [f"h{number}.mail" for number in range(40)]
    values = [f"{number} {host}." for number, host in enumerate(hosts)]
    resolver = FakeResolver(records={(DOMAIN, "MX"): records(*values), **address(hosts[0])})
    result = asyncio.run(check(subject(ACCOUNT, tmp_path, resolver=resolver)))

    assert len(resolver.asked) == 1 + 2 * MAX_HOSTS
    assert result.verdict is V.WARN


def test_every_account_has_a_sender() -> None:
    assert applies(ACCOUNT)


def test_a_host_that_does_not_exist_has_no_address(tmp_path: Path) -> None:
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "MX"): records("10 a.mail."),
        ("a.mail", "A"): NoSuchName(name="a.mail", canonical_name="a.mail"),
    }

    assert codes(probe(tmp_path, answers)) == ["ML744"]
