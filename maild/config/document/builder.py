"""Builds values and their places from YAML events: one pass, no recursion, within limits.

Knows depth, the number of nodes with every alias written out, duplicate keys and cycles; takes neither tags nor keys
that are no text. What is wrong is a fault; the first that makes the rest meaningless ends the building. No fault
repeats what stands under a key `password`: people do write passwords there, and YAML makes tags and anchors of them.

Every file of a configuration goes through here at each change, so a node is kept as numbers, and becomes a `Mark` only
when somebody asks for it.
"""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import yaml

from maild.config.document.document import join_pointer
from maild.config.document.events import end_of, start_of
from maild.config.document.frame import Anchored, Frame, Place, Slot
from maild.config.document.lines import Lines
from maild.config.document.scalar import resolve_plain
from maild.config.fault import (
    DuplicateKey,
    Fault,
    Pointer,
    RecursiveAlias,
    TooDeep,
    TooManyNodes,
    UnsupportedYaml,
    YamlSyntax,
)
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Span

if TYPE_CHECKING:
    from maild.config.document.marks import RawMark

MAX_DEPTH: Final = 50
"""Nothing here nests deeper than ten; recursive readers further on have a stack of a thousand."""

MAX_NODES: Final = 20_000
"""With every alias written out, or a few hundred bytes of aliases make gigabytes."""

_BLOCK_STYLES: Final = frozenset("|>")
_LOOKAHEAD: Final = 4096
_BRACKET: Final = re.compile(r"[\[{}\]]")
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*(?:\s+|#[^\r\n]*)*")
_SECRET_KEY: Final = "password"  # noqa: S105 -- the name of the key
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Abort(Exception):  # noqa: N818 -- ends the building; it is no error of anybody's
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class Builder:
    """Takes the events of one document; `value`, `marks`, `faults` and `unread` are the result."""

    def __init__(self, text: str, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._stack: list[Frame] = []
        self._anchors: dict[str, Anchored | None] = {}
        self._nodes = 0
        self._last_end = 0
        self.value: object = None
        self.marks: dict[Pointer, RawMark] = {}
        self.faults: list[Fault] = []
        self.unread: set[Pointer] = set()
        self.last: yaml.Event | None = None
        """The last event taken: what stands before a syntax error."""

    def take(self, events: Iterable[yaml.Event]) -> bool:
        """Takes all events. False: they were not taken to the end, and `faults` says why."""
        try:
            for event in events:
                if isinstance(event, yaml.ScalarEvent):
                    self._scalar(event)
                elif isinstance(event, yaml.CollectionStartEvent):
                    self._open(event)
                elif isinstance(event, yaml.CollectionEndEvent):
                    self._close(event)
                elif isinstance(event, yaml.AliasEvent):
                    self._alias(event)
                elif isinstance(event, yaml.DocumentStartEvent) and isinstance(self.last, yaml.DocumentEndEvent):
                    # The first document can still be judged.
                    start = start_of(event)
                    span = self._lines.span(start, start + len("---"))
                    self.faults.append(UnsupportedYaml(span=span, kind="document", text="---"))
                    return True
                self.last = event
        except _Abort as abort:
            self.faults.append(abort.fault)
            return False
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = self._extent(event)
        style = event.style or ""
        if style == '"' and _SURROGATE.search(event.value) is not None:
            problem = "found an escape of half a character"
            raise _Abort(YamlSyntax(span=self._span(start, end), problem=problem, cause=SyntaxCause.BACKSLASH))
        value = event.value if style else resolve_plain(event.value)
        self._last_end = max(self._last_end, end)
        self._count(1, start, end)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.awaits_key:
            if event.tag is not None:
                # What has a tag before it may be no key at all: in `!port: 465` it is the value.
                self._refuse_tag(event, start, frame.slot.pointer, is_secret=frame.slot.is_secret)
            if event.tag is None or isinstance(value, str):
                self._set_key(frame, value, start, end)
            else:
                frame.value_slot = Slot(None, None, is_secret=frame.slot.is_secret)
        else:
            slot = self._take_slot()
            if event.tag is not None:
                self._refuse_tag(event, start, slot.pointer, is_secret=slot.is_secret)
            if slot.pointer is not None:
                self.marks[slot.pointer] = (slot.key, start, end, style, event.anchor is not None)
            self._attach(value, slot, 1, 0)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(value, 1, 0)

    def _alias(self, event: yaml.AliasEvent) -> None:
        start, end = start_of(event), end_of(event)
        anchored = self._resolve(event, start, end)
        self._last_end = end
        self._count(anchored.count, start, end)
        self._check_depth(len(self._stack) + anchored.height, start, end)
        frame = self._stack[-1]
        if frame.awaits_key:
            self._set_key(frame, anchored.value, start, end)
            return
        slot = self._take_slot()
        if slot.pointer is not None:
            self.marks[slot.pointer] = (slot.key, start, end, None, False)
        self._attach(anchored.value, slot, anchored.count, anchored.height)

    def _resolve(self, event: yaml.AliasEvent, start: int, end: int) -> Anchored:
        if event.anchor not in self._anchors:
            problem = "found an alias of an anchor that does not exist"
            span = self._span(start, end)
            raise _Abort(YamlSyntax(span=span, problem=problem, cause=SyntaxCause.UNQUOTED_SPECIAL))
        anchored = self._anchors[event.anchor]
        if anchored is None:
            # An anchor is open, so a collection is.
            anchor = "" if self._stack[-1].is_secret_here else event.anchor
            raise _Abort(RecursiveAlias(span=self._span(start, end), anchor=anchor))
        return anchored

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        start, end = self._extent(event)
        self._check_depth(len(self._stack) + 1, start, start + 1)
        self._count(1, start, start + 1)
        frame = self._stack[-1] if self._stack else None
        is_key = False
        if frame is not None and frame.awaits_key:
            slot, is_key = Slot(None, None, is_secret=frame.slot.is_secret), True
        else:
            slot = self._take_slot()
        if event.tag is not None:
            self._refuse_tag(event, start, slot.pointer, is_secret=slot.is_secret)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(Frame(slot, start, event.anchor, is_mapping=is_mapping, is_key=is_key))
        self._last_end = max(self._last_end, end)
        if event.anchor is not None:
            self._anchors[event.anchor] = None

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._stack.pop()
        # The end mark of a block collection is where the next token begins, often lines later; what ends a block
        # collection is its last descendant.
        end = end_of(event)
        if end > start_of(event):
            self._last_end = end
        end = self._last_end
        if frame.anchor is not None:
            self._anchors[frame.anchor] = Anchored(frame.value, frame.count, frame.height)
        if frame.is_key:
            self._set_key(self._stack[-1], frame.value, frame.start, end)
            return
        if frame.slot.pointer is not None:
            self.marks[frame.slot.pointer] = (frame.slot.key, frame.start, end, None, frame.anchor is not None)
        self._attach(frame.value, frame.slot, frame.count, frame.height)

    def _extent(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> Place:
        """Where a node begins behind its anchor and tag, and where what its event covers ends."""
        start, end = start_of(event), end_of(event)
        if event.anchor is not None or event.tag is not None:
            while (found := _PROPERTY.match(self._text, start)) is not None:
                start = found.end()
        if not isinstance(event, yaml.ScalarEvent):
            return start, end
        start = min(start, end)
        if event.style in _BLOCK_STYLES:
            # A block scalar's event goes on to the next token, like that of a block collection.
            end = start + len(self._text[start:end].rstrip())
        return start, end

    def _set_key(self, frame: Frame, key: object, start: int, end: int) -> None:
        is_secret = frame.slot.is_secret
        if not isinstance(key, str):
            self._doubt_before(frame, start)
            text = "" if is_secret else self._text[start:end]
            self.faults.append(UnsupportedYaml(span=self._span(start, end), kind="key", text=text))
            frame.value_slot = Slot(None, None, is_secret=is_secret)
            return
        pointer = None if frame.slot.pointer is None else join_pointer(frame.slot.pointer, key)
        place = (start, end)
        first = frame.keys.setdefault(key, place)
        if first is not place:
            self._doubt_before(frame, start)
            if pointer is not None and not is_secret:
                spans = self._span(*first), self._span(start, end)
                self.faults.append(DuplicateKey(key=key, pointer=pointer, first=spans[0], second=spans[1]))
            pointer = None
        frame.key = key
        frame.value_slot = Slot(pointer, place, is_secret=is_secret or key == _SECRET_KEY)

    def _doubt_before(self, frame: Frame, start: int) -> None:
        """An odd key right behind a comma is the rest of the value before: `{port: 5,87}`. So that value is unread."""
        if self._text.startswith(",", start - 1) and frame.keys and frame.slot.pointer is not None:
            self.unread.add(join_pointer(frame.slot.pointer, frame.key))

    def _take_slot(self) -> Slot:
        """Where the value that comes now goes."""
        if not self._stack:
            return Slot(Pointer(""), None, is_secret=False)
        frame = self._stack[-1]
        if frame.items is None:
            slot, frame.value_slot = frame.value_slot, None
            assert slot is not None, "a mapping takes a key before a value"
            return slot
        pointer = None if frame.slot.pointer is None else join_pointer(frame.slot.pointer, len(frame.items))
        return Slot(pointer, None, is_secret=frame.slot.is_secret)

    def _attach(self, value: object, slot: Slot, count: int, height: int) -> None:
        if not self._stack:
            self.value = value
            return
        frame = self._stack[-1]
        frame.count += count
        frame.height = max(frame.height, height + 1)
        if frame.items is not None:
            frame.items.append(value)
        elif slot.pointer is not None:
            frame.members[frame.key] = value

    def _refuse_tag(
        self,
        event: yaml.ScalarEvent | yaml.CollectionStartEvent,
        start: int,
        pointer: Pointer | None,
        *,
        is_secret: bool,
    ) -> None:
        begin = start_of(event)
        written = self._text[begin:start].strip()
        span = self._span(begin, begin + max(1, len(written)))
        self.faults.append(UnsupportedYaml(span=span, kind="tag", text="" if is_secret else written))
        if pointer is not None:
            self.unread.add(pointer)

    def _count(self, nodes: int, start: int, end: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise _Abort(TooManyNodes(span=self._span(start, end), limit=MAX_NODES))

    def refuse_depth(self) -> None:
        """Adds the fault for what a parser did not even read: levels that open behind the last event."""
        start = 0 if self.last is None else end_of(self.last)
        # A parser looks some thousand characters ahead; a hostile file has a million brackets.
        brackets = list(_BRACKET.finditer(self._text, start, start + _LOOKAHEAD))
        # `levels` begins with the one on which the parser stands: each is that before the bracket.
        levels = accumulate((1 if bracket[0] in "[{" else -1 for bracket in brackets), initial=len(self._stack))
        too_deep = [at.start() for at, level in zip(brackets, levels, strict=False) if level >= MAX_DEPTH]
        at = too_deep[0] if too_deep else self._last_end
        self.faults.append(TooDeep(span=self._span(at, at + 1), limit=MAX_DEPTH))

    def _check_depth(self, depth: int, start: int, end: int) -> None:
        if depth > MAX_DEPTH:
            raise _Abort(TooDeep(span=self._span(start, end), limit=MAX_DEPTH))

    def _span(self, start: int, end: int) -> Span:
        return self._lines.span(start, min(end, len(self._text)))
