import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, Range

from maild.cli.lsp.ruler import Ruler
from maild.diagnostics import Span

TEXT = "nämé: 👩‍💻 日本\tx\r\n\r\nlast"
UTF8, UTF16, UTF32 = PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32


def one(line: int, start: int, end: int) -> Range:
    return Range(start=Position(line=line, character=start), end=Position(line=line, character=end))


@pytest.mark.parametrize(("encoding", "start", "end"), [(UTF32, 10, 12), (UTF16, 12, 14), (UTF8, 20, 26)])
def test_wide_and_combining_characters_count_by_the_units_agreed_on(
    encoding: PositionEncodingKind, start: int, end: int
) -> None:
    ruler = Ruler.of(TEXT, encoding)
    span = Span(line=1, column=11, end_line=1, end_column=13)

    assert ruler.range_of(span) == one(0, start, end)
    assert ruler.span_of(one(0, start, end)) == span


@pytest.mark.parametrize(("encoding", "units"), [(UTF32, 1), (UTF16, 1), (UTF8, 3)])
def test_a_byte_order_mark_counts_where_the_editor_has_one(encoding: PositionEncodingKind, units: int) -> None:
    ruler = Ruler.of("abc\nabc", encoding, has_mark=True)

    assert ruler.range_of(Span(line=1, column=1, end_line=1, end_column=4)) == one(0, units, units + 3)
    assert ruler.place_of(Position(line=0, character=0)) == (1, 1)
    assert ruler.place_of(Position(line=1, character=1)) == (2, 2)


def test_what_is_about_no_place_stands_at_the_beginning() -> None:
    assert Ruler.of("abc", UTF16).range_of(None) == one(0, 0, 0)


def test_places_beyond_the_text_mean_its_end() -> None:
    ruler = Ruler.of("ab\ncde", UTF16)

    assert ruler.place_of(Position(line=0, character=99)) == (1, 3)
    assert ruler.place_of(Position(line=9, character=0)) == (2, 4)
    assert ruler.range_of(Span(line=7, column=9, end_line=7, end_column=9)) == one(1, 3, 3)


def test_half_of_a_character_is_left_of_it() -> None:
    assert Ruler.of("👩x", UTF16).place_of(Position(line=0, character=1)) == (1, 1)
    assert Ruler.of("äx", UTF8).place_of(Position(line=0, character=1)) == (1, 1)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from([UTF8, UTF16, UTF32]),
    st.sampled_from(["", "\ufeff"]),
    st.data(),
)
def test_every_place_is_found_again(text: str, encoding: PositionEncodingKind, mark: str, data: st.DataObject) -> None:
    ruler = Ruler.of(text, encoding, has_mark=bool(mark))
    line = data.draw(st.integers(1, len(ruler.lines)))
    column = data.draw(st.integers(1, len(ruler.lines[line - 1]) + 1))

    assert ruler.place_of(ruler.range_of(Span(line=line, column=column, end_line=line, end_column=column)).start) == (
        line,
        column,
    )
