"""The company whose HTTP interface an account's URL names. By the facts of providers alone. Pure."""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from maild.config.url import WholeUrl, parse_url
from maild.providers import Provider, provider_of_api
from maild.rules.subject import Subject


def api_host(subject: Subject) -> str | None:
    """The host of the account's URL; None when there is none that can be read."""
    url = subject.draft.url
    parsed = None if url is None else parse_url(url)
    return urlsplit(parsed.url).hostname if isinstance(parsed, WholeUrl) else None


def api_provider(subject: Subject) -> Provider | None:
    """The provider that has this host, or one that looks like it."""
    host = api_host(subject)
    return None if host is None else provider_of_api(host)


def api_neighbour(subject: Subject) -> Provider | None:
    """The provider that has hosts like this one, and not this one."""
    host, provider = api_host(subject), api_provider(subject)
    if provider is None or host is None or any(fnmatchcase(host, known) for known in provider.api_hosts):
        return None
    return provider
