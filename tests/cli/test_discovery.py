"""A domain is asked on loopback: a name server of its own, and files from a map."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.account import account as command
from maild.cli.discovery import ask_domain
from maild.cli.found_server import DomainSays
from maild.errors import UsageError
from maild.mail.address import Mailbox
from maild.net.resolver import SystemResolver
from maild.records.autoconfig import AutoconfigServer
from maild.records.srv import SrvRecord
from tests.fakes.dns_server import DnsServer
from tests.records.test_autoconfig import config, server

ME = Mailbox("me", "shop.example")
HERE = {("shop.example", "A"): ["127.0.0.1"], ("autoconfig.shop.example", "A"): ["127.0.0.1"]}
"""Nobody listens on port 443 there."""


@dataclass(kw_only=True)
class Files:
    files: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, url: str, max_bytes: int) -> bytes | None:
        assert max_bytes > 0
        self.asked.append(url)
        return self.files.get(url.partition("?")[0])


def ask(zone: Mapping[tuple[str, str], list[str]], files: Files, address: Mailbox = ME) -> DomainSays:
    async def run() -> DomainSays:
        async with DnsServer(zone=zone) as dns:
            return await ask_domain(address, SystemResolver([dns.address]), files)

    return asyncio.run(run())


def test_everything_that_a_domain_says_is_gathered() -> None:
    zone = {
        ("shop.example", "MX"): ["10 mx.elsewhere.example.", "20 aspmx.l.google.com."],
        ("_submissions._tcp.shop.example", "SRV"): ["0 1 465 mail.shop.example."],
        ("_submission._tcp.shop.example", "SRV"): ["0 0 0 ."],
    }
    files = Files(files={"https://shop.example/.well-known/autoconfig/mail/config-v1.1.xml": config(server())})

    assert ask(zone, files) == DomainSays(
        autoconfig=(AutoconfigServer(host="smtp.shop.example", port=465, mode="implicit", username="%EMAILADDRESS%"),),
        company_host="smtp.gmail.com",
        implicit=(SrvRecord(priority=0, weight=1, port=465, target="mail.shop.example"),),
        starttls=(),
    )
    assert files.asked == [
        "https://autoconfig.shop.example/mail/config-v1.1.xml?emailaddress=me@shop.example",
        "https://shop.example/.well-known/autoconfig/mail/config-v1.1.xml",
    ]


def test_a_domain_that_is_not_there_says_nothing() -> None:
    silence = "DNS knows no domain shop.example."
    files = Files(files={"https://autoconfig.shop.example/mail/config-v1.1.xml": b"<html>"})
    assert ask({}, files) == DomainSays(silence=silence)
    assert ask({("shop.example", "MX"): ["0 mx.shop.example."]}, Files()) == DomainSays()
    assert (
        ask({}, Files(), Mailbox("me", "gmial.com")).silence == "DNS knows no domain gmial.com. Did you mean gmail.com?"
    )


def test_name_servers_that_do_not_answer_are_not_taken_for_a_domain_that_says_nothing() -> None:
    async def run() -> DomainSays:
        # Nobody listens there.
        return await ask_domain(ME, SystemResolver(["127.0.0.1:9"], lifetime_s=0.2), Files())

    says = asyncio.run(run())
    assert says == DomainSays(silence=says.silence)
    assert says.silence == (
        "No name server told anything of shop.example: the network or the name servers are out of reach."
    )


def test_an_address_literal_has_nobody_to_ask() -> None:
    files = Files()
    assert ask({}, files, Mailbox("me", "[192.0.2.1]")) == DomainSays()
    assert files.asked == []


def init(root: Path, zone: Mapping[tuple[str, str], list[str]], *arguments: str) -> Result:
    configs = root / "configs"
    (configs / "accounts").mkdir(parents=True)

    async def run() -> Result:
        async with DnsServer(zone={**HERE, **zone}) as dns:
            (configs / "maild.yaml").write_text(f"dns: {{resolvers: ['{dns.address}']}}\n")
            words = ["init", "me@shop.example", "--config", str(configs), *arguments]
            return await asyncio.to_thread(CliRunner().invoke, command, words, standalone_mode=False)

    return asyncio.run(run())


def test_the_company_of_the_mx_is_taken_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    result = init(tmp_path, {("shop.example", "MX"): ["0 shop-example.mail.protection.outlook.com."]})
    text = (tmp_path / "configs" / "accounts" / "me.yaml").read_text()
    assert result.exception is None
    assert "host: smtp.office365.com\n  port: 587 " in text
    assert "# Found in the mail company that takes the domain's mail (its MX records). What maild believes, in" in text


def test_a_server_within_the_domain_is_taken_from_srv(tmp_path: Path) -> None:
    result = init(tmp_path, {("_submission._tcp.shop.example", "SRV"): ["0 1 587 mail.shop.example."]})
    text = (tmp_path / "configs" / "accounts" / "me.yaml").read_text()
    assert result.exception is None
    assert "host: mail.shop.example\n  port: 587                  # as the domain says\n  tls: {mode: starttls" in text
    assert "SRV records (RFC 6186, RFC 8314), which came without DNSSEC." in text.replace("\n  # ", " ")


def test_a_server_elsewhere_is_not_taken_without_a_person(tmp_path: Path) -> None:
    result = init(tmp_path, {("_submissions._tcp.shop.example", "SRV"): ["0 1 465 mail.evil.example."]})
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "DNS names mail.evil.example, which does not belong to shop.example, and nothing proves it. If your mail "
        "company gives it as SMTP server, say --host mail.evil.example."
    )
    assert list((tmp_path / "configs" / "accounts").iterdir()) == []


def test_who_is_asked_for_the_server_is_told_that_the_domain_was_asked_in_vain(tmp_path: Path) -> None:
    result = init(tmp_path, {("shop.example", "MX"): ["0 mx.shop.example."]})
    assert str(result.exception) == (
        "shop.example does not say which server its mail is sent through. SMTP server for me@shop.example, as your "
        "mail company gives it? Say it with --host."
    )


@pytest.mark.parametrize("arguments", [("--offline",), ("--host", "mail.shop.example")])
def test_nobody_is_asked_offline_or_when_the_server_was_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    zone = {("_submissions._tcp.shop.example", "SRV"): ["0 1 465 other.shop.example."]}
    init(tmp_path, zone, *arguments)
    assert not any("other" in path.read_text() for path in (tmp_path / "configs" / "accounts").iterdir())
