"""The file cannot be read as YAML, so nothing in it counts.

## What it finds
Text that breaks the rules of YAML: a value with a colon that is not quoted, a quote or bracket that is never closed, a
tab where spaces must stand, a line that is indented differently from its neighbours.

## Why it matters
Nothing of the file can be used. maild keeps sending with the last version that was right.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: Example Shop: Billing
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: "Example Shop: Billing"
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2, https://yaml.org/spec/1.2.2/
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from maild.config.fault import YamlSyntax
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Edit, Fix, Severity
from maild.diagnostics.lines import split_lines
from maild.rules.finding import AtSpan, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.line_advice import advise_about
from maild.rules.line_marks import equals_in_brackets, without_dash, without_marks
from maild.rules.rule import Rule
from maild.rules.separators import Odd, keys_of, mend, odd_ends, odd_separators
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML101",
    name="yaml-syntax",
    severity=Severity.ERROR,
    summary="The file cannot be read as YAML, so nothing in it counts.",
    faults=(YamlSyntax,),
    is_fixed=True,
)

_QUOTE_ALL: Final = "Put the whole value in double quotes."
_AS_KEYS: Final = "Write `key: value`, each key on a line of its own."

_CAUSES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        SyntaxCause.COLON_IN_VALUE: (
            "The value holds a colon and a space, as if another key began there.",
            _QUOTE_ALL,
        ),
        SyntaxCause.MISSING_QUOTE: (
            "A quote is opened here and not closed where it should be.",
            "Close it on this line.",
        ),
        SyntaxCause.TEXT_AFTER_QUOTE: (
            "Something stands after the closing quote.",
            "Let the quotes go around the whole value, or leave them out.",
        ),
        SyntaxCause.NO_SPACE_AFTER_COLON: (
            "After the colon a space is missing, so this is no key.",
            "Write a space behind the colon.",
        ),
        SyntaxCause.MISSING_COLON: (
            "The line is no key with a value: behind the key a colon is missing.",
            "Write it as `key: value`.",
        ),
        SyntaxCause.EQUALS_SIGN: (
            "Behind the key stands an equals sign, and YAML wants a colon and a space.",
            "Write a colon and a space in its place.",
        ),
        SyntaxCause.MISSING_COMMA: (
            "Behind this a comma is missing: in brackets one stands between any two.",
            "Write a comma here.",
        ),
        SyntaxCause.LINE_END: (
            "The line ends with a comma or a semicolon, and so do others; YAML wants nothing there.",
            "Delete them at the ends of the lines.",
        ),
        SyntaxCause.LINE_MARKS: (
            "Something stands before the keys that counts as part of them: the numbers of lines, the signs of a diff.",
            "Delete it at the beginnings of all lines.",
        ),
        SyntaxCause.LONE_DASH: (
            "The dash makes a list of this key, and the lines below it are none of it.",
            "Delete the dash.",
        ),
        SyntaxCause.UNCLOSED_BRACKET: (
            "A bracket is opened here and not closed.",
            "Close `[` with `]`, and `{` with `}`.",
        ),
        SyntaxCause.EXTRA_BRACKET: (
            "The bracket closes nothing: there is one too many.",
            "Delete it.",
        ),
        SyntaxCause.TEXT_BEHIND_BRACKET: (
            "Something stands behind the brace that closes the value.",
            "Delete it, or write it on a line of its own if it is another key.",
        ),
        SyntaxCause.BACKSLASH: (
            "In double quotes a backslash begins a special character, and this one does not exist.",
            "Use single quotes, where a backslash is only a backslash.",
        ),
        SyntaxCause.INDENTATION: (
            "The line begins further left or right than the lines it belongs to.",
            "Let it begin in the same column as they do.",
        ),
        SyntaxCause.CONTROL_CHARACTER: (
            "The line holds a character that cannot be seen.",
            "Delete the line and type it again.",
        ),
        SyntaxCause.ZERO_BYTE: (
            "The file holds a zero byte (NUL) here, which is no text: it was damaged when it was written or copied.",
            "Delete the line and type it again, or take the file from a backup.",
        ),
    }
)
"""What a person did, and what to do about it: the parser's own words speak of its grammar."""

_MOST_SHOWN: Final = 10
_DOTS: Final = frozenset({"...", "\u2026"})
_OF_NOTATION: Final = frozenset(
    {SyntaxCause.EQUALS_SIGN, SyntaxCause.LINE_END, SyntaxCause.MISSING_COLON, SyntaxCause.NO_SPACE_AFTER_COLON}
)
_OF_OTHER_RULES: Final = frozenset({SyntaxCause.TAB_INDENTATION, SyntaxCause.UNQUOTED_SPECIAL})


def check(subject: Subject) -> Iterator[Finding]:
    """What the parser stumbled over, with the usual mistake behind it."""
    for fault in subject.faults(YamlSyntax):
        if fault.cause in _OF_OTHER_RULES:
            continue
        line = split_lines(subject.loaded.text)[fault.span.line - 1]
        what, advice = _CAUSES.get(fault.cause) or _said_by_parser(fault.problem, line)
        if line.strip() in _DOTS:
            what = "Dots are no key with a value."
        odd = _odd(subject, fault)
        is_only_one = fault.cause == SyntaxCause.LINE_END and not odd
        if is_only_one:
            what, advice = "The line ends with a comma or a semicolon, and YAML wants nothing there.", "Delete it."
        if fault.cause != SyntaxCause.EXTRA_BRACKET:
            advice = advise_about(subject, fault) or advice
        yield Finding(
            message=f"{what} Nothing in the file can be used.",
            place=AtSpan(span=fault.span),
            help=advice,
            because=tuple(Because(place=AtSpan(span=one.shown), message="and here") for one in odd[1:_MOST_SHOWN]),
            fix=mend(odd) if odd else _deleted(fault) if is_only_one else _fix(subject, fault),
        )


def _fix(subject: Subject, fault: YamlSyntax) -> Fix | None:
    match fault.cause:
        case SyntaxCause.MISSING_COMMA:
            return _comma(subject, fault)
        case SyntaxCause.LINE_MARKS:
            return without_marks(subject.loaded.text)
        case SyntaxCause.LONE_DASH:
            return without_dash(fault.span, subject.loaded.text)
        case _:
            return None


def _said_by_parser(problem: str, line: str) -> tuple[str, str]:
    """What remains: the parser's own words, where no better ones are known for them."""
    if "document start" in problem:
        return "The file ends here for YAML, since a whole value comes before, and something follows.", _AS_KEYS
    if line.startswith("%"):
        return "A line that begins with % is an order to the program that reads the file.", "Delete the %, or the line."
    return f"This is no valid YAML: {problem}.", ""


def _deleted(fault: YamlSyntax) -> Fix:
    return Fix(edits=(Edit(span=fault.span, text=""),), is_safe=True)


def _comma(subject: Subject, fault: YamlSyntax) -> Fix:
    line = split_lines(subject.loaded.text)[fault.span.line - 1]
    if line.startswith(";", fault.span.column - 1):
        return Fix(edits=(Edit(span=fault.span, text=","),), is_safe=True)
    end = replace(fault.span, line=fault.span.end_line, column=fault.span.end_column)
    return Fix(edits=(Edit(span=end, text=","),), is_safe=True)


def _odd(subject: Subject, fault: YamlSyntax) -> tuple[Odd, ...]:
    """All lines of the file with the same mistake as the first one, which the fault is about."""
    keys = keys_of(is_account=subject.is_account)
    odd = odd_ends if fault.cause == SyntaxCause.LINE_END else odd_separators
    found = odd(subject.loaded.text, keys) if fault.cause in _OF_NOTATION else ()
    if fault.cause == SyntaxCause.EQUALS_SIGN and not found:
        return equals_in_brackets(subject.loaded.text, keys)
    return found if found and found[0].shown == fault.span else ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")
