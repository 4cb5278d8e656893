from hypothesis import given
from hypothesis import strategies as st

from maild.cli.lsp.change import changes_of
from maild.diagnostics import Edit, Span
from maild.diagnostics.fix import apply_edits

TEXTS = st.text(st.sampled_from("ab :\n\r"), max_size=40)


def test_only_what_differs_is_edited() -> None:
    before = "usrname: a\npassword: hunter2\nsmtp: {hots: x, port: 25}\n"
    after = "username: a\npassword: hunter2\nsmtp: {host: x, port: 465}\n"

    assert changes_of(before, after) == (
        Edit(span=Span(line=1, column=1, end_line=1, end_column=8), text="username"),
        Edit(span=Span(line=3, column=8, end_line=3, end_column=12), text="host"),
        Edit(span=Span(line=3, column=23, end_line=3, end_column=25), text="465"),
    )


def test_the_same_text_needs_no_edit() -> None:
    assert changes_of("a: b\n", "a: b\n") == ()


def test_texts_with_little_in_common_are_replaced() -> None:
    before, after = "x " * 1500, "y " * 1500

    (edit,) = changes_of(before, after)

    assert apply_edits(before, [edit]) == after


@given(TEXTS, TEXTS)
def test_the_edits_make_the_other_text(before: str, after: str) -> None:
    assert apply_edits(before, changes_of(before, after)) == after
