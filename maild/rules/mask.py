"""Hides passwords that stand as text in a file, wherever the file or its values are shown. Pure.

What is hidden: the value of every key whose name means a secret (ours or another program's: `password`, `smtp_pass`,
`api_key`), unless it is one of our references, and the login part of a URL. Of a reference: what cannot be one (a
password where the name of a variable belongs), and the arguments of a command. In a file that is no YAML, and in
comments, by lines; elsewhere exactly by position. Too much is hidden rather than too little.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from maild.config.document import Document
from maild.config.fault import Fault, LiteralSecret, Pointer, RecursiveAlias, UnsupportedYaml
from maild.diagnostics import Span
from maild.diagnostics.fix import index_of
from maild.diagnostics.lines import split_lines
from maild.rules.address_secrets import logins, tails
from maild.rules.assigned import assigned_secrets
from maild.rules.cut import cuts_of, indent_of, mask_line
from maild.rules.key_id import is_login, key_ids
from maild.rules.masked import Masked
from maild.rules.pointing import key_of, value_at
from maild.rules.secret_name import means_secret, secret_names
from maild.rules.sentence import secrets_behind
from maild.rules.tokens import private_keys, tokens
from maild.rules.unmarked_secret import unmarked_secrets
from maild.rules.word_lines import lines_with
from maild.secret import is_app_password

REFERENCE_KEYS: Final = frozenset({"env", "file", "credential", "command"})

_WORD: Final = re.compile(r"[a-z][a-z_-]{1,20}")
"""What a key below `password` looks like that is only misspelt; `config.password` has the same idea of it."""
_MOST_SPOKEN: Final = 1000
"""No file speaks as often of a password; of a hostile one all that follows the word is hidden."""
MOST_HIDDEN: Final = 5_000
"""Stretches of lines. No file has as many secrets, and of one that looks like it nothing is shown at all."""
_FEW: Final = 8
"""So many keys are looked for each by itself."""
# Nowhere is a stretch of a line looked at twice: some lines are a mebibyte long.
_KEY: Final = re.compile(r"""(?P<key>"[^"\r\n]{1,60}"|'[^'\r\n]{1,60}'|(?<![\w.-])[\w.-]++)[ \t]*+:(?=\s|\Z)[ \t]*+""")
_GLUED: Final = re.compile(
    r"(?:^[ \t]*(?:-[ \t]+|#[ \t]*)?|[{,][ \t]*)(?P<key>[\w-]++)(?::(?=[^\s:/])|[ \t]++(?=[^\s:=#]))",
    re.MULTILINE,
)
_REFERENCE: Final = re.compile(r"""\{?[ \t]*["']?(?:env|file|credential|command)["']?[ \t]*:(?:[ \t]|$)""")
_BLOCK_AHEAD: Final = re.compile(r"(?:[|>][-+0-9]*)?[ \t]*(?:#.*)?")
_COMMENT_AS_VALUE: Final = re.compile(r"#\S.*")
_ENVIRONMENT_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE_AT: Final = re.compile(r".*/password/(?P<key>env|file|credential|command)", re.DOTALL | re.IGNORECASE)
_ARGUMENT_AT: Final = re.compile(r".*/password/command/[1-9][0-9]*", re.DOTALL | re.IGNORECASE)
_COLON: Final = re.compile(r"[ \t]*:[ \t]*")


def public_part(pointer: Pointer) -> Pointer:
    """The pointer, cut behind the first key that means a secret, unless one of our references goes on from there.

    Behind it may stand the secret itself: `password: {hunter2}` is a mapping with that key.
    """
    words = pointer.split("/")
    for index, word in enumerate(words[1:], start=1):
        if means_secret(word):
            follows = words[index + 1 : index + 2]
            is_ours = {key.lower() for key in follows} <= REFERENCE_KEYS
            return pointer if is_ours else Pointer("/".join(words[: index + 1]))
    return pointer


def mask_text(text: str, document: Document | None, faults: Sequence[Fault] = ()) -> Masked:
    """The text of a file with its secrets hidden; nothing of a text with zero bytes, which is in another encoding."""
    if "\0" in text:
        return Masked.of("", ())
    lines = split_lines(text)
    secrets = cuts_of(_spans_of_secrets(text, lines, document, faults), lines, most=MOST_HIDDEN)
    # The arguments of a command are words such as `show`: out of sight, but not to be taken out of sentences.
    unspoken = chain(
        () if document is None else _spans_of_arguments(document),
        _spans_at(text, tails(text)),
        # Half a secret only, and the login of an account of Amazon SES.
        _spans_at(text, (place for place in key_ids(text) if document is None or not is_login(document, *place))),
    )
    arguments = cuts_of(unspoken, lines, most=MOST_HIDDEN)
    if secrets is None or arguments is None:
        return Masked.of_too_many()
    hidden = {_bare(lines[number - 1][start:end]) for number, cuts in secrets.items() for start, end in cuts}
    for number in {*secrets, *arguments}:
        lines[number - 1] = mask_line(lines[number - 1], [*secrets.get(number, ()), *arguments.get(number, ())])
    return Masked.of("\n".join(lines), hidden)


def _spans_of_secrets(
    text: str, lines: list[str], document: Document | None, faults: Sequence[Fault]
) -> Iterator[Span]:
    """Each when it is asked for: of a hostile file, with a hundred thousand, the most are never looked for."""
    known = set[Span | None]()
    yield from _spans_of_faults(faults)
    if document is not None:
        about = _pointers_about_secrets(document)
        yield from _spans_in_document(document, about, lines, faults)
        known = {document.marks[pointer].key for pointer in about}
    yield from _spans_at(text, chain(tokens(text), private_keys(text), logins(text)))
    yield from _spans_of_assigned(text, lines)
    yield from _spans_at(text, unmarked_secrets(text, is_read=document is not None))
    yield from _spans_in_text(text, lines, known)
    yield from _spans_of_glued(text, lines)


def _spans_of_faults(faults: Sequence[Fault]) -> list[Span]:
    """What the parser did not repeat, since it stands where a password does: `password: !hunter2`."""
    spans: list[Span] = []
    for fault in faults:
        match fault:
            case UnsupportedYaml(text="", span=span) | RecursiveAlias(anchor="", span=span):
                spans.append(span)
            case _:
                pass
    return spans


def _pointers_about_secrets(document: Document) -> Mapping[Pointer, bool]:
    """Those with a key in them that means a secret, and whether it is the last: of most files one or two pointers.

    Only of these marks are made.
    """
    written = {key: key.replace("~1", "/").replace("~0", "~") for key in {_last(one) for one in document.marks}}
    secret = secret_names(written.values())
    names = frozenset(key for key, name in written.items() if name in secret)
    if not names:
        return {}
    about: dict[str, bool] = {"": False}
    return {one: _last(one) in names for one in document.marks if _is_about_secret(one, about, names)}


def _is_about_secret(pointer: str, about: dict[str, bool], names: frozenset[str]) -> bool:
    # Of the entries of one list or mapping, what they stand in is looked at once.
    before, _, key = pointer.rpartition("/")
    if pointer and before not in about:
        about[before] = _is_about_secret(before, about, names)
    return about[before] or key in names


def _last(pointer: Pointer) -> str:
    return pointer.rpartition("/")[2]


def _spans_in_document(
    document: Document, about: Mapping[Pointer, bool], lines: Sequence[str], faults: Sequence[Fault]
) -> Iterator[Span]:
    literal = {fault.pointer for fault in faults if isinstance(fault, LiteralSecret)}
    for pointer, is_named in about.items():
        mark = document.marks[pointer]
        if mark.key is None:
            continue
        if is_hidden_key(document, pointer):
            yield mark.key
        is_secret = is_named and not isinstance(value_at(document, pointer), dict)
        if is_secret or pointer in literal:
            yield _from_colon(lines, mark.key, mark.value)
        elif public_part(pointer) != pointer or _is_no_reference(document, pointer):
            yield mark.value


def _spans_of_arguments(document: Document) -> Iterator[Span]:
    for pointer in document.marks:
        if _ARGUMENT_AT.fullmatch(pointer):
            yield document.marks[pointer].value


def _is_no_reference(document: Document, pointer: Pointer) -> bool:
    """Whether what stands at a reference's key can be none, so that it may be the secret: `{env: my secret!}`."""
    found = _REFERENCE_AT.fullmatch(pointer)
    if found is None:
        return False
    value = value_at(document, pointer)
    key = found["key"].lower()
    if key == "command":
        return value is not None and not isinstance(value, list)
    if not isinstance(value, str) or key != "env":
        return not isinstance(value, str)
    return is_app_password(value) or not _ENVIRONMENT_NAME.fullmatch(value)


def _from_colon(lines: Sequence[str], key: Span, value: Span) -> Span:
    """The value with what stands before it: an anchor or a tag may be the secret as well, `password: &hunter2`."""
    found = _COLON.match(lines[key.end_line - 1], key.end_column - 1)
    # Without one it is the rare form `? key`, a line break, `: value`.
    return value if found is None else replace(value, line=key.end_line, column=found.end() + 1)


def is_hidden_key(document: Document, pointer: Pointer) -> bool:
    """Whether the key itself may be the secret, as in `password: {hunter2}`, a mapping with one key and no value."""
    is_behind = public_part(pointer) != pointer
    return is_behind and (value_at(document, pointer) is None or _WORD.fullmatch(key_of(pointer)) is None)


def _spans_in_text(text: str, lines: list[str], known: set[Span | None]) -> Iterator[Span]:
    """What looks like a secret and is no value of the document: comments, second keys, files that are no YAML."""
    secrets = _secrets_among(_KEY.findall(text))
    for found in _found_with(_KEY, text, secrets):
        if found["key"] not in secrets:
            continue
        starts = index_of(text).starts
        number = bisect_right(starts, found.start())
        at = starts[number - 1]
        line, end = lines[number - 1], found.end() - at
        # `password: #secret`: people do not know that it is a comment.
        comment = _COMMENT_AS_VALUE.match(line, end)
        if comment is not None:
            yield _span(number, end, len(line))
        if _span(number, found.start("key") - at, found.end("key") - at) in known:
            continue
        if _BLOCK_AHEAD.fullmatch(line, end):
            yield from _block_below(lines, number)
        elif not _REFERENCE.match(line, end):
            yield _span(number, end, len(line))


def _spans_of_glued(text: str, lines: Sequence[str]) -> Iterator[Span]:
    """A password behind a key without its colon or the blank after it: `password:hunter2`, `password hunter2`."""
    secrets = _secrets_among(_GLUED.findall(text))
    for count, found in enumerate(_found_with(_GLUED, text, secrets)):
        if found["key"] in secrets:
            starts = index_of(text).starts
            number = bisect_right(starts, found.start("key"))
            line, at = lines[number - 1], found.end() - starts[number - 1]
            is_spoken = text[found.end("key")] != ":" and count < _MOST_SPOKEN
            spoken = secrets_behind(line[at:]) if is_spoken else None
            if spoken is not None:
                yield from (_span(number, at + start, at + end) for start, end in spoken)
            elif not _REFERENCE.match(line, at):
                # In sentences the key ends with the value, in flow style where the next one begins.
                yield _span(number, at, at + len(re.split("[,}\\]]", line[at:], maxsplit=1)[0]))
                yield _span(number, at, len(line))


def _found_with(pattern: re.Pattern[str], text: str, keys: Collection[str]) -> Iterator[re.Match[str]]:
    """What the pattern finds in lines with such a key."""
    stretches = lines_with(text, tuple(keys)) if len(keys) <= _FEW else ((0, len(text)),)
    return (found for start, end in stretches for found in pattern.finditer(text, start, end))


def _secrets_among(keys: Iterable[str]) -> frozenset[str]:
    """The keys that mean a secret, in quotes or without."""
    bare = {key: key.strip("\"'") for key in keys}
    names = secret_names(bare.values())
    return frozenset(key for key, name in bare.items() if name in names)


def _spans_of_assigned(text: str, lines: Sequence[str]) -> Iterator[Span]:
    for index in assigned_secrets(text):
        starts = index_of(text).starts
        number = bisect_right(starts, index)
        start, line = index - starts[number - 1], lines[number - 1]
        if not _REFERENCE.match(line, start):
            yield _span(number, start, len(line))


def _spans_at(text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Stretches of the text as spans; only a private key goes over more than a line."""
    for start, end in stretches:
        starts = index_of(text).starts
        line, end_line = bisect_right(starts, start), bisect_right(starts, end)
        column, end_column = start - starts[line - 1] + 1, end - starts[end_line - 1] + 1
        yield Span(line=line, column=column, end_line=end_line, end_column=end_column)


def _block_below(lines: list[str], number: int) -> Iterator[Span]:
    indent, last = indent_of(lines[number - 1]), number
    first = next((lines[at] for at in range(number, len(lines)) if lines[at].strip()), "")
    # Not every file is read to its end here: in a hostile one each key stands below the one before.
    if indent_of(first) <= indent or _REFERENCE.match(first.strip()):
        return
    while last < len(lines) and (not lines[last].strip() or indent_of(lines[last]) > indent):
        last += 1
    column = indent_of(lines[number]) + 1
    yield Span(line=number + 1, column=column, end_line=last, end_column=len(lines[last - 1]) + 1)


def _bare(text: str) -> str:
    return text.strip().strip("\"'\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb")


def _span(number: int, start: int, end: int) -> Span:
    return Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
