"""The demo's stand-ins for the world: two mail servers, a web service, a name server, all on 127.0.0.1."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from maild.cli.demo.certificates import make_certificates
from maild.cli.demo.http_sink import HttpSink
from maild.cli.demo.name_server import NameServer
from maild.cli.demo.site import DOMAIN, USERS, Ports, Scratch
from maild.cli.demo.smtp_sink import SmtpSink


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The servers, listening."""

    implicit: SmtpSink
    starttls: SmtpSink
    http: HttpSink
    names: NameServer

    @property
    def ports(self) -> Ports:
        """Where they listen."""
        return Ports(implicit=self.implicit.port, starttls=self.starttls.port, http=self.http.port, dns=self.names.port)


@asynccontextmanager
async def open_world(scratch: Scratch, *, now: datetime) -> AsyncIterator[World]:
    """Start all servers, with certificates made in the scratch folder; stop them at the end."""
    files = make_certificates(scratch.root, now=now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    # 192.0.2.25 is an address of documentation (RFC 5737): nothing ever connects there.
    records = {(f"{DOMAIN}.", "MX"): (f"10 mx.{DOMAIN}.",), (f"mx.{DOMAIN}.", "A"): ("192.0.2.25",)}
    world = World(
        implicit=SmtpSink(users=USERS, context=context, is_implicit=True),
        starttls=SmtpSink(users=USERS, context=context, is_implicit=False),
        http=HttpSink(),
        names=NameServer(records),
    )
    async with AsyncExitStack() as servers:
        for server in (world.implicit, world.starttls, world.http, world.names):
            await server.start()
            servers.push_async_callback(server.stop)
        yield world
