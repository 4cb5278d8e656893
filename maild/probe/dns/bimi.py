"""The check `bimi`: whether the sender's domain has a logo for its mail, and whether the record is of use. Pure."""

from typing import Final

from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.bimi import BimiError, parse_bimi
from maild.records.dialogue import Dialogue, Found, Silent, ask

NAME: Final = "bimi"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask and read."""
    domain, name = scene.domain, f"default._bimi.{scene.domain}"
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"the logo of {domain} is nothing that you could publish")
    reply = yield from ask(name, "TXT")
    if isinstance(reply, Silent):
        silence = scene.silence(f"TXT of {name}: {reply.detail}")
        return conclude(NAME, f"the logo of {domain} could not be told", (silence,), is_told=False)
    try:
        record = parse_bimi(reply.values if isinstance(reply, Found) else ())
    except BimiError as error:
        help_ = f'Publish one record: `{name}. TXT "v=BIMI1; l=https://{domain}/logo.svg"`.'
        flaw = scene.found(found.BIMI_BROKEN, f"No logo is shown by the record at {name}: {error.problem}.", help_)
        return conclude(NAME, f"the record of the logo of {domain} is broken", (flaw,))
    if record is None:
        return pass_over(NAME, f"{domain} has no logo (BIMI)")
    return conclude(NAME, f"the logo of {domain} is {record.logo or 'declined'}")
