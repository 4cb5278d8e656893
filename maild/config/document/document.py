"""A configuration file as plain values, and for each value where it stands, by JSON Pointer (RFC 6901)."""

from dataclasses import dataclass

from maild.config.document.marks import Mark, Marks
from maild.config.fault import Pointer
from maild.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed file.

    Attributes:
        file: its name for people.
        text: its text without byte order mark; every span counts in it.
        value: mappings, lists, texts, numbers, booleans, None; never to be changed, an alias shares its anchor's value.
        marks: for every pointer except those inside an alias; always one for the root "".
        unread: values that could not be read as written (a tag stands before them) and are judged no further.
    """

    file: str
    text: str
    value: object
    marks: Marks
    unread: frozenset[Pointer] = frozenset()

    def value_at(self, pointer: Pointer) -> object:
        """The value that a pointer leads to, None where nothing is."""
        value = self.value
        for token in pointer.split("/")[1:]:
            match value:
                case dict():
                    value = value.get(token.replace("~1", "/").replace("~0", "~") if "~" in token else token)
                case list() if token.isdecimal() and int(token) < len(value):
                    value = value[int(token)]
                case _:
                    return None
        return value

    def value_span(self, pointer: Pointer) -> Span:
        """Where the value stands, or else the nearest value around it."""
        return self._nearest(pointer).value

    def key_span(self, pointer: Pointer) -> Span:
        """Where the value's key stands; the value itself when it has none, or else the nearest value around it."""
        mark = self._nearest(pointer)
        return mark.key or mark.value

    def _nearest(self, pointer: Pointer) -> Mark:
        while (mark := self.marks.get(pointer)) is None:
            pointer = parent_pointer(pointer)
        return mark


def join_pointer(parent: Pointer, key: str | int) -> Pointer:
    """The pointer to a member of the value that `parent` points to (RFC 6901 §3)."""
    if isinstance(key, str) and ("~" in key or "/" in key):
        key = key.replace("~", "~0").replace("/", "~1")
    return Pointer(f"{parent}/{key}")


def parent_pointer(pointer: Pointer) -> Pointer:
    """The pointer to the value around; that of the root is the root."""
    return Pointer(pointer.rpartition("/")[0])
