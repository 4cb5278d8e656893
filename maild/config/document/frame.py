"""What the builder remembers while it builds: open collections, the place of the next value, anchors.

Plain classes, made for every node of every file; they never leave the builder.
"""

from typing import TypeAlias

from maild.config.fault import Pointer

Place: TypeAlias = tuple[int, int]
"""Start and end of a stretch of the text, as indexes."""


class Slot:
    """Where the next value goes: its pointer (None when it goes nowhere), the place of its key."""

    __slots__ = ("is_secret", "key", "pointer")

    def __init__(self, pointer: Pointer | None, key: Place | None, *, is_secret: bool) -> None:
        self.pointer = pointer
        self.key = key
        self.is_secret = is_secret


class Frame:
    """A collection whose end has not come yet."""

    __slots__ = (
        "anchor",
        "count",
        "height",
        "is_key",
        "items",
        "key",
        "keys",
        "members",
        "slot",
        "start",
        "value_slot",
    )

    def __init__(self, slot: Slot, start: int, anchor: str | None, *, is_mapping: bool, is_key: bool) -> None:
        self.members: dict[str, object] = {}
        self.items: list[object] | None = None if is_mapping else []
        self.slot = slot
        self.start = start
        self.anchor = anchor
        self.is_key = is_key
        self.count = 1
        self.height = 1
        self.keys: dict[str, Place] = {}
        self.key = ""
        # In a mapping: set between a key and its value.
        self.value_slot: Slot | None = None

    @property
    def awaits_key(self) -> bool:
        """Whether the next node is a key."""
        return self.items is None and self.value_slot is None

    @property
    def is_secret_here(self) -> bool:
        """Whether the next node may be, or belong to, a password."""
        return self.slot.is_secret if self.value_slot is None else self.value_slot.is_secret

    @property
    def value(self) -> dict[str, object] | list[object]:
        """The collection itself."""
        return self.members if self.items is None else self.items


class Anchored:
    """What an alias stands for, with the number of its nodes and the depth of its nesting."""

    __slots__ = ("count", "height", "value")

    def __init__(self, value: object, count: int, height: int) -> None:
        self.value = value
        self.count = count
        self.height = height
