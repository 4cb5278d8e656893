import pytest

from maild.net.smtp.introduction import introduction
from tests.rows import each_row


def test_what_is_configured_wins() -> None:
    assert introduction("mx.example.test", machine_name="a.example.com", own_address="192.0.2.1") == "mx.example.test"


@pytest.mark.parametrize("name", ["host.example.com", "HOST.Example.COM.", "a-b.c.de"])
def test_a_full_machine_name_is_used(name: str) -> None:
    assert introduction(None, machine_name=name, own_address="192.0.2.1") == name.lower().rstrip(".")


@each_row(
    "name",
    [
        "", "host", "localhost", "localhost.localdomain", "printer.local", "a.home.arpa", "a_b.example.com",
        "-a.example.com", "a..example.com", "192.0.2.7", "host name.example.com", "x" * 64 + ".example.com",
        "host.example.com\r\nQUIT", "hôst.example.com", ".".join(["abcdefgh"] * 30),
    ],
)  # fmt: skip
def test_without_a_name_that_exists_it_is_the_address_literal(name: str) -> None:
    assert introduction(None, machine_name=name, own_address="192.0.2.1") == "[192.0.2.1]"


def test_an_ipv6_literal_is_tagged_and_has_no_zone() -> None:
    assert introduction(None, machine_name="host", own_address="fe80::1%eth0") == "[IPv6:fe80::1]"
