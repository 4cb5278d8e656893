"""What the addresses of one server come to, each by itself and together. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from maild.diagnostics import Diagnostic
from maild.net.resolver import Address
from maild.net.step import Reason, Step
from maild.probe.conversation import Judged, phases_of
from maild.probe.findings.server import ADDRESS_FAILING
from maild.probe.result import AddressResult, CheckVerdict, Family

MOST_TOLD: Final = 3
"""Of so many failing addresses the message says how they fail."""


def family_of(address: Address) -> Family:
    """Which internet it is in."""
    return Family.IPV6 if address.ip.version == 6 else Family.IPV4


def failing_address(address: Address, judged: Judged, steps: Sequence[Step]) -> AddressResult:
    """An address at which it went wrong."""
    return AddressResult(
        address=str(address.ip),
        family=family_of(address),
        verdict=judged.verdict,
        summary=judged.error.detail,
        phases=phases_of(steps, judged),
        certificate=judged.certificate,
        reason=judged.error.reason,
    )


def without_missing_family(results: Sequence[AddressResult]) -> tuple[AddressResult, ...]:
    """A family that this machine has no way into is not the server's to answer for, as long as it has the other one."""
    missing = {
        family for family in Family if all(one.reason is Reason.UNREACHABLE for one in results if one.family is family)
    }
    if missing == set(Family) or all(one.reason is Reason.UNREACHABLE for one in results):
        return tuple(results)
    return tuple(
        replace(one, verdict=CheckVerdict.NOT_APPLICABLE, summary=f"this machine has no {title_of(one.family)}")
        if one.family in missing
        else one
        for one in results
    )


def address_diagnostic(host: str, results: Sequence[AddressResult]) -> Diagnostic | None:
    """What is to be said when mail can be sent and not every address works; None: nothing."""
    failing = [one for one in results if one.verdict is CheckVerdict.FAIL]
    if not failing:
        return None
    dead = [family for family in Family if any(one.family is family for one in failing)]
    dead = [family for family in dead if all(one in failing for one in results if one.family is family)]
    if dead:
        which = f"None of the {title_of(dead[0])} addresses of {host} works"
    else:
        which = f"{len(failing)} of the {len(results)} addresses of {host} do not work"
    details = "; ".join(f"{one.address}: {one.summary}" for one in failing[:MOST_TOLD])
    message = f"{which}, and mail goes out by another one as long as that does ({details})."
    return ADDRESS_FAILING.diagnostic(message, help_=ADDRESS_FAILING.mend)


def title_of(family: Family) -> str:
    """As people write it."""
    match family:
        case Family.IPV4:
            return "IPv4"
        case Family.IPV6:
            return "IPv6"
        case _:
            assert_never(family)
