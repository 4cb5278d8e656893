"""What stands before or within keys since lines were copied from elsewhere: one mistake, and each key is unknown. Pure.

1 protocol: smtp         the numbers of an editor or a web page
+protocol: smtp          a diff
- protocol: smtp         one entry of a list, without the others
smtp: {host=x, port=1}   another notation within brackets
"""

import re
from dataclasses import replace
from typing import Final

from maild.config.fault import Fault, UnknownKey, YamlSyntax
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics.lines import split_lines

_MARKED: Final = re.compile(r"(?:\+[ \t]*|[0-9]{1,4}[.:|]?[ \t]+)(?P<key>[a-z_0-9]+)")
_ASSIGNED: Final = re.compile(r"(?P<key>[a-z_0-9]+)[ \t]*=.*")
_ENTRY: Final = re.compile(r"-[ \t]+[\w-]+:(?:[ \t]|$)")
_SEVERAL: Final = 2


def marked_lines(file: LoadedAccount | LoadedSite, keys: frozenset[str]) -> tuple[Fault, ...] | None:
    """The fault of all these keys together; None where they are none of these mistakes."""
    unknown = [fault for fault in file.faults if isinstance(fault, UnknownKey)]
    return (
        _all_like(file, [fault for fault in unknown if _has(_MARKED, fault, keys)], SyntaxCause.LINE_MARKS, _SEVERAL)
        or _all_like(file, [fault for fault in unknown if _has(_ASSIGNED, fault, keys)], SyntaxCause.EQUALS_SIGN, 2)
        or _lone_dash(file)
    )


def _has(form: re.Pattern[str], fault: UnknownKey, keys: frozenset[str]) -> bool:
    found = form.fullmatch(fault.key)
    return found is not None and found["key"] in keys


def _all_like(
    file: LoadedAccount | LoadedSite, like: list[UnknownKey], cause: SyntaxCause, least: int
) -> tuple[Fault, ...] | None:
    if file.document is None or len(like) < least:
        return None
    span = file.document.key_span(like[0].pointer)
    return (YamlSyntax(span=span, problem="found another notation", cause=cause),)


def _lone_dash(file: LoadedAccount | LoadedSite) -> tuple[Fault, ...] | None:
    fault = next((fault for fault in file.faults if isinstance(fault, YamlSyntax)), None)
    if fault is None or fault.cause != SyntaxCause.INDENTATION:
        return None
    written = [
        (number, line)
        for number, line in enumerate(split_lines(file.text), start=1)
        if line.strip(" -") and line[0] != "#"
    ]
    number, first = written[0]
    if _ENTRY.match(first) is None or any(line[0] in " -" for at, line in written[1:] if at <= fault.span.line):
        return None
    span = replace(fault.span, line=number, column=1, end_line=number, end_column=2)
    return (YamlSyntax(span=span, problem=fault.problem, cause=SyntaxCause.LONE_DASH),)
