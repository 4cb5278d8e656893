import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.document import parse_document
from maild.config.fault import Pointer
from maild.diagnostics import Span
from maild.rules.ignore import Ignore, IgnoredRule, find_ignores
from maild.rules.mend import mend_text
from tests.rows import each_row
from tests.rules.examine import GOOD, codes, examine

PORT_25 = GOOD.replace("smtp.gmail.com, port: 465", "mail.baker.org, port: 25")


def ignores(text: str) -> tuple[Ignore, ...]:
    return find_ignores(parse_document("a.yaml", text.encode()).document)


def test_a_comment_has_rules_reason_last_day_and_a_place() -> None:
    (found,) = ignores("a: 1\nsmtp:  # maild: ignore ML301, some-name -- old server until 2027-1-31 \n  port: 25\n")

    assert found == Ignore(
        span=Span(line=2, column=8, end_line=2, end_column=71),
        verb_span=Span(line=2, column=17, end_line=2, end_column=23),
        verb="ignore",
        rules=(
            IgnoredRule(text="ML301", span=Span(line=2, column=24, end_line=2, end_column=29)),
            IgnoredRule(text="some-name", span=Span(line=2, column=31, end_line=2, end_column=40)),
        ),
        has_reason=True,
        until="2027-1-31",
        until_span=Span(line=2, column=61, end_line=2, end_column=70),
        targets=(Pointer("/smtp"),),
        is_alone=False,
    )
    assert found.last_day == date(2027, 1, 31)
    assert [found.covers(pointer) for pointer in ("/smtp", "/smtp/port", "/smtps", "/a", None)] == [
        *(True, True, False, False, False)
    ]


@each_row(
    ("text", "targets"),
    [
        ("a: 1 # maild: ignore X", ("/a",)),
        ("# maild: ignore X\n\n# note\na: {b: 1}", ("/a", "/a/b")),
        ("a:\n  - 1 # maild: ignore X\n  - 2", ("/a/0",)),
        ("a:\n  - b: 1\n  # maild: ignore X\n  - b: 2", ("/a/1", "/a/1/b")),
        ("a: {\n  b: 1,\n} # maild: ignore X", ("/a",)),
        ("a: [ # maild: ignore X\n  1]", ("/a",)),
        ("a: 1\n# maild: ignore X", ()),
        ("a: 1\r# maild: ignore X\rb: 2", ("/b",)),
        ("# maild: ignore-file X\na: 1", None),
        ("# maild: ignore X", ()),
        ("--- # maild: ignore X\na: 1", ()),
    ],
)
def test_a_comment_belongs_to_a_value(text: str, targets: tuple[str, ...] | None) -> None:
    (found,) = ignores(text)

    assert (None if found.targets is None else tuple(sorted(found.targets))) == targets


@each_row(
    "text",
    [
        "a: '# maild: ignore X'",
        "a: |\n  # maild: ignore X\n",
        "a: x# maild: ignore X",
        '"b # maild: ignore X": 1',
        "a: 'b\n  # maild: ignore X'",
        "a: 1 # maild: explain X",
        "a: 1 # maild, ignore X",
        "a: [ # maild: ignore X",
        "maild: x",
    ],
)
def test_what_only_looks_like_such_a_comment_is_none(text: str) -> None:
    assert ignores(text) == ()


def test_a_comment_holds_until_its_last_day() -> None:
    (found,) = ignores("a: 1 # maild: ignore X -- y until 2027-01-31")
    (never,) = ignores("a: 1 # maild: ignore X -- y until 2027-02-31")

    assert found.holds(date(2027, 1, 31))
    assert not found.holds(date(2027, 2, 1))
    assert not never.holds(date(2020, 1, 1))


def test_a_comment_moves_with_its_value() -> None:
    """It is bound to the value: putting lines in between or in another order changes nothing."""
    comment = "# maild: ignore ML301 -- the firewall\n"

    assert codes(examine(PORT_25.replace("smtp:", f"{comment}smtp:"))) == []
    assert codes(examine(PORT_25.replace("smtp: {", f"{comment}\n# more\nsmtp: {{\n  "))) == []
    assert codes(examine(comment + PORT_25)) == ["ML901", "ML301"]


def test_no_comment_hides_what_keeps_a_file_from_being_used() -> None:
    text = GOOD.replace("465", "0") + "# maild: ignore-file ML207 -- please\n"

    assert codes(examine(text)) == ["ML207", "ML906"]


def test_a_rule_that_looks_at_the_machine_is_never_called_unused() -> None:
    assert codes(examine(GOOD + "# maild: ignore-file ML504 -- set by the container\n")) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (GOOD + "# maild: ignore ML301 -- x", GOOD),
        (GOOD.replace("\nuser", "\r\n  # maild: ignore ML301 -- x\r\nuser"), GOOD.replace("\nuser", "\r\nuser")),
        (GOOD.replace("}\nuser", "}  # maild: ignore ML301 -- x\nuser"), GOOD),
    ],
)
def test_an_unused_comment_is_taken_out_with_its_line(text: str, after: str) -> None:
    assert mend_text(text, lambda content: examine(content).diagnostics, with_unsafe=False).text == after


def test_the_site_says_that_unused_comments_do_not_matter() -> None:
    from tests.rules.test_engine import lint  # noqa: PLC0415

    assert codes(examine(GOOD + "# maild: ignore ML301 -- x\n", lint=lint(ignore=("ML901",)))) == []


def test_a_hundred_thousand_comments_do_not_take_long() -> None:
    text = PORT_25 + "# maild: ignore ML301 ML301 ML301 -- x\n" * 25_000
    # Of this process alone: the machine may have other work.
    started = time.process_time()

    examine(text)

    assert time.process_time() - started < 5


PIECES = st.sampled_from(
    [*("# maild: ignore", " ML301", " --", " until 2027-01-31", "\n", "a: ", "'", "- ", "{", "}", "# ", "maild:", "\r")]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=15).map("".join))
def test_any_text_can_be_looked_through(text: str) -> None:
    for ignore in ignores(text):
        assert ignore.span.line <= text.count("\n") + text.count("\r") + 1
    assert "ML999" not in codes(examine(text))
