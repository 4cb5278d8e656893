from hypothesis import given
from hypothesis import strategies as st

from maild.diagnostics.lines import line_starts, split_lines


def test_lines_end_where_an_editor_ends_them() -> None:
    assert split_lines("a\nb\r\nc\rd") == ["a", "b", "c", "d"]


def test_other_separators_are_ordinary_characters() -> None:
    assert split_lines("a\x0bb\x0cc\x1cd\x85e\u2028f") == ["a\x0bb\x0cc\x1cd\x85e\u2028f"]


def test_a_text_that_ends_its_last_line_has_an_empty_one_behind_it() -> None:
    assert split_lines("a\n") == ["a", ""]


@given(st.text(alphabet="a\r\n\u2028"))
def test_each_line_begins_where_it_is_said_to(text: str) -> None:
    starts = line_starts(text)

    ends = [*starts[1:], len(text)]
    assert [text[start:end].rstrip("\r\n") for start, end in zip(starts, ends, strict=True)] == split_lines(text)
