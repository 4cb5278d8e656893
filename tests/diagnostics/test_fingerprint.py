from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics import Diagnostic, Report, Span
from maild.diagnostics.fingerprint import fingerprints
from tests.diagnostics.render.build import SOURCE, diagnostic, report, span

PORT = diagnostic(at=span(3, 9, 12), pointer="/smtp/port")


def mark(finding: Diagnostic = PORT, source: str = SOURCE) -> str:
    (made,) = fingerprints(report(finding, source=source))
    return made


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(0, 8))
def test_a_finding_stays_the_same_when_its_line_moves(lines: int, indent: int) -> None:
    moved = diagnostic(at=span(3 + lines, 9 + indent, 12 + indent), pointer="/smtp/port")
    text = "# note\n" * lines + SOURCE.replace("  port", " " * (2 + indent) + "port")

    assert mark(moved, text) == mark()


def test_another_rule_file_place_or_value_is_another_finding() -> None:
    others = [
        mark(replace(PORT, code="ML302")),
        mark(diagnostic(at=span(3, 9, 12), pointer="/smtp/port", file="b.yaml")),
        mark(diagnostic(at=span(3, 9, 12), pointer="/smtp/host")),
        mark(source=SOURCE.replace("465", "587")),
        mark(diagnostic(at=None, pointer="/smtp/port")),
        mark(diagnostic(file=None)),
    ]

    assert len({mark(), *others}) == 7


def test_the_words_of_a_finding_in_a_file_do_not_count() -> None:
    """They may count days."""
    assert mark(replace(PORT, message="In 38 days.")) == mark(replace(PORT, message="In 37 days."))


def test_two_findings_that_are_alike_are_told_apart() -> None:
    twice = Report.of([PORT, replace(PORT, message="Again.")], sources={"a.yaml": SOURCE})

    assert len(set(fingerprints(twice))) == 2


def test_a_place_behind_the_text_and_a_span_over_lines_have_fingerprints_too() -> None:
    behind = diagnostic(at=span(99, 1, 1))
    long = diagnostic(at=Span(line=1, column=1, end_line=3, end_column=4))

    assert len({mark(behind), mark(long), mark(diagnostic(file=None))}) == 3


def test_a_fingerprint_is_32_hexadecimal_digits() -> None:
    assert len(mark()) == 32
    assert int(mark(diagnostic(file="\udcff")), 16) >= 0
