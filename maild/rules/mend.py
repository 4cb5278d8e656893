"""Makes the fixes of a file's findings, as many as go together, until nothing is left to make. Pure.

Fixes that touch the same text wait for the next round. A fix may uncover what it hid: below a misspelt `smpt:` nothing
is checked. What comes to light is fixed along with it; if an error stays that was not there, the fix is not made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from maild.diagnostics import Diagnostic, Edit, Fix, Severity
from maild.diagnostics.fix import apply_edits, are_apart

Examine: TypeAlias = Callable[[str], Sequence[Diagnostic]]
"""What is wrong with a text, as the content of the file that is mended."""

_MOST_LOOKS: Final = 60
"""How often a file is looked at; a hostile one could make it endless."""
_FEWEST_LOOKS: Final = 4
_MOST_READ: Final = 1024 * 1024
"""How many characters these looks have together, each at the whole file, unless the fewest have more."""
_MOST_FIXES: Final = 200
"""How many fixes are made in one round, for the same reason."""

_Place: TypeAlias = tuple[str, str | None]
"""A rule and the value concerned: what stays when lines move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A text after its fixes.

    Attributes:
        text: all of it; the same as before where nothing could be fixed.
        fixed: the findings that were mended, in the order in which they were.
        left_out: findings whose fixes were not made, since an error would have come of them.
    """

    text: str
    fixed: tuple[Diagnostic, ...] = ()
    left_out: tuple[Diagnostic, ...] = ()


def mend_text(text: str, examine: Examine, *, with_unsafe: bool) -> Mended:
    """The text with its fixes made, the unsafe ones too if asked for.

    Mending its result again changes nothing, unless the text is so long that the looks did not last.
    """
    looks = min(_MOST_LOOKS, max(_FEWEST_LOOKS, _MOST_READ // (len(text) + 1)))
    mender = _Mender(examine=examine, with_unsafe=with_unsafe, looks=looks)
    return mender.mend(_State(text=text, found=tuple(examine(text))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    text: str
    found: tuple[Diagnostic, ...]
    fixed: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> frozenset[_Place]:
        """The errors."""
        return frozenset(_place(found) for found in self.found if found.severity is Severity.ERROR)

    @property
    def weight(self) -> tuple[int, int]:
        """How bad it is: each step must make it less, or two fixes could undo each other for ever."""
        return sum(found.severity is Severity.ERROR for found in self.found), len(self.found)

    def is_better_than(self, other: "_State") -> bool:
        """Whether nothing got worse and something got better."""
        return self.errors <= other.errors and self.weight < other.weight


class _Mender:
    """Looks at a text again and again, while there are looks left."""

    def __init__(self, *, examine: Examine, with_unsafe: bool, looks: int) -> None:
        self._examine: Final = examine
        self._with_unsafe: Final = with_unsafe
        self._looks_left = looks

    def mend(self, state: _State) -> Mended:
        """Takes as many fixes at once as come out well; of those that do not, half, down to the one to leave out."""
        refused: dict[_Place, Diagnostic] = {}
        size = _MOST_FIXES
        while batch := self._batch(state, frozenset(refused))[:size]:
            after = self._follow(state, batch)
            if after is None:
                break
            if after.is_better_than(state):
                state = after
                refused = {}
            elif len(batch) > 1:
                size = len(batch) // 2
                continue
            else:
                refused[_place(batch[0])] = batch[0]
            size = _MOST_FIXES
        return Mended(text=state.text, fixed=state.fixed, left_out=tuple(refused.values()))

    def _follow(self, state: _State, batch: list[Diagnostic]) -> _State | None:
        """These fixes and all that come to light by them; None when there are no looks left."""
        known = frozenset(_place(found) for found in state.found)
        while batch:
            if not self._looks_left:
                return None
            self._looks_left -= 1
            text = apply_edits(state.text, (edit for found in batch for edit in _fix_of(found).edits))
            state = _State(text=text, found=tuple(self._examine(text)), fixed=(*state.fixed, *batch))
            batch = self._batch(state, known)
            known |= {_place(found) for found in batch}
        return state

    def _batch(self, state: _State, without: frozenset[_Place]) -> list[Diagnostic]:
        """Findings whose fixes can be made together, from the top of the file on."""
        batch: list[Diagnostic] = []
        taken: list[Edit] = []
        for found in state.found:
            fix = found.fix
            if fix is None or not (fix.is_safe or self._with_unsafe) or _place(found) in without:
                continue
            if len(batch) < _MOST_FIXES and are_apart(fix.edits, taken):
                batch.append(found)
                taken += fix.edits
        return batch


def _fix_of(found: Diagnostic) -> Fix:
    assert found.fix is not None
    return found.fix


def _place(found: Diagnostic) -> _Place:
    return found.code, found.location.pointer if found.location else None
