"""The check `reverse`: whether the addresses that mail goes out from have names that lead back (FCrDNS). Pure.

Only for addresses of one's own, which `dns.sends_from` names: those of a provider are the provider's business.
"""

from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue
from maild.records.reverse import ReverseFindings, find_reverse, is_generic
from maild.records.spf.result import IpAddress

NAME: Final = "reverse"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask about each address."""
    if not scene.sends_from:
        return pass_over(NAME, "no addresses of your own are named in `dns.sends_from`")
    diagnostics: list[Diagnostic] = []
    named: list[str] = []
    is_told = True
    for address in scene.sends_from:
        seen = yield from find_reverse(address)
        is_told = is_told and seen.silent is None
        diagnostics += _judge(scene, address, seen)
        named += seen.confirmed[:1]
    summary = (
        f"sending addresses are called {', '.join(named)}" if named else "no sending address has a name that leads back"
    )
    return conclude(NAME, summary, tuple(diagnostics), is_told=is_told)


def _judge(scene: Scene, address: IpAddress, seen: ReverseFindings) -> list[Diagnostic]:
    place = scene.locate((Pointer("/dns/sends_from"),))
    if seen.silent is not None:
        return [scene.silence(seen.silent)]
    if seen.confirmed:
        if not is_generic(seen.confirmed[0], address):
            return []
        message = f"{address} is called {seen.confirmed[0]}, as a network names home connections."
        return [scene.found(found.REVERSE_GENERIC, message, _publish(scene, address), at=place)]
    if seen.names:
        rdtype = "A" if address.version == 4 else "AAAA"
        message = f"{address} is called {seen.names[0]}, and that name does not have this address."
        help_ = f"Publish `{seen.names[0]}. {rdtype} {address}`, or let the PTR record name a host that has it."
        return [scene.found(found.REVERSE_MISSING, message, help_, at=place)]
    message = f"{address} has no name (PTR): large receivers refuse mail from there."
    return [scene.found(found.REVERSE_MISSING, message, _publish(scene, address), at=place)]


def _publish(scene: Scene, address: IpAddress) -> str:
    name = scene.host if scene.provider is None else f"mail.{scene.domain}"
    return f"Let whoever gave you the address publish `{address.reverse_pointer}. PTR {name}.`."
