"""Reads an account's section `dns`. Pure; nothing is looked up."""

from ipaddress import ip_address

from maild.config.build.reader import Reader
from maild.config.dns_settings import AccountDns
from maild.config.fault import InvalidText, Pointer


def read_account_dns(reader: Reader) -> AccountDns:
    """The section; what is no IP address is added to the reader's faults."""
    addresses = []
    for index, text in enumerate(reader.texts("/dns/sends_from")):
        try:
            addresses.append(str(ip_address(text)))
        except ValueError:
            problem = "write the IP address from which your server sends, such as 192.0.2.10 or 2001:db8::10"
            reader.faults.append(InvalidText(pointer=Pointer(f"/dns/sends_from/{index}"), problem=problem))
    return AccountDns(dkim_selectors=reader.texts("/dns/dkim_selectors"), sends_from=tuple(addresses))
