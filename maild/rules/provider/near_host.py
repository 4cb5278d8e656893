"""The server that an account probably means, where its host is one slip away from a company's. Pure."""

from maild.providers import is_slip, misspelt_host, owner_of, provider_of_address, server_beside
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
    keeper = provider_of_address(domain)
    if is_own and keeper is None:
        return None
    # Near a short name there are many, but not for an address of this very company.
    slips = (known for known in (() if keeper is None else keeper.hosts) if is_slip(host.lower(), known))
    return misspelt_host(host) or server_beside(host) or next(slips, None)
