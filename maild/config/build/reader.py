"""Takes single values out of a document and parses them; what is wrong becomes a fault, and the value None.

A wrong type or a wrong choice is the schema's finding, so here it is only None: that way a draft can also be made of
a file whose structure could not be judged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Final, TypeVar

from maild.config.build.blame import bad_address
from maild.config.document import Document, join_pointer
from maild.config.duration import parse_duration
from maild.config.fault import Fault, OutOfRange, Pointer, WrongType
from maild.config.size import parse_size
from maild.mail.address import AddressError, Mailbox

_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationRange:
    """The durations that a key takes, as they are written."""

    minimum: str
    maximum: str

    def holds(self, duration: timedelta) -> bool:
        """Whether a duration is among them."""
        low, high = parse_duration(self.minimum), parse_duration(self.maximum)
        assert low is not None
        assert high is not None
        return low <= duration <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRange:
    """The sizes that a key takes, as they are written."""

    minimum: str
    maximum: str

    def holds(self, size_bytes: int) -> bool:
        """Whether a size is among them."""
        low, high = parse_size(self.minimum), parse_size(self.maximum)
        assert low is not None
        assert high is not None
        return low <= size_bytes <= high


class Reader:
    """Reads one document; `faults` collects what was wrong.

    Args:
        document: the document.
        known: faults of its structure; what has one is not looked at again.
    """

    def __init__(self, document: Document, known: Iterable[Fault]) -> None:
        self._document = document
        self._bad = {fault.pointer for fault in known if hasattr(fault, "pointer")} | document.unread
        self.faults: list[Fault] = []

    def value(self, pointer: str) -> object:
        """The value as it is, None where there is none or where it is known to be wrong."""
        return None if pointer in self._bad else self._document.value_at(Pointer(pointer))

    def text(self, pointer: str) -> str | None:
        """A text."""
        value = self.value(pointer)
        return value if isinstance(value, str) else None

    def integer(self, pointer: str) -> int | None:
        """A whole number; 465.0 is one, too, but 10.000 is ten thousand to half of Europe and ten to YAML."""
        value = self.value(pointer)
        # A value that an alias stands for has no mark.
        mark = self._document.marks.get(Pointer(pointer)) if isinstance(value, float) else None
        if mark is not None and _THOUSANDS.fullmatch(mark.raw or "") is not None:
            self.faults.append(WrongType(pointer=Pointer(pointer), expected=("a whole number",), found="a number"))
            return None
        is_whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        return int(value) if is_whole and isinstance(value, int | float) else None

    def flag(self, pointer: str) -> bool | None:
        """True or false."""
        value = self.value(pointer)
        return value if isinstance(value, bool) else None

    def choice(self, pointer: str, choices: type[Choice]) -> Choice | None:
        """One of the members of an enumeration, by its value."""
        value = self.value(pointer)
        # Of most choices nothing is said.
        return None if value is None else next((choice for choice in choices if choice == value), None)

    def path(self, pointer: str) -> PurePath | None:
        """A path, not looked for."""
        text = self.text(pointer)
        return None if text is None else PurePath(text)

    def texts(self, pointer: str) -> tuple[str, ...]:
        """A list of texts; entries of other kinds are left out."""
        value = self.value(pointer)
        entries = value if isinstance(value, list) else []
        return tuple(entry for index, entry in enumerate(entries) if self.text(f"{pointer}/{index}") is not None)

    def duration(self, pointer: str, allowed: DurationRange) -> timedelta | None:
        """A duration within its range."""
        text = self.text(pointer)
        duration = None if text is None else parse_duration(text)
        if duration is None or text is None:
            return None
        if allowed.holds(duration):
            return duration
        self._out_of_range(pointer, text, allowed)
        return None

    def size(self, pointer: str, allowed: SizeRange) -> int | None:
        """A size in bytes within its range."""
        text = self.text(pointer)
        size_bytes = None if text is None else parse_size(text)
        if size_bytes is None or text is None:
            return None
        if allowed.holds(size_bytes):
            return size_bytes
        self._out_of_range(pointer, text, allowed)
        return None

    def _out_of_range(self, pointer: str, text: str, allowed: DurationRange | SizeRange) -> None:
        self.faults.append(
            OutOfRange(pointer=Pointer(pointer), found=text, minimum=allowed.minimum, maximum=allowed.maximum)
        )

    def mailbox(self, pointer: str) -> Mailbox | None:
        """A single address."""
        text = self.text(pointer)
        if text is None:
            return None
        try:
            return Mailbox.parse(text)
        except AddressError as error:
            self.faults.append(bad_address(Pointer(pointer), text, error))
            return None

    def mailboxes(self, pointer: str) -> tuple[Mailbox, ...]:
        """One address or a list of them, without doubles."""
        value = self.value(pointer)
        if isinstance(value, list):
            found = [self.mailbox(join_pointer(Pointer(pointer), index)) for index in range(len(value))]
        else:
            found = [self.mailbox(pointer)]
        return tuple(dict.fromkeys(mailbox for mailbox in found if mailbox is not None))
