"""The check `caa`: whether some authority may issue the certificate of the account's own server (RFC 8659). Pure."""

from typing import Final

from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.caa import find_caa
from maild.records.dialogue import Dialogue

NAME: Final = "caa"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask at the host and above it."""
    host = scene.host
    if scene.provider is not None or "." not in host or ":" in host or host.rpartition(".")[2].isdigit():
        return pass_over(NAME, "the account's server is not your own, or has no name in DNS")
    seen = yield from find_caa(host)
    if seen.silent is not None:
        return conclude(NAME, f"CAA of {host} could not be told", (scene.silence(seen.silent),), is_told=False)
    if seen.source is None:
        return pass_over(NAME, f"every authority may issue certificates for {host}")
    if seen.forbids_all:
        cause = f"the critical property {seen.unknown[0]} is known to none" if seen.unknown else "nobody is named"
        message = f"No authority may issue a certificate for {host}, by the CAA records of {seen.source}: {cause}."
        help_ = f'Publish `{seen.source}. CAA 0 issue "letsencrypt.org"`, with your own authority.'
        return conclude(
            NAME, f"nobody may issue certificates for {host}", (scene.found(found.CAA_FORBIDS, message, help_),)
        )
    issuers = ", ".join(seen.issuers) or "every authority"
    return conclude(NAME, f"certificates for {host} may come from {issuers}")
