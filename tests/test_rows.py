"""A table in one test fails where any row fails, and says which."""

import pytest

from tests.rows import each_row


@each_row("number", [1, 2])
@each_row(("text", "length"), [("a", 1), ("bc", 2)])
def test_stacked_tables_are_multiplied(number: int, text: str, length: int) -> None:
    assert len(text * number) == number * length


def test_every_wrong_row_is_told_with_its_values() -> None:
    tried: list[int] = []

    @each_row(("number", "square"), [(1, 1), (2, 5), (3, 9), (4, 17)])
    def squares(number: int, square: int) -> None:
        tried.append(number)
        assert number * number == square

    with pytest.raises(ExceptionGroup, match=r"^2 of 4 rows") as raised:
        squares()

    assert tried == [1, 2, 3, 4]
    assert [one.__notes__ for one in raised.value.exceptions] == [
        ["row 2: number=2, square=5"],
        ["row 4: number=4, square=17"],
    ]


@each_row("text", ["a", "b"])
def test_a_fixture_is_given_beside_the_row(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert text
    assert tmp_path_factory.getbasetemp().is_dir()


def test_a_row_of_another_length_is_no_row() -> None:
    @each_row(("one", "two"), [(1, 2), (1,)])
    def anything(one: int, two: int) -> None:
        assert (one, two) == (1, 2)

    with pytest.raises(AssertionError, match="row 2 has 1 values for 2 names"):
        anything()
