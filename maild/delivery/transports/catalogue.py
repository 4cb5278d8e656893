"""The list of transports. A new one is its file, its line here and its tests."""

from maild.delivery.transports.http_form import HttpFormTransport
from maild.delivery.transports.smtp import SmtpTransport
from maild.delivery.transports.transport import Transport
from maild.net.http import HttpClient
from maild.net.resolver import Resolver


def all_transports(resolver: Resolver, client: HttpClient) -> tuple[Transport, ...]:
    """Every way out, in the order in which they are asked."""
    return (SmtpTransport(resolver), HttpFormTransport(client))
