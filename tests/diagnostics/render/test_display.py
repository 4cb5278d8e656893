from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics.render.display import crop_line, printable, show_line


@settings(deadline=None)
@given(st.text())
def test_what_is_shown_is_printable_and_columns_never_go_back(line: str) -> None:
    shown = show_line(line)

    assert printable(shown.text) == shown.text
    assert len(shown.columns) == len(line) + 1
    assert list(shown.columns) == sorted(shown.columns)


@settings(deadline=None)
@given(st.text(), st.integers(0, 50))
def test_every_column_has_a_place_on_the_line(line: str, column: int) -> None:
    shown = show_line(line)

    assert 0 <= shown.column(column) <= shown.columns[-1]


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 1200))
def test_a_cropped_line_is_short_and_holds_the_column(length: int, column: int) -> None:
    window, moved = crop_line("x" * length, column)

    assert len(window) <= 160
    assert 0 <= moved <= max(length - 1, 0)
    assert column > length or 1 <= column - moved <= len(window)
