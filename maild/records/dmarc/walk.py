"""Which DMARC record is about a domain, and where its organisation begins (RFC 9989 §4.10, RFC 7489 §6.6.3). Pure.

RFC 9989 walks up the name, eight questions at the most; older receivers ask at the name and at the domain that somebody
registered, which they take from a list. The two may come to different ends: both are computed, so that it shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from maild.records.dialogue import Absent, Dialogue, Found, Question, Silent
from maild.records.dmarc.record import DmarcError, DmarcPolicy, DmarcRecord, Psd, parse_dmarc, select_dmarc

MAX_LABELS: Final = 8
"""A name of so many labels or more is asked about itself, then from its last seven labels on."""

Registrable = Callable[[str], str]
"""The domain that somebody registered, of a name below it, by a list of public suffixes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcFlaw:
    """A record that receivers ignore, with the reason."""

    domain: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What receivers of one kind find. `source`: where the record stands; None: there is none, and no policy."""

    organization: str
    source: str | None
    record: DmarcRecord | None
    policy: DmarcPolicy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcFindings:
    """What there is about a domain: as RFC 9989 and as older receivers read it, and what is wrong on the way.

    `silent` is the reason why something could not be told; None when all was.
    """

    new: Reading
    old: Reading
    flaws: tuple[DmarcFlaw, ...] = ()
    silent: str | None = None


def names_to_ask(domain: str) -> tuple[str, ...]:
    """The domain, then what is left when labels are taken from its left; eight at most."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) < MAX_LABELS else labels[-(MAX_LABELS - 1) :]
    return (domain, *(".".join(above[index:]) for index in range(len(above))))


def find_dmarc(domain: str, registrable: Registrable) -> Dialogue[DmarcFindings]:
    """Every record that can be about this domain, in one batch of questions."""
    names = names_to_ask(domain)
    base = registrable(domain)
    asked = tuple(dict.fromkeys((*names, base)))
    replies = yield tuple(Question(name=f"_dmarc.{name}", rdtype="TXT") for name in asked)
    records: dict[str, DmarcRecord] = {}
    flaws: list[DmarcFlaw] = []
    silent = None
    for name, reply in zip(asked, replies, strict=True):
        if isinstance(reply, Silent):
            silent = f"TXT of _dmarc.{name}: {reply.detail}"
            continue
        found = _read(name, reply)
        match found:
            case DmarcRecord():
                records[name] = found
            case DmarcFlaw():
                flaws.append(found)
            case None:
                pass
            case _:
                assert_never(found)
    return DmarcFindings(new=_new(names, records), old=_old(domain, base, records), flaws=tuple(flaws), silent=silent)


def is_aligned(domain: str, other: str, *, is_strict: bool, organizations: tuple[str, str]) -> bool:
    """Whether a domain that was proved fits the one in From (RFC 9989 §4.4); `organizations` are theirs."""
    return domain == other or (not is_strict and organizations[0] == organizations[1])


def _read(name: str, reply: Found | Absent) -> DmarcRecord | DmarcFlaw | None:
    texts = select_dmarc(reply.values) if isinstance(reply, Found) else ()
    if not texts:
        return None
    if len(texts) > 1:
        return DmarcFlaw(domain=name, problem=f"there are {len(texts)} DMARC records, so none counts")
    try:
        return parse_dmarc(texts[0])
    except DmarcError as error:
        return DmarcFlaw(domain=name, problem=error.problem)


def _new(names: tuple[str, ...], records: Mapping[str, DmarcRecord]) -> Reading:
    organization = _organization(names, records)
    domain = names[0]
    # The domain's own record, else its organisation's, else that of the registry above (§4.10.1).
    for source in (domain, organization, _registry(names, records)):
        if source is not None and source in records:
            record = records[source]
            policy = record.policy_for(is_below=source != domain)
            return Reading(organization=organization, source=source, record=record, policy=policy)
    return Reading(organization=organization, source=None, record=None, policy=None)


def _registry(names: tuple[str, ...], records: Mapping[str, DmarcRecord]) -> str | None:
    for name in names:
        psd = records[name].psd if name in records else Psd.UNTOLD
        if psd is Psd.NO:
            return None
        if psd is Psd.YES:
            return name
    return None


def _organization(names: tuple[str, ...], records: Mapping[str, DmarcRecord]) -> str:
    """§4.10.2: the walk ends at `psd=n`, or one label below `psd=y`; else the record with the fewest labels counts."""
    shortest = names[0]
    for index, name in enumerate(names):
        record = records.get(name)
        if record is None:
            continue
        match record.psd:
            case Psd.NO:
                return name
            case Psd.YES:
                return names[index - 1] if index else name
            case Psd.UNTOLD:
                shortest = name
            case _:
                assert_never(record.psd)
    return shortest


def _old(domain: str, base: str, records: Mapping[str, DmarcRecord]) -> Reading:
    for source in (domain, base):
        if source in records:
            record = records[source]
            policy = record.old_policy_for(is_below=source != domain)
            return Reading(organization=base, source=source, record=record, policy=policy)
    return Reading(organization=base, source=None, record=None, policy=None)
