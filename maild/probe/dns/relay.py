"""Whether mail that leaves by a provider passes the sender domain's SPF: the proof, and the record that would do. Pure.

What counts is where the provider's mail comes from, never the address of the server that takes it from customers. The
provider says it by the record that customers include. A domain that includes it, or redirects to it, is done; one that
has copied the addresses is tried with samples of them.
"""

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

from maild.records.dialogue import Dialogue
from maild.records.spf import STRANGER, SpfResult, SpfSender, SpfVerdict, evaluate_spf
from maild.records.spf.result import IpAddress

MAX_SAMPLES: Final = 3
"""Of each family."""


def try_address(domain: str, address: IpAddress) -> Dialogue[SpfResult]:
    """Mail of this domain from this address."""
    sender = SpfSender(client=address, local_part="postmaster", domain=domain, helo=domain)
    return (yield from evaluate_spf(sender))


def is_relay_authorised(seen: SpfResult, domain: str, include: str) -> Dialogue[bool | None]:
    """Whether the provider behind this include may send for the domain; None: it could not be told.

    `seen` is what a stranger's evaluation of the domain came to.
    """
    if seen.verdict is SpfVerdict.PASS or include.lower() in seen.passing:
        return True
    provider = yield from evaluate_spf(replace(_NOBODY, domain=include))
    four = [network for network in provider.networks if isinstance(network, IPv4Network)]
    six = [network for network in provider.networks if not isinstance(network, IPv4Network)]
    samples: list[IpAddress] = [network.network_address for network in four[:MAX_SAMPLES]]
    samples += [network.network_address for network in six[:MAX_SAMPLES]]
    if not samples:
        # A record that says no addresses (macros, or a silent name server) proves nothing against the domain when it
        # asks for each address by a macro too.
        return None if provider.verdict is SpfVerdict.TEMPERROR else False
    for sample in samples:
        result = yield from try_address(domain, sample)
        if result.verdict is SpfVerdict.TEMPERROR:
            return None
        if result.verdict is not SpfVerdict.PASS:
            return False
    return True


def with_term(record: str, term: str) -> str:
    """The record with one more term, before what ends it."""
    terms = record.split()
    for index, known in enumerate(terms):
        if known.lower().lstrip("+-~?") == "all" or known.lower().startswith("redirect="):
            return " ".join([*terms[:index], term, *terms[index:]])
    return " ".join([*terms, term])


_NOBODY: Final = SpfSender(client=STRANGER, local_part="postmaster", domain="", helo="")
