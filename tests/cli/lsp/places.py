"""Texts with a cursor in them, written as ¦."""

CURSOR = "¦"


def place(text: str) -> tuple[tuple[str, ...], tuple[int, int]]:
    """The lines without the cursor, and its line and column."""
    before, _, after = text.partition(CURSOR)
    lines = (before + after).split("\n")
    return tuple(lines), (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
