"""The list of transports. A new one is its file, its line here and its tests."""

from maild.clock import Clock
from maild.config.model import HttpKind, HttpSettings
from maild.delivery.transports.http_form import HttpFormTransport
from maild.delivery.transports.http_service import HttpServiceSession, HttpServiceTransport
from maild.delivery.transports.jmap import JmapSession, JmapTransport
from maild.delivery.transports.services.catalogue import SERVICE_KINDS
from maild.delivery.transports.smtp import SmtpTransport
from maild.delivery.transports.transport import Order, Session, Transport
from maild.net.http import HttpClient
from maild.net.resolver import Resolver
from maild.net.step import StepListener


def all_transports(resolver: Resolver, client: HttpClient, clock: Clock) -> tuple[Transport, ...]:
    """Every way out, in the order in which they are asked."""
    services = (HttpServiceTransport(client, clock, kind) for kind in SERVICE_KINDS)
    return (SmtpTransport(resolver), HttpFormTransport(client), JmapTransport(client), *services)


def service_session(
    client: HttpClient, clock: Clock, order: Order, settings: HttpSettings, listener: StepListener
) -> Session:
    """One visit to a mail service that knows who logs in, with somebody who listens."""
    if settings.kind is HttpKind.JMAP:
        return JmapSession(client, order, settings, listener)
    return HttpServiceSession(client, clock, order, settings, listener)
