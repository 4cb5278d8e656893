"""Manual pages as roff with the macros of man(7). Pure.

Takes the little Markdown that our own words are written in: paragraphs, `code`, lists with dashes, fenced code. What
can go wrong: roff takes a line that begins with a dot or an apostrophe as a request and a backslash as an escape, so
every line of text passes `escape`, and no text becomes a request.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")
_LINK: Final = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_SPECIAL: Final = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A term with what there is to say about it: an option, a key, a file."""

    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with Markdown below it, and entries below that."""

    heading: str
    text: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManPage:
    """One page.

    Attributes:
        name: what `man` is called with.
        number: the manual's section: 1 commands, 5 files, 7 the rest.
        summary: one line for apropos(1).
        synopsis: the ways to call it; empty where nothing is called.
    """

    name: str
    number: int
    summary: str
    synopsis: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def file_name(self) -> str:
        """Where it lies below a man path."""
        return f"man{self.number}/{self.name}.{self.number}"


def render_page(page: ManPage, version: str) -> str:
    """The page's source. Without a date, so that the same words make the same file."""
    lines = [
        f'.TH "{escape(page.name.upper())}" "{page.number}" "" "maild {escape(version)}" "maild"',
        # Neither stretched nor hyphenated: options and paths are to be copied.
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{escape(page.name)} \\- {escape(page.summary)}",
    ]
    if page.synopsis:
        lines += [".SH SYNOPSIS", ".nf", *(_bold(call) for call in page.synopsis), ".fi"]
    for section in page.sections:
        lines += [f'.SH "{escape(section.heading)}"', *blocks(section.text)]
        for entry in section.entries:
            lines += [".TP", _bold(entry.term), *_indented(blocks(entry.text) or ["\\&"])]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """One line of text that roff prints as it is, whatever stands in it."""
    line = " ".join(_characters(text).replace('"', "\\(dq").split())
    return f"\\&{line}" if line.startswith(".") else line


def blocks(markdown: str) -> list[str]:
    """Markdown as lines of roff."""
    return list(_blocks(markdown.split("\n")))


def _indented(lines: list[str]) -> list[str]:
    # A paragraph behind the first would stand at the margin again.
    end = next((at for at, line in enumerate(lines) if line.startswith(".")), len(lines))
    rest = lines[end:]
    return [*lines[:end], *([".RS", *rest, ".RE"] if rest else ())]


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    is_code = is_gap = False
    for line in lines:
        if line.lstrip().startswith("```"):
            is_code = not is_code
            yield from (".PP", ".RS 4", ".nf") if is_code else (".fi", ".RE")
        elif is_code:
            yield _verbatim(line)
        elif not line.strip():
            is_gap = True
        elif line.lstrip().startswith("- "):
            yield ".IP \\(bu 2"
            yield inline(line.lstrip()[2:])
            is_gap = False
        else:
            if is_gap:
                yield ".PP"
            yield inline(line.strip())
            is_gap = False
    if is_code:
        yield from (".fi", ".RE")


def inline(text: str) -> str:
    """One line with `code` and **strong** in bold and links spelt out."""
    spelt = _LINK.sub(lambda found: f"{found[1]} ({found[2]})", text)
    pieces = _CODE.split(_STRONG.sub(r"`\1`", spelt))
    shown = "".join(_bold(piece) if index % 2 else _plain(piece) for index, piece in enumerate(pieces))
    return f"\\&{shown}" if shown.startswith(".") else shown


def _plain(piece: str) -> str:
    # Between two pieces of code a space at the edge counts.
    inner = escape(piece)
    before, after = piece[:1].isspace(), piece[-1:].isspace()
    return f"{' ' if before else ''}{inner}{' ' if after and inner else ''}"


def _bold(text: str) -> str:
    return f"\\fB{escape(text)}\\fR"


def _verbatim(line: str) -> str:
    shown = _characters(line.expandtabs())
    return f"\\&{shown}"


def _characters(text: str) -> str:
    """Names instead of what roff, or a terminal of another encoding, would take for something else."""
    return _BEYOND_ASCII.sub(lambda found: f"\\[u{ord(found[0]):04X}]", text.translate(_SPECIAL))
