"""The check `srv`: whether the sender's domain names the account's server to mail programs (RFC 6186, RFC 8314). Pure.

A record is no duty, and a target "." is the domain's way to say that it has no such service; neither is a fault.
"""

from typing import Final

from maild.config.fault import Pointer
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue, Found, Question, Silent
from maild.records.srv import parse_srv

NAME: Final = "srv"
SERVICES: Final = ("_submissions._tcp", "_submission._tcp")


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask for both services."""
    domain = scene.domain
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"SRV records of {domain} are nothing that you could publish")
    names = [f"{service}.{domain}" for service in SERVICES]
    replies = yield tuple(Question(name=name, rdtype="SRV") for name in names)
    for name, reply in zip(names, replies, strict=True):
        if isinstance(reply, Silent):
            silence = scene.silence(f"SRV of {name}: {reply.detail}")
            return conclude(NAME, f"SRV records of {domain} could not be told", (silence,), is_told=False)
    servers = [server for reply in replies if isinstance(reply, Found) for server in parse_srv(reply.values)]
    if not servers:
        return pass_over(NAME, f"{domain} names no servers for sending")
    if any(server.target == scene.host.lower() for server in servers):
        return conclude(NAME, f"{domain} names {scene.host} for sending")
    others = ", ".join(dict.fromkeys(f"{server.target} port {server.port}" for server in servers))
    message = f"{domain} tells mail programs to send by {others}, and this account uses {scene.host}."
    help_ = f"Correct the account if it is out of date, or publish `{names[0]}. SRV 0 1 {scene.port} {scene.host}.`."
    flaw = scene.found(found.SRV_ELSEWHERE, message, help_, at=scene.locate((Pointer("/smtp/host"), Pointer("/http"))))
    return conclude(NAME, f"{domain} names {others} for sending", (flaw,))
