"""How a file on the disk that is not taken, since it has errors, differs from its version in force: line by line. Pure.

Sentences about settings need a file that is right. This one is not, so its lines are shown as they stand, secrets
hidden on either side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from maild.rules.masked import MASK, Masked

MOST_LINES: Final = 400
"""Of one side; finding what is alike among more of them takes long."""

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of one side that the other one does not have; `number` counts from 1."""

    is_on_disk: bool
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapplied:
    """A file and its lines that differ, the first ones; `left_out` counts the others."""

    file: str
    lines: tuple[Line, ...]
    left_out: int = 0

    @classmethod
    def of(cls, file: str, in_force: Masked, on_disk: Masked) -> "Unapplied":
        """The difference of two versions."""
        lines = tuple(_differing(_lines_of(in_force), _lines_of(on_disk)))
        shown = tuple(
            Line(is_on_disk=line.is_on_disk, number=line.number, text=in_force.hide_in(on_disk.hide_in(line.text)))
            for line in lines[:MOST_SHOWN]
        )
        return cls(file=file, lines=shown, left_out=len(lines) - len(shown))


def unapplied_lines(one: Unapplied) -> Iterator[str]:
    """It in words, a line at a time."""
    yield f"{one.file} has errors and is not in force as it is on the disk; its last good version is. They differ in:"
    for line in one.lines:
        yield f"  {'+' if line.is_on_disk else '-'} line {line.number}: {line.text}"
    if one.left_out:
        yield f"  and {one.left_out} lines more"


def unapplied_object(one: Unapplied) -> dict[str, object]:
    """It for programs."""
    lines = [
        {"side": "new" if line.is_on_disk else "old", "line": line.number, "text": line.text} for line in one.lines
    ]
    return {"file": one.file, "lines": lines, "left_out": one.left_out}


def _lines_of(side: Masked) -> list[str]:
    return [MASK] if side.is_too_many else side.text.splitlines()


def _differing(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    start = min(len(old), len(new)) if same is None else same
    before, after = old[start:], new[start:]
    if max(len(before), len(after)) > MOST_LINES:
        groups = [("replace", 0, len(before), 0, len(after))]
    else:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        groups = [group for group in matcher.get_opcodes() if group[0] != "equal"]
    for _, old_from, old_to, new_from, new_to in groups:
        for side, from_, to, lines in ((False, old_from, old_to, before), (True, new_from, new_to, after)):
            for at in range(from_, to):
                yield Line(is_on_disk=side, number=start + at + 1, text=lines[at])
