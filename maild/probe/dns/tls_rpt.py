"""The check `tls-rpt`: whether the record that wants reports on TLS failures is of use (RFC 8460). Pure."""

from typing import Final

from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue, Found, Silent, ask
from maild.records.tls_rpt import TlsRptError, parse_tls_rpt

NAME: Final = "tls-rpt"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask and read."""
    domain, name = scene.domain, f"_smtp._tls.{scene.domain}"
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"TLS reports of {domain} are nothing that you could publish")
    reply = yield from ask(name, "TXT")
    if isinstance(reply, Silent):
        silence = scene.silence(f"TXT of {name}: {reply.detail}")
        return conclude(NAME, f"TLS reports of {domain} could not be told", (silence,), is_told=False)
    try:
        targets = parse_tls_rpt(reply.values if isinstance(reply, Found) else ())
    except TlsRptError as error:
        help_ = f'Publish one record: `{name}. TXT "v=TLSRPTv1; rua=mailto:postmaster@{domain}"`.'
        flaw = scene.found(found.TLS_RPT_BROKEN, f"Nobody reports by the record at {name}: {error.problem}.", help_)
        return conclude(NAME, f"the record for TLS reports of {domain} is broken", (flaw,))
    if targets is None:
        return pass_over(NAME, f"{domain} wants no TLS reports")
    return conclude(NAME, f"TLS reports of {domain} go to {', '.join(targets)}")
