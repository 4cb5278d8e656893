"""The check `address`: what DNS says of the server that takes the account's mail, in both families. Pure.

The MX records of a provider are nothing that submission needs. That the host does not exist is told by the check of
the server itself, with the likely slip; here it is a verdict only.
"""

from typing import Final

from maild.config.fault import Pointer
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult, CheckVerdict
from maild.records.dialogue import Dialogue, Found, Question, Silent

NAME: Final = "address"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask for A and AAAA."""
    host = scene.host
    if "." not in host or ":" in host or host.rpartition(".")[2].isdigit():
        return pass_over(NAME, f"{host} is not looked up in DNS")
    four, six = yield (Question(name=host, rdtype="A"), Question(name=host, rdtype="AAAA"))
    silences = tuple(
        scene.silence(f"{rdtype} of {host}: {reply.detail}")
        for rdtype, reply in (("A", four), ("AAAA", six))
        if isinstance(reply, Silent)
    )
    counts = [len(reply.values) if isinstance(reply, Found) else 0 for reply in (four, six)]
    if silences:
        return conclude(NAME, f"addresses of {host} could not be told", silences, is_told=False)
    if not any(counts):
        # Perhaps /etc/hosts has it: whether it can be reached is the server's own check.
        return CheckResult(check=NAME, verdict=CheckVerdict.WARN, summary=f"{host} has no address in DNS")
    summary = (
        f"{host} has {counts[0]} address{'' if counts[0] == 1 else 'es'} of version 4 and {counts[1]} of version 6"
    )
    if counts[0]:
        return conclude(NAME, summary)
    message = f"{host} has addresses of version 6 alone: from a network without IPv6 nothing can be sent."
    place = scene.locate((Pointer("/smtp/host"), Pointer("/http/url"), Pointer("/http")))
    return conclude(
        NAME, summary, (scene.found(found.HOST_ALONE, message, f"Give {host} an A record if it is yours.", at=place),)
    )
