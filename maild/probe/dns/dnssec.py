"""The check `dnssec`: whether the signatures of the sender's domain are right, as far as the resolver can tell. Pure.

A resolver that does not check signatures, or a wall that strips them, makes every verdict worthless in one of two ways,
so it is tested first: with a name whose signatures are right it must vouch, with one whose are wrong it must refuse.
Only then is a refusal for the sender's domain held against the domain.
"""

from typing import Final

from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.figure import Figure
from maild.probe.findings import transport as found
from maild.probe.owner import Owner
from maild.probe.result import CheckResult, CheckVerdict
from maild.records.dialogue import Dialogue, Found, Question, Reply, Silent

NAME: Final = "dnssec"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """The resolver first, then the domain."""
    domain = scene.domain
    if not scene.is_in_dns:
        return pass_over(NAME, f"{domain} is in no DNS")
    signed, bogus, own = yield (
        Question(name=scene.names.signed, rdtype="SOA"),
        Question(name=scene.names.bogus, rdtype="A"),
        Question(name=domain, rdtype="SOA"),
    )
    vouches = isinstance(signed, Found) and signed.is_secure
    refuses = isinstance(bogus, Silent)
    figure = Figure(name="dns_resolver_trusted_ad", label="", value=vouches and refuses)
    if isinstance(signed, Silent):
        silence = scene.silence(f"SOA of {scene.names.signed}: {signed.detail}")
        return conclude(NAME, "the resolver could not be tested", (silence,), is_told=False)
    if not vouches or not refuses:
        return _untrusted(scene, figure, vouches=vouches)
    return _judge(scene, own, figure)


def _judge(scene: Scene, own: Reply, figure: Figure) -> CheckResult:
    """What a resolver that can be believed says of the domain."""
    domain, figures = scene.domain, (figure,)
    if isinstance(own, Silent) and own.is_bogus:
        message = f"The signatures of {domain} do not match: for everybody who checks them the domain does not exist."
        help_ = f"Sign the zone anew, or let the registrar correct or remove the DS record of {domain}."
        flaw = scene.found(found.DNSSEC_BOGUS, message, help_)
        return conclude(NAME, f"DNSSEC of {domain} is broken", (flaw,), figures=figures)
    if isinstance(own, Silent):
        silence = scene.silence(f"SOA of {domain}: {own.detail}")
        return conclude(NAME, f"DNSSEC of {domain} could not be told", (silence,), is_told=False, figures=figures)
    return conclude(NAME, f"{domain} {'is signed' if own.is_secure else 'is not signed'}", figures=figures)


def _untrusted(scene: Scene, figure: Figure, *, vouches: bool) -> CheckResult:
    reason = f"answers for {scene.names.bogus}" if vouches else f"does not vouch for {scene.names.signed}"
    message = f"The resolver does not check signatures ({reason}): nothing can be told about DNSSEC and DANE."
    help_ = "Use a resolver that validates, such as unbound on this machine; over a network its word needs `trust-ad`."
    return CheckResult(
        check=NAME,
        verdict=CheckVerdict.NOT_APPLICABLE,
        summary="the resolver does not check signatures",
        diagnostics=(found.RESOLVER_TRUSTS_ALL.diagnostic(message, help_=help_),),
        owner=Owner.NETWORK,
        figures=(figure,),
    )
