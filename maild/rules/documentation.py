"""A rule's docstring taken apart: its summary, its five headings, and the examples that tests run. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEADINGS: Final = ("What it finds", "Why it matters", "Bad", "Good", "See")

_FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_SITE_MARK: Final = "# maild.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A file that stands in the documentation; `is_site` when it is a maild.yaml, not an account."""

    text: str
    is_site: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """What a rule says of itself.

    Attributes:
        summary: the first sentence.
        sections: the text below each heading, Markdown, in the order of the docstring.
    """

    summary: str
    sections: Mapping[str, str]

    def examples(self, heading: str) -> tuple[Example, ...]:
        """The YAML files below a heading; other fenced text is for people only."""
        found = _FENCE.findall(self.sections.get(heading, ""))
        return tuple(Example(text=text, is_site=text.startswith(_SITE_MARK)) for kind, text in found if kind == "yaml")


def read_documentation(docstring: str) -> Documentation:
    """The parts of a rule's docstring."""
    summary, *rest = _HEADING.split(docstring)
    sections = {heading: text.strip() for heading, text in zip(rest[::2], rest[1::2], strict=True)}
    return Documentation(summary=" ".join(summary.split()), sections=sections)
