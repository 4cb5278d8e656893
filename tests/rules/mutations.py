"""Single mistakes in a right file, as people make them: each a text, and the stretch of it that was touched.

A mutation takes hypothesis' `draw` and the file, and gives the text with the mistake in it. Places are found by the
marks of the parsed document, so all else in the text stays as it was.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from hypothesis import assume
from hypothesis import strategies as st

from maild.config.document import Document, parse_document
from maild.config.fault import Pointer
from maild.config.schema import Shape, known_keys
from maild.diagnostics.fix import index_of
from maild.rules.pointing import key_of, parent, pattern_of

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
"""What hypothesis hands to a composite strategy."""

OF_OTHER_KIND: Final = ("[]", "[1]", "{}", "{a: 1}", "true", "12", "1.5", "word", "", "~", "'1'", '"on"')
OUT_OF_RANGE: Final = ("0", "-1", "65536", "70000", "1000000000000", "1e9", "0.5", "''", "x" * 400)
STRAY: Final = ":{}[]\"'&*!|>%@`,#-?\\= \u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutated:
    """A text with one mistake in it.

    Attributes:
        text: all of it.
        start: where the touched stretch begins, an index.
        end: where it ends; the same where something was taken away.
        key: the key that has another value now.
        gone: the key that was taken away, if one was.
        is_typed: whether something was typed somewhere, so that the parser may stumble over it a line later.
    """

    text: str
    start: int
    end: int
    key: Pointer | None = None
    gone: Pointer | None = None
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class RightFile:
    """A file without a mistake, with its places as indexes."""

    text: str
    shape: Shape
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        parsed = parse_document("account.yaml", self.text.encode())
        assert parsed.document is not None
        object.__setattr__(self, "document", parsed.document)

    def written_keys(self) -> list[Pointer]:
        """Every key that there is."""
        return [pointer for pointer, mark in self.document.marks.items() if mark.key is not None]

    def scalars(self) -> list[Pointer]:
        """Every value on one line."""
        marks = self.document.marks.items()
        return [pointer for pointer, mark in marks if mark.raw is not None and "\n" not in mark.raw]

    def key(self, pointer: Pointer) -> tuple[int, int]:
        """Where a key stands."""
        span = self.document.marks[pointer].key
        assert span is not None
        return index_of(self.text).range_of(span)

    def value(self, pointer: Pointer) -> tuple[int, int]:
        """Where a value stands, without a comment behind it."""
        start, end = index_of(self.text).range_of(self.document.marks[pointer].value)
        return start, start + len(re.sub(r"(?:\s|(?<=\s)#[^\n]*+)*+\Z", "", self.text[start:end]))

    def member(self, pointer: Pointer) -> tuple[int, int]:
        """Where a key with its value stands: of block style with all its lines."""
        start, end = self.key(pointer)[0], self.value(pointer)[1]
        line = self.text.rfind("\n", 0, start) + 1
        if self.text[line:start].strip() or self.text[:start].rstrip().endswith((",", "{")):
            return start, end
        return line, self.text.index("\n", end) + 1

    def siblings(self, pointer: Pointer) -> list[Pointer]:
        """All keys of the mapping that a key stands in, in the order of the file."""
        return [other for other in self.written_keys() if parent(other) == parent(pointer)]

    def replaced(self, start: int, end: int, written: str) -> Mutated:
        """The file with something else at a place."""
        assume(self.text[start:end] != written)
        text = self.text[:start] + written + self.text[end:]
        return Mutated(text=text, start=start, end=start + len(written))

    def without(self, pointer: Pointer) -> Mutated:
        """The file without a key."""
        start, end = self.member(pointer)
        if self.text[start:end].endswith("\n"):
            mutated = self.replaced(start, end, "")
        else:
            others = self.siblings(pointer)
            at = others.index(pointer)
            if at + 1 < len(others):
                end = self.key(others[at + 1])[0]
            elif at:
                start = self.value(others[at - 1])[1]
            mutated = self.replaced(start, end, "")
        return Mutated(text=mutated.text, start=start, end=start, gone=pointer)


Mutation: TypeAlias = Callable[[Draw, RightFile], Mutated]


def _pointer(draw: Draw, pointers: Sequence[Pointer]) -> Pointer:
    return Pointer(str(draw(st.sampled_from(pointers))))


def take_key_away(draw: Draw, file: RightFile) -> Mutated:
    return file.without(_pointer(draw, file.written_keys()))


def misspell_key(draw: Draw, file: RightFile) -> Mutated:
    pointer = _pointer(draw, file.written_keys())
    key = key_of(pointer)
    written = draw(slips(key))
    assert isinstance(written, str)
    known = known_keys(file.shape).get(pattern_of(parent(pointer)), ())
    assume(written not in known)
    return replace(file.replaced(*file.key(pointer), written), key=pointer)


@st.composite
def slips(draw: Draw, word: str) -> str:
    """The word with one slip of the fingers in it."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase + "_"))
    assert isinstance(at, int)
    assert isinstance(letter, str)
    ways = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        word.upper(),
        word.capitalize(),
        word.replace("_", "-"),
    ]
    written = draw(st.sampled_from([way for way in ways if way not in {"", word}]))
    assert isinstance(written, str)
    return written


def give_wrong_type(draw: Draw, file: RightFile) -> Mutated:
    return _other_value(draw, file, OF_OTHER_KIND)


def leave_range(draw: Draw, file: RightFile) -> Mutated:
    return _other_value(draw, file, OUT_OF_RANGE)


def use_unknown_word(draw: Draw, file: RightFile) -> Mutated:
    pointer = _pointer(draw, file.scalars())
    start, end = file.value(pointer)
    assume(re.fullmatch(r"[a-z-]{3,}", file.text[start:end]))
    return file.replaced(start, end, str(draw(slips(file.text[start:end]))))


def _other_value(draw: Draw, file: RightFile, values: tuple[str, ...]) -> Mutated:
    pointer = _pointer(draw, file.scalars())
    mutated = file.replaced(*file.value(pointer), str(draw(st.sampled_from(values))))
    return replace(mutated, key=pointer)


def write_key_twice(draw: Draw, file: RightFile) -> Mutated:
    pointer = _pointer(draw, file.written_keys())
    start, end = file.member(pointer)
    member = file.text[start:end]
    return file.replaced(end, end, member if member.endswith("\n") else f", {member}")


def move_key_to_top(draw: Draw, file: RightFile) -> Mutated:
    inner = [pointer for pointer in file.written_keys() if parent(pointer) and pointer in file.scalars()]
    assume(inner)
    pointer = _pointer(draw, inner)
    start, end = file.key(pointer)[0], file.value(pointer)[1]
    text = file.without(pointer).text.rstrip("\n") + "\n"
    moved = f"{text}{file.text[start:end]}\n"
    return Mutated(text=moved, start=len(text), end=len(moved), gone=pointer)


def add_key_of_other_protocol(draw: Draw, file: RightFile) -> Mutated:
    members = {
        Shape.SMTP: ("http: {url: https://mail.example/send}", "http:\n  kind: form", "url: https://mail.example/send"),
        Shape.HTTP: ("smtp: {host: smtp.example.org, port: 465}", "smtp:\n  port: 465", "host: smtp.example.org"),
        Shape.SITE: ("smtp: {host: smtp.example.org, port: 465}", "username: billing@example.org"),
    }
    return file.replaced(len(file.text), len(file.text), f"{draw(st.sampled_from(members[file.shape]))}\n")


def quote_value(draw: Draw, file: RightFile) -> Mutated:
    pointer = _pointer(draw, file.scalars())
    start, end = file.value(pointer)
    raw = file.text[start:end]
    if raw[:1] in {"'", '"'}:
        return file.replaced(start, end, raw[1:-1])
    quote = str(draw(st.sampled_from("'\"")))
    return file.replaced(start, end, f"{quote}{raw}{quote}")


def shift_line(draw: Draw, file: RightFile) -> Mutated:
    start = _line(draw, file)
    blanks = len(file.text[start:]) - len(file.text[start:].lstrip(" "))
    return _typed(file.replaced(start, start + blanks, " " * int(str(draw(st.integers(0, 6))))))


def indent_with_tab(draw: Draw, file: RightFile) -> Mutated:
    start = _line(draw, file)
    blanks = len(file.text[start:]) - len(file.text[start:].lstrip(" "))
    return _typed(file.replaced(start, start + blanks, "\t"))


def _line(draw: Draw, file: RightFile) -> int:
    """Where a line with a key on it begins."""
    starts = {file.text.rfind("\n", 0, file.key(pointer)[0]) + 1 for pointer in file.written_keys()}
    return int(str(draw(st.sampled_from(sorted(starts)))))


def hit_stray_key(draw: Draw, file: RightFile) -> Mutated:
    at = int(str(draw(st.integers(0, len(file.text) - 1))))
    return _typed(file.replaced(at, at, str(draw(st.sampled_from(STRAY)))))


def lose_character(draw: Draw, file: RightFile) -> Mutated:
    at = int(str(draw(st.integers(0, len(file.text) - 1))))
    return _typed(file.replaced(at, at + 1, ""))


def _typed(mutated: Mutated) -> Mutated:
    return replace(mutated, is_typed=True)


MUTATIONS: Final[Mapping[str, Mutation]] = MappingProxyType(
    {
        mutation.__name__: mutation
        for mutation in (
            take_key_away,
            misspell_key,
            give_wrong_type,
            leave_range,
            use_unknown_word,
            write_key_twice,
            move_key_to_top,
            add_key_of_other_protocol,
            quote_value,
            shift_line,
            indent_with_tab,
            hit_stray_key,
            lose_character,
        )
    }
)
