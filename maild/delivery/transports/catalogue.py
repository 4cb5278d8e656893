"""The list of transports. A new one is its file, its line here and its tests."""

from maild.clock import Clock
from maild.delivery.transports.http_form import HttpFormTransport
from maild.delivery.transports.http_service import HttpServiceTransport
from maild.delivery.transports.services.catalogue import SERVICE_KINDS
from maild.delivery.transports.smtp import SmtpTransport
from maild.delivery.transports.transport import Transport
from maild.net.http import HttpClient
from maild.net.resolver import Resolver


def all_transports(resolver: Resolver, client: HttpClient, clock: Clock) -> tuple[Transport, ...]:
    """Every way out, in the order in which they are asked."""
    services = (HttpServiceTransport(client, clock, kind) for kind in SERVICE_KINDS)
    return (SmtpTransport(resolver), HttpFormTransport(client), *services)
