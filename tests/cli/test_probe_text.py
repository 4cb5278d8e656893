from dataclasses import replace
from datetime import timedelta

from maild.cli.probe_text import format_probe
from maild.diagnostics import Diagnostic, Location, Severity, Span
from maild.diagnostics.render import Style
from maild.mail.phase import Phase
from maild.probe.offer import Offer
from maild.probe.owner import Owner
from maild.probe.result import AddressResult, CheckResult, CheckVerdict, Family, PhaseResult, ProbeResult, Told
from tests.fakes.clock import START

V = CheckVerdict
FINDING = Diagnostic(
    code="ML726",
    name="login-rejected",
    severity=Severity.ERROR,
    message="The server refused the login, and said so in words that need more than one line of a narrow terminal.",
    help="Check it.",
    location=Location(file="a.yaml", span=Span(line=4, column=1, end_line=4, end_column=2)),
)
BARE = Diagnostic(code="ML733", name="dns-does-not-answer", severity=Severity.WARNING, message="Silence.")


def probe(verdict: CheckVerdict, *found: Diagnostic) -> ProbeResult:
    phase = PhaseResult(phase=Phase.AUTH, verdict=verdict, seconds=0.0124, detail="no\x1b[31m")
    check = CheckResult(check="smtp", verdict=verdict, summary="bad", phases=(phase,), diagnostics=found)
    return ProbeResult(account="billing", started_at=START, seconds=1.26, checks=(check,))


def test_a_probe_is_a_head_a_line_a_phase_and_its_findings() -> None:
    assert format_probe(probe(V.FAIL, FINDING, BARE), Style()).splitlines() == [
        "billing: cannot send (1.3 s)",
        "  ✗ smtp: bad",
        "      ✗ auth             12 ms  no\ufffd[31m",
        "",
        "    error[ML726] login-rejected  a.yaml:4:1",
        f"      {FINDING.message}",
        "      help: Check it.",
        "",
        "    warning[ML733] dns-does-not-answer",
        "      Silence.",
    ]


def test_sentences_are_wrapped_on_a_terminal() -> None:
    lines = format_probe(probe(V.FAIL, FINDING), Style(width=60)).splitlines()

    assert lines[5:8] == [
        "      The server refused the login, and said so in words",
        "      that need more than one line of a narrow terminal.",
        "      help: Check it.",
    ]


def test_what_could_not_be_told_is_said_so() -> None:
    assert format_probe(probe(V.INDETERMINATE), Style()).splitlines()[:2] == [
        "billing: whether it can send could not be told (1.3 s)",
        "  ? smtp: bad",
    ]


def test_beside_what_could_not_be_told_stands_what_was_known_and_how_old_it_is() -> None:
    for age, words in ((timedelta(minutes=7), "7 min"), (timedelta(hours=30), "30 h"), (timedelta(days=3), "3 days")):
        silent = probe(V.INDETERMINATE)
        told = Told(verdict=V.PASS, at=START - age)
        silent = replace(silent, checks=(replace(silent.checks[0], told=told),))
        line = format_probe(silent, Style()).splitlines()[2]
        assert line == f"      last known: pass, at {told.at:%Y-%m-%d %H:%M} UTC, {words} before"


def test_marks_of_what_is_wrong_are_painted() -> None:
    lines = format_probe(probe(V.WARN), Style(has_color=True)).splitlines()

    assert lines[0] == "\x1b[1mbilling: can send (1.3 s)\x1b[0m"
    assert lines[1] == "  \x1b[1;33m!\x1b[0m smtp: bad"


def test_several_addresses_are_shown_each_with_its_mark_and_whose_turn_it_is() -> None:
    whole = probe(V.WARN)
    addresses = tuple(
        AddressResult(address=address, family=Family.IPV4, verdict=verdict, summary=summary)
        for address, verdict, summary in (("192.0.2.1", V.PASS, "ready"), ("192.0.2.2", V.FAIL, "no\x1b answer"))
    )
    check = replace(whole.checks[0], addresses=addresses, owner=Owner.PROVIDER, offer=Offer(key="ab"))

    assert format_probe(replace(whole, checks=(check,)), Style()).splitlines()[3:] == [
        "      ✓ address 192.0.2.1: ready",
        "      ✗ address 192.0.2.2: no\ufffd answer",
        "      key SHA-256 ab",
        "      whose turn: the provider",
    ]
