"""Builds values and their positions from YAML events: one pass, no recursion, within limits.

Knows depth, the number of nodes with every alias written out, duplicate keys and cycles; takes neither tags nor keys
that are no text. What is wrong is a fault; the first that makes the rest meaningless ends the building. No fault
repeats what stands under a key `password`: people do write passwords there, and YAML makes tags and anchors of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import yaml

from maild.config.document.document import Mark, ScalarStyle, join_pointer
from maild.config.document.events import end_of, start_of
from maild.config.document.lines import Lines
from maild.config.document.scalar import resolve_plain
from maild.config.fault import (
    DuplicateKey,
    Fault,
    Pointer,
    RecursiveAlias,
    SyntaxCause,
    TooDeep,
    TooManyNodes,
    UnsupportedYaml,
    YamlSyntax,
)
from maild.diagnostics import Span

MAX_DEPTH: Final = 50
"""Nothing here nests deeper than ten; recursive readers further on have a stack of a thousand."""

MAX_NODES: Final = 20_000
"""With every alias written out, or a few hundred bytes of aliases make gigabytes."""

_STYLES: Final = {
    "'": ScalarStyle.SINGLE_QUOTED,
    '"': ScalarStyle.DOUBLE_QUOTED,
    "|": ScalarStyle.LITERAL,
    ">": ScalarStyle.FOLDED,
}
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*(?:\s+|#[^\r\n]*)*")
_SECRET_KEY: Final = "password"  # noqa: S105 -- the name of the key
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Abort(Exception):  # noqa: N818 -- ends the building; it is no error of anybody's
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


@dataclass(slots=True, kw_only=True)
class _Slot:
    """Where the next value goes: its pointer (None when it goes nowhere), its key's place."""

    pointer: Pointer | None
    key: Span | None = None
    is_secret: bool = False


@dataclass(slots=True, kw_only=True)
class _Frame:
    """A collection whose end has not come yet."""

    value: dict[str, object] | list[object]
    slot: _Slot
    start: int
    anchor: str | None
    is_key: bool
    count: int = 1
    height: int = 1
    keys: dict[str, Span] = field(default_factory=dict)
    key: str = ""
    value_slot: _Slot | None = None
    """In a mapping: set between a key and its value."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: object
    count: int
    height: int


class Builder:
    """Takes the events of one document; `value`, `marks`, `faults` and `unread` are the result."""

    def __init__(self, text: str, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._nodes = 0
        self._last_end = 0
        self.value: object = None
        self.marks: dict[Pointer, Mark] = {}
        self.faults: list[Fault] = []
        self.unread: set[Pointer] = set()
        self.last: yaml.Event | None = None
        """The last event taken: what stands before a syntax error."""

    def take(self, events: Iterable[yaml.Event]) -> bool:
        """Takes all events. False: they were not taken to the end, and `faults` says why."""
        try:
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent) and isinstance(self.last, yaml.DocumentEndEvent):
                    # The first document can still be judged.
                    span = self._lines.span(start_of(event), start_of(event) + len("---"))
                    self.faults.append(UnsupportedYaml(span=span, kind="document", text="---"))
                    return True
                self._take_one(event)
                self.last = event
        except _Abort as abort:
            self.faults.append(abort.fault)
            return False
        return True

    def _take_one(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.CollectionStartEvent():
                self._open(event)
            case yaml.CollectionEndEvent():
                self._close(event)
            case _:
                pass

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = self._extent(event)
        span = self._lines.span(start, end)
        style = _STYLES.get(event.style or "", ScalarStyle.PLAIN)
        if style is ScalarStyle.DOUBLE_QUOTED and _SURROGATE.search(event.value) is not None:
            raise _Abort(
                YamlSyntax(span=span, problem="found an escape of half a character", cause=SyntaxCause.BACKSLASH)
            )
        value = resolve_plain(event.value) if style is ScalarStyle.PLAIN else event.value
        self._last_end = max(self._last_end, end)
        self._count(1, span)
        is_anchored = event.anchor is not None
        if self._awaits_key():
            self._tag(event, start, None)
            self._set_key(value, span, start, end)
        else:
            slot = self._take_slot()
            self._tag(event, start, slot)
            if slot.pointer is not None:
                self.marks[slot.pointer] = Mark(
                    value=span, key=slot.key, raw=self._text[start:end], style=style, is_anchored=is_anchored
                )
            self._attach(value, slot, 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)

    def _alias(self, event: yaml.AliasEvent) -> None:
        start, end = start_of(event), end_of(event)
        span = self._lines.span(start, end)
        anchored = self._resolve(event, span)
        self._last_end = end
        self._count(anchored.count, span)
        self._check_depth(len(self._stack) + anchored.height, span)
        if self._awaits_key():
            self._set_key(anchored.value, span, start, end)
            return
        slot = self._take_slot()
        if slot.pointer is not None:
            self.marks[slot.pointer] = Mark(value=span, key=slot.key)
        self._attach(anchored.value, slot, anchored.count, anchored.height)

    def _resolve(self, event: yaml.AliasEvent, span: Span) -> _Anchored:
        if event.anchor not in self._anchors:
            problem = "found an alias of an anchor that does not exist"
            raise _Abort(YamlSyntax(span=span, problem=problem, cause=SyntaxCause.UNQUOTED_SPECIAL))
        anchored = self._anchors[event.anchor]
        if anchored is None:
            anchor = "" if self._is_secret_here() else event.anchor
            raise _Abort(RecursiveAlias(span=span, anchor=anchor))
        return anchored

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        start, end = self._extent(event)
        span = self._lines.span(start, min(start + 1, len(self._text)))
        self._check_depth(len(self._stack) + 1, span)
        self._count(1, span)
        is_key = self._awaits_key()
        slot = _Slot(pointer=None, is_secret=self._is_secret_here()) if is_key else self._take_slot()
        self._tag(event, start, slot)
        value: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Frame(value=value, slot=slot, start=start, anchor=event.anchor, is_key=is_key))
        self._last_end = max(self._last_end, end)
        if event.anchor is not None:
            self._anchors[event.anchor] = None

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._stack.pop()
        # The end mark of a block collection is where the next token begins, often lines later; what ends a block
        # collection is its last descendant.
        if end_of(event) > start_of(event):
            self._last_end = end_of(event)
        span = self._lines.span(frame.start, self._last_end)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(frame.value, frame.count, frame.height)
        if frame.is_key:
            self._set_key(frame.value, span, frame.start, self._last_end)
            return
        if frame.slot.pointer is not None:
            self.marks[frame.slot.pointer] = Mark(value=span, key=frame.slot.key, is_anchored=frame.anchor is not None)
        self._attach(frame.value, frame.slot, frame.count, frame.height)

    def _extent(self, event: yaml.NodeEvent) -> tuple[int, int]:
        """Where a node begins behind its anchor and tag, and where what its event covers ends."""
        start, end = start_of(event), end_of(event)
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            while start < len(self._text) and (found := _PROPERTY.match(self._text, start)) is not None:
                start = found.end()
            if isinstance(event, yaml.ScalarEvent):
                start = min(start, end)
        if isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}:
            end = start + len(self._text[start:end].rstrip())
        return start, end

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].value_slot is None

    def _is_secret_here(self) -> bool:
        if not self._stack:
            return False
        frame = self._stack[-1]
        return frame.value_slot.is_secret if frame.value_slot is not None else frame.slot.is_secret

    def _set_key(self, key: object, span: Span, start: int, end: int) -> None:
        frame = self._stack[-1]
        is_secret = frame.slot.is_secret
        if not isinstance(key, str):
            text = "" if is_secret else self._text[start:end]
            self.faults.append(UnsupportedYaml(span=span, kind="key", text=text))
            frame.value_slot = _Slot(pointer=None, is_secret=is_secret)
            return
        pointer = None if frame.slot.pointer is None else join_pointer(frame.slot.pointer, key)
        first = frame.keys.setdefault(key, span)
        if first is not span:
            if pointer is not None and not is_secret:
                self.faults.append(DuplicateKey(key=key, pointer=pointer, first=first, second=span))
            pointer = None
        frame.key = key
        frame.value_slot = _Slot(pointer=pointer, key=span, is_secret=is_secret or key == _SECRET_KEY)

    def _take_slot(self) -> _Slot:
        """Where the value that comes now goes."""
        if not self._stack:
            return _Slot(pointer=Pointer(""))
        frame = self._stack[-1]
        if frame.value_slot is not None:
            slot, frame.value_slot = frame.value_slot, None
            return slot
        pointer = None if frame.slot.pointer is None else join_pointer(frame.slot.pointer, len(frame.value))
        return _Slot(pointer=pointer, is_secret=frame.slot.is_secret)

    def _attach(self, value: object, slot: _Slot, count: int, height: int = 0) -> None:
        if not self._stack:
            self.value = value
            return
        frame = self._stack[-1]
        frame.count += count
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif slot.pointer is not None:
            frame.value[frame.key] = value

    def _tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, start: int, slot: _Slot | None) -> None:
        if event.tag is None:
            return
        begin = start_of(event)
        is_secret = self._is_secret_here() if slot is None else slot.is_secret
        text = "" if is_secret else self._text[begin:start].strip()
        span = self._lines.span(begin, begin + max(1, len(self._text[begin:start].rstrip())))
        self.faults.append(UnsupportedYaml(span=span, kind="tag", text=text))
        if slot is not None and slot.pointer is not None:
            self.unread.add(slot.pointer)

    def _count(self, nodes: int, span: Span) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise _Abort(TooManyNodes(span=span, limit=MAX_NODES))

    def _check_depth(self, depth: int, span: Span) -> None:
        if depth > MAX_DEPTH:
            raise _Abort(TooDeep(span=span, limit=MAX_DEPTH))
