import asyncio
import ipaddress
from pathlib import Path

import dns.rcode
import pytest

from maild.mail.phase import Phase
from maild.net.name_servers import Silence, may_trust, parse_server
from maild.net.resolver import (
    Address,
    Answer,
    NoRecords,
    NoSuchName,
    Records,
    SystemResolver,
    Unanswered,
)
from maild.net.step import NetError, Reason
from tests.fakes.dns_server import DnsServer
from tests.rows import each_row

ZONE = {
    ("example.test", "MX"): ["20 b.example.test.", "10 A.example.test."],
    ("example.test", "TXT"): ['"v=spf1 " "-all"', '"caf\\195\\169"'],
    ("mail.test", "A"): ["127.0.0.2"],
    ("mail.test", "AAAA"): ["::1"],
}


def looked_up(server: DnsServer, name: str, rdtype: str) -> Answer:
    async def scenario() -> Answer:
        async with server:
            return await SystemResolver([server.address], lifetime_s=0.2).lookup(name, rdtype)

    return asyncio.run(scenario())


def addresses_of(server: DnsServer, host: str) -> tuple[Address, ...]:
    async def scenario() -> tuple[Address, ...]:
        async with server:
            return await SystemResolver([server.address], lifetime_s=0.2).addresses(host, 465)

    return asyncio.run(scenario())


def test_records_come_in_presentation_form() -> None:
    answer = looked_up(DnsServer(zone=ZONE), "example.test", "MX")

    assert isinstance(answer, Records)
    assert sorted(answer.values) == ["10 A.example.test.", "20 b.example.test."]
    assert (answer.canonical_name, answer.ttl_s) == ("example.test", 300)


def test_a_txt_record_is_its_joined_strings() -> None:
    answer = looked_up(DnsServer(zone=ZONE), "example.test", "TXT")

    assert isinstance(answer, Records)
    assert set(answer.values) == {"v=spf1 -all", "café"}


def test_a_name_without_such_records_is_not_a_name_that_does_not_exist() -> None:
    assert looked_up(DnsServer(zone=ZONE), "mail.test", "MX") == NoRecords(name="mail.test", canonical_name="mail.test")
    assert looked_up(DnsServer(zone=ZONE), "no.test", "MX") == NoSuchName(name="no.test", canonical_name="no.test")


def test_an_alias_is_followed_and_its_target_named() -> None:
    server = DnsServer(zone=ZONE, aliases={"alias.test": "example.test", "other.test": "mail.test"})

    assert looked_up(server, "other.test", "MX") == NoRecords(name="other.test", canonical_name="mail.test")
    answer = looked_up(server, "alias.test", "MX")
    assert isinstance(answer, Records)
    assert answer.canonical_name == "example.test"


def test_a_failing_name_server_says_nothing_about_the_name() -> None:
    for rcode, silence in [(dns.rcode.SERVFAIL, Silence.SERVFAIL), (dns.rcode.REFUSED, Silence.REFUSED)]:
        answer = looked_up(DnsServer(rcodes={"example.test": rcode}), "example.test", "MX")

        reason = "the name servers failed (SERVFAIL or REFUSED)"
        assert answer == Unanswered(name="example.test", reason=reason, silence=silence)


def test_signatures_that_do_not_match_are_told_from_other_failures() -> None:
    answer = looked_up(DnsServer(bogus=frozenset({"example.test"})), "example.test", "MX")

    reason = "the resolver says that the signatures do not match (DNSSEC)"
    assert answer == Unanswered(name="example.test", reason=reason, silence=Silence.BOGUS)


def test_a_silent_name_server_is_waited_for_no_longer_than_allowed() -> None:
    answer = looked_up(DnsServer(silent=frozenset({"example.test"})), "example.test", "MX")

    reason = "no name server answered within 0 seconds"
    assert answer == Unanswered(name="example.test", reason=reason, silence=Silence.TIMEOUT)


def test_a_name_server_that_knows_no_edns_is_asked_without() -> None:
    server = DnsServer(zone=ZONE, knows_edns=False)

    assert isinstance(looked_up(server, "example.test", "MX"), Records)
    assert server.payloads == [1232, 0]


def test_a_resolver_on_this_machine_vouches_for_what_is_signed() -> None:
    server = DnsServer(zone=ZONE, secure=frozenset({"example.test", "no.test", "alias.test"}))

    assert getattr(looked_up(server, "example.test", "MX"), "is_secure", None) is True
    assert looked_up(server, "example.test", "A") == NoRecords(
        name="example.test", canonical_name="example.test", is_secure=True
    )
    assert looked_up(server, "no.test", "MX") == NoSuchName(name="no.test", canonical_name="no.test", is_secure=True)
    assert getattr(looked_up(server, "mail.test", "A"), "is_secure", None) is False


def test_the_word_of_a_resolver_elsewhere_counts_where_the_system_says_so(tmp_path: Path) -> None:
    settings = tmp_path / "resolv.conf"
    settings.write_text("nameserver 192.0.2.53\noptions edns0 trust-ad\n")
    elsewhere, here = [("192.0.2.53", 53)], [("127.0.0.53", 53), ("::1", 53)]

    assert may_trust(here, is_systems=False, settings=settings)
    assert may_trust(elsewhere, is_systems=True, settings=settings)
    assert not may_trust(elsewhere, is_systems=False, settings=settings)
    assert not may_trust(elsewhere, is_systems=True, settings=tmp_path / "none")


def test_a_question_that_cannot_be_asked_is_no_answer() -> None:
    answer = looked_up(DnsServer(), "a" * 64 + ".test", "MX")

    assert answer == Unanswered(name="a" * 64 + ".test", reason="the question could not be asked: LabelTooLong")


def test_questions_carry_the_payload_size_that_survives_every_path() -> None:
    server = DnsServer(zone=ZONE)

    looked_up(server, "example.test", "MX")

    assert server.payloads == [1232]


def test_own_name_servers_give_both_families() -> None:
    found = addresses_of(DnsServer(zone=ZONE), "mail.test")

    assert found == (
        Address(ip=ipaddress.ip_address("::1"), port=465),
        Address(ip=ipaddress.ip_address("127.0.0.2"), port=465),
    )


def test_a_host_that_could_not_be_told_is_a_failure_of_dns() -> None:
    with pytest.raises(NetError) as caught:
        addresses_of(DnsServer(silent=frozenset({"mail.test"})), "mail.test")

    assert (caught.value.phase, caught.value.reason) == (Phase.RESOLVE, Reason.DNS)


def test_a_host_that_does_not_exist_is_said_to() -> None:
    with pytest.raises(NetError) as caught:
        asyncio.run(SystemResolver().addresses("x" * 70 + ".invalid", 25))

    assert (caught.value.reason, caught.value.detail) == (Reason.NAME, f"there is no host {'x' * 70}.invalid")


@pytest.mark.parametrize("host", ["127.0.0.9", "::1", "[::1]"])
def test_a_number_is_not_looked_up(host: str) -> None:
    server = DnsServer()

    found = addresses_of(server, host)

    assert found == (Address(ip=ipaddress.ip_address(host.strip("[]")), port=465),)
    assert server.asked == []


def test_localhost_is_never_asked_for_outside() -> None:
    server = DnsServer()

    found = addresses_of(server, "localhost")

    assert all(address.is_loopback for address in found)
    assert server.asked == []


@each_row(
    ("text", "server"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_a_name_server_is_written_with_or_without_a_port(text: str, server: tuple[str, int]) -> None:
    assert parse_server(text) == server


def test_a_name_server_is_no_name() -> None:
    with pytest.raises(ValueError, match=r"dns\.example"):
        parse_server("dns.example")


def test_an_address_knows_whether_it_is_this_machine() -> None:
    loopback = [Address(ip=ipaddress.ip_address(ip), port=1) for ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1")]
    elsewhere = [Address(ip=ipaddress.ip_address(ip), port=1) for ip in ("192.0.2.1", "2001:db8::1")]

    assert all(address.is_loopback for address in loopback)
    assert not any(address.is_loopback for address in elsewhere)


def test_a_link_local_address_keeps_its_interface() -> None:
    assert Address(ip=ipaddress.ip_address("fe80::1"), port=25, scope_id=3).sockaddr == ("fe80::1", 25, 0, 3)
