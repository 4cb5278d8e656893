from maild.diagnostics import Report, Severity
from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text
from tests.diagnostics.render.build import diagnostic, related, report, span
from tests.rows import each_row

PLAIN = Style()


def test_a_finding_shows_its_line_its_reason_elsewhere_in_the_file_and_what_to_do() -> None:
    finding = diagnostic(
        at=span(3, 9, 12),
        help_text="write `mode: implicit`",
        related=(related("this asks for STARTTLS", span(4, 15, 23)),),
    )

    assert render_text(report(finding), PLAIN) == (
        "error[ML303] port-tls-mode-mismatch\n"
        "  --> a.yaml:3:9\n"
        "  Port 465 speaks TLS at once.\n"
        "  3 |   port: 465\n"
        "    |         ^^^\n"
        "  4 |   tls: {mode: starttls}\n"
        "    |               -------- this asks for STARTTLS\n"
        "  help: write `mode: implicit`\n"
        "  docs: maild explain ML303\n"
        "\n"
        "1 file checked: 1 error\n"
    )


def test_lines_left_out_between_are_told_by_dots() -> None:
    finding = diagnostic(at=span(4, 3, 6), related=(related("because of this", span(1, 1, 5)),))

    assert render_text(report(finding), PLAIN).splitlines()[3:8] == [
        "  1 | smtp:",
        "    | ---- because of this",
        "    :",
        "  4 |   tls: {mode: starttls}",
        "    |   ^^^",
    ]


def test_two_marks_on_one_line_share_it() -> None:
    finding = diagnostic(at=span(4, 15, 23), related=(related("here", span(4, 3, 6)),))

    assert render_text(report(finding), PLAIN).splitlines()[3:6] == [
        "  4 |   tls: {mode: starttls}",
        "    |   --- here",
        "    |               ^^^^^^^^",
    ]


def test_a_reason_in_another_file_is_shown_with_its_own_place() -> None:
    finding = diagnostic(at=span(3, 3, 7), related=(related("set here", span(1, 1, 5), file="maild.yaml"),))
    both = Report.of([finding], sources={"a.yaml": "\n\n  port: 465\n", "maild.yaml": "lint: {}\n"}, files_checked=2)

    assert render_text(both, PLAIN).splitlines()[3:8] == [
        "  3 |   port: 465",
        "    |   ^^^^",
        "  ::: maild.yaml:1:1: set here",
        "  1 | lint: {}",
        "    | ----",
    ]


def test_a_reason_without_a_position_is_named_by_its_file() -> None:
    finding = diagnostic(at=span(3, 3, 7), related=(related("not there", None, file="b.yaml"),))

    assert "  ::: b.yaml: not there\n  docs:" in render_text(report(finding), PLAIN)


def test_a_finding_without_position_has_no_snippet() -> None:
    assert render_text(report(diagnostic()), PLAIN).splitlines()[:4] == [
        "error[ML303] port-tls-mode-mismatch",
        "  --> a.yaml",
        "  Port 465 speaks TLS at once.",
        "  docs: maild explain ML303",
    ]


def test_a_finding_about_no_file_has_no_place() -> None:
    assert render_text(report(diagnostic(file=None)), PLAIN).splitlines()[:3] == [
        "error[ML303] port-tls-mode-mismatch",
        "  Port 465 speaks TLS at once.",
        "  docs: maild explain ML303",
    ]


def test_a_reason_beside_a_finding_about_no_file_keeps_its_own_place() -> None:
    finding = diagnostic(file=None, related=(related("here", span(1, 1, 5)),))

    assert "  ::: a.yaml:1:1: here\n  1 | smtp:\n    | ----\n" in render_text(report(finding), PLAIN)


def test_a_position_behind_the_text_or_in_an_unknown_file_shows_no_line() -> None:
    behind = render_text(report(diagnostic(at=span(99, 1, 2))), PLAIN)
    unknown = render_text(report(diagnostic(at=span(1, 1, 2), file="b.yaml")), PLAIN)

    assert "|" not in behind
    assert "|" not in unknown


@each_row(
    ("line", "column", "end", "carets"),
    [
        ("\tx: 1", 2, 3, "    ^"),
        ("ab\tx", 4, 5, "    ^"),
        ("名前: x", 1, 3, "^^^^"),
        ("名前: x", 5, 6, "      ^"),
        ("e\u0301: x", 1, 3, "^"),
        ("e\u0301: x", 5, 6, "   ^"),
        ("\u202ex", 1, 2, "^"),
        ("abc", 4, 4, "   ^"),
        ("abc", 9, 12, "   ^"),
    ],
)
def test_carets_stand_under_the_characters_as_a_terminal_shows_them(
    line: str, column: int, end: int, carets: str
) -> None:
    shown = render_text(report(diagnostic(at=span(1, column, end)), source=line), PLAIN)

    assert shown.splitlines()[4] == f"    | {carets}"


def test_a_span_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    shown = render_text(report(diagnostic(at=span(2, 9, 3, end_line=4))), PLAIN)

    assert shown.splitlines()[3:5] == ["  2 |   host: smtp.gmail.com", "    |         ^^^^^^^^^^^^^^"]


def test_a_hostile_line_cannot_speak_to_the_terminal() -> None:
    shown = render_text(report(diagnostic(at=span(1, 1, 2)), source="a\x1b[2Jb\u202ec"), PLAIN)

    assert shown.splitlines()[3] == "  1 | a\ufffd[2Jb\ufffdc"


def test_a_hostile_file_name_or_message_stays_on_its_line() -> None:
    shown = render_text(report(diagnostic(file="a\nb.yaml", message="bad \x1b\tvalue")), PLAIN)

    assert shown.splitlines()[1:3] == ["  --> a\\nb.yaml", "  bad \ufffd\\tvalue"]


def test_a_long_line_is_cut_around_its_mark() -> None:
    line = "a" * 500 + "X" + "b" * 500
    start, end = (render_text(report(diagnostic(at=span(1, at, at + 1)), source=line), PLAIN) for at in (1, 1001))
    middle = render_text(report(diagnostic(at=span(1, 501, 502)), source=line), PLAIN)

    assert middle.splitlines()[3] == "  1 | …" + "a" * 59 + "X" + "b" * 98 + "…"
    assert middle.splitlines()[4] == "    | " + " " * 60 + "^"
    assert start.splitlines()[3] == "  1 | " + "a" * 159 + "…"
    assert end.splitlines()[3] == "  1 | …" + "b" * 59 + "b"
    assert end.splitlines()[4] == "    | " + " " * 60 + "^"


def test_an_empty_line_is_shown_without_a_blank_at_its_end() -> None:
    assert render_text(report(diagnostic(at=span(2, 1, 1)), source="a\n\n"), PLAIN).splitlines()[3:5] == [
        "  2 |",
        "    | ^",
    ]


def test_sentences_are_wrapped_to_the_width_of_the_terminal() -> None:
    shown = render_text(
        report(diagnostic(message="one two three four five six", help_text="a bb ccc dddd eeeee ffffff")),
        Style(width=20),
    )

    assert shown.splitlines()[2:6] == ["  one two three four", "  five six", "  help: a bb ccc", "        dddd eeeee"]


def test_colours_are_used_where_they_are_understood() -> None:
    shown = render_text(report(diagnostic(at=span(3, 9, 12), severity=Severity.WARNING)), Style(has_color=True))

    assert shown.splitlines()[0] == "\x1b[1;33mwarning[ML303]\x1b[0m \x1b[1mport-tls-mode-mismatch\x1b[0m"
    assert shown.splitlines()[4] == "  \x1b[34m  |\x1b[0m         \x1b[1;33m^^^\x1b[0m"


def test_the_summary_counts_by_severity() -> None:
    severities = (Severity.ERROR, Severity.ERROR, Severity.WARNING, Severity.INFO)
    findings = [diagnostic(message=str(number), severity=kind) for number, kind in enumerate(severities)]

    last = render_text(report(*findings, files_checked=3), PLAIN).splitlines()[-1]

    assert last == "3 files checked: 2 errors, 1 warning, 1 note"


def test_a_clean_report_says_so() -> None:
    assert render_text(Report(diagnostics=(), files_checked=2), PLAIN) == "2 files checked, nothing to report\n"
