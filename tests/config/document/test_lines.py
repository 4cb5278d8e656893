import pytest

from maild.config.document.lines import Lines
from maild.diagnostics import Span


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_from_one_in_characters(line_break: str) -> None:
    text = f"äö{line_break}🎉: x{line_break}"

    start = text.index("🎉")

    assert Lines(text).span(start, start + 1) == Span(line=2, column=1, end_line=2, end_column=2)
    assert Lines(text).span(1, start + 4) == Span(line=1, column=2, end_line=2, end_column=5)
    assert Lines(text).line_start(start + 2) == start


def test_the_end_of_a_text_has_a_place() -> None:
    assert Lines("").span(0, 0) == Span(line=1, column=1, end_line=1, end_column=1)
    assert Lines("a\n").span(2, 2) == Span(line=2, column=1, end_line=2, end_column=1)
