from maild.cli.unapplied import MOST_LINES, MOST_SHOWN, Line, Unapplied, unapplied_lines
from maild.rules.masked import MASK, Masked


def differing(old: str, new: str) -> Unapplied:
    return Unapplied.of("a.yaml", Masked.of(old, ()), Masked.of(new, ()))


def test_lines_that_differ_are_numbered_on_their_own_side() -> None:
    found = differing("a\nb\nc\nd\n", "a\nx\nb\nd\n")

    assert list(unapplied_lines(found))[1:] == ["  + line 2: x", "  - line 3: c"]
    assert differing("a\n", "a\n").lines == ()
    assert differing("a\n", "a\nb\n").lines == (Line(is_on_disk=True, number=2, text="b"),)


def test_of_long_files_the_first_lines_are_shown_and_the_others_counted() -> None:
    found = differing("a\n" * (MOST_LINES + 1), "b\n" * 3)

    assert (len(found.lines), found.left_out) == (MOST_SHOWN, MOST_LINES + 4 - MOST_SHOWN)
    assert list(unapplied_lines(found))[-1] == f"  and {found.left_out} lines more"


def test_a_secret_of_either_side_is_shown_of_neither() -> None:
    in_force, on_disk = Masked.of(f"password: {MASK}", ["hunter2"]), Masked.of("note: hunter2 secret9", ["secret9"])

    assert [line.text for line in Unapplied.of("a", in_force, on_disk).lines] == [
        f"password: {MASK}",
        f"note: {MASK} {MASK}",
    ]
    hidden = Unapplied.of("a", Masked.of("a", ()), Masked.of_too_many())
    assert [line.text for line in hidden.lines] == [MASK, MASK]
