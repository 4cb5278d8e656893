"""The braces and brackets of YAML's flow style, followed as far as somebody has typed them. Pure.

`{host: smtp.example.org, tls: {mode: ` is no YAML, and still it is plain what belongs there next. This is no parser: it
answers where one is, for completion and hover, and is never asked what a file means.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import Pointer

_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*+"?|'[^']*+'?)|(?P<sign>[{}\[\],]|:(?=[\s,{}\[\]]|\Z))|(?<!\S)\#.*|"""
    r"""(?P<word>[^\s{}\[\],:"'\#](?:[^\s{}\[\],:]|:(?![\s,{}\[\]]|\Z))*)|.""",
    re.DOTALL,
)


MAX_DEPTH: Final = 50
"""No configuration is nested deeper; the pointers of a hostile file would take gigabytes."""
_LONGEST_KEY: Final = 200


class LostError(Exception):
    """The text is nested so deep that it is no configuration."""


@dataclass(slots=True, kw_only=True)
class Level:
    """An open brace or bracket: what it holds stands at `pointer`."""

    pointer: Pointer
    is_mapping: bool
    key: str | None = None
    index: int = 0
    has_colon: bool = False

    @property
    def member(self) -> Pointer:
        """Where the entry that is being written stands; of a mapping without a key yet, the mapping itself."""
        if self.is_mapping:
            return self.pointer if self.key is None or not self.has_colon else join_pointer(self.pointer, self.key)
        return join_pointer(self.pointer, self.index)


class Flow:
    """What is open after some text in flow style; `keys` and `values` collect what was met."""

    def __init__(self, pointer: Pointer, keys: dict[Pointer, list[str]], values: dict[Pointer, str]) -> None:
        self.levels: list[Level] = []
        self._pointer: Final = pointer
        self._keys: Final = keys
        self._values: Final = values
        self._is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether a bracket waits for its end."""
        return bool(self.levels)

    def feed(self, text: str) -> None:
        """Goes on with the next stretch of text, at most one line.

        Raises:
            LostError: too many brackets are open.
        """
        for token in _TOKEN.finditer(text):
            if self._is_closed:
                return
            match token.lastgroup:
                case "sign":
                    self._take_sign(token[0])
                case "text":
                    self._take_word(token[0].strip("\"'"))
                case "word":
                    self._take_word(token[0])
                case _:
                    pass

    def _take_sign(self, sign: str) -> None:
        match sign:
            case "{" | "[":
                if len(self.levels) == MAX_DEPTH:
                    raise LostError
                pointer = self.levels[-1].member if self.levels else self._pointer
                self.levels.append(Level(pointer=pointer, is_mapping=sign == "{"))
            case "}" | "]":
                self.levels.pop()
                self._is_closed = not self.levels
            case ",":
                level = self.levels[-1]
                level.key, level.has_colon = None, False
                level.index += 1
            case _:
                self._take_colon(self.levels[-1])

    def _take_colon(self, level: Level) -> None:
        if level.is_mapping and level.key is not None and not level.has_colon:
            level.has_colon = True
            self._keys.setdefault(level.pointer, []).append(level.key)

    def _take_word(self, word: str) -> None:
        level = self.levels[-1]
        if level.is_mapping and level.has_colon:
            self._values.setdefault(level.member, word)
        elif level.is_mapping:
            level.key = word if level.key is None else f"{level.key[:_LONGEST_KEY]} {word}"
