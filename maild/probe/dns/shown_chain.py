"""The certificates that a server shows at a place that a TLSA name is about, such as `_25._tcp.mx.example`. Shell code.

Connects, encrypts without verifying anything, and hangs up: no login, no message. What cannot be had is silence, since
a network that lets nobody out to port 25 says nothing about a server.
"""

import re
from typing import Final

from maild.config.model import TlsMode
from maild.net.resolver import Resolver
from maild.net.smtp.opening import open_session
from maild.net.smtp.server import SmtpServer, Timeouts
from maild.net.step import NetError
from maild.records.dialogue import Found, Reply, Silent

_PLACE: Final = re.compile(r"_([0-9]{1,5})\._tcp\.(.+)")
_IMPLICIT: Final = frozenset({465, 443, 2465})
_TIMES: Final = Timeouts(connect_s=5.0, greeting_s=20.0, command_s=10.0, quit_s=2.0)


async def shown_chain(place: str, resolver: Resolver) -> Reply:
    """The chain as hexadecimal DER, the server's own certificate first."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return Silent(detail=f"{place} is no place of a server")
    port = int(found[1])
    mode = TlsMode.IMPLICIT if port in _IMPLICIT else TlsMode.STARTTLS
    server = SmtpServer(host=found[2], port=port, mode=mode, verify=False)
    try:
        session = await open_session(server, resolver, login=False, timeouts=_TIMES)
    except NetError as error:
        return Silent(detail=error.detail)
    await session.quit()
    peer = session.facts.peer
    return Found(values=tuple(der.hex() for der in peer.chain)) if peer is not None else Silent(detail="no encryption")
