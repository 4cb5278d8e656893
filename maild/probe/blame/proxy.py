"""Cases of not getting through the account's proxy. They come first: nothing was heard of the server itself."""

from typing import Final

from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import Case, has_proxy
from maild.probe.findings.server import HOST_DOES_NOT_RESOLVE, SERVER_UNREACHABLE
from maild.probe.owner import Owner

_PROXY: Final = ("/smtp/proxy", "/smtp/host")

PROXY: Final = (
    Case(
        finding=HOST_DOES_NOT_RESOLVE,
        phases=(Phase.RESOLVE,),
        when=(has_proxy,),
        owner=Owner.YOU,
        cause="The proxy {proxy} cannot be found by its name.",
        fix="Compare the name with the one that whoever keeps the proxy gave you; without it delete the line.",
        pointers=_PROXY,
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.SECRET,),
        when=(has_proxy,),
        owner=Owner.YOU,
        cause="The password for the proxy {proxy} is not to be had.",
        fix="Put it where `proxy_login` says, or correct the reference.",
        pointers=("/smtp/proxy_login/password", *_PROXY),
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        reasons=(Reason.REFUSED,),
        when=(has_proxy,),
        owner=Owner.YOU,
        cause="The proxy {proxy} does not lead to {host} port {port}: it does not run, it wants another login, or its "
        "rules forbid that way.",
        fix="Look at the proxy's address and at `proxy_login`, and ask whoever keeps the proxy whether it lets this "
        "machine through to that port.",
        pointers=("/smtp/proxy_login", *_PROXY),
    ),
    Case(
        finding=SERVER_UNREACHABLE,
        phases=(Phase.CONNECT,),
        when=(has_proxy,),
        owner=Owner.NETWORK,
        cause="There is no way through the proxy {proxy} to {host} port {port} now.",
        fix="Try again later; if it stays so, ask whoever keeps the proxy.",
        pointers=_PROXY,
    ),
)
