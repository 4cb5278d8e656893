"""The list of providers, in reading order. A new one is its file, its line here and a line in the test's table.

A line names the provider's module and the domains of its servers and of its customers' addresses. A provider is
imported when the first such name comes: an account has one, and importing all of them takes longer than checking it.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from maild.providers.provider import Provider

_LINES: Final = (
    (
        "gmail",
        (
            "gmail.com googlemail.com google.com gmail.de gmail.at gmail.ch gmail.fr gmail.it gmail.es gmail.nl "
            "gmail.be gmail.pl gmail.se gmail.eu gmail.net gmail.org gmail.co.uk"
        ),
    ),
    ("google_relay", "gmail.com"),
    ("microsoft365", "office365.com outlook.com microsoft365.com outlook365.com office.com"),
    ("outlook_com", "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de live.de"),
    (
        "yahoo",
        (
            "yahoo.com yahoo.de yahoo.co.uk yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.se yahoo.co.in yahoo.co.nz "
            "yahoo.com.au yahoo.com.ar yahoo.com.br yahoo.com.mx ymail.com myyahoo.com rocketmail.com"
        ),
    ),
    ("aol", "aol.com aim.com"),
    ("icloud", "me.com icloud.com mac.com"),
    ("fastmail", "fastmail.com fastmail.fm messagingengine.com"),
    ("zoho", "zoho.com zoho.eu zoho.in zoho.com.au zoho.jp zohocloud.ca zohomail.com zohomail.eu zohomail.in"),
    ("gmx", "gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu gmx.org gmx.us"),
    ("web_de", "web.de"),
    ("mail_ru", "mail.ru inbox.ru list.ru bk.ru internet.ru"),
    ("posteo", "posteo.de posteo.net posteo.org posteo.eu"),
    ("mailbox_org", "mailbox.org"),
    ("t_online", "t-online.de magenta.de"),
    ("kpn", "kpnmail.nl kpnplanet.nl"),
    ("netease", "163.com 126.com yeah.net"),
    ("qq", "qq.com foxmail.com"),
    ("naver", "naver.com"),
    ("proton", "protonmail.ch proton.me protonmail.com pm.me"),
    ("infomaniak", "infomaniak.com"),
    ("ovh", "ovh.net"),
    ("ionos", "ionos.de ionos.com ionos.co.uk ionos.fr ionos.es ionos.it ionos.at 1und1.de"),
    ("strato", "strato.de strato.com"),
    ("amazon_ses", "amazonaws.com"),
    ("sendgrid", "sendgrid.net sendgrid.com"),
    ("mailgun", "mailgun.org mailgun.net mailgun.com"),
    ("postmark", "postmarkapp.com"),
    ("brevo", "brevo.com sendinblue.com"),
    ("resend", "resend.com"),
    ("sparkpost", "sparkpostmail.com sparkpost.com"),
    ("mandrill", "mandrillapp.com"),
    ("mailtrap", "mailtrap.io"),
    ("smtp2go", "smtp2go.com"),
    ("mailjet", "mailjet.com"),
    ("elastic_email", "elasticemail.com"),
    ("scaleway_tem", "scaleway.com scw.cloud"),
    ("azure_communication", "azurecomm.net"),
    ("ethereal", "ethereal.email"),
)


def _by_domain() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for module, domains in _LINES:
        for domain in domains.split():
            found[domain] = (*found.get(domain, ()), module)
    return found


_BY_DOMAIN: Final = _by_domain()

DOMAINS: Final = _BY_DOMAIN.keys()
"""The domains of their servers and of their customers' addresses."""


@cache
def _load(module: str) -> Provider:
    provider: Provider = getattr(import_module(f"maild.providers.{module}"), module.upper())
    return provider


class _Providers(Collection[Provider]):
    """All providers, imported as they are asked for."""

    def __iter__(self) -> Iterator[Provider]:
        return (_load(module) for module, _ in _LINES)

    def __len__(self) -> int:
        return len(_LINES)

    def __contains__(self, provider: object) -> bool:
        return any(provider is known for known in self)


PROVIDERS: Final = _Providers()


@lru_cache(maxsize=1024)
def provider_of(host: str) -> Provider | None:
    """The provider whose server this host name is, or None for one's own and for companies we know nothing of."""
    return next((provider for provider in _around(host) if provider.serves(host)), None)


@lru_cache(maxsize=1024)
def owner_of(host: str) -> Provider | None:
    """The provider that has a server by this name which is not for sending, or delivers nothing; else None."""
    name = host.lower().removesuffix(".")
    return next(
        (
            provider
            for provider in _around(name)
            if provider.other_host(name) is not None or name in provider.sandbox_hosts
        ),
        None,
    )


def mistaken_host(host: str) -> str | None:
    """The server that was meant, where no company documents one of this name and people write it nevertheless."""
    return next((meant for provider in _around(host) if (meant := provider.mistaken_host(host)) is not None), None)


@lru_cache(maxsize=1024)
def provider_of_address(domain: str) -> Provider | None:
    """The provider that gives addresses at this domain to anybody, None for other domains."""
    name = domain.lower()
    return next((provider for provider in _around(name) if name in provider.mail_domains), None)


@lru_cache(maxsize=1024)
def provider_of_api(host: str) -> Provider | None:
    """The provider whose HTTP interface has this host, or one beside it: `api.us.mailgun.net` beside the real ones."""
    name = host.lower().removesuffix(".")
    if "api" not in name.split("."):
        return None
    tail = ".".join(name.split(".")[-2:])
    return next(
        (
            provider
            for provider in _around(name)
            if any(known == name or known.endswith(f".{tail}") for known in provider.api_hosts)
        ),
        None,
    )


def provider_by_id(word: str) -> Provider:
    """The provider of this id, which must be one; the others are not imported."""
    return _load(word.replace("-", "_"))


def hosts_below(domain: str) -> tuple[str, ...]:
    """The servers of the companies that one of these domains belongs to, without those of a pattern."""
    found = (host for module in _BY_DOMAIN.get(domain, ()) for host in _load(module).hosts)
    return tuple(host for host in found if "*" not in host)


def _around(name: str) -> Iterator[Provider]:
    labels = name.lower().removesuffix(".").split(".")
    tails = (".".join(labels[index:]) for index in range(max(0, len(labels) - 4), len(labels)))
    return (_load(module) for tail in tails for module in _BY_DOMAIN.get(tail, ()))
