from maild.config.schema.kind import kind_of, shown
from tests.rows import each_row


@each_row(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true or false"),
        (1, "a whole number"),
        (1.5, "a number"),
        ("x", "text"),
        ([], "a list"),
        ({}, "a mapping"),
    ],
)
def test_a_value_has_its_kind_in_plain_words(value: object, words: str) -> None:
    assert kind_of(value) == words


@each_row(("value", "text"), [(True, "true"), (False, "false"), (5, "5"), ("x" * 300, "x" * 200)])
def test_a_value_is_shown_as_in_yaml_and_cut(value: object, text: str) -> None:
    assert shown(value) == text
