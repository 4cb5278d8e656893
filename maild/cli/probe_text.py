"""What `maild probe` prints of one account. Pure."""

import textwrap
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from maild.diagnostics import Diagnostic
from maild.diagnostics.render import Style
from maild.diagnostics.render.display import printable
from maild.diagnostics.render.style import Paint, paint_of
from maild.diagnostics.render.text import format_place
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.result import CheckResult, CheckVerdict, PhaseResult, ProbeResult

_MARKS: Final[Mapping[CheckVerdict, str]] = MappingProxyType(
    {
        CheckVerdict.PASS: "✓",
        CheckVerdict.WARN: "!",
        CheckVerdict.FAIL: "✗",
        CheckVerdict.NOT_APPLICABLE: "-",
        CheckVerdict.INDETERMINATE: "?",
    }
)
_STATES: Final[Mapping[bool | None, str]] = MappingProxyType(
    {True: "can send", False: "cannot send", None: "whether it can send could not be told"}
)


def format_probe(result: ProbeResult, style: Style) -> str:
    """The account, each check with its phases, and what is wrong with the fix beside it; a blank line at the end."""
    head = f"{result.account}: {_STATES[result.can_send]} ({result.seconds:.1f} s)"
    lines = [style.paint(head, Paint.STRONG)]
    for check in result.checks:
        lines += [] if _is_idle(check) else _check(check, result.started_at, style)
    idle = ", ".join(check.check for check in result.checks if _is_idle(check))
    lines += [f"  {_mark(CheckVerdict.NOT_APPLICABLE, style)} nothing to check: {idle}"] if idle else []
    return "\n".join(lines) + "\n"


def _is_idle(check: CheckResult) -> bool:
    """Whether a check of DNS had nothing to look at, as most domains have no logo."""
    is_of_dns = any(check.check == known.name for known in DNS_CHECKS)
    return is_of_dns and check.verdict is CheckVerdict.NOT_APPLICABLE and not check.diagnostics


def _check(check: CheckResult, at: datetime, style: Style) -> Iterator[str]:
    yield f"  {_mark(check.verdict, style)} {check.check}: {printable(check.summary)}"
    if check.verdict is CheckVerdict.INDETERMINATE and check.told is not None:
        told = check.told
        yield f"      last known: {told.verdict}, at {told.at:%Y-%m-%d %H:%M} UTC, {_age(at - told.at)} before"
    for phase in check.phases:
        yield _phase(phase, style)
    if check.certificate is not None:
        yield f"      certificate until {check.certificate.not_after:%Y-%m-%d}, SHA-256 {check.certificate.sha256}"
    yield from _server(check, style)
    if check.owner is not None:
        yield f"      whose turn: {check.owner}"
    for diagnostic in check.diagnostics:
        yield ""
        yield from _finding(diagnostic, style)


def _age(age: timedelta) -> str:
    minutes = round(age.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _server(check: CheckResult, style: Style) -> Iterator[str]:
    """What the addresses came to, where there are several, and what was lost or gained under TLS."""
    if len(check.addresses) > 1:
        for one in check.addresses:
            yield f"      {_mark(one.verdict, style)} address {one.address}: {printable(one.summary)}"
    if check.offer is not None and check.offer.key:
        yield f"      key SHA-256 {check.offer.key}"


def _phase(phase: PhaseResult, style: Style) -> str:
    mark = _mark(phase.verdict, style)
    return f"      {mark} {phase.phase:<12} {phase.seconds * 1000:6.0f} ms  {printable(phase.detail)}".rstrip()


def _finding(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    head = style.paint(f"{diagnostic.severity}[{diagnostic.code}]", paint_of(diagnostic.severity))
    place = "" if diagnostic.location is None else f"  {format_place(diagnostic.location)}"
    yield f"    {head} {diagnostic.name}{place}"
    yield from _wrapped(diagnostic.message, style)
    if diagnostic.help:
        yield from _wrapped(f"help: {diagnostic.help}", style)


def _wrapped(text: str, style: Style) -> list[str]:
    lead = " " * 6
    if style.width is None:
        return [lead + printable(text)]
    return textwrap.wrap(
        printable(text),
        max(style.width, 40),
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _mark(verdict: CheckVerdict, style: Style) -> str:
    paints = {CheckVerdict.WARN: Paint.WARNING, CheckVerdict.FAIL: Paint.ERROR}
    return style.paint(_MARKS[verdict], paints[verdict]) if verdict in paints else _MARKS[verdict]
