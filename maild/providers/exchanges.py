"""Which mail company takes the mail of a domain, by the names of the hosts in its MX records. Data and a look-up.

A company is here only where its customers bring domains of their own and send through the same company's server. The
name decides nothing but which company's facts are offered; a domain whose mail goes through a filter service is
recognised as none.
"""

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from maild.providers.catalogue import PROVIDERS
from maild.providers.provider import Provider

SEEN: Final = date(2026, 11, 24)
"""The day on which each name was last looked up: it stands in the published zone files of several of the company's
customers. Those of 1&1 (kundenserver.de) are in Thunderbird's ISPDB, too.
"""

_EXCHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "gmail": ("smtp.google.com", "aspmx.l.google.com", "*.aspmx.l.google.com", "aspmx?.googlemail.com"),
    "microsoft365": ("*.mail.protection.outlook.com", "*.mx.microsoft"),
    "icloud": ("mx0?.mail.icloud.com",),
    "fastmail": ("in?-smtp.messagingengine.com",),
    # Each region of Zoho has names of its own.
    "zoho": ("mx.zoho.com", "mx?.zoho.com", "mx.zoho.eu", "mx?.zoho.eu", "mx.zoho.in", "mx?.zoho.in"),
    "proton": ("mail.protonmail.ch", "mailsec.protonmail.ch"),
    "infomaniak": ("mta-gw.infomaniak.ch",),
    "ovh": ("mx?.mail.ovh.net",),
    "ionos": ("mx0?.ionos.de", "mx0?.ionos.com", "mx0?.ionos.co.uk", "mx0?.kundenserver.de"),
    "strato": ("smtpin.rzone.de",),
    "mailbox-org": ("mxext?.mailbox.org",),
}


def provider_of_exchange(host: str) -> Provider | None:
    """The company whose mail host this is; None for one's own and for companies that are not known by such a name."""
    name = host.lower().removesuffix(".")
    for provider in PROVIDERS:
        if any(fnmatchcase(name, pattern) for pattern in _EXCHANGES.get(provider.id, ())):
            return provider
    return None
