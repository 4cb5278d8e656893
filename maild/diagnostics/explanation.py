"""What is to be told of a code, the same wherever it is told: in a terminal, an editor, a code scanner. Pure.

The words are the rules' and the live findings' own documentation; here they are only held. They are about no file in
particular, so they hold nothing of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.diagnostics.diagnostic import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One code.

    Attributes:
        code: `ML` and three digits.
        name: its readable name.
        severity: unless the site says otherwise.
        summary: one sentence.
        sections: the text below each heading, Markdown, in order.
        is_fixed: whether the site cannot change its severity.
        is_live: whether it is about the world, and so not found by `maild check`.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    sections: Mapping[str, str]
    is_fixed: bool = False
    is_live: bool = False

    @property
    def command(self) -> str:
        """The command that tells it."""
        return f"maild explain {self.code}"

    @property
    def note(self) -> str:
        """What is to be said behind the severity: nothing, or that it stays as it is."""
        return ", cannot be changed in `lint`" if self.is_fixed else ""

    @property
    def markdown(self) -> str:
        """All of it as Markdown."""
        sections = (f"### {heading}\n\n{text}" for heading, text in self.sections.items())
        head = f"## {self.code} {self.name}\n\nSeverity: {self.severity}{self.note}"
        return "\n\n".join([head, self.summary, *sections])
