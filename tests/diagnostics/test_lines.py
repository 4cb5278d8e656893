from maild.diagnostics.lines import split_lines


def test_lines_end_where_a_yaml_parser_ends_them() -> None:
    assert split_lines("a\nb\r\nc\rd\x85e\u2028f\u2029g") == ["a", "b", "c", "d", "e", "f", "g"]


def test_other_separators_are_ordinary_characters() -> None:
    assert split_lines("a\x0bb\x0cc\x1cd") == ["a\x0bb\x0cc\x1cd"]


def test_a_text_that_ends_its_last_line_has_an_empty_one_behind_it() -> None:
    assert split_lines("a\n") == ["a", ""]
