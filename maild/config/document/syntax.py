"""From a YAML parser's error to the place and the cause a person would look for.

Both parsers report where they gave up, which is often a line or more after the mistake, and in the words of their
grammar. Here the usual mistakes are recognised from the text around. No problem text repeats words of the file: they
may be a password.
"""

import re
from typing import Final

import yaml

from maild.config.document.events import end_of, start_of
from maild.config.document.lines import Lines
from maild.config.fault import YamlSyntax
from maild.config.syntax_cause import SyntaxCause

_COMMENT: Final = re.compile(r"\s+#.*")
_OPEN_QUOTE: Final = re.compile(r"[ \t\r\n:,\[{-]*+([\"'])")
_FIRST_LINE: Final = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+([ \t]*)")
_LINE_END: Final = re.compile(r"[\r\n]|\Z")
_BLANKS: Final = re.compile(r"[ \t]*")
_GLUED_COLON: Final = re.compile(r"[\w.-]+:(?=[^\s/])")
_KEY_BEFORE: Final = re.compile(r"[ \t]*(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s:\"'](?:(?!:[ \t]).)*):[ \t]+")
_VALUE_BRACKET: Final = re.compile(r"(?:[:-][ \t]+|^[ \t]*)([\[{])")
_GROUP: Final = re.compile(r":[ \t]")
_TAG_HANDLE: Final = re.compile(r"(?<=tag handle) .*")
_OUTSIDE: Final = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
_SPECIAL: Final = frozenset("*&!|>")
_TOP_LINE: Final = re.compile(r"^[^\s\]}#]", re.MULTILINE)
_BRACKETS: Final = re.compile(
    r"""(?<![^\s,:\[{-])(?:"(?:[^"\\]|\\.)*+"|'[^']*+')|(?<!\S)#[^\r\n]*"""
    r"""|(?:(?<=[:?-][ \t])|^)[ \t]*+(?P<first>[\[{])|[\[\]{}]""",
    re.DOTALL | re.MULTILINE,
)
"""Brackets, and before them what may hold some that are none; `first`: one that a value begins with."""
_LEADER: Final = re.compile(
    r"""-(?=\s)|(?:"[^"\r\n]*+"|'[^'\r\n]*+'|[^\s:#"'\[\]{}](?:(?!:\s|\s#)[^\r\n])*?)(?=[ \t]*:(?:\s|\Z))"""
)
_WORD: Final = re.compile(r"[^ \t\r\n]+")


class _Scene:
    """The error and the text around it."""

    def __init__(self, text: str, lines: Lines, error: yaml.MarkedYAMLError, last: yaml.Event | None) -> None:
        self.text = text
        self.lines = lines
        self.context = error.context or ""
        self.problem = error.problem or "this is no YAML"
        self.context_at = -1 if error.context_mark is None else error.context_mark.index
        self.at = self.context_at if error.problem_mark is None else error.problem_mark.index
        self.last = last

    @property
    def char(self) -> str:
        """The character at which the parser gave up; empty at the end."""
        return self.text[self.at : self.at + 1]

    @property
    def line_start(self) -> int:
        return self.lines.line_start(self.at)

    def is_on_line_of(self, index: int) -> bool:
        return self.lines.line_start(index) == self.line_start

    def rest_of_line(self, start: int) -> tuple[int, int]:
        """From `start` to the end of its line, without a comment or trailing blanks."""
        found = _LINE_END.search(self.text, start)
        assert found is not None
        written = _COMMENT.sub("", self.text[start : found.start()]).rstrip()
        return start, start + len(written)

    def rest_of_value(self, start: int) -> tuple[int, int]:
        """The same; in brackets only as far as the comma or the bracket that ends it."""
        _, end = self.rest_of_line(start)
        return start, (end if self.open_bracket(start) is None else self._end_in_brackets(start, end))

    def leader(self, start: int) -> tuple[int, int]:
        """The key that a line begins with, or its dash; all of a line that has none."""
        found = _LEADER.match(self.text, start)
        return self.rest_of_line(start) if found is None else found.span()

    def open_bracket(self, index: int) -> int | None:
        """The innermost bracket that is open before this place; nobody writes a value from the margin to the margin."""
        top = 0
        for line in _TOP_LINE.finditer(self.text, 0, index + 1):
            top = line.start()
        opened: list[int] = []
        for found in _BRACKETS.finditer(self.text, top, index):
            if found["first"] or (opened and found[0] in {"[", "{"}):
                opened.append(found.end() - 1)
            elif opened and found[0] in {"]", "}"}:
                opened.pop()
        return opened[-1] if opened else None

    def _end_in_brackets(self, start: int, end: int) -> int:
        depth = 0
        for index in range(start + 1, end):
            char = self.text[index]
            depth += (char in "[{") - (char in "]}")
            if depth < 0 or (char == "," and not depth):
                return start + len(self.text[start:index].rstrip())
        return end


_Finding = tuple[SyntaxCause, int, int]


def explain_error(text: str, lines: Lines, error: yaml.MarkedYAMLError, last: yaml.Event | None) -> YamlSyntax:
    """The fault for a parser's error; `last` is the event before it."""
    scene = _Scene(text, lines, error, last)
    problem = _TAG_HANDLE.sub("", scene.problem)
    for recognise in _RECOGNISERS:
        finding = recognise(scene)
        if finding is not None:
            cause, start, end = finding
            return YamlSyntax(span=lines.span(start, end), problem=problem, cause=cause)
    # At the end of a text there is nothing to see: the last thing written is nearer.
    start = scene.at if text[scene.at :].strip() else max(len(text.rstrip()) - 1, 0)
    return YamlSyntax(span=lines.span(*scene.rest_of_value(start)), problem=problem)


def _quoted_scalar(scene: _Scene) -> _Finding | None:
    if "quoted scalar" not in scene.context:
        return None
    if "escape" in scene.problem or "hexdecimal" in scene.problem:
        # libyaml points at the backslash or into the digits that should follow it, PyYAML at what comes after it.
        start = scene.text.rfind("\\", scene.context_at, scene.at + 1)
        return SyntaxCause.BACKSLASH, start, min(start + 2, len(scene.text))
    return SyntaxCause.MISSING_QUOTE, scene.context_at, scene.context_at + 1


def _runaway_quote(scene: _Scene) -> _Finding | None:
    """A quoted text that ran over the line's end to the next quote, and there the parser stumbled."""
    last = scene.last
    if isinstance(last, yaml.ScalarEvent) and last.style in {"'", '"'}:
        opened, closed = start_of(last), end_of(last) - 1
    else:
        # The parser looks ahead, or a text with a quote before it was the whole document.
        found = _OPEN_QUOTE.match(scene.text, 0 if last is None or isinstance(last, _OUTSIDE) else end_of(last))
        if found is None:
            return None
        opened, closed = found.start(1), scene.text.find(found[1], found.end(), scene.at)
    if closed < 0 or not scene.is_on_line_of(closed) or scene.is_on_line_of(opened):
        return None
    return SyntaxCause.MISSING_QUOTE, opened, opened + 1


def _tab(scene: _Scene) -> _Finding | None:
    found = _BLANKS.match(scene.text, scene.line_start)
    assert found is not None
    if "\t" not in found[0]:
        return None
    return SyntaxCause.TAB_INDENTATION, found.start() + found[0].index("\t"), found.end()


def _end_mark(scene: _Scene) -> _Finding | None:
    """A comma or semicolon behind the bracket that closes a value: `password: {env: X},`."""
    last = scene.last
    start, end = scene.rest_of_line(scene.at)
    if not isinstance(last, yaml.CollectionEndEvent) or scene.text[start:end].strip() not in {",", ";"}:
        return None
    is_behind = end_of(last) != start_of(last) and scene.is_on_line_of(start_of(last))
    return (SyntaxCause.LINE_END, scene.at, scene.at + 1) if is_behind else None


def _special_start(scene: _Scene) -> _Finding | None:
    if "cannot start any token" in scene.problem or "entries are not allowed" in scene.problem:
        return SyntaxCause.UNQUOTED_SPECIAL, *scene.rest_of_value(scene.at)
    if "keys are not allowed" in scene.problem or ("node content" in scene.problem and scene.char in {",", "]", "}"}):
        return SyntaxCause.UNQUOTED_SPECIAL, *scene.rest_of_value(scene.at)
    if scene.context_at >= 0 and scene.text[scene.context_at : scene.context_at + 1] in _SPECIAL:
        return SyntaxCause.UNQUOTED_SPECIAL, *scene.rest_of_value(scene.context_at)
    return None


def _flow_collection(scene: _Scene) -> _Finding | None:
    if "flow" not in scene.context:
        return None
    if scene.char in {"[", "{"}:
        # In the middle of a word: `{env: ${X}}`.
        start = max(scene.text.rfind(blank, 0, scene.at) for blank in " \t\n\r,[{") + 1
        return SyntaxCause.UNQUOTED_SPECIAL, *scene.rest_of_value(start)
    is_mismatch = scene.char in {"]", "}"}
    if scene.char in {"'", '"', ":"} and _is_closed_behind(scene):
        # Before a key in quotes, or a word that was taken for part of the value: `{mode: implicit verify: true}`.
        key = scene.at if scene.char != ":" else max(scene.text.rfind(blank, 0, scene.at) for blank in " \t\n")
        before = len(scene.text[:key].rstrip())
        return SyntaxCause.MISSING_COMMA, before - 1, before
    if scene.is_on_line_of(scene.context_at) and scene.text[scene.at :].strip() and not is_mismatch:
        return None
    if scene.text[scene.context_at : scene.context_at + 1] in {"[", "{"}:
        return SyntaxCause.UNCLOSED_BRACKET, scene.context_at, scene.context_at + 1
    # The text ended where a value was expected, and that is where the parser points.
    opened = scene.open_bracket(scene.context_at)
    return None if opened is None else (SyntaxCause.UNCLOSED_BRACKET, opened, opened + 1)


def _is_closed_behind(scene: _Scene) -> bool:
    """Whether the bracket that is open here is closed later on, so that only a comma is missing before this key."""
    opened = scene.text[scene.context_at : scene.context_at + 1]
    closing = {"[": "]", "{": "}"}.get(opened)
    return closing is not None and scene.text.count(closing, scene.at) > scene.text.count(opened, scene.at)


def _after_quoted(scene: _Scene) -> _Finding | None:
    """A quoted text ended on this line, and something follows."""
    last = scene.last
    if not isinstance(last, yaml.ScalarEvent) or last.style not in {"'", '"'} or scene.char == ":":
        return None
    # One that began on another line is not closed where it should be.
    return (SyntaxCause.TEXT_AFTER_QUOTE, *scene.rest_of_value(scene.at)) if scene.is_on_line_of(end_of(last)) else None


def _after_bracket(scene: _Scene) -> _Finding | None:
    """A value that begins like a list or mapping and goes on as text: `{abc} def`."""
    last = scene.last
    if not isinstance(last, yaml.CollectionEndEvent) or end_of(last) == start_of(last):
        return None
    if scene.char in {"]", "}"} and scene.is_on_line_of(start_of(last)):
        return SyntaxCause.EXTRA_BRACKET, scene.at, scene.at + 1
    found = _VALUE_BRACKET.search(scene.text, scene.line_start, scene.at)
    if found is None or not scene.is_on_line_of(start_of(last)):
        return None
    if isinstance(last, yaml.MappingEndEvent) and _GROUP.search(scene.text, found.start(1), scene.at) is not None:
        return SyntaxCause.TEXT_BEHIND_BRACKET, *scene.rest_of_line(scene.at)
    return SyntaxCause.UNQUOTED_SPECIAL, *scene.rest_of_value(found.start(1))


def _second_colon(scene: _Scene) -> _Finding | None:
    if "mapping values are not allowed" not in scene.problem:
        return None
    found = _KEY_BEFORE.match(scene.text, scene.line_start, scene.at)
    if found is not None:
        return SyntaxCause.COLON_IN_VALUE, *scene.rest_of_line(found.end())
    last = scene.last
    if not isinstance(last, yaml.ScalarEvent) or scene.is_on_line_of(start_of(last)):
        return None
    # The lines before became one text with this key.
    start = start_of(last)
    if not scene.text[scene.lines.line_start(start) : start].strip(" -"):
        return _lone_words(scene, start)
    return SyntaxCause.INDENTATION, *scene.leader(_content_start(scene))


def _lost_key(scene: _Scene) -> _Finding | None:
    if "simple key" not in scene.context:
        return None
    return _lone_words(scene, scene.context_at)


def _lone_words(scene: _Scene, start: int) -> _Finding:
    glued = _GLUED_COLON.match(scene.text, start)
    if glued is not None:
        return SyntaxCause.NO_SPACE_AFTER_COLON, start, glued.end()
    word = _WORD.match(scene.text, start)
    assert word is not None, "a token begins here"
    return SyntaxCause.MISSING_COLON, *word.span()


def _indentation(scene: _Scene) -> _Finding | None:
    # A text that has not begun is about a %DIRECTIVE.
    if scene.at != _content_start(scene) or not scene.char.strip() or isinstance(scene.last, yaml.StreamStartEvent):
        return None
    first = _FIRST_LINE.match(scene.text)
    assert first is not None
    if first[1] and scene.at == scene.line_start:
        # The file goes on at the margin, where a file begins: its first line is the odd one.
        return SyntaxCause.INDENTATION, *scene.leader(first.end())
    return SyntaxCause.INDENTATION, *scene.leader(scene.at)


def _content_start(scene: _Scene) -> int:
    found = _BLANKS.match(scene.text, scene.line_start)
    assert found is not None
    return found.end()


_RECOGNISERS: Final = (
    _quoted_scalar,
    _runaway_quote,
    _tab,
    _end_mark,
    _special_start,
    _flow_collection,
    _after_quoted,
    _after_bracket,
    _second_colon,
    _lost_key,
    _indentation,
)
"""In this order: the earlier ones are surer."""
