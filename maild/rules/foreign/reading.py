"""Takes a file apart into settings, line by line where it is no YAML, else by its keys. Pure.

Values are texts without their quotes. What is no setting is counted: a letter is no configuration because one line of
it holds an equals sign.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from maild.config.document import Document, join_pointer
from maild.config.fault import Pointer
from maild.config.password import REFERENCE_KEYS
from maild.diagnostics import Span
from maild.diagnostics.lines import split_lines
from maild.rules.foreign.login_line import pairs_of_login
from maild.rules.foreign.pair import Form, Pair
from maild.rules.pointing import parent, tokens

_MOST_PAIRS: Final = 200
_DEEPEST: Final = 5

_WORDS_OF_MSMTP: Final = """account host port user from password passwordeval auth tls tls_starttls tls_trust_file
    tls_certcheck tls_fingerprint domain logfile timeout protocol maildomain"""
_SPOKEN_WORDS: Final = frozenset([*_WORDS_OF_MSMTP.split(), "machine", "login"])
_ASSIGNED_FORM: Final = re.compile(
    r"""[ \t]*(?:-[ \t]+)?(?:(?:export|set)[ \t]+|\$\w+(?:->|\[)|\w+\[)?["']?(?P<key>[A-Za-z_][\w.-]{0,60})["']?\]?"""
    r"[ \t]*(?::=|=>?)[ \t]*(?P<value>.*)"
)
_CELL: Final = r"\|[ \t*`]*(?P<value>[^|*`]*?)[ \t*`]*(?:\|.*)?"
_PLAIN: Final = r"[^\s:=#|\[\]{}\"']+"
_FORMS: Final = (
    (
        Form.PREFERENCE,
        re.compile(
            r"""[ \t]*(?:user_)?pref\([ \t]*["']mail\.(?:smtpserver|identity)\.\w+\.(?P<key>\w+)["'][ \t]*,[ \t]*"""
            r"(?P<value>.*?)[ \t]*\)[ \t]*;?[ \t]*"
        ),
    ),
    (Form.CALLED, re.compile(r"""[ \t]*define\([ \t]*["'](?P<key>\w+)["'][ \t]*,[ \t]*(?P<value>.*?)\)[ \t]*;?""")),
    (Form.TAGGED, re.compile(r"[ \t]*<(?P<key>\w+)>(?P<value>[^<]*)</\w+>")),
    (Form.ASSIGNED, _ASSIGNED_FORM),
    (
        Form.YAML,
        re.compile(
            r"""[ \t]*(?:-[ \t]+)?["':]?(?P<key>[^\W\d][^:=#<>\[\]{}"]{0,60}?)["']?[ \t]*:(?:[ \t]+(?P<value>.*))?"""
        ),
    ),
    (Form.TABLE, re.compile(rf"[ \t]*\|[ \t*`]*(?P<key>[^|*`]{{1,60}}?)[ \t*`:]*{_CELL}")),
    (Form.TABLE, re.compile(rf"[ \t]*(?P<key>[^|:*`]{{1,60}}?)[ \t]*{_CELL}")),
    (Form.TABBED, re.compile(rf"[ ]*(?P<key>{_PLAIN}(?: {_PLAIN}){{0,3}})[ ]*\t[ \t]*(?P<value>\S.*)")),
    (Form.SPOKEN, re.compile(r"[ \t]*(?P<key>[a-z_]+)[ \t]+(?P<value>\S.*)")),
    (Form.SPOKEN, re.compile(r"(?P<key>[A-Z][A-Za-z_-]*(?: [A-Za-z]+){0,2})[ \t]+(?P<value>\S+)[ \t]*")),
)
_SECTION: Final = re.compile(r"[ \t]*\[{1,2}[\w .\"'-]+\]{1,2}[ \t]*")
_NOISE: Final = re.compile(
    r"[ \t]*(?:[#;{}<)\]]|//|\$\w+->\w+\(|defaults\b|return\b|\?>|(?:user_)?pref\(|\|?[ \t]*:?--+:?[ \t]*\|).*|[ \t]*"
)
_REFERENCE: Final = re.compile(r"[\w./@-]{1,100}")
_SERVER: Final = re.compile(r"[ \t]*(?P<key>smtps?://)(?P<value>\S+)[ \t]*")
_COMMENT: Final = re.compile(r"[ \t]+[#;].*")
_QUOTED: Final = re.compile(r"""(?P<quote>\"{3}|"|')(?P<inner>.*?)(?P=quote)[ \t]*[;,]?[ \t]*(?:[#;/].*)?""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a file.

    Attributes:
        pairs: in the order of the file.
        others: how many lines are no setting.
        has_sections: whether there are headings in brackets, as in an INI file.
    """

    pairs: tuple[Pair, ...]
    others: int = 0
    has_sections: bool = False


def read_lines(text: str) -> Settings:
    """The settings of a text that is no YAML, or only one long word to it."""
    pairs: list[Pair] = []
    others, has_sections = 0, False
    for number, line in enumerate(split_lines(text), start=1):
        if len(pairs) >= _MOST_PAIRS:
            break
        if _SECTION.fullmatch(line) is not None:
            has_sections = True
        elif _NOISE.fullmatch(line) is None or line.lstrip().startswith(("<", "pref(", "user_pref(")):
            found = pairs_of_login(number, line) or _pair(number, line)
            pairs += found
            if not found and _NOISE.fullmatch(line) is None:
                others += 1
    return Settings(pairs=tuple(pairs), others=others, has_sections=has_sections)


def _pair(number: int, line: str) -> tuple[Pair, ...]:
    server = _SERVER.fullmatch(line)
    if server is not None:
        start, end = server.span("key")
        span = Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
        return (Pair(key="://", value=line.strip(), span=span, form=Form.ASSIGNED),)
    for form, grammar in _FORMS:
        found = grammar.fullmatch(line) if form is not Form.CALLED else grammar.fullmatch(line.rstrip())
        if found is None:
            continue
        start, end = found.span("key")
        span = Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
        other = "host" if form is Form.SPOKEN and found["key"] == "machine" else ""
        pair = Pair(key=found["key"], value=_bare(found["value"] or ""), span=span, form=form, other_word=other)
        if form is not Form.SPOKEN or _is_spoken(pair):
            return (pair,)
    return ()


def _is_spoken(pair: Pair) -> bool:
    """Whether words are a key and its value: those of some programs always are, others where they mean something."""
    return pair.key in _SPOKEN_WORDS or (pair.key[0].isupper() and pair.place is not None)


def _bare(value: str) -> str:
    """The value without a comment behind it, a final semicolon or comma, and its quotes."""
    text = value.strip()
    quoted = _QUOTED.fullmatch(text)
    return quoted["inner"] if quoted is not None else _COMMENT.sub("", text).rstrip(" \t;,")


def read_document(document: Document) -> Settings:
    """The settings of a file that is YAML: every key with a single value, and `KEY=value` in lists."""
    pairs: list[Pair] = []
    for pointer, value in _leaves(Pointer(""), document.value):
        if len(pairs) >= _MOST_PAIRS:
            break
        words = tokens(pointer)
        if words and words[-1].isdecimal():
            found = _ASSIGNED_FORM.fullmatch(value) if isinstance(value, str) else None
            if found is not None:
                span = document.value_span(pointer)
                pairs.append(Pair(key=found["key"], value=_bare(found["value"]), span=span, form=Form.ASSIGNED))
        elif words:
            pairs.append(_node(document, pointer, value))
    return Settings(pairs=_with_addresses(pairs))


def _node(document: Document, pointer: Pointer, value: object) -> Pair:
    """A key with a single value; the one around it where that is a reference such as `{env: NAME}`."""
    words = tokens(pointer)
    if len(words) > 1 and words[-1] in REFERENCE_KEYS:
        value = f"{{{words[-1]}: {value}}}" if _REFERENCE.fullmatch(str(value)) is not None else None
        words, pointer = words[:-1], parent(pointer)
    key = ".".join(word.removeprefix(":") for word in words)
    return Pair(key=key, value=value, span=document.key_span(pointer), form=Form.YAML)


def _with_addresses(pairs: list[Pair]) -> tuple[Pair, ...]:
    """The same, `address` being the server where Ruby's Action Mailer is meant, which nobody else calls it."""
    words = {pair.word for pair in pairs}
    if words.isdisjoint({"enable_starttls_auto", "enable_starttls", "authentication"}):
        return tuple(pairs)
    return tuple(replace(pair, other_word="host") if pair.word == "address" else pair for pair in pairs)


def _leaves(pointer: Pointer, value: object, depth: int = 0) -> Iterator[tuple[Pointer, object]]:
    if depth > _DEEPEST:
        return
    match value:
        case dict():
            for key, inner in value.items():
                yield from _leaves(join_pointer(pointer, key), inner, depth + 1)
        case list():
            for index, inner in enumerate(value):
                yield from _leaves(join_pointer(pointer, index), inner, depth + 1)
        case _:
            yield pointer, value
