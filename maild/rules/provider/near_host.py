"""The server that an account probably means, where its host is one slip away from a company's. Pure."""

from maild.providers import misspelt_host, owner_of, provider_of_address
from maild.rules.sender import sender_domain
from maild.rules.subject import Subject


def near_host(subject: Subject) -> str | None:
    """The host that was meant; None for a right one, and where the host is at the sender's own domain."""
    host = subject.draft.host
    if host is None or subject.provider is not None or owner_of(host) is not None:
        return None
    # `office.shop.example` and `smtp.shop.example` are of one house.
    domain = sender_domain(subject.draft) or ""
    is_own = domain.split(".")[-2:] == host.split(".")[-2:]
    # A domain at which a company gives addresses to anybody is nobody's own.
    return None if is_own and provider_of_address(domain) is None else misspelt_host(host)
