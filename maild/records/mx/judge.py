"""Judges the answers: which hosts take a domain's mail, in which order, and what is wrong with them. Pure.

RFC 5321 §5.1 (which hosts, implicit MX), RFC 7505 §3 (null MX), RFC 2181 §10.3 (an MX host is no alias), RFC 6761
§6.3 and §6.4 (localhost, invalid), RFC 6762 §3 (local).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import AddressValueError, IPv4Address, ip_address
from typing import Final, assert_never

from maild.records.mx.answer import (
    DomainAbsent,
    HostAnswer,
    HostFound,
    HostUnanswered,
    HostWithoutAddress,
    MxAbsent,
    MxAnswer,
    MxFound,
    MxRecord,
    MxUnanswered,
)
from maild.records.mx.problem import (
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

# Names that can never be reached from elsewhere; `localdomain` is no reserved name but what Linux calls itself.
_NEVER_PUBLIC: Final = frozenset({"localhost", "invalid", "local", "localdomain"})

# An exchange that ends in one of these before the domain's own name was most likely written without its final dot.
# Only used when the host has no address: `mx.com.example.net` may exist.
_USUAL_ENDINGS: Final = frozenset({"com", "net", "org"})


class Reception(Enum):
    """Whether mail to the domain has somewhere to go."""

    OPEN = auto()
    DEGRADED = auto()
    """Some host works and some does not; a dead first host may even be there on purpose ("nolisting")."""
    CLOSED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class MxSelection:
    """What the MX answer alone tells.

    Attributes:
        hosts: whose addresses `judge` needs, most preferred first, without doubles; empty when all is told already.
        problems: found so far.
        is_implicit: the only host is the domain itself.
        skipped: how many exchanges can be no host and are not asked about.
    """

    domain: str
    hosts: tuple[str, ...] = ()
    problems: tuple[MxProblem, ...] = ()
    is_implicit: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MxJudgement:
    """The outcome: whether the domain can take mail, by which hosts (most preferred first), and what is wrong."""

    reception: Reception
    usable: tuple[str, ...] = ()
    problems: tuple[MxProblem, ...] = ()


def select(domain: str, answer: MxAnswer) -> MxSelection:
    """The hosts to ask about next. `domain` is in lower case and ASCII form."""
    match answer:
        case DomainAbsent():
            return MxSelection(domain=domain, problems=(DomainNotFound(),))
        case MxUnanswered(detail=detail):
            return MxSelection(domain=domain, problems=(NotAnswered(name=domain, detail=detail),))
        case MxAbsent(name=name):
            # The implicit MX exists only without MX records: once there is one, however dead, the domain's own
            # address must not be used (RFC 5321 §5.1).
            return MxSelection(domain=domain, hosts=(name,), problems=(ImplicitMx(host=name),), is_implicit=True)
        case MxFound(records=records):
            return _select_found(domain, records)
        case _:
            assert_never(answer)


def judge(selection: MxSelection, answers: Mapping[str, HostAnswer]) -> MxJudgement:
    """What it all comes to; `answers` has every name of `selection.hosts`."""
    if not selection.hosts:
        return MxJudgement(reception=_reception_without_hosts(selection), problems=selection.problems)
    problems = list(selection.problems)
    usable: list[str] = []
    unanswered = 0
    for host in selection.hosts:
        answer = answers[host]
        match answer:
            case HostFound():
                usable.append(host)
                problems.extend(_problems_of_found(host, answer, selection))
            case HostWithoutAddress():
                problems.append(_problem_without_address(host, selection))
            case HostUnanswered(detail=detail):
                unanswered += 1
                problems.append(NotAnswered(name=host, detail=detail))
            case _:
                assert_never(answer)
    return MxJudgement(
        reception=_reception(len(usable), unanswered, len(selection.hosts) + selection.skipped),
        usable=tuple(usable),
        problems=tuple(problems),
    )


def _select_found(domain: str, records: tuple[MxRecord, ...]) -> MxSelection:
    named = sorted(record for record in records if record.exchange)
    if not named:
        return MxSelection(domain=domain, problems=(NullMx(),))
    problems: list[MxProblem] = []
    if len(named) < len(records):
        problems.append(NullMxBesideOthers())
    exchanges = tuple(dict.fromkeys(record.exchange for record in named))
    hosts = []
    for exchange in exchanges:
        problem = _problem_of_shape(exchange)
        if problem is None:
            hosts.append(exchange)
        else:
            problems.append(problem)
    return MxSelection(domain=domain, hosts=tuple(hosts), problems=tuple(problems), skipped=len(exchanges) - len(hosts))


def _problem_of_shape(exchange: str) -> MxProblem | None:
    # By shape, before anything is asked: resolvers answer NXDOMAIN or SERVFAIL for such names, which reads like an
    # outage and hides the mistake.
    try:
        IPv4Address(exchange)
    except AddressValueError:
        pass
    else:
        return ExchangeIsAddress(exchange=exchange)
    if exchange.rpartition(".")[2] in _NEVER_PUBLIC:
        return ExchangeNotPublic(exchange=exchange)
    return None


def _problems_of_found(host: str, answer: HostFound, selection: MxSelection) -> tuple[MxProblem, ...]:
    problems: list[MxProblem] = []
    # The domain itself may be an alias: RFC 5321 §5.1 then takes the alias's target for the name.
    if answer.alias_of is not None and not selection.is_implicit:
        problems.append(ExchangeIsAlias(exchange=host, target=answer.alias_of))
    if host.endswith(f".{selection.domain}.{selection.domain}"):
        # It has an address all the same: a wildcard record of the zone hides the mistake.
        problems.append(MissingTrailingDot(exchange=host, meant=host.removesuffix(f".{selection.domain}")))
    if not any(ip_address(address).is_global for address in answer.addresses):
        problems.append(PrivateAddress(exchange=host, address=answer.addresses[0]))
    return tuple(problems)


def _problem_without_address(host: str, selection: MxSelection) -> MxProblem:
    if selection.is_implicit:
        return NoMailHost()
    meant = host.removesuffix(f".{selection.domain}")
    if meant != host and (
        meant.endswith(f".{selection.domain}")
        or meant == selection.domain
        or ("." in meant and meant.rpartition(".")[2] in _USUAL_ENDINGS)
    ):
        return MissingTrailingDot(exchange=host, meant=meant)
    repeated = _without_repetition(host)
    if repeated != host:
        return MissingTrailingDot(exchange=host, meant=repeated)
    return ExchangeWithoutAddress(exchange=host)


def _without_repetition(host: str) -> str:
    """The name without an end that stands there twice: the zone's own name, where the domain is a part of the zone."""
    labels = host.split(".")
    for count in range(len(labels) // 2, 1, -1):
        if labels[-count:] == labels[-2 * count : -count]:
            return ".".join(labels[:-count])
    return host


def _reception_without_hosts(selection: MxSelection) -> Reception:
    if any(isinstance(problem, NotAnswered) for problem in selection.problems):
        return Reception.UNKNOWN
    return Reception.CLOSED


def _reception(usable: int, unanswered: int, total: int) -> Reception:
    if usable == total:
        return Reception.OPEN
    if usable:
        # What was not answered may work as well: it does not count against the domain.
        return Reception.OPEN if usable + unanswered == total else Reception.DEGRADED
    return Reception.UNKNOWN if unanswered else Reception.CLOSED
