"""Names and addresses as SPF compares them (RFC 7208 §4.3, §5). Pure."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from maild.records.dialogue import Found, Reply
from maild.records.spf.result import IpAddress, IpNetwork

_MAX_LABEL: Final = 63
_MAX_DOMAIN: Final = 253


def unmapped(client: IpAddress) -> IpAddress:
    """An IPv4 address in the clothes of IPv6 as what it is (§5)."""
    mapped = client.ipv4_mapped if isinstance(client, IPv6Address) else None
    return mapped or client


def is_name(name: str) -> bool:
    """Whether DNS can be asked about it: labels of 1 to 63 characters, 253 in all."""
    return 0 < len(name) <= _MAX_DOMAIN and all(0 < len(label) <= _MAX_LABEL for label in name.split("."))


def is_within(name: str, domain: str) -> bool:
    """Whether the name is the domain or stands below it."""
    return f".{name.lower()}".endswith(f".{domain.lower()}")


def exchanges(reply: Reply) -> Iterator[str]:
    """The hosts of MX records."""
    for value in reply.values if isinstance(reply, Found) else ():
        exchange = value.partition(" ")[2].strip().removesuffix(".")
        if exchange:  # a null MX names no host
            yield exchange


def addresses(reply: Reply) -> Iterator[IpAddress]:
    """Those of A or AAAA records."""
    for value in reply.values if isinstance(reply, Found) else ():
        yield ip_address(value)


def network_of(address: IpAddress, bits: int) -> IpNetwork:
    """The network of so many bits around the address."""
    return (
        IPv4Network((address, bits), strict=False)
        if address.version == 4
        else IPv6Network((address, bits), strict=False)
    )
