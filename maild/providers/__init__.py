"""What is known of mail companies, as data: servers, ports, logins, limits, each with its source and date.

One file a provider, one list of them in `catalogue`. No rule and no delivery code names a company; they ask here.
"""

from maild.providers.catalogue import (
    PROVIDERS,
    mistaken_host,
    owner_of,
    provider_by_id,
    provider_of,
    provider_of_address,
    provider_of_api,
)
from maild.providers.misspelling import READING_NAMES, is_slip, misspelt_host, server_beside
from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    Change,
    OtherHost,
    OtherSenders,
    Provider,
    ProviderLimits,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

__all__ = [
    "IMPLICIT",
    "PROVIDERS",
    "READING_NAMES",
    "STARTTLS",
    "Aspect",
    "Change",
    "OtherHost",
    "OtherSenders",
    "Provider",
    "ProviderLimits",
    "SecretShape",
    "SenderRule",
    "ServerPort",
    "SigningKeys",
    "Source",
    "UsernameForm",
    "is_slip",
    "misspelt_host",
    "mistaken_host",
    "owner_of",
    "provider_by_id",
    "provider_of",
    "provider_of_address",
    "provider_of_api",
    "server_beside",
]
