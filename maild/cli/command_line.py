"""A command line for people to copy: one option a line, each word quoted for the shell. Pure."""

import re
import shlex
from collections.abc import Iterator
from typing import Final

from maild.errors import UsageError

_VARIABLE: Final = re.compile(r"(?:[A-Za-z0-9-]+: (?:Bearer )?)?\$(?:KEY|ACCESS_TOKEN)")


class ExportError(UsageError):
    """The program cannot do what the account does."""


def wrapped(words: list[str]) -> Iterator[str]:
    """A command line, an option a line."""
    program, *rest = words
    lines = [program]
    for word in rest:
        # A variable of ours the shell puts a value for; nothing else in an account is one.
        plain = f'"{word}"' if _VARIABLE.fullmatch(word) else shlex.quote(word)
        if word.startswith("-"):
            lines.append(f"  {plain}")
        else:
            lines[-1] += f" {plain}"
    yield from (f"{line} \\" for line in lines[:-1])
    yield lines[-1]
