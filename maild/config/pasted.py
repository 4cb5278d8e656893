"""What was meant by an address or a server's name that came with something else: text copied from a page or a letter.

    Shop <billing@shop.example>    mailto:billing@shop.example    billing(at)shop.example
    “smtp.shop.example”            smtp.shop.example.             smtp . shop . example

Pure. It only guesses, for words to a person; what it guesses is an address, or a name, by the usual grammar.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from maild.config.host import Host, parse_host
from maild.mail.address import AddressError, Mailbox

_LONGEST: Final = 400

_UNSEEN: Final = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_ANGLES: Final = re.compile(r"[^<>]*<([^<>]*)>[^<>]*")
_NOTE: Final = re.compile(r"\s+\([^()]*\)$")
_SCHEME: Final = re.compile(r"(?:mailto|smtp|e-?mail):\s*(?!//)", re.IGNORECASE)
_AT_WORD: Final = re.compile(
    r"\s*[(\[{<]\s*(?:at|ät|arroba|chiocciola)\s*[)\]}>]\s*|\s+at\s+|&#0*64;|&commat;", re.IGNORECASE
)
_DOT_WORD: Final = re.compile(r"\s*[(\[{<]\s*(?:dot|punkt|point|punto|ponto)\s*[)\]}>]\s*|\s+dot\s+", re.IGNORECASE)
_STAND_IN: Final = re.compile(
    r"[\uff20\ufe6b]|&#0*64;|&commat;|\S\s*[(\[{<]\s*(?:at|ät|arroba|chiocciola)\s*[)\]}>]\s*\S", re.IGNORECASE
)
_SPACED: Final = re.compile(r"\s*([@.])\s*")
_QUOTES: Final = "\"'`\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2039\u203a"
_AROUND: Final = f" \t\r\n{_QUOTES}<>()[]{{}},;:."
_SEVERAL: Final = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The text that was meant, and what is wrong with the one that is there, in a few words."""

    text: str
    why: str


_Step: TypeAlias = tuple[str, Callable[[str], str]]


def _only(text: str, is_meant: Callable[[str], bool]) -> str:
    """The one of several words that is meant; all of them where more than one is, or none."""
    words = [word.strip(_AROUND) for word in _SEVERAL.split(text)]
    found = [word for word in words if "." in word and is_meant(word)]
    return found[0] if len(found) == 1 else text


def _is_name(word: str) -> bool:
    # Of `smtp shop.example` the blank is to be a dot.
    return word.count(".") > 1 and isinstance(parse_host(word), Host)


def _usual_letters(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


_COMMON: Final[tuple[_Step, ...]] = (
    ("a character in it cannot be seen", lambda text: _UNSEEN.sub("", text)),
    ("it begins or ends with a blank", lambda text: text.strip()),
    ("its @ is a wide one, which only looks like the usual @", lambda text: re.sub("[\uff20\ufe6b]", "@", text)),
    ("a character in it is a wide one, which only looks like the usual one", _usual_letters),
    ("it is a link of a web page", lambda text: _LINK.sub(r"\1", text)),
    ("it ends with a dot", lambda text: text.removesuffix(".")),
    ("it ends with a comma", lambda text: text.removesuffix(",")),
    ("it ends with a semicolon", lambda text: text.removesuffix(";")),
    ("quotes stand around it that are part of it", lambda text: text.strip(_QUOTES)),
)
_OF_ADDRESS: Final[tuple[_Step, ...]] = (
    *_COMMON,
    ("`mailto:` does not belong to it", lambda text: _SCHEME.sub("", text, count=1)),
    (
        "only the address stands here, without a name or brackets",
        lambda text: _ANGLES.sub(r"\1", text) if "@" in text else text,
    ),
    ("brackets or punctuation stand around it", lambda text: text.strip(_AROUND)),
    ("its @ is written as a word", lambda text: _AT_WORD.sub("@", text)),
    ("a dot in it is written as a word", lambda text: _DOT_WORD.sub(".", text)),
    ("it holds two @", lambda text: text.replace("@@", "@")),
    ("it holds a blank", lambda text: _SPACED.sub(r"\1", text)),
    ("it holds a comma where a dot belongs", lambda text: text.replace(",", ".") if " " not in text else text),
    ("it holds two dots in a row", lambda text: text.replace("..", ".")),
    ("more than the address stands here", lambda text: _only(text, lambda word: _mailbox(word) is not None)),
)
_OF_HOST: Final[tuple[_Step, ...]] = (
    *_COMMON,
    ("more than the name stands here", lambda text: _NOTE.sub("", text)),
    ("more than the name stands here", lambda text: _SCHEME.sub("", text, count=1)),
    ("brackets or punctuation stand around it", lambda text: text.strip(_AROUND)),
    ("it begins with an @", lambda text: text.removeprefix("@")),
    ("a dot in it is written as a word", lambda text: _DOT_WORD.sub(".", text)),
    ("it holds a blank", lambda text: _SPACED.sub(r"\1", text)),
    ("it holds commas where dots belong", lambda text: text.replace(",", ".") if " " not in text else text),
    ("a dot has no name beside it", lambda text: re.sub(r"\.{2,}", ".", text)),
    ("more than the name stands here", lambda text: _only(text, _is_name)),
)


def meant_address(text: str) -> Meant | None:
    """The one address in the text, None where there is none or more than one, or nothing wrong with it."""
    for bare, why in _stripped(text, _OF_ADDRESS):
        mailbox = _mailbox(bare)
        if mailbox is not None and "." in mailbox.domain and mailbox.local.strip(_AROUND) == mailbox.local:
            # A whole is found as early as it can be, so that the first words say what was wrong.
            return Meant(text=bare, why=why) if bare != text else None
    return None


def meant_host(text: str) -> Meant | None:
    """The server's name in the text, likewise; one without a dot is none here."""
    for bare, why in _stripped(text, _OF_HOST):
        if "." in bare and isinstance(parse_host(bare), Host):
            return Meant(text=bare, why=why) if bare != text else None
    return None


def several_addresses(text: str) -> tuple[str, ...]:
    """The addresses in a text with more than one, separated by commas, semicolons or blanks; else none."""
    words = _SEVERAL.split(text.strip(" ,;")) if len(text) <= _LONGEST else []
    addresses = tuple(word for word in words if _mailbox(word) is not None)
    return addresses if 1 < len(addresses) == len(words) else ()


def has_other_at(text: str) -> bool:
    """Whether something stands in the text that was to be an @, such as `(at)` or a wide one."""
    return _STAND_IN.search(text[:_LONGEST]) is not None


def _stripped(text: str, steps: tuple[_Step, ...]) -> Iterator[tuple[str, str]]:
    """The text after each step that changes something, with what the first such step was about."""
    if len(text) > _LONGEST:
        return
    why = ""
    for about, step in steps:
        bare = step(text)
        if bare != text:
            text, why = bare, why or about
            yield text, why


def _mailbox(text: str) -> Mailbox | None:
    try:
        return Mailbox.parse(text)
    except AddressError:
        return None
