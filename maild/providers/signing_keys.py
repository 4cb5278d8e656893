"""The DKIM keys by which a provider signs for its customers' domains, as data (RFC 6376 §3.1). Decides nothing."""

from dataclasses import dataclass

from maild.providers.provider import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """The selectors that all customers of a provider have, and where that was read. They cannot be listed by DNS: where
    they are not known, or each customer has others, a provider has no such fact and the customer is asked.
    """

    selectors: tuple[str, ...]
    source: Source
