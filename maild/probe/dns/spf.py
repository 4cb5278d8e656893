"""The check `spf`: whether the sender domain's SPF lets mail pass that leaves by this account (RFC 7208). Pure.

The record is evaluated for an address that nobody sends from, which shows all that it asks and includes; then for the
provider of the account, or for the addresses that `dns.sends_from` names. The address of the submission server is not
where mail comes from and is never tried.
"""

from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic
from maild.probe.dns.relay import is_relay_authorised, try_address, with_term
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.figure import Figure
from maild.probe.findings import records as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue, Found, ask
from maild.records.spf import STRANGER, SpfResult, SpfSender, SpfVerdict, evaluate_spf, select_spf

NAME: Final = "spf"

_FAR: Final = 40
"""So many terms are counted, to say how far above ten a record is."""


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Evaluate and judge."""
    domain = scene.domain
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"SPF of {domain} is nothing that you could publish")
    reply = yield from ask(domain, "TXT")
    texts = select_spf(reply.values) if isinstance(reply, Found) else ()
    record = texts[0] if texts else "v=spf1"
    seen = yield from _as_stranger(domain, 10)
    figures = (
        Figure(name="spf_lookups", label="", value=seen.lookups),
        Figure(name="spf_void_lookups", label="", value=seen.voids),
    )
    if seen.verdict is SpfVerdict.TEMPERROR:
        return conclude(NAME, f"SPF of {domain} could not be told", (scene.silence(seen.detail),), is_told=False)
    if seen.verdict is SpfVerdict.NONE:
        return conclude(NAME, f"{domain} has no SPF record", (_missing(scene),))
    if seen.verdict is SpfVerdict.PERMERROR:
        beyond = yield from _as_stranger(domain, _FAR)
        return conclude(NAME, f"SPF of {domain} is broken", (_broken(scene, seen, beyond, record),), figures=figures)
    if seen.verdict is SpfVerdict.PASS:
        return conclude(NAME, f"SPF of {domain} lets everybody send", (_open(scene, seen, record),), figures=figures)
    return (yield from _judge_ways(scene, seen, record, figures))


def _judge_ways(scene: Scene, seen: SpfResult, record: str, figures: tuple[Figure, ...]) -> Dialogue[CheckResult]:
    """The ways by which this account's mail leaves: its provider's and its own addresses."""
    diagnostics: list[Diagnostic] = []
    told, ways = True, []
    include = None if scene.provider is None else scene.provider.spf_include
    if include is not None and scene.provider is not None:
        title = scene.provider.title
        is_authorised = yield from is_relay_authorised(seen, scene.domain, include)
        if is_authorised is None:
            told = False
            diagnostics.append(scene.silence(f"whether {scene.domain} lets {title} send could not be told"))
        else:
            figures += (Figure(name="spf_relay_authorised", label=scene.provider.id, value=is_authorised),)
            ways += [title] if is_authorised else []
            diagnostics += [] if is_authorised else [_not_by_provider(scene, title, include, record)]
    for address in scene.sends_from:
        result = yield from try_address(scene.domain, address)
        if result.verdict is SpfVerdict.PASS:
            ways.append(str(address))
        elif result.verdict is SpfVerdict.TEMPERROR:
            told = False
            diagnostics.append(scene.silence(result.detail))
        else:
            diagnostics.append(_not_from(scene, str(address), result, record))
    count = f"{seen.lookups} of 10 look-ups"
    if ways:
        summary = f"SPF of {scene.domain} lets {' and '.join(ways)} send ({count})"
    elif diagnostics:
        summary = f"SPF of {scene.domain} does not let this account's mail pass ({count})"
    else:
        summary = f"SPF of {scene.domain} is in order ({count}); from where its mail goes out is not known"
    return conclude(NAME, summary, tuple(diagnostics), is_told=told, figures=figures)


def _as_stranger(domain: str, max_lookups: int) -> Dialogue[SpfResult]:
    sender = SpfSender(client=STRANGER, local_part="postmaster", domain=domain, helo=domain)
    return (yield from evaluate_spf(sender, max_lookups=max_lookups))


def _wanted(scene: Scene) -> str:
    """The terms that this account's mail needs."""
    include = None if scene.provider is None else scene.provider.spf_include
    terms = [f"include:{include}"] if include else []
    terms += [_term(str(address)) for address in scene.sends_from]
    return " ".join(terms) or "mx"


def _term(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def _publish(scene: Scene, record: str) -> str:
    return f'Publish `{scene.domain}. TXT "{record}"`'


def _missing(scene: Scene) -> Diagnostic:
    return scene.found(
        found.SPF_MISSING,
        f"{scene.domain} has no SPF record: receivers cannot tell your mail from forged mail, and some refuse it.",
        f"{_publish(scene, f'v=spf1 {_wanted(scene)} ~all')}.",
    )


def _without_fault(scene: Scene, term: str, record: str) -> str:
    version, *terms = record.split()
    if term not in terms:
        return f"Publish one TXT record of {scene.domain} that has the terms of all, and take the others away."
    rest = " ".join([version, *(one for one in terms if one != term)])
    return f'Correct `{term}`, or publish `{scene.domain}. TXT "{rest}"`, which is the record without it.'


def _broken(scene: Scene, seen: SpfResult, beyond: SpfResult, record: str) -> Diagnostic:
    if beyond.verdict is not SpfVerdict.PERMERROR:
        return scene.found(
            found.SPF_TOO_MANY_LOOKUPS,
            f"The SPF record of {scene.domain} needs {beyond.lookups} look-ups, and 10 is the most: from the "
            "eleventh on receivers take it for broken.",
            "Remove an `include` that is no longer used, or put the addresses of one in its place as `ip4` and `ip6`.",
        )
    assert seen.fault is not None  # with permerror there is one
    fault = seen.fault if beyond.fault is None else beyond.fault
    return scene.found(
        found.SPF_BROKEN,
        f"The SPF record of {fault.domain} is broken at `{fault.term}`: {fault.problem}. Receivers take the "
        "whole of it for an error.",
        _without_fault(scene, fault.term, record)
        if fault.domain == scene.domain
        else f"Remove what includes {fault.domain} from the record of {scene.domain}, or tell its owner.",
    )


def _open(scene: Scene, seen: SpfResult, record: str) -> Diagnostic:
    closed = " ".join("~all" if term.lower() in {"all", "+all"} else term for term in record.split())
    return scene.found(
        found.SPF_OPEN,
        f"The SPF record of {scene.domain} lets every address in the world send (by `{seen.match or 'an include'}`).",
        f"{_publish(scene, closed)} in its place.",
    )


def _not_by_provider(scene: Scene, title: str, include: str, record: str) -> Diagnostic:
    return scene.found(
        found.SPF_WITHOUT_PROVIDER,
        f"This account sends by {title}, and the SPF record of {scene.domain} does not let {title} send: receivers see "
        "the mail as forged.",
        f"{_publish(scene, with_term(record, f'include:{include}'))} in place of the present record.",
    )


def _not_from(scene: Scene, address: str, result: SpfResult, record: str) -> Diagnostic:
    by = f" (`{result.match}`)" if result.match else ""
    return scene.found(
        found.SPF_WITHOUT_ADDRESS,
        f"The SPF record of {scene.domain} does not let {address} send: it comes to {result.verdict}{by}.",
        f"{_publish(scene, with_term(record, _term(address)))} in place of the present record.",
        at=scene.locate((Pointer("/dns/sends_from"),)),
    )
