"""Cases of not reaching the server: its name, the connection, the greeting."""

from typing import Final

from maild.config.model import TlsMode
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import (
    Case,
    has_mode,
    has_port,
    is_documented_port,
    is_http,
    is_permanent,
    is_provider,
    is_transient,
)
from maild.probe.findings.server import (
    DNS_SILENT,
    HOST_DOES_NOT_RESOLVE,
    PROTOCOL_VIOLATION,
    SERVER_REFUSES,
    SERVER_SILENT,
    SERVER_UNREACHABLE,
    TLS_MODE_WRONG,
)
from maild.probe.owner import Owner

_HOST: Final = ("/smtp/host",)
_PORT: Final = ("/smtp/port", "/smtp/host")
_MODE: Final = ("/smtp/tls/mode", "/smtp/port")
_GREETING: Final = (Phase.BANNER, Phase.EHLO)

RESOLVE: Final = (
    Case(
        finding=HOST_DOES_NOT_RESOLVE,
        phases=(Phase.RESOLVE,),
        reasons=(Reason.NAME,),
        when=(lambda scene: scene.target.nearest_host is not None,),
        owner=Owner.YOU,
        cause='There is no host "{host}"; "{nearest}" was probably meant.',
        fix='Write "{nearest}".',
        pointers=_HOST,
    ),
    Case(
        finding=HOST_DOES_NOT_RESOLVE,
        phases=(Phase.RESOLVE,),
        reasons=(Reason.NAME,),
        when=(is_provider,),
        owner=Owner.DNS,
        cause='The name server says that there is no host "{host}", although {provider} uses that name.',
        fix="Check the name servers of this machine, or set `dns.resolvers` in maild.yaml.",
    ),
    Case(
        finding=HOST_DOES_NOT_RESOLVE,
        phases=(Phase.RESOLVE,),
        reasons=(Reason.NAME,),
        owner=Owner.YOU,
        cause='There is no host "{host}".',
        fix="Compare the name with the one that the provider gave you, letter by letter.",
        pointers=_HOST,
    ),
    Case(
        finding=DNS_SILENT,
        phases=(Phase.RESOLVE,),
        owner=Owner.DNS,
        cause='No name server told whether there is a host "{host}".',
        fix="Check whether this machine has a network and which name servers it asks (`dns.resolvers` in maild.yaml).",
    ),
)

CONNECT: Final = (
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.REFUSED,),
        when=(lambda scene: scene.target.is_this_machine,),
        owner=Owner.YOU,
        cause="Nothing listens on port {port} of this machine.",
        fix="Start the server, or write the port that it listens on.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.UNREACHABLE,),
        owner=Owner.NETWORK,
        cause="This machine has no way to {host}.",
        fix="Check the network connection, and whether a firewall forbids port {port}.",
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.REFUSED, Reason.TIMEOUT, Reason.LOST),
        when=(has_port(25),),
        owner=Owner.NETWORK,
        cause="Outgoing connections to port 25 are blocked by most networks, and sending does not need them.",
        fix="Use port 587 or 465.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        when=(is_documented_port,),
        owner=Owner.NETWORK,
        cause="{provider} does serve port {port}, so a firewall or the network on the way keeps you from it.",
        fix="Allow outgoing connections to {host} port {port}, or try another of its ports: {ports}.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        when=(is_provider,),
        owner=Owner.YOU,
        cause="{provider} does not serve port {port}.",
        fix="Use port {ports}.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.REFUSED,),
        when=(is_http,),
        owner=Owner.PROVIDER,
        cause="{host} is there and nothing listens on its port {port}.",
        fix="Check the URL. If it is right, the service is down.",
        pointers=_HOST,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.REFUSED,),
        owner=Owner.YOU,
        cause="{host} is there and nothing listens on its port {port}.",
        fix="Check the port: 465 and 587 are the usual ones. If it is right, the server is down.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.TIMEOUT, Reason.LOST),
        owner=Owner.NETWORK,
        cause="{host} does not answer on port {port}: a firewall drops the connection, or the port is wrong.",
        fix="Check the port, and whether your network allows outgoing connections to it.",
        pointers=_PORT,
    ),
)

GREETING: Final = (
    Case(
        finding=TLS_MODE_WRONG,
        phases=_GREETING,
        reasons=(Reason.TIMEOUT, Reason.LOST, Reason.PROTOCOL, Reason.TLS_MODE),
        when=(has_port(465), has_mode(TlsMode.STARTTLS, TlsMode.NONE)),
        owner=Owner.YOU,
        cause="Port 465 speaks TLS from the first byte, and the account waits for a greeting in clear text.",
        fix="Write `mode: implicit`, or leave `mode` out: it follows the port.",
        pointers=_MODE,
    ),
    Case(
        finding=TLS_MODE_WRONG,
        reasons=(Reason.TLS_MODE,),
        when=(has_mode(TlsMode.IMPLICIT),),
        owner=Owner.YOU,
        cause="Port {port} of {host} begins in clear text, and the account begins with TLS.",
        fix="Write `mode: starttls`, or use port 465.",
        pointers=_MODE,
    ),
    Case(
        finding=TLS_MODE_WRONG,
        reasons=(Reason.TLS_MODE,),
        when=(is_http,),
        owner=Owner.YOU,
        cause="Port {port} of {host} does not speak TLS.",
        fix="Check the port in the URL.",
        pointers=_PORT,
    ),
    Case(
        finding=TLS_MODE_WRONG,
        reasons=(Reason.TLS_MODE,),
        owner=Owner.YOU,
        cause="Port {port} of {host} speaks TLS from the first byte, and the account begins in clear text.",
        fix="Write `mode: implicit`.",
        pointers=_MODE,
    ),
    Case(
        finding=SERVER_REFUSES,
        phases=_GREETING,
        when=(is_transient,),
        owner=Owner.PROVIDER,
        cause="The server does not take connections from you now: too many of them, or it is being worked on.",
        fix="Wait. If it stays, use fewer connections (`limits.connections`).",
        pointers=("/limits/connections",),
    ),
    Case(
        finding=SERVER_REFUSES,
        phases=_GREETING,
        when=(is_permanent,),
        owner=Owner.NETWORK,
        cause="The server refuses connections from your address; it may stand on a block list.",
        fix="Read the server's words and ask the provider; home and mobile connections are often refused on port 25.",
    ),
    Case(
        finding=SERVER_SILENT,
        phases=_GREETING,
        reasons=(Reason.TIMEOUT, Reason.LOST),
        when=(has_mode(TlsMode.STARTTLS, TlsMode.NONE),),
        owner=Owner.PROVIDER,
        cause="The server took the connection and did not greet: it is overloaded, keeps strangers waiting, or port "
        "{port} speaks TLS from the first byte.",
        fix="Check port and TLS mode: 465 goes with `mode: implicit`, 587 with `mode: starttls`.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_SILENT,
        phases=_GREETING,
        reasons=(Reason.TIMEOUT, Reason.LOST),
        owner=Owner.PROVIDER,
        cause="The server set up TLS and then did not greet: it is overloaded, or no mail server.",
        fix="Try again later; check that {host} is the server for sending.",
        pointers=_HOST,
    ),
    Case(
        finding=PROTOCOL_VIOLATION,
        phases=_GREETING,
        reasons=(Reason.PROTOCOL,),
        owner=Owner.YOU,
        cause="What answers on port {port} of {host} is no mail server for sending.",
        fix="Check host and port; 993 and 995 are for reading mail, 465 and 587 for sending.",
        pointers=_PORT,
    ),
)
