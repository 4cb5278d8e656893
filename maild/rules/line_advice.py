"""What to do about a line that the parser stumbled over, from what stands on it. Pure.

The parser's own advice is to put the value in quotes; for a password, a server with its port and a group on one line
that would only lead to the next mistake.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import YamlSyntax
from maild.config.host import Host, parse_host
from maild.config.pasted import meant_address, meant_host
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics.lines import split_lines
from maild.rules.reference import REFER
from maild.rules.secret_name import means_secret
from maild.rules.separators import keys_of
from maild.rules.subject import Subject
from maild.rules.words import code

_LINE: Final = re.compile(r"""[ \t]*(?:-[ \t]+)?["']?(?P<key>[\w.-]{1,60})["']?[ \t]*:[ \t]+(?P<value>.*?)[ \t]*""")
_HOST_AND_PORT: Final = re.compile(r"(?P<host>\S+):[ \t]+(?P<port>[0-9]{1,5})")
_GROUPS: Final[Mapping[str, str]] = MappingProxyType({"smtp": "host", "tls": "mode", "http": "url"})
_WAY: Final = re.compile(r"""[{(\[]?\s*["']?(?P<key>env|file|credential|command)["']?\s*:""")
_BEHIND_BRACE: Final = re.compile(r"\{[^{}]*\}[ \t]*[^\s,;#]")
_KEY_WITHIN: Final = re.compile(r"([\w.-]+):(?=[ \t])")
_MARKS: Final = (
    (
        re.compile(r"(?:<{7}|={7}|>{7})(?: |$)"),
        (
            "Git found two versions and left both here: keep one of them, and delete the lines that begin with "
            "`<<<<<<<`, `=======` and `>>>>>>>`."
        ),
    ),
    (
        re.compile(r"\s*(?:\.\.\.|\u2026)\s*$"),
        "Delete this line: the dots stand for what was left out where it comes from.",
    ),
    (re.compile(r"\s*(?:```|~~~)"), "Delete this line: it is a mark of the page that the text was copied from."),
    (
        re.compile(r"@@ -|diff --git |--- (?:a/|/dev/null|\S+\t)|\+\+\+ b/"),
        "This is a diff: keep the lines that begin with a blank or a `+`, without that sign, and delete the others.",
    ),
    (re.compile(r"\s*>"), "Delete the `>` at the beginnings of the lines: it marks what a letter quotes."),
    (re.compile(r"\s*\*"), "Delete the asterisks: elsewhere they make lists, and words bold."),
)
_QUOTED_LINE: Final = re.compile(r"""[ \t]*(?:-[ \t]+)?(["'])[\w-]+:[ \t].*\1[ \t]*""")
_WORD_AND_COLON: Final = re.compile(r"(?P<key>[\w-]+):([ \t].*)?")
_ADDRESSES: Final = frozenset({"username", "email", "reply_to", "copy_to"})


def advise_about(subject: Subject, fault: YamlSyntax) -> str:
    """What to write instead; empty where the line itself tells no more."""
    lines = split_lines(subject.loaded.text)
    line = lines[fault.span.line - 1] if fault.span.line <= len(lines) else ""
    found = _LINE.fullmatch(line)
    if fault.cause == SyntaxCause.MISSING_COLON and _QUOTED_LINE.fullmatch(line) is not None:
        return "Delete the quotes around the line; they belong around the value alone."
    if found is None:
        return _of_no_key(line, fault)
    key, value = found["key"].lower(), found["value"]
    if means_secret(key):
        return _of_secret(value)
    is_lost = fault.cause == SyntaxCause.COLON_IN_VALUE
    return _of_server(key, value) or _of_pasted(key, value) or (_of_lost_break(subject, value) if is_lost else "")


def _of_lost_break(subject: Subject, value: str) -> str:
    """Of a value in which one of the file's keys begins, as if its line had lost its break."""
    found = _KEY_WITHIN.search(value)
    keys = keys_of(is_account=subject.is_account)
    word = "" if found is None else max((key for key in keys if found[1].endswith(key)), key=len, default="")
    if found is None or not word or found.end(1) == len(word):
        return ""
    return f"Write {code(f'{word}:')} on a line of its own, or put the whole value in double quotes if it is one."


def _of_secret(value: str) -> str:
    """Of a password only its form is looked at: whether it was to be a reference."""
    way = _WAY.match(value)
    if way is None:
        return REFER
    if _BEHIND_BRACE.match(value) is not None:
        return "Delete it. If it is the password, change it at the provider, too."
    return "" if value.startswith("{") else f"Write it with braces: `{{{way['key']}: …}}`."


def _of_no_key(line: str, fault: YamlSyntax) -> str:
    """A line of words that nobody meant to be a key, or with marks of the text that it was copied from."""
    mark = next((advice for grammar, advice in _MARKS if grammar.match(line) is not None), None)
    if mark is not None:
        return mark
    is_prose = fault.cause == SyntaxCause.MISSING_COLON and len(line.split()) > 2
    return "Write it as `key: value`, or put a # before it if it is a remark." if is_prose else ""


def _of_server(key: str, value: str) -> str:
    with_port = _HOST_AND_PORT.fullmatch(value)
    if key == "host" and with_port is not None and isinstance(parse_host(with_port["host"]), Host):
        lines = f"host: {with_port['host']}", f"port: {with_port['port']}"
        return f"Write {code(lines[0])} and {code(lines[1])}, each on its own line."
    if value.startswith("(") and key in _GROUPS:
        return "Write braces `{` and `}` instead of the parentheses."
    inner = _WORD_AND_COLON.fullmatch(value)
    if key in _GROUPS and inner is not None:
        below = f"{inner['key']}:"
        return f"Write {code(f'{key}:')} on a line of its own, and below it, indented, {code(below)} and so on."
    return ""


def _of_pasted(key: str, value: str) -> str:
    meant = meant_host(value) if key == "host" else meant_address(value) if key in _ADDRESSES else None
    return "" if meant is None else f"Write {code(f'{key}: {meant.text}')}."
