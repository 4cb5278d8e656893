from datetime import UTC, datetime
from typing import Final

from maild.cli.account_draft import NewAccount, account_text
from maild.cli.found_server import DomainSays, FoundServer, Origin, choose_server
from maild.config.lint import LintSettings
from maild.config.load import load_account
from maild.mail.address import Mailbox
from maild.providers import IMPLICIT, STARTTLS, ServerPort, provider_of
from maild.records.autoconfig import AutoconfigServer
from maild.records.srv import SrvRecord
from maild.rules.engine import check_files
from tests.rows import each_row

ME: Final = Mailbox("me", "shop.example")
TLS: Final = ServerPort(port=465, mode=IMPLICIT)
LATER: Final = ServerPort(port=587, mode=STARTTLS)
AUTO: Final = AutoconfigServer(host="smtp.host.example", port=587, mode="starttls", username="%EMAILLOCALPART%")


def srv(target: str, port: int = 465) -> SrvRecord:
    return SrvRecord(priority=0, weight=0, port=port, target=target)


def test_a_domain_that_says_nothing_names_no_server() -> None:
    assert choose_server(DomainSays(), ME) is None


def test_autoconfig_comes_before_the_company_and_that_before_srv() -> None:
    everything = DomainSays(autoconfig=[AUTO], company_host="smtp.gmail.com", implicit=[srv("mail.shop.example")])
    without_file = DomainSays(company_host="smtp.gmail.com", implicit=[srv("mail.shop.example")])

    assert choose_server(everything, ME) == FoundServer(
        host="smtp.host.example", origin=Origin.AUTOCONFIG, port=LATER, username="me"
    )
    assert choose_server(without_file, ME) == FoundServer(host="smtp.gmail.com", origin=Origin.EXCHANGE)


def test_tls_from_the_first_byte_comes_before_starttls() -> None:
    implicit = AutoconfigServer(host="tls.host.example", port=465, mode="implicit", username="%EMAILADDRESS%")
    found = choose_server(DomainSays(autoconfig=[AUTO, implicit]), ME)
    assert found == FoundServer(host="tls.host.example", origin=Origin.AUTOCONFIG, port=TLS, username="me@shop.example")
    both = DomainSays(implicit=[srv("a.shop.example")], starttls=[srv("b.shop.example", 587)])
    assert choose_server(both, ME) == FoundServer(host="a.shop.example", origin=Origin.SRV, port=TLS)


@each_row(
    ("target", "must_confirm"),
    [
        ("shop.example", False),
        ("mail.shop.example", False),
        ("smtp.fastmail.com", False),
        ("mail.evil.example", True),
        ("notshop.example", True),
        ("shop.example.evil.example", True),
    ],
)
def test_a_server_elsewhere_must_be_confirmed(target: str, must_confirm: bool) -> None:  # noqa: FBT001
    found = choose_server(DomainSays(implicit=[srv(target)]), ME)
    assert found == FoundServer(host=target, origin=Origin.SRV, port=TLS, must_confirm=must_confirm)


@each_row(
    "says",
    [
        DomainSays(implicit=[srv("mail.shop.example", 25)]),
        DomainSays(starttls=[srv("mail.shop.example", 465)]),
        DomainSays(implicit=[srv("mail.shop.example\\032x")]),
        DomainSays(implicit=[srv("localhost")]),
        DomainSays(autoconfig=[AutoconfigServer(host="a b.example", port=465, mode="implicit")]),
        DomainSays(autoconfig=[AutoconfigServer(host="a.example", port=465, mode="starttls")]),
        DomainSays(autoconfig=[AutoconfigServer(host="a.example\n# x", port=465, mode="implicit")]),
    ],
)
def test_other_ports_and_what_is_no_host_are_left_to_the_person(says: DomainSays) -> None:
    assert choose_server(says, ME) is None


def test_a_login_name_that_is_not_of_this_address_is_as_if_not_said() -> None:
    odd = AutoconfigServer(host="a.example", port=465, mode="implicit", username="root\npassword: x")
    assert choose_server(DomainSays(autoconfig=[odd]), ME) == FoundServer(
        host="a.example", origin=Origin.AUTOCONFIG, port=TLS
    )


@each_row("host", ["mail.shop.example", "xn--bcher-kva.example", "smtp.gmail.com", "1.example"])
@each_row("port", [TLS, LATER])
@each_row("origin", list(Origin))
@each_row("username", ["me", "me@shop.example"])
def test_what_is_written_of_a_found_server_is_clean(host: str, port: ServerPort, origin: Origin, username: str) -> None:
    provider = provider_of(host)
    new = NewAccount(
        name="me",
        address=ME,
        host=host,
        username="me@shop.example" if provider else username,
        provider=provider,
        port=None if provider else port,
        origin=origin.value,
    )
    loaded = load_account("me.yaml", account_text(new).encode())
    report = check_files([loaded], now=datetime(2026, 3, 1, tzinfo=UTC), lint=LintSettings(), secrets=None)
    assert [found.code for found in report.diagnostics] == []
