from maild.diagnostics.lines import split_lines


def test_lines_end_where_an_editor_ends_them() -> None:
    assert split_lines("a\nb\r\nc\rd") == ["a", "b", "c", "d"]


def test_other_separators_are_ordinary_characters() -> None:
    assert split_lines("a\x0bb\x0cc\x1cd\x85e\u2028f") == ["a\x0bb\x0cc\x1cd\x85e\u2028f"]


def test_a_text_that_ends_its_last_line_has_an_empty_one_behind_it() -> None:
    assert split_lines("a\n") == ["a", ""]
