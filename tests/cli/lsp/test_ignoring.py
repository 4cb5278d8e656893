import pytest

from maild.cli.lsp.ignoring import ignore_edit
from maild.config.document import parse_document
from maild.diagnostics import Diagnostic, Location, Severity, Span
from maild.diagnostics.fix import apply_edits
from tests.rules.examine import GOOD, examine

PORT_25 = "protocol: smtp\nsmtp:\n  host: mail.b.org\n  port: 25\nusername: a@b.org\npassword: {env: SMTP_PASSWORD}\n"


def ignored(text: str, code: str, file: str = "account.yaml") -> str | None:
    """The text after the first finding of this code is ignored; None when there is no way."""
    document = parse_document(file, text.encode()).document
    assert document is not None
    before = examine(text, file=file).diagnostics
    found = next(one for one in before if one.code == code)
    edit = ignore_edit(document, found, before, lambda text: examine(text, file=file).diagnostics)
    return None if edit is None else apply_edits(text, [edit])


def test_the_comment_stands_behind_the_value() -> None:
    assert ignored(PORT_25, "ML301") == PORT_25.replace("25\n", "25 # maild: ignore ML301\n")


def test_a_comment_that_is_there_already_gets_one_rule_more() -> None:
    text = PORT_25.replace("25\n", "25 # maild: ignore ML302 -- theirs until 2027-01-31\n")

    assert ignored(text, "ML301") == text.replace("ML302", "ML302, ML301")


def test_a_comment_about_something_else_stays_as_it_is() -> None:
    text = PORT_25.replace("  host", "  # maild: ignore ML302 -- theirs\n  host")

    assert ignored(text, "ML301") == text.replace("25\n", "25 # maild: ignore ML301\n")


def test_where_a_comment_would_be_part_of_the_value_it_stands_above() -> None:
    text = PORT_25 + 'name: "A\n  shop "\n'

    assert ignored(text, "ML122") == text.replace("\nname:", "\n# maild: ignore ML122\nname:")


def test_what_is_about_no_value_is_ignored_in_the_whole_file() -> None:
    document = parse_document("account.yaml", GOOD.encode()).document
    assert document is not None
    span = Span(line=1, column=1, end_line=1, end_column=1)
    found = Diagnostic(
        code="ML439", name="x", severity=Severity.INFO, message="x", location=Location(file="account.yaml", span=span)
    )
    modeline = "# yaml-language-server: $schema=x\r\n"
    other = parse_document("account.yaml", (modeline + GOOD).encode()).document
    assert other is not None

    plain = ignore_edit(document, found, [found], lambda _: [])
    below = ignore_edit(other, found, [found], lambda _: [])

    assert plain is not None
    assert below is not None
    assert apply_edits(document.text, [plain]) == "# maild: ignore-file ML439\n" + GOOD
    assert apply_edits(other.text, [below]) == f"{modeline}# maild: ignore-file ML439\r\n{GOOD}"


def test_what_must_not_be_ignored_is_offered_no_comment() -> None:
    assert ignored(PORT_25 + "nothing: 1\n", "ML201") is None


@pytest.mark.parametrize("location", [None, Location(file="account.yaml")])
def test_what_has_no_place_is_offered_none(location: Location | None) -> None:
    document = parse_document("account.yaml", GOOD.encode()).document
    assert document is not None
    found = Diagnostic(code="ML301", name="x", severity=Severity.INFO, message="x", location=location)

    assert ignore_edit(document, found, [found], lambda _: []) is None


def test_a_comment_that_would_not_help_is_not_offered() -> None:
    document = parse_document("account.yaml", PORT_25.encode()).document
    assert document is not None
    before = examine(PORT_25).diagnostics

    assert ignore_edit(document, before[0], before, lambda _: before) is None
