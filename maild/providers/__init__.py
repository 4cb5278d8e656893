"""What is known of mail companies, as data: servers, ports, logins, limits, each with its source and date.

One file a provider, one list of them in `catalogue`. No rule and no delivery code names a company; they ask here.
"""

from maild.providers.catalogue import PROVIDERS, provider_of
from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ProviderLimits, ServerPort, Source, UsernameForm

__all__ = [
    "IMPLICIT",
    "PROVIDERS",
    "STARTTLS",
    "Provider",
    "ProviderLimits",
    "ServerPort",
    "Source",
    "UsernameForm",
    "provider_of",
]
