"""Comments that say which findings are meant to be there: `# maild: ignore ML301 -- reason until 2027-01-31`. Pure.

A comment belongs to a value, not to a line: behind a value to that one, on a line of its own to the next one, and in
both cases to everything below it. So it stays true when lines are wrapped, moved or put in order. `ignore-file` belongs
to the whole file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.diagnostics import Span
from maild.diagnostics.fix import index_of
from maild.rules.spelling import nearest

_COMMENT: Final = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[ \t]*maild:[ \t]*(?P<verb>[\w-]+)(?P<rest>[^\r\n]*)")
_NEARLY: Final = re.compile(
    r"(?:(?<=[ \t\r\n])|\A)#[ \t]*+(?P<verb>(?P<name>[a-z]{4,7})(?::|-|[ \t])[ \t]*+(?P<word>[a-z-]{4,15})):?"
    r"(?P<rest>[ \t\[(]+ML[0-9]{3}(?![0-9])[^\r\n]*)",
    re.IGNORECASE,
)
"""`# maild ignore ML301`, `# mailed: ignore ML301`, `# maild: disable ML301`: with a code, so it is no prose."""
_MEANT_WORDS: Final = ("ignore", "ignore-file", "disable", "disable-file", "suppress", "skip", "noqa", "nolint")
_UNTIL: Final = re.compile(
    r"(?:^|[ \t])(?:until|untill|untl|unitl|utnil|till?)[ \t]+(?P<date>[0-9][0-9./-]{3,})[ \t]*$"
)
"""A day in whatever order: one that cannot be read is said, instead of being a reason that never ends."""
_LONGEST_UNTIL: Final = 100
"""How far from a comment's end the last word `until` is looked for: a hostile comment has a million characters."""
_DASH: Final = re.compile("--|[\u2013\u2014]|(?<=[ \t])-(?=[ \t])")
"""What stands before the reason; word processors make one sign of the two, and people write one alone."""
_OPENING: Final = re.compile(r"[ \t]*:?[ \t]*(?P<bracket>[\[(]?)")
"""What other programs want between their word and the rules: `ignore: ML301`, `ignore[ML301]`."""
_WORD: Final = re.compile(r"[^\s,]+")
_MOST: Final = 200
"""How many comments of a file count, and how many rules of one: a hostile file could make them take minutes."""
_THIS: Final = "ignore"
_FILE: Final = "ignore-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredRule:
    """A rule as the comment names it, by code or by name."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One such comment.

    Attributes:
        span: the comment, from its sign to the end of the line.
        verb_span: the word behind `maild:`.
        verb: `ignore`, `ignore-file`, or a word that is one of them misspelt, which does nothing.
        rules: what is to be ignored.
        has_reason: whether anything stands behind `--`.
        until: the last day on which it holds, as written; None: for ever.
        until_span: where that day stands.
        targets: the values that it belongs to; None: the whole file.
        is_alone: whether nothing else stands on its line.
    """

    span: Span
    verb_span: Span
    verb: str
    rules: tuple[IgnoredRule, ...]
    has_reason: bool
    until: str | None
    until_span: Span | None
    targets: tuple[Pointer, ...] | None
    is_alone: bool

    @property
    def is_meant(self) -> bool:
        """Whether it says what maild knows, and not something like it."""
        return self.verb in {_THIS, _FILE}

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None for ever, or when there is no such day."""
        try:
            return None if self.until is None else date(*map(int, self.until.split("-")))
        except ValueError:
            return None

    def holds(self, today: date) -> bool:
        """Whether it is in force."""
        last = self.last_day
        return self.is_meant and (self.until is None if last is None else today <= last)

    def covers(self, pointer: Pointer | str | None) -> bool:
        """Whether it belongs to the value at this place."""
        if self.targets is None:
            return True
        return pointer is not None and any(
            pointer == target or pointer.startswith(f"{target}/") for target in self.targets
        )


def find_ignores(document: Document | None) -> tuple[Ignore, ...]:
    """The comments of a file, in its order."""
    found = [] if document is None else list(islice(_comments(document.text), _MOST))
    if document is None or not found:
        return ()
    nodes = _Nodes.of(document)
    return tuple(_ignore(document, comment, nodes) for comment in found if not nodes.are_around(comment.start()))


def _comments(text: str) -> Iterator[re.Match[str]]:
    """Those that are such comments, and then those that only nearly are."""
    if "maild:" in text:
        yield from (comment for comment in _COMMENT.finditer(text) if nearest(comment["verb"], (_THIS, _FILE)))
    for comment in _NEARLY.finditer(text):
        exact = _COMMENT.match(text, comment.start())
        is_meant = nearest(comment["name"], ("maild",)) and nearest(comment["word"], _MEANT_WORDS)
        if is_meant and (exact is None or nearest(exact["verb"], (_THIS, _FILE)) is None):
            yield comment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nodes:
    """Where values begin and end.

    Attributes:
        by_line: the values that begin on a line.
        by_last_line: the values that end on a line.
        lines: the lines on which values begin, in order.
        texts: the stretches of all keys and scalars, in order: a sign in them begins no comment.
    """

    by_line: dict[int, list[Pointer]]
    by_last_line: dict[int, list[Pointer]]
    lines: list[int]
    texts: list[tuple[int, int]]

    @classmethod
    def of(cls, document: Document) -> "_Nodes":
        """Those of a document, but for the root: what belongs to all of it is said with `ignore-file`."""
        index = index_of(document.text)
        by_line: dict[int, list[Pointer]] = {}
        by_last_line: dict[int, list[Pointer]] = {}
        texts: list[tuple[int, int]] = []
        for pointer, mark in document.marks.items():
            texts += [index.range_of(span) for span in (mark.key,) if span is not None]
            if mark.raw is not None:
                texts.append(index.range_of(mark.value))
            if pointer:
                by_line.setdefault((mark.key or mark.value).line, []).append(pointer)
                by_last_line.setdefault(mark.value.end_line, []).append(pointer)
        return cls(by_line=by_line, by_last_line=by_last_line, lines=sorted(by_line), texts=sorted(texts))

    def are_around(self, at: int) -> bool:
        """Whether this place of the text is inside a key or a scalar."""
        place = bisect_right(self.texts, (at, at)) - 1
        return place >= 0 and self.texts[place][0] < at < self.texts[place][1]

    def behind_which(self, line: int) -> tuple[Pointer, ...]:
        """The values that a comment at the end of this line belongs to."""
        return tuple(self.by_line.get(line) or self.by_last_line.get(line) or ())

    def after(self, line: int) -> tuple[Pointer, ...]:
        """The values that a comment on a line of its own belongs to: those of the next line that has any."""
        place = bisect_right(self.lines, line)
        return tuple(self.by_line[self.lines[place]]) if place < len(self.lines) else ()


def _ignore(document: Document, comment: re.Match[str], nodes: _Nodes) -> Ignore:
    index = index_of(document.text)
    line = bisect_right(index.starts, comment.start())
    start = index.starts[line - 1]
    is_alone = not document.text[start : comment.start()].strip()
    rest = comment["rest"]
    until = _UNTIL.search(rest, max(0, len(rest) - _LONGEST_UNTIL))
    opening, named, reason = _parts(rest if until is None else rest[: until.start()])
    first = comment.start("rest") - start
    targets = nodes.after(line) if is_alone else nodes.behind_which(line)
    return Ignore(
        span=_span(line, comment.start() - start, comment.end() - start),
        verb_span=_span(line, comment.start("verb") - start, comment.end("verb") - start),
        verb=comment["verb"].lower(),
        rules=tuple(_rules(named, line, first + opening)),
        has_reason=bool(reason),
        until=None if until is None else until["date"],
        until_span=None if until is None else _span(line, first + until.start("date"), first + until.end("date")),
        targets=None if comment["verb"].lower() == _FILE else targets,
        is_alone=is_alone,
    )


def _parts(rest: str) -> tuple[int, str, str]:
    """Where the rules begin behind the word, the rules, and the reason."""
    opening = _OPENING.match(rest)
    start = 0 if opening is None else opening.end()
    if opening is None or not opening["bracket"]:
        named, *reason = _DASH.split(rest[start:], maxsplit=1)
        return start, named, "".join(reason).strip()
    named, _, behind = rest[start:].partition("]" if opening["bracket"] == "[" else ")")
    return start, named, behind.strip(" \t-\u2013\u2014")


def _rules(named: str, line: int, first: int) -> Iterator[IgnoredRule]:
    for word in islice(_WORD.finditer(named), _MOST):
        yield IgnoredRule(text=word[0], span=_span(line, first + word.start(), first + word.end()))


def _span(line: int, start: int, end: int) -> Span:
    return Span(line=line, column=start + 1, end_line=line, end_column=end + 1)
