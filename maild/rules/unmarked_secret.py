"""Secrets that no key tells: where a login and a password are one text, and where a reference never became one. Pure.

login me password secret          words on a line, as people and the .netrc file write them
host: me:secret@mail.shop.test    an address without its scheme
[mail.shop.test]:587 me:secret    a line of Postfix's sasl_passwd
auth: PLAIN secret                behind the name of a mechanism
user: billing:secret              curl's way of a login
credential: secret                at the margin, where it is no reference of ours
password: {env: secret            in a file that is no YAML, in which nothing is known to be the name of a variable
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from maild.rules.sentence import words_like_secrets
from maild.rules.word_lines import lines_with, small_letters

_LOGIN: Final = re.compile(
    r"""(?:^|[{,])[ \t]*["']?(?:smtp[_-]?)?(?:user(?:[_-]?(?:name|pwd))?|login|auth)["']?[ \t]*:[ \t]+["']?"""
    r"""(?!(?:mailto|smtps?|https?):)[^\s:"'{}\[\],#/]+:(?=[^\s/"'])(?P<secret>[^\s"',}\]]+)""",
    re.MULTILINE | re.IGNORECASE,
)
_CREDENTIAL: Final = re.compile(r"""^["']?credential["']?[ \t]*:[ \t]+(?P<secret>[^\s{\[][^\r\n]*)""", re.MULTILINE)
_REFERENCE: Final = re.compile(
    r"""[\w.-]["']?[ \t]*:[ \t]*\{[ \t]*["']?(?P<key>env|file|credential)["']?[ \t]*:[ \t]+["']?"""
    r"""(?P<secret>[^\s"'},](?:[^"'},\r\n]*[^\s"'},])?)"""
)
_SAID: Final = re.compile(
    r"(?P<word>passwor[dt]|passwd|passphrase|kennwort|wachtwoord|contraseña|mot de passe)"
    r"(?![\w.@/\\]|-\w|[\"']?[ \t]*:(?:\s|\Z))"
    r"""(?P<sign>[ \t"'`*)\]:\uff1a;,=|>\u2013\u2014-]*+)(?:(?P<is>is|ist|lautet|est|es)\b(?P<mark>[ \t:"']*+))?"""
    r"(?P<rest>(?P<secret>[^\s}\]]+)[^\r\n]*)",
    re.IGNORECASE,
)
_WORDS_SAID: Final = (
    *("password", "passwort", "passwd", "passphrase", "kennwort", "wachtwoord", "contraseña", "mot de passe"),
)
_MOST_SPOKEN: Final = 1000
"""No file speaks as often of a password; a hostile one does a hundred thousand times."""
_KEY_OF_JSON: Final = re.compile(r"""["'][ \t]*:["']""")
_SIGNS: Final = frozenset("\"':\uff1a=|>")
"""What assigns: behind these a password stands, and no sentence goes on."""
_WAY: Final = re.compile(r"""\{?[ \t]*["']?(?:env|file|credential|command)["']?[ \t]*:""")
_MAP: Final = re.compile(
    r"^[ \t#]*+\[?[\w-]++\.[\w.-]++\]?(?::\d++)?[ \t]++[^\s:]++:(?!//)(?P<secret>\S[^\r\n]*)", re.MULTILINE
)
_HOST: Final = re.compile(
    r"""(?:host|hostname|server|relay\w{0,20}|smtp)["']?[ \t]*+:[ \t]++["']?[^\s:@/"'{}\[\]]++:(?=[^\s/])"""
    r"""(?P<secret>[^\s/"'{}]+(?=@))""",
    re.IGNORECASE,
)
_MECHANISM: Final = re.compile(
    r"""\bauth["']?[ \t]*+:[ \t]++["']?[\w-]++[ \t]++"""
    r"""(?!(?:plain|login|cram-md5|xoauth2|oauthbearer|none|and|or|passw\w+|scram[\w-]*)\b)"""
    r"""(?P<secret>[^\s#,}\]:"'][^\r\n,}\]"']*)""",
    re.IGNORECASE,
)
# Behind a reference to a password, so that the line is no YAML any more.
_BEHIND: Final = re.compile(
    r"""(?:pass|pwd)[\w-]{0,40}+["']?[ \t]*:[ \t]*(?:\{[^{}\r\n]*\}[ \t]*,?[ \t]*"""
    r"""|(?:env|file|credential):[ \t]+[^\s{}]++[ \t]++)(?P<secret>[^\s,;}\]#][^\r\n]*)""",
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]*")
_NAME: Final = re.compile(r"[a-z_.-]+")


def unmarked_secrets(text: str, *, is_read: bool) -> Iterator[tuple[int, int]]:
    """Where each begins and ends.

    Args:
        text: the file.
        is_read: whether it is YAML, so that the values below `password` are judged by their place.
    """
    small = small_letters(text)
    for found in _together(text, small):
        yield found.span("secret")
    yield from _said(text, small, is_read=is_read)
    for found in () if is_read else _found(_BEHIND, text, small, ("pass", "pwd")):
        yield found.span("secret")
    for found in () if is_read else _found(_REFERENCE, text, text, ("env", "file", "credential")):
        if not _is_name(found["key"], found["secret"]):
            yield found.span("secret")


def _found(pattern: re.Pattern[str], text: str, small: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """What the pattern finds in lines that hold one of the words; without one of them it finds nothing."""
    return (found for start, end in lines_with(small, words) for found in pattern.finditer(text, start, end))


def _said(text: str, small: str, *, is_read: bool) -> Iterator[tuple[int, int]]:
    """The word behind each such name, and all of its line: what comes then may belong to it."""
    for count, found in enumerate(_found(_SAID, text, small, _WORDS_SAID)):
        is_known = is_read and _KEY_OF_JSON.match(text, found.end("word")) is not None
        if not is_known and _WAY.match(found["rest"]) is None:
            yield from _in_sentence(found, is_read=count < _MOST_SPOKEN)


def _in_sentence(found: re.Match[str], *, is_read: bool) -> Iterator[tuple[int, int]]:
    """Behind a sign all that follows; in a sentence the words that nobody would say there, if it is read at all."""
    is_assigned = not is_read or not _SIGNS.isdisjoint(found["sign"] + (found["mark"] or ""))
    words = None if is_assigned else words_like_secrets(found["rest"], is_told=bool(found["is"]))
    if words is None:
        yield found.span("secret")
        yield found.span("rest")
    else:
        at = found.start("rest")
        yield from ((at + start, at + end) for start, end in words)


def _together(text: str, small: str) -> Iterator[re.Match[str]]:
    yield from _found(_LOGIN, text, small, ("user", "login", "auth"))
    yield from _found(_CREDENTIAL, text, text, ("credential",))
    yield from _found(_MAP, text, text, (".",))
    if "@" in text:
        yield from _found(_HOST, text, small, ("host", "server", "relay", "smtp"))
    yield from _found(_MECHANISM, text, small, ("auth",))


def _is_name(key: str, word: str) -> bool:
    """Whether a word is what stands there in nearly every file; of others nobody can tell."""
    match key:
        case "env":
            return _VARIABLE.fullmatch(word) is not None
        case "file":
            return "/" in word or "\\" in word
        case _:
            return _NAME.fullmatch(word) is not None
