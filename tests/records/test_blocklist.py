from ipaddress import ip_address

from maild.records.blocklist import Listed, Listing, NotListed, Untold, ask_list, query_name
from maild.records.dialogue import drive
from tests.fakes.zone import Zone

LIST = "zen.list.example"


def ask(zone: str, *addresses: str) -> tuple[Listing, ...]:
    return drive(ask_list(LIST, tuple(ip_address(one) for one in addresses)), Zone(zone).answer)


GOOD = f"2.0.0.127.{LIST} A 127.0.0.2\n"


def test_addresses_are_asked_for_backwards() -> None:
    assert query_name(LIST, ip_address("192.0.2.7")) == f"7.2.0.192.{LIST}"
    assert query_name(LIST, ip_address("2001:db8::1")) == f"1.{'0.' * 23}8.b.d.0.1.0.0.2.{LIST}"


def test_a_list_that_works_is_believed() -> None:
    zone = GOOD + f"7.2.0.192.{LIST} A 127.0.0.10\n9.2.0.192.{LIST} SILENT"

    assert ask(zone, "192.0.2.7", "192.0.2.8", "192.0.2.9") == (
        Listed(codes=("127.0.0.10",)),
        NotListed(),
        Untold(detail="SERVFAIL"),
    )


def test_a_list_that_fails_its_own_test_says_nothing() -> None:
    everything = f"{GOOD}1.0.0.127.{LIST} A 127.0.0.2\n7.2.0.192.{LIST} A 127.0.0.2"
    broken = (Untold(detail="the list does not answer its own test as RFC 5782 §5 wants it"),)

    assert ask(everything, "192.0.2.7") == ask("x A 192.0.2.1", "192.0.2.7") == broken
    assert ask(f"2.0.0.127.{LIST} SILENT", "192.0.2.7") == (Untold(detail="SERVFAIL"),)


def test_a_refusal_and_a_parked_domain_are_no_listings() -> None:
    refused = ask(GOOD + f"7.2.0.192.{LIST} A 127.255.255.254", "192.0.2.7")[0]
    parked = ask(GOOD + f"7.2.0.192.{LIST} A 203.0.113.5", "192.0.2.7")[0]

    assert refused == Untold(detail="the list refuses to answer this resolver (127.255.255.254)")
    assert parked == Untold(detail="the list answers with an address of its own (203.0.113.5): it is no more")
