"""Whether an address may send for a domain: check_host() of RFC 7208 §4, with all its limits. Pure.

Asks by a dialogue. Limits (§4.6.4): ten terms that ask DNS in the whole evaluation, counted before they ask; two
questions without an answer; ten names of one `mx` (more are an error) and of one `ptr` (more are passed over). An
included domain without a record is an error of the record that includes it (§5.2), a redirect to one as well (§6.1).

Besides the verdict the result tells how it came about: which directive matched, how much was asked, which domains
were included by the way of a pass and which networks stand there. That is what a report to a person needs.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from maild.records.dialogue import Absent, Dialogue, Found, Question, Reply, Silent, ask
from maild.records.spf.grammar import SpfSyntaxError, is_explain_string, parse_spf, select_spf
from maild.records.spf.host import addresses, exchanges, is_name, is_within, network_of, unmapped
from maild.records.spf.macro import MacroValues, expand, expand_name, needs_validated_name
from maild.records.spf.result import IpNetwork, SpfResult, SpfSender
from maild.records.spf.term import (
    AddressOf,
    All,
    Directive,
    Exists,
    Include,
    Network,
    Ptr,
    SpfFault,
    SpfRecord,
    SpfVerdict,
)

MAX_LOOKUPS: Final = 10
MAX_VOIDS: Final = 2
MAX_NAMES: Final = 10


def evaluate_spf(sender: SpfSender, *, max_lookups: int = MAX_LOOKUPS) -> Dialogue[SpfResult]:
    """check_host() for this sender. A larger `max_lookups` is for telling how far above the limit a record is."""
    evaluation = _Evaluation(sender, max_lookups)
    return (yield from evaluation.run())


class _PermError(Exception):
    def __init__(self, fault: SpfFault) -> None:
        super().__init__(fault.problem)
        self.fault = fault


class _TempError(Exception):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in the tree of records the evaluation is. `passes`: a match here counts as a pass; `is_top`: not within an
    include, so explanations count.
    """

    domain: str
    passes: bool = True
    is_top: bool = True


class _Evaluation:
    """One run; lives as long as its dialogue."""

    def __init__(self, sender: SpfSender, max_lookups: int) -> None:
        self._client: Final = unmapped(sender.client)
        self._max_lookups: Final = max_lookups
        has_sender = bool(sender.domain)
        self._domain: Final = (sender.domain if has_sender else sender.helo).removesuffix(".")
        self._values: Final = MacroValues(
            client=self._client,
            local_part=sender.local_part if has_sender and sender.local_part else "postmaster",
            sender_domain=self._domain,
            domain=self._domain,
            helo=sender.helo,
            receiver=sender.receiver,
            seconds=sender.seconds,
        )
        self._rdtype: Final = "A" if self._client.version == 4 else "AAAA"
        self._lookups = 0
        self._voids = 0
        self._match = ""
        self._explain: tuple[str, str] | None = None
        self._validated: tuple[str, ...] | None = None
        self._passing: list[str] = []
        self._networks: list[IpNetwork] = []

    def run(self) -> Dialogue[SpfResult]:
        fault, detail, explanation = None, "", None
        try:
            verdict = SpfVerdict.NONE
            if is_name(self._domain) and "." in self._domain:
                verdict = yield from self._check(_Place(domain=self._domain))
            if verdict is SpfVerdict.FAIL:
                explanation = yield from self._explanation()
        except _PermError as error:
            verdict, fault = SpfVerdict.PERMERROR, error.fault
        except _TempError as error:
            verdict, detail = SpfVerdict.TEMPERROR, str(error)
        return SpfResult(
            verdict=verdict,
            lookups=self._lookups,
            voids=self._voids,
            match=self._match,
            fault=fault,
            detail=detail,
            passing=tuple(dict.fromkeys(self._passing)),
            networks=tuple(dict.fromkeys(self._networks)),
            explanation=explanation,
        )

    def _check(self, place: _Place) -> Dialogue[SpfVerdict]:
        record = yield from self._record(place.domain)
        if record is None:
            return SpfVerdict.NONE
        if place.passes:
            self._passing.append(place.domain.lower())
        for directive in record.directives:
            if (yield from self._matches(directive, place)):
                if place.is_top:
                    self._match = directive.text
                    if record.exp is not None:
                        self._explain = (record.exp, place.domain)
                return directive.verdict
        if record.redirect is None:
            return SpfVerdict.NEUTRAL
        term = f"redirect={record.redirect}"
        self._count(place, term)
        target = yield from self._name(record.redirect, place)
        verdict = yield from self._check(replace(place, domain=target))
        if verdict is SpfVerdict.NONE:
            raise _fault(place, term, f"{target} has no SPF record")
        return verdict

    def _record(self, domain: str) -> Dialogue[SpfRecord | None]:
        reply = (yield from ask(domain, "TXT")) if is_name(domain) else Absent(is_name_known=False)
        match reply:
            case Silent(detail=detail):
                raise _TempError(f"TXT of {domain}: {detail}")
            case Absent():
                return None
            case Found(values=values):
                texts = select_spf(values)
            case _:
                assert_never(reply)
        if len(texts) > 1:
            problem = f"there are {len(texts)} SPF records, and one is the most"
            raise _PermError(SpfFault(domain=domain, term="v=spf1", problem=problem))
        try:
            return parse_spf(texts[0]) if texts else None
        except SpfSyntaxError as error:
            raise _PermError(SpfFault(domain=domain, term=error.term, problem=error.problem)) from None

    def _matches(self, directive: Directive, place: _Place) -> Dialogue[bool]:
        mechanism = directive.mechanism
        passes = place.passes and directive.verdict is SpfVerdict.PASS
        match mechanism:
            case All():
                return True
            case Network(network=network):
                if passes:
                    self._networks.append(network)
                return self._client in network
            case Include(domain=domain):
                self._count(place, directive.text)
                target = yield from self._name(domain, place)
                verdict = yield from self._check(_Place(domain=target, passes=passes, is_top=False))
                if verdict is SpfVerdict.NONE:
                    raise _fault(place, directive.text, f"{target} has no SPF record")
                return verdict is SpfVerdict.PASS
            case AddressOf():
                self._count(place, directive.text)
                return (yield from self._is_address_of(directive, mechanism, place))
            case Ptr(domain=domain):
                self._count(place, directive.text)
                target = yield from self._name(domain, place)
                names = yield from self._validated_names()
                return any(is_within(name, target) for name in names)
            case Exists(domain=domain):
                self._count(place, directive.text)
                target = yield from self._name(domain, place)
                reply = yield from self._look(target, "A", place, directive.text)
                return isinstance(reply, Found)
            case _:
                assert_never(mechanism)

    def _is_address_of(self, directive: Directive, mechanism: AddressOf, place: _Place) -> Dialogue[bool]:
        target = yield from self._name(mechanism.domain, place)
        hosts: tuple[str, ...] = (target,)
        if mechanism.is_mx:
            reply = yield from self._look(target, "MX", place, directive.text)
            hosts = tuple(exchanges(reply))
            if len(hosts) > MAX_NAMES:
                raise _fault(place, directive.text, f"{target} has more than {MAX_NAMES} MX records")
        bits = mechanism.ip4_bits if self._client.version == 4 else mechanism.ip6_bits
        # One after the other: the first that matches spares the questions about the rest.
        for host in hosts:
            reply = yield from self._look(host, self._rdtype, place, directive.text)
            if any(self._client in network_of(address, bits) for address in addresses(reply)):
                return True
        return False

    def _look(self, name: str, rdtype: str, place: _Place, term: str) -> Dialogue[Reply]:
        """Ask for a mechanism: silence is an error for now, and too many empty answers one for good."""
        reply = (yield from ask(name, rdtype)) if is_name(name) else Absent(is_name_known=False)
        if isinstance(reply, Silent):
            raise _TempError(f"{rdtype} of {name}: {reply.detail}")
        if isinstance(reply, Absent):
            self._voids += 1
            if self._voids > MAX_VOIDS:
                problem = f"more than {MAX_VOIDS} questions found nothing, the last one for {name} ({rdtype})"
                raise _fault(place, term, problem)
        return reply

    def _count(self, place: _Place, term: str) -> None:
        if self._lookups >= self._max_lookups:
            raise _fault(place, term, f"this is more than the {self._max_lookups} terms that may ask DNS")
        self._lookups += 1

    def _name(self, text: str, place: _Place) -> Dialogue[str]:
        values = yield from self._values_for(text, place.domain)
        return expand_name(text, values) if text else place.domain

    def _values_for(self, text: str, domain: str) -> Dialogue[MacroValues]:
        values = replace(self._values, domain=domain)
        if not needs_validated_name(text):
            return values
        names = yield from self._validated_names()
        # The domain's own name before one below it before any other (§7.3).
        best = sorted(names, key=lambda name: (name.lower() != domain.lower(), not is_within(name, domain)))
        return replace(values, validated_name=best[0]) if best else values

    def _validated_names(self) -> Dialogue[tuple[str, ...]]:
        """The client's names that lead back to it (§5.5); a name server that says nothing counts as no name."""
        if self._validated is None:
            reply = yield from ask(self._client.reverse_pointer, "PTR")
            named = reply.values[:MAX_NAMES] if isinstance(reply, Found) else ()
            names = tuple(name.removesuffix(".") for name in named if is_name(name.removesuffix(".")))
            asked = tuple(Question(name=name, rdtype=self._rdtype) for name in names)
            replies = (yield asked) if asked else ()
            self._validated = tuple(
                name for name, reply in zip(names, replies, strict=True) if self._client in tuple(addresses(reply))
            )
        return self._validated

    def _explanation(self) -> Dialogue[str | None]:
        if self._explain is None:
            return None
        spec, domain = self._explain
        name = yield from self._name(spec, _Place(domain=domain))
        reply = (yield from ask(name, "TXT")) if is_name(name) else None
        if not isinstance(reply, Found) or len(reply.values) != 1 or not is_explain_string(reply.values[0]):
            return None
        values = yield from self._values_for(reply.values[0], domain)
        return expand(reply.values[0], values)


def _fault(place: _Place, term: str, problem: str) -> _PermError:
    return _PermError(SpfFault(domain=place.domain, term=term, problem=problem))
