"""From a file's bytes to a `Document`, or to the faults that keep it from being one. It never raises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import yaml

from maild.config.document.builder import Builder
from maild.config.document.document import Document
from maild.config.document.events import FASTEST_LOADER, EventLoader, end_of, read_events
from maild.config.document.lines import Lines
from maild.config.document.marks import Marks
from maild.config.document.syntax import explain_error
from maild.config.fault import Fault, NotUtf8, TooLarge, UnsupportedYaml, YamlSyntax
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Span
from maild.diagnostics.lines import line_starts

MAX_BYTES: Final = 1024 * 1024
"""A configuration of this size is a mistake: somebody named a mailbox."""

# libyaml from 0.2.6 on refuses a thousand brackets itself, and before it tells of the first: while a bracket may begin
# a key it reads 1,024 characters ahead.
_NESTING: Final = "maximum nesting depth"

_FEWEST_ZEROS: Final = 4
"""UTF-16 is taken for what has a zero byte among so many; fewer are damage, as a full disk or a crash leaves it."""

# What YAML 1.2.2 §5.1 does not take, and the three line breaks of YAML 1.1 that editors do not count as lines: they
# would put every position after them on another line than the person sees.
_UNSEEN_ASCII: Final = re.compile("[^\t\n\r -~]")


@cache
def _unseen() -> re.Pattern[str]:
    # Compiled when the first file beyond ASCII comes: it takes as long as reading dozens of files.
    return re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What reading one file came to.

    Attributes:
        document: None when nothing could be made of the file.
        text: the text as far as it is one, for showing lines; empty when the file is too large.
        faults: in the order in which they were met.
    """

    document: Document | None
    text: str
    faults: tuple[Fault, ...]


def parse_document(file: str, data: bytes, *, loader: EventLoader = FASTEST_LOADER) -> Parsed:
    """Reads one YAML document from the bytes of `file`; an empty one has the value None."""
    if len(data) > MAX_BYTES:
        return _nothing("", TooLarge(size_bytes=len(data), limit_bytes=MAX_BYTES))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error)
    lines = Lines(text)
    unseen = (_UNSEEN_ASCII if text.isascii() else _unseen()).search(text)
    if unseen is not None:
        return _nothing(text, _unseen_fault(lines, unseen))
    builder = Builder(text, lines)
    is_whole = _take_events(builder, text, lines, loader)
    if not is_whole:
        return _nothing(text, *_causes(text, builder.faults))
    document = Document(
        file=file,
        text=text,
        value=builder.value,
        marks=Marks(text, lines, builder.marks),
        unread=frozenset(builder.unread),
    )
    return Parsed(document=document, text=text, faults=tuple(builder.faults))


def _take_events(builder: Builder, text: str, lines: Lines, loader: EventLoader) -> bool:
    try:
        return builder.take(read_events(text, loader))
    except yaml.MarkedYAMLError as error:
        if _NESTING in (error.problem or ""):
            builder.refuse_depth()
        else:
            builder.faults.append(explain_error(text, lines, error, builder.last))
    except (ValueError, OverflowError):
        # PyYAML's own parser on numbers it cannot hold: "\UFFFFFFFF", %YAML 1.<five thousand digits>.
        start = 0 if builder.last is None else end_of(builder.last)
        span = lines.span(start, min(start + 1, len(text)))
        builder.faults.append(YamlSyntax(span=span, problem="found a number that is too large"))
    return False


def _causes(text: str, faults: list[Fault]) -> list[Fault]:
    """Without the last one where it only follows: from a bracket too many, read as part of a key, or from a tag."""
    *others, last = faults
    if not isinstance(last, YamlSyntax):
        return faults
    starts = line_starts(text)
    keys = [fault.span for fault in others if isinstance(fault, UnsupportedYaml) and fault.kind == "key"]
    places = [starts[span.line - 1] + span.column - 1 for span in keys]
    is_explained = any(text[at] in "[{" or text[:at].rstrip().endswith(("[", "{")) for at in places)
    tags = [fault.span for fault in others if isinstance(fault, UnsupportedYaml) and fault.kind == "tag"]
    is_explained |= any(span.line == last.span.line for span in tags)
    # Only of the tag before: there may be a hundred thousand of them.
    is_explained |= any(_moves_key(text, span, last.span, starts) for span in tags[-1:])
    return others if is_explained else faults


def _moves_key(text: str, tag: Span, wrong: Span, starts: Sequence[int]) -> bool:
    """Whether the tag begins its line, and what is wrong stands in the next one: the key behind the tag has no column
    of its own then, or is part of the tag, and the next key does not fit.
    """
    start = starts[tag.line - 1]
    between = text[start : starts[wrong.line - 1]].splitlines()
    is_next = wrong.line > tag.line and not any(line.split("#")[0].strip() for line in between[1:])
    return is_next and not text[start : start + tag.column - 1].strip()


def _nothing(text: str, *faults: Fault) -> Parsed:
    return Parsed(document=None, text=text, faults=faults)


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Parsed:
    text = data.decode("utf-8-sig", "replace")
    # What was decoded so far keeps its place in the text with replacements.
    before = len(data[: error.start].decode("utf-8-sig"))
    span = Lines(text).span(before, min(before + 1, len(text)))
    return _nothing(text, NotUtf8(span=span, guess=_guess(data)))


def _guess(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(data.count(0), len(data)):
        return "UTF-16"
    return "Latin-1 or Windows-1252"


def _is_wide(zeros: int, size: int) -> bool:
    """Whether text of this size looks like UTF-16, which has a zero byte beside every ASCII character."""
    return zeros * _FEWEST_ZEROS >= size


def _unseen_fault(lines: Lines, unseen: re.Match[str]) -> Fault:
    span = lines.span(unseen.start(), unseen.end())
    text = unseen.string
    if unseen[0] == "\0" and _is_wide(text.count("\0"), len(text)):
        return NotUtf8(span=span, guess="UTF-16")
    problem = f"found the character U+{ord(unseen[0]):04X}, which cannot be seen"
    cause = SyntaxCause.ZERO_BYTE if unseen[0] == "\0" else SyntaxCause.CONTROL_CHARACTER
    return YamlSyntax(span=span, problem=problem, cause=cause)
