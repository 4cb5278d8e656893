"""Cases of not reaching the server that only a comparison tells apart: with its other ports, with other servers."""

from typing import Final

from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import (
    Case,
    has_open_ports,
    is_denied_somewhere,
    is_known_elsewhere,
    is_network_down,
    is_port_blocked,
    is_provider,
    is_server_down,
)
from maild.probe.findings.server import NETWORK_DOWN, PORT_BLOCKED, RESOLVER_WRONG, SERVER_UNREACHABLE
from maild.probe.owner import Owner

_PORT: Final = ("/smtp/port", "/smtp/host")

COMPARED: Final = (
    Case(
        finding=RESOLVER_WRONG,
        phases=(Phase.RESOLVE,),
        reasons=(Reason.NAME,),
        when=(is_known_elsewhere, is_denied_somewhere),
        owner=Owner.DNS,
        cause='By the name server {denying} there is no host "{host}"; the name server {knowing} knows it.',
        fix="Correct the one that denies it, or take it out of `dns.resolvers` or /etc/resolv.conf; after a change of "
        "the zone old answers run out by themselves.",
    ),
    Case(
        finding=RESOLVER_WRONG,
        phases=(Phase.RESOLVE,),
        when=(is_known_elsewhere,),
        owner=Owner.DNS,
        cause='This machine could not look up "{host}"; the name server {knowing} knows it when it is asked directly.',
        fix="Check /etc/nsswitch.conf and /etc/resolv.conf, or write that name server into `dns.resolvers`.",
    ),
    Case(
        finding=NETWORK_DOWN,
        phases=(Phase.RESOLVE, Phase.CONNECT),
        reasons=(Reason.DNS, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.LOST),
        when=(is_network_down,),
        owner=Owner.NETWORK,
        cause="Nobody can be reached from this machine, neither {host} nor servers that have nothing to do with it.",
        fix="Check the network connection of this machine, its router and its firewall.",
    ),
    Case(
        finding=PORT_BLOCKED,
        phases=(Phase.CONNECT,),
        when=(is_port_blocked, has_open_ports),
        owner=Owner.NETWORK,
        cause="Outgoing port {port} is blocked by your network; {host} answers on {open_ports}.",
        fix="Write port {open_ports}, or have port {port} opened.",
        pointers=_PORT,
    ),
    Case(
        finding=PORT_BLOCKED,
        phases=(Phase.CONNECT,),
        when=(is_port_blocked,),
        owner=Owner.NETWORK,
        cause="Outgoing port {port} is blocked by your network.",
        fix="Use another port of the server, or have port {port} opened.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        when=(has_open_ports, lambda scene: not is_provider(scene)),
        owner=Owner.YOU,
        cause="{host} does not answer on port {port}, but on {open_ports}.",
        fix="Write port {open_ports}: 465 goes with `mode: implicit`, 587 and 25 with `mode: starttls`.",
        pointers=_PORT,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        when=(is_server_down,),
        owner=Owner.PROVIDER,
        cause="{host} is down: other servers can be reached from here on port {port}, and it alone cannot.",
        fix="Wait; if it stays, ask whoever runs the server. Check its name, too.",
        pointers=("/smtp/host",),
    ),
)
"""Before those that have to guess."""
