"""The keys of a YAML text by their indentation, however broken the text is. Pure.

The parser says nothing about a file in which one line is half typed, and that is when an editor asks. So the lines are
read on their own: indentation, dashes, a key, a colon. What this makes of odd YAML may be wrong; it is only used to
propose and to explain, never to judge.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.cli.lsp.flow import MAX_DEPTH, Flow, LostError
from maild.config.document import join_pointer, parent_pointer
from maild.config.fault import Pointer

_ROOT: Final = Pointer("")
_KEY: Final = re.compile(
    r"""(?P<key>"[^"]{0,100}"|'[^']{0,100}'|[^\s#"'{}\[\],&*!|>%@`-](?:[^:#]|:(?=\S)|(?<=\S)#){0,100}?)"""
    r"""[ \t]{0,20}:(?:\s+|\Z)"""
)
_DASH: Final = re.compile(r"-(?:[ \t]+|\Z)")
_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,{}\[\]]*(?:[ \t]+|\Z))*")
_QUOTED: Final = re.compile(r""""(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>[^']*+)'""")
_COMMENT: Final = re.compile(r"[ \t]#")
_BLOCK: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?")
_END: Final = re.compile(r"(?:---|\.\.\.)(?:\s|\Z)")


@dataclass(slots=True, kw_only=True)
class _Node:
    """A key, or the dash of an entry, whose value may still follow on deeper lines."""

    indent: int
    pointer: Pointer
    opens: bool
    is_entry: bool = False
    entries: int = 0


class Outline:
    """What is known after some lines of a text.

    Attributes:
        keys: the keys of each mapping that was met.
        values: the scalars, as written but for their quotes.
        flow: the braces that are open, None in block style.
    """

    def __init__(self) -> None:
        self.keys: Final[dict[Pointer, list[str]]] = {}
        self.values: Final[dict[Pointer, str]] = {}
        self.flow: Flow | None = None
        self._nodes: Final = [_Node(indent=-1, pointer=_ROOT, opens=True)]
        self._block_indent: int | None = None

    def feed(self, line: str) -> None:
        """Goes on with the next line.

        Raises:
            LostError: it is nested too deep.
        """
        bare = line.lstrip(" \t")
        indent = len(line) - len(bare)
        is_blank_in_text = not bare and self._block_indent is not None
        if self.is_block_text(indent) or is_blank_in_text or bare.startswith("#"):
            return
        self._block_indent = None
        if self.flow is not None and not self._is_key_outside(bare, indent):
            self._feed_flow(bare)
        elif bare:
            self.flow = None
            if _END.match(line) is None:
                self._feed_block(bare, indent)

    def begin_flow(self, pointer: Pointer) -> None:
        """Expects braces or brackets next, as the value at this pointer."""
        self.flow = Flow(pointer, self.keys, self.values)

    def is_block_text(self, indent: int) -> bool:
        """Whether a line that is indented like this is text of a `|` or `>` above."""
        return self._block_indent is not None and indent > self._block_indent

    def enter(self, column: int, *, is_dash: bool = False) -> Pointer:
        """Leaves what a key in this column (from 0) is not part of; the mapping that the key is part of."""
        while len(self._nodes) > 1 and self._is_left_by(self._nodes[-1], column, is_dash=is_dash):
            self._nodes.pop()
        node = self._nodes[-1]
        # Deeper than a key that has its value already: somebody indented too far.
        return node.pointer if node.opens else parent_pointer(node.pointer)

    def enter_dash(self, column: int) -> Pointer:
        """The same for the dash of an entry; the entry."""
        around = self.enter(column, is_dash=True)
        node = self._nodes[-1]
        pointer = join_pointer(around, node.entries)
        node.entries += 1
        self._push(_Node(indent=column, pointer=pointer, opens=True, is_entry=True))
        return pointer

    def _push(self, node: _Node) -> None:
        if len(self._nodes) == MAX_DEPTH:
            raise LostError
        self._nodes.append(node)

    def _is_left_by(self, node: _Node, column: int, *, is_dash: bool) -> bool:
        if node.indent == column and is_dash:
            # Entries may stand in the column of their key.
            return node.is_entry or not node.opens
        return node.indent >= column

    def _is_key_outside(self, bare: str, indent: int) -> bool:
        """Whether a brace was forgotten: a key begins in or before the column of the one that the brace belongs to."""
        return indent <= self._nodes[-1].indent and _KEY.match(bare) is not None and not bare.rstrip().endswith(",")

    def _feed_block(self, bare: str, column: int) -> None:
        while (dash := _DASH.match(bare)) is not None:
            self.enter_dash(column)
            bare, column = bare[dash.end() :], column + dash.end()
        found = _KEY.match(bare)
        if found is None:
            if self._nodes[-1].is_entry:
                self._take_value(bare, column)
            return
        around, key = self.enter(column), found["key"].strip("\"'")
        self.keys.setdefault(around, []).append(key)
        self._push(_Node(indent=column, pointer=join_pointer(around, key), opens=True))
        self._take_value(bare[found.end() :], column)

    def _take_value(self, rest: str, column: int) -> None:
        node = self._nodes[-1]
        properties = _PROPERTIES.match(rest)
        rest = rest[properties.end() :] if properties is not None else rest
        if rest.startswith(("{", "[")):
            node.opens = False
            self.begin_flow(node.pointer)
            self._feed_flow(rest)
        elif _BLOCK.fullmatch(rest) is not None:
            node.opens, self._block_indent = False, column
        elif rest and not rest.startswith("#"):
            node.opens = False
            self.values.setdefault(node.pointer, _scalar(rest))

    def _feed_flow(self, text: str) -> None:
        assert self.flow is not None
        self.flow.feed(text)
        if not self.flow.is_open:
            self.flow = None


def _scalar(rest: str) -> str:
    """The text of a scalar, without quotes and without the comment behind it."""
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        return quoted["double"] or quoted["single"] or ""
    comment = _COMMENT.search(rest)
    return rest[: len(rest) if comment is None else comment.start()].rstrip()
