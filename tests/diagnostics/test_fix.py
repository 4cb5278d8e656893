from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.document.lines import Lines
from maild.diagnostics import Edit, Span
from maild.diagnostics.fix import apply_edits, are_apart, index_of
from tests.diagnostics.render.build import span
from tests.rows import each_row

TEXTS = st.text(alphabet=st.sampled_from("ab \n\rü漢\u2028"), max_size=30)


def edit(at: Span, text: str = "x") -> Edit:
    return Edit(span=at, text=text)


def test_edits_are_made_at_once_whatever_their_order() -> None:
    edits = [edit(span(2, 1, 3), "long text"), edit(span(1, 1, 1), ">"), edit(span(1, 2, 2, 2), "")]

    assert apply_edits("ab\r\ncde\n", edits[:2]) == ">ab\r\nlong texte\n"
    assert apply_edits("ab\r\ncde\n", edits[1:]) == ">ade\n"


@settings(deadline=None)
@given(TEXTS, st.integers(0, 30), st.integers(0, 30), TEXTS)
def test_an_edit_replaces_its_span_and_keeps_every_other_byte(text: str, start: int, length: int, new: str) -> None:
    """Whatever ends the lines; spans as `config.document` makes them."""
    start = min(start, len(text))
    end = min(start + length, len(text))
    at = Lines(text).span(start, end)

    assert index_of(text).range_of(at) == (start, end)
    assert apply_edits(text, [edit(at, new)]) == text[:start] + new + text[end:]


def test_a_line_is_found_by_its_number_whatever_ends_it() -> None:
    index = index_of("ab\r\n\rcde\n\n")

    assert [index.line(number) for number in range(1, 6)] == ["ab", "", "cde", "", ""]


@each_row(
    ("one", "other", "apart"),
    [
        (span(1, 1, 3), span(1, 3, 5), True),
        (span(1, 1, 3), span(1, 2, 5), False),
        (span(1, 1, 1), span(1, 1, 1), False),
        (span(1, 1, 1), span(1, 1, 4), False),
        (span(1, 1, 4), span(1, 4, 4), True),
        (span(1, 1, 2, 3), span(2, 1, 2), False),
    ],
)
def test_edits_that_touch_the_same_text_are_not_made_together(one: Span, other: Span, apart: bool) -> None:  # noqa: FBT001
    assert are_apart([edit(one)], [edit(other)]) is apart
    assert are_apart([edit(other)], [edit(one)]) is apart
