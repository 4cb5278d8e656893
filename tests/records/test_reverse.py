from ipaddress import ip_address

from maild.records.dialogue import drive
from maild.records.reverse import ReverseFindings, find_reverse, is_generic
from tests.fakes.zone import Zone

PTR = "7.2.0.192.in-addr.arpa"


def find(zone: str, address: str = "192.0.2.7") -> ReverseFindings:
    return drive(find_reverse(ip_address(address)), Zone(zone).answer)


def test_a_name_that_leads_back_is_confirmed() -> None:
    zone = f"{PTR} PTR Mail.shop.example.\n{PTR} PTR other.example.\nmail.shop.example A 192.0.2.7"

    assert find(zone) == ReverseFindings(names=("mail.shop.example", "other.example"), confirmed=("mail.shop.example",))


def test_both_families_have_names() -> None:
    address = "2001:db8::7"
    zone = f"{ip_address(address).reverse_pointer} PTR mail.shop.example.\nmail.shop.example AAAA {address}"

    assert find(zone, address).confirmed == ("mail.shop.example",)


def test_no_name_and_silence_are_two_things() -> None:
    assert find("x A 192.0.2.1") == ReverseFindings()
    assert find(f"{PTR} SILENT").silent == "PTR of 192.0.2.7: SERVFAIL"
    assert find(f"{PTR} PTR a.example.\na.example SILENT") == ReverseFindings(
        names=("a.example",), silent="a.example: SERVFAIL"
    )


def test_a_name_made_of_the_address_is_a_network_s_own() -> None:
    four, six = ip_address("192.0.2.7"), ip_address("2001:db8::7")

    assert is_generic("host-192-0-2-7.isp.example", four)
    assert is_generic("7.2.0.192.dyn.isp.example", four)
    assert is_generic("2001-0db8-0000-0000-0000-0000-0000-0007.isp.example", six)
    assert not is_generic("mail7.shop.example", four)
    assert not is_generic("mail7.shop.example", six)
