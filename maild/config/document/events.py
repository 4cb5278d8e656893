"""The events of PyYAML's parsers: libyaml where it is installed, the pure one elsewhere, told to agree with it.

Only events, never `yaml.load` or `yaml.compose`: those recurse, and in the C loader some 30 000 brackets end the
process without an exception. The event parsers are iterative.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

import yaml
from yaml.error import Mark


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, with libyaml's reading of tabs.

    PyYAML takes no tab between tokens or words, though YAML allows it wherever it does not indent (YAML 1.2.2 §6.1).
    One difference stays: a tab after the indentation of a text's second line is an error here and none in libyaml.
    """

    def scan_to_next_token(self) -> None:
        """Goes to the next token over blanks, line breaks and comments."""
        super().scan_to_next_token()
        # A simple key may begin here exactly when only indentation stands before, and that takes no tab.
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            while self.peek() in " \t":
                self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: Mark) -> list[str]:
        """The blanks between two words of an unquoted text, or what folding makes of a line break."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        if self.peek(length) in "\r\n":
            self.forward(length)
            return super().scan_plain_spaces(indent, start_mark) or []
        blanks = self.prefix(length)
        self.forward(length)
        return [blanks] if blanks else []


EventLoader: TypeAlias = type[yaml.SafeLoader] | type["yaml.CSafeLoader"]

FASTEST_LOADER: Final[EventLoader] = getattr(yaml, "CSafeLoader", PureLoader)
"""libyaml's parser when PyYAML was built with it."""


def read_events(text: str, loader: EventLoader) -> Iterator[yaml.Event]:
    """The events of a text.

    Raises:
        yaml.MarkedYAMLError: the text is no YAML.
        ValueError: the pure parser met a number in a directive or an escape that it cannot hold.
    """
    return iter(yaml.parse(text, Loader=loader))


def start_of(event: yaml.Event) -> int:
    """The index in the text at which what the event tells of begins."""
    assert event.start_mark is not None
    return event.start_mark.index


def end_of(event: yaml.Event) -> int:
    """The index behind it; of the end of a block collection, that of the next token."""
    assert event.end_mark is not None
    return event.end_mark.index
