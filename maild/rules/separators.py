"""Lines that say what they mean in another notation than YAML's: `host = x`, `host:x`, `host x`, `host: x;`. Pure.

Only lines that begin with a key that the file can have are looked at, and only when the file cannot be read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from maild.config.schema import Shape, known_keys
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.lines import split_lines

_MOST_LINES: Final = 1000
"""No account has as many; a hostile file has a hundred thousand."""
_GLUED: Final = SyntaxCause.NO_SPACE_AFTER_COLON
_ENDS: Final = re.compile(r"[^\s,;#{\[][ \t]*(?P<wrong>[,;])[ \t]*$")
_NO_BRACKET: Final = re.compile(r"\"[^\"]*\"|'[^']*'|(?:^|\s)#.*")
"""Quoted texts and comments, in which a bracket is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """Something in the way on a line.

    Attributes:
        span: the stretch that is in the way.
        meant: what belongs there.
        shown: what a person looks at: the key where something is missing behind it.
        cause: what it is.
    """

    span: Span
    meant: str
    shown: Span
    cause: SyntaxCause


@cache
def keys_of(*, is_account: bool) -> frozenset[str]:
    """Every key that such a file can have, whatever its place."""
    shapes = (Shape.SMTP, Shape.HTTP) if is_account else (Shape.SITE,)
    return frozenset(key for shape in shapes for keys in known_keys(shape).values() for key in keys)


def odd_separators(text: str, keys: frozenset[str]) -> tuple[Odd, ...]:
    """Each key that is not followed by a colon and a blank."""
    lines = split_lines(text)
    return tuple(_between(lines, keys)) if len(lines) <= _MOST_LINES else ()


def odd_ends(text: str, keys: frozenset[str]) -> tuple[Odd, ...]:
    """Commas or semicolons at the ends of lines; nothing where only one line has one, and none within brackets."""
    lines = split_lines(text)
    if len(lines) > _MOST_LINES or text.lstrip()[:1] in {"{", "["}:
        return ()
    found = []
    depth = 0
    for number, line in enumerate(lines, start=1):
        opened = _opened(line)
        end = _ENDS.search(line) if depth == opened == 0 and _line(keys).match(line) is not None else None
        if end is not None:
            found.append(_odd(number, end.span("wrong"), SyntaxCause.LINE_END, ""))
        depth = max(depth + opened, 0)
    return tuple(found) if len(found) > 1 else ()


def _opened(line: str) -> int:
    """How many brackets more are opened than closed on the line."""
    bare = _NO_BRACKET.sub("", line)
    return sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))


def mend(odd: tuple[Odd, ...]) -> Fix:
    """The edits for all of them."""
    return Fix(edits=tuple(Edit(span=one.span, text=one.meant) for one in odd), is_safe=True)


def _between(lines: list[str], keys: frozenset[str]) -> Iterator[Odd]:
    for number, line in enumerate(lines, start=1):
        found = _line(keys).match(line)
        if found is None or found["right"] is not None:
            continue
        cause = (
            SyntaxCause.EQUALS_SIGN
            if found["equals"] is not None
            else SyntaxCause.MISSING_COLON
            if found["blank"] is not None
            else SyntaxCause.NO_SPACE_AFTER_COLON
        )
        yield _odd(number, found.span("between"), cause, ": ", found.start("key"))


@cache
def _line(keys: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    return re.compile(
        rf"[ \t]*+(?:-[ ]+)?(?P<key>{words})"
        r"(?P<between>(?P<right>[ \t]*:(?:[ \t]|$))|(?P<equals>[ \t]*(?::=|=>?)[ \t]*)"
        r"|(?P<glued>:)(?=[^\s/:])|(?P<blank>[ \t]+)(?=[^\s:=#]+[ \t]*$))",
        re.IGNORECASE,
    )


def _odd(number: int, place: tuple[int, int], cause: SyntaxCause, meant: str, key: int | None = None) -> Odd:
    start, end = place
    span = Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
    shown = span
    if key is not None and cause is not SyntaxCause.EQUALS_SIGN:
        # `host:` with its colon, `host` without what is missing behind it.
        shown = replace(span, column=key + 1, end_column=end + 1 if cause is _GLUED else start + 1)
    return Odd(span=span, cause=cause, meant=meant, shown=shown)
