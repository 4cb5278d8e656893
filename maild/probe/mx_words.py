"""What is wrong with MX records, in sentences, each under its code. Pure."""

from dataclasses import replace
from typing import assert_never

from maild.diagnostics import Diagnostic, Location, Severity
from maild.probe.findings import domain as found
from maild.probe.findings.finding import LiveFinding
from maild.probe.findings.server import DNS_SILENT
from maild.records.mx import (
    DomainNotFound,
    ExchangeIsAddress,
    ExchangeIsAlias,
    ExchangeNotPublic,
    ExchangeWithoutAddress,
    ImplicitMx,
    MissingTrailingDot,
    MxProblem,
    NoMailHost,
    NotAnswered,
    NullMx,
    NullMxBesideOthers,
    PrivateAddress,
)


def diagnose(problem: MxProblem, domain: str, location: Location | None) -> Diagnostic:
    """The diagnostic of one problem of that domain; `location` is where the sender's address is configured."""
    finding, message, help_ = _words(problem, domain)
    diagnostic = finding.diagnostic(message, help_=help_, location=location)
    if isinstance(problem, PrivateAddress):
        # Seen from inside a company it is normal, and where we stand is not known.
        return replace(diagnostic, severity=Severity.INFO)
    return diagnostic


def _words(problem: MxProblem, domain: str) -> tuple[LiveFinding, str, str]:
    match problem:
        case DomainNotFound():
            words = (
                found.DOMAIN_NOT_FOUND,
                f"The sender's domain {domain} does not exist: receivers refuse such mail and answers get lost.",
                "Check the address for slips, and whether the domain's registration has ended.",
            )
        case NullMx():
            words = (
                found.DOMAIN_TAKES_NO_MAIL,
                f"The sender's domain {domain} says that it takes no mail: answers and bounces cannot come back.",
                f"Publish `{domain}. MX 10 <mail host>.`, or send from another domain.",
            )
        case NullMxBesideOthers():
            words = (
                found.NULL_MX_BESIDE_OTHERS,
                f'{domain} has an MX record that says "no mail" beside others that name hosts.',
                f"Remove `{domain}. MX 0 .`.",
            )
        case ImplicitMx(host=host):
            words = (
                found.MX_IMPLICIT,
                f"{domain} has no MX record, so answers go to the address of {host} itself.",
                f"Publish `{domain}. MX 10 <mail host>.`.",
            )
        case NoMailHost():
            words = (
                found.NO_MAIL_HOST,
                f"{domain} has neither an MX record nor an address: answers cannot come back.",
                f"Publish `{domain}. MX 10 <mail host>.`.",
            )
        case NotAnswered(name=name, detail=detail):
            words = (
                DNS_SILENT,
                f"No name server answered for {name}: {detail}.",
                "Nothing can be said about it; check the network and `dns.resolvers` if it stays.",
            )
        case _:
            words = _words_of_host(problem, domain)
    return words


def _words_of_host(
    problem: ExchangeIsAddress
    | ExchangeNotPublic
    | ExchangeIsAlias
    | ExchangeWithoutAddress
    | MissingTrailingDot
    | PrivateAddress,
    domain: str,
) -> tuple[LiveFinding, str, str]:
    match problem:
        case ExchangeIsAddress(exchange=exchange):
            words = (
                found.MX_IS_ADDRESS,
                f"An MX record of {domain} names the IP address {exchange}; senders look it up as a name.",
                f"Give the host a name with `A {exchange}` and put the name into the MX record.",
            )
        case ExchangeNotPublic(exchange=exchange):
            words = (
                found.MX_NOT_PUBLIC,
                f"An MX record of {domain} names {exchange}, which means something only inside.",
                "Publish a host name with a public address.",
            )
        case ExchangeIsAlias(exchange=exchange, target=target):
            words = (
                found.MX_IS_ALIAS,
                f"The mail host {exchange} of {domain} is an alias; some senders do not follow it.",
                f"Publish `{domain}. MX 10 {target}.`.",
            )
        case ExchangeWithoutAddress(exchange=exchange):
            words = (
                found.MX_DANGLING,
                f"The mail host {exchange} of {domain} has no address.",
                "Correct the name or remove the record.",
            )
        case MissingTrailingDot(exchange=exchange, meant=meant):
            words = (
                found.MX_DOT_MISSING,
                f"The mail host of {domain} is published as {exchange}: the final dot was forgotten.",
                f"Write `{meant}.` with the dot in the zone file.",
            )
        case PrivateAddress(exchange=exchange, address=address):
            words = (
                found.MX_NOT_PUBLIC,
                f"The mail host {exchange} of {domain} has the private address {address}, seen from here.",
                "Normal if your name server answers differently inside the company; otherwise publish a public one.",
            )
        case _:
            assert_never(problem)
    return words
