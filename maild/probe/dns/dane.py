"""The check `dane`: TLSA records of the account's own server and of the mail hosts of its domain (RFC 7672). Pure.

For own servers only: nobody can publish records for a provider. The certificate that a server shows is asked for like
a record, by the type CHAIN, of whoever drives the dialogue; where it cannot be had, the records alone are judged. No
word about security is said by a resolver that has not shown that it checks signatures: that is the check `dnssec`.
"""

from typing import Final

from maild.diagnostics import Diagnostic
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue, Found, Question, Reply, Silent, ask
from maild.records.tlsa import TlsaRecord, fits, parse_tlsa, record_of

NAME: Final = "dane"
CHAIN: Final = "CHAIN"
"""No type of DNS: the certificates, in hexadecimal, that a server shows at the place that a TLSA name is about."""

MAX_HOSTS: Final = 5
SMTP: Final = 25


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Every place where this domain could have TLSA records."""
    if not scene.is_in_dns or scene.provider is not None:
        return pass_over(NAME, "the account's server is not your own")
    reply = yield from ask(scene.domain, "MX")
    hosts = (
        [value.partition(" ")[2].strip().lower().removesuffix(".") for value in reply.values]
        if isinstance(reply, Found)
        else []
    )
    # An address in place of a host is the business of the check `mx`.
    named = [host for host in hosts if host and not host.rpartition(".")[2].isdigit()]
    places = [f"_{SMTP}._tcp.{host}" for host in named[:MAX_HOSTS]]
    places.append(f"_{scene.port}._tcp.{scene.host}")
    places = list(dict.fromkeys(places))
    replies = yield tuple(Question(name=place, rdtype="TLSA") for place in places)
    silent = [
        f"TLSA of {place}: {one.detail}" for place, one in zip(places, replies, strict=True) if isinstance(one, Silent)
    ]
    there = [(place, one) for place, one in zip(places, replies, strict=True) if isinstance(one, Found)]
    diagnostics = [scene.silence(detail) for detail in silent]
    if not there and not silent:
        return pass_over(NAME, f"there are no TLSA records for {scene.host} and the mail hosts of {scene.domain}")
    chains = (yield tuple(Question(name=place, rdtype=CHAIN) for place, _ in there)) if there else ()
    fitting = []
    for (place, one), chain in zip(there, chains, strict=True):
        flaw = _judge(scene, place, one, chain)
        diagnostics += [] if flaw is None else [flaw]
        fitting += [place] if flaw is None else []
    summary = f"the TLSA records of {', '.join(fitting)} are in order" if fitting else "no TLSA record is in order"
    return conclude(
        NAME, summary if there else "TLSA records could not be told", tuple(diagnostics), is_told=not silent
    )


def _judge(scene: Scene, place: str, reply: Found, chain: Reply) -> Diagnostic | None:
    records = [record for record in parse_tlsa(reply.values) if record.is_usable]
    if not reply.is_secure:
        return scene.found(
            found.TLSA_INSECURE,
            f"The TLSA records at {place} are not secured by DNSSEC, as seen from here: nobody may rely on them.",
            "Sign the zone, or remove the records; with a resolver that does not check signatures this says nothing.",
        )
    certificates = tuple(bytes.fromhex(value) for value in chain.values) if isinstance(chain, Found) else ()
    wanted = _wanted(place, certificates)
    if not records:
        message = f"None of the TLSA records at {place} is of use for SMTP, which knows the usages 2 and 3."
        return scene.found(found.TLSA_UNUSABLE, message, wanted)
    if certificates and not any(fits(record, certificates) for record in records):
        message = f"No TLSA record at {place} fits the certificate that the server shows: senders do not deliver to it."
        return scene.found(found.TLSA_MISMATCH, message, wanted)
    return None


def _wanted(place: str, certificates: tuple[bytes, ...]) -> str:
    record: TlsaRecord | str = (
        record_of(certificates[0]) if certificates else "3 1 1 <SHA-256 of the server's public key>"
    )
    return f"Publish `{place}. TLSA {record}`."
