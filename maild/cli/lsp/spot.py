"""Where in the structure of a file a cursor stands: in which key of which mapping, or in whose value. Pure."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from maild.cli.lsp.flow import LostError
from maild.cli.lsp.outline import Outline
from maild.config.document import join_pointer
from maild.config.fault import Pointer

_LONGEST_LINE: Final = 2000
_LONGEST_TEXT: Final = 256 * 1024
_DASH: Final = re.compile(r"-[ \t]+")
_KEY_BEFORE: Final = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s#"'{}\[\],&*!|>%@`][^\s:#]*)[ \t]*:(?P<gap>[ \t]*)""")
_COMMENT: Final = re.compile(r"(?:\A|[ \t])#")
_QUOTED: Final = re.compile(r""""(?:[^"\\]|\\.)*"?|'[^']*'?""")
_WORD_BEHIND: Final = re.compile(r"[^\s:,{}\[\]#]*")
_VALUE_BEHIND: Final = re.compile(r"(?:[^#]|(?<=\S)#)*?(?=[ \t]*\Z|[ \t]+#)")
_FLOW_VALUE_BEHIND: Final = re.compile(r"[^,{}\[\]#]*?(?=[ \t]*(?:[,{}\[\]#]|\Z))")
_FLOW_START: Final = re.compile(r"[{}\[\],]|:(?=\s)")
_COLON_BEHIND: Final = re.compile(r"[ \t]*:(?:\s|\Z)")


class Role(StrEnum):
    """What stands, or is being typed, at a place."""

    KEY = "key"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cursor's place.

    Attributes:
        role: whether a key or a value is there. An entry of a list that is not `key: value` yet may become either, and
            is called a key; `pointer` is that of the entry then.
        pointer: of the mapping, where a key is; otherwise of the value.
        line, start, end: the word around the cursor, columns from 1, the end exclusive; its quotes included.
        word: what stands there, without quotes.
        needs_blank: a colon stands right before it, and YAML wants a blank between.
        has_colon: a colon follows, so the key is complete.
        is_in_flow: it stands in braces or brackets.
    """

    role: Role
    pointer: Pointer
    line: int
    start: int
    end: int
    word: str
    needs_blank: bool = False
    has_colon: bool = False
    is_in_flow: bool = False

    @property
    def value_pointer(self) -> Pointer:
        """The value that it is about: the key's, or the value itself."""
        return join_pointer(self.pointer, self.word) if self.role is Role.KEY else self.pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A spot, and what else is known of the whole file: `keys` of each mapping, and scalars by pointer."""

    spot: Spot
    keys: dict[Pointer, list[str]]
    values: dict[Pointer, str]


def scene_at(lines: tuple[str, ...], place: tuple[int, int]) -> Scene | None:
    """What is known about a place (line and column).

    None inside comments and texts of several lines, and in what nobody writes by hand: files, lines or nesting without
    end.
    """
    line, column = place
    if column > _LONGEST_LINE or sum(map(len, lines)) + len(lines) > _LONGEST_TEXT:
        return None
    lines = tuple(text[:_LONGEST_LINE] for text in lines)
    try:
        before = Outline()
        for above in lines[: line - 1]:
            before.feed(above)
        spot = _spot(before, lines[line - 1], line, column)
        return None if spot is None else _scene(lines, spot)
    except LostError:
        return None


def _scene(lines: tuple[str, ...], spot: Spot) -> Scene:
    whole = Outline()
    for number, text in enumerate(lines, start=1):
        whole.feed(_without(text, spot) if number == spot.line else text)
    return Scene(spot=spot, keys=whole.keys, values=whole.values)


def _without(text: str, spot: Spot) -> str:
    """The line without the key that is being typed, which is not there yet."""
    is_half = spot.role is Role.KEY and not spot.has_colon
    return text[: spot.start - 1] + text[spot.end - 1 :] if is_half else text


def _spot(outline: Outline, text: str, line: int, column: int) -> Spot | None:
    head = text[: column - 1]
    indent = len(head) - len(head.lstrip(" \t"))
    if outline.is_block_text(indent) or _is_comment(head):
        return None
    if outline.flow is not None:
        return _flow_spot(outline, text, 0, (line, column))
    at = indent
    entry: Pointer | None = None
    while (dash := _DASH.match(head, at)) is not None:
        entry, at = outline.enter_dash(at), dash.end()
    key = _KEY_BEFORE.match(head, at)
    if key is not None and (key["gap"] or key.end() == len(head)):
        pointer = join_pointer(outline.enter(at), key["key"].strip("\"'"))
        return _value_spot(pointer, text, key.end(), (line, column), needs_blank=not key["gap"])
    if entry is not None and head[at : at + 1] in {"{", "["}:
        return _flow_of(entry, text, at, (line, column))
    return _key_spot(outline.enter(at), text, at, (line, column))


def _is_comment(head: str) -> bool:
    return _COMMENT.search(_QUOTED.sub(lambda quoted: "x" * len(quoted[0]), head)) is not None


def _value_spot(pointer: Pointer, text: str, start: int, place: tuple[int, int], *, needs_blank: bool) -> Spot | None:
    line, column = place
    if text[start : start + 1] in {"{", "["} and start < column - 1:
        return _flow_of(pointer, text, start, place)
    end = max(column - 1, _end_of(text, start, _VALUE_BEHIND))
    word = text[start:end].strip("\"'")
    return Spot(
        role=Role.VALUE, pointer=pointer, line=line, start=start + 1, end=end + 1, word=word, needs_blank=needs_blank
    )


def _flow_of(pointer: Pointer, text: str, start: int, place: tuple[int, int]) -> Spot | None:
    """The place in a line whose flow style begins at `start`."""
    outline = Outline()
    outline.begin_flow(pointer)
    return _flow_spot(outline, text, start, place)


def _flow_spot(outline: Outline, text: str, start: int, place: tuple[int, int]) -> Spot | None:
    line, column = place
    head = text[start : column - 1]
    assert outline.flow is not None
    outline.flow.feed(head)
    masked = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), head)
    last = max((sign.end() for sign in _FLOW_START.finditer(masked)), default=0)
    at = start + last + len(head[last:]) - len(head[last:].lstrip())
    if not outline.flow.levels:
        # The brace is closed again: nothing belongs behind it.
        return None
    level = outline.flow.levels[-1]
    if level.is_mapping and not level.has_colon:
        return replace(_key_spot(level.pointer, text, at, place), is_in_flow=True)
    end = max(column - 1, _end_of(text, at, _FLOW_VALUE_BEHIND))
    word = text[at:end].strip("\"'")
    return Spot(role=Role.VALUE, pointer=level.member, line=line, start=at + 1, end=end + 1, word=word, is_in_flow=True)


def _end_of(text: str, start: int, bare: re.Pattern[str]) -> int:
    """Where what begins at `start` ends: with its quote, or as the expression for bare text says."""
    found = _QUOTED.match(text, start) or bare.match(text, start)
    return start if found is None else found.end()


def _key_spot(pointer: Pointer, text: str, start: int, place: tuple[int, int]) -> Spot:
    line, column = place
    found = _WORD_BEHIND.match(text, column - 1)
    end = column - 1 if found is None else found.end()
    has_colon = _COLON_BEHIND.match(text, end) is not None
    word = text[start:end].strip("\"'")
    return Spot(role=Role.KEY, pointer=pointer, line=line, start=start + 1, end=end + 1, word=word, has_colon=has_colon)
