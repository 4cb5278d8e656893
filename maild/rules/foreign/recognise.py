"""Tells a file of another program from one of maild's with mistakes in it. Pure.

It takes several keys of another program that mean something here, a server among them. Single ones are mistakes in a
file of maild's, and are told one by one.
"""

from collections.abc import Sequence
from typing import Final

from maild.config.fault import Fault, KeyOfOtherProtocol, LiteralSecret, Pointer, UnknownKey, WrongType, YamlSyntax
from maild.config.foreign import ForeignFile
from maild.config.load import LoadedAccount, LoadedSite
from maild.providers.naming import server_of_company
from maild.rules.foreign.pair import EMAIL, HOST, MODE, NAME, PASSWORD, PORT, USERNAME, Form, Pair
from maild.rules.foreign.programs import program_of
from maild.rules.foreign.reading import Settings, read_document, read_lines
from maild.rules.foreign.translation import is_reference, server_of, translate

_OF_KEYS: Final = (KeyOfOtherProtocol, UnknownKey, WrongType)
_TRANSLATED: Final = frozenset({HOST, PORT, MODE, USERNAME, PASSWORD, EMAIL, NAME})
_OF_MANIFEST: Final = frozenset({"apiVersion", "kind", "metadata"})
_SOME: Final = 3
_FEW: Final = 2
_MOST_NAMED: Final = 4


def foreign_file(file: LoadedAccount) -> tuple[Fault, ...] | None:
    """The faults of a file of another program: that it is one, and a password in it that maild would take for one."""
    is_mapping = file.document is not None and isinstance(file.document.value, dict)
    if file.document is not None and is_mapping:
        made_of = manifest(file)
        if made_of is not None:
            return (made_of,)
        if not any(isinstance(fault, _OF_KEYS) for fault in file.faults):
            return None
        settings = read_document(file.document)
        is_foreign = _is_foreign_mapping(settings, file.text)
    elif any(isinstance(fault, YamlSyntax | WrongType) for fault in file.faults):
        settings = read_lines(file.text)
        is_foreign = _is_foreign_text(settings, file.text)
    else:
        return None
    lines = translate(settings.pairs) if is_foreign else ()
    if not lines:
        return None
    secrets = tuple(fault for fault in file.faults if isinstance(fault, LiteralSecret))
    return (_fault(settings, file.text, lines), *secrets)


def manifest(file: LoadedAccount | LoadedSite) -> ForeignFile | None:
    """What Kubernetes is to make a file of, or an environment: whatever else is in it."""
    document = file.document
    keys = set(document.value) if document is not None and isinstance(document.value, dict) else set()
    if document is None or not keys >= _OF_MANIFEST:
        return None
    return ForeignFile(
        span=document.key_span(Pointer("/apiVersion")), program="Kubernetes", words=("apiVersion", "kind"), lines=()
    )


def _fault(settings: Settings, text: str, lines: tuple[str, ...]) -> ForeignFile:
    foreign = _foreign(settings.pairs)
    first = (foreign or settings.pairs)[0]
    words = tuple(dict.fromkeys(pair.key for pair in foreign if pair.is_written and not pair.key.endswith("/")))
    return ForeignFile(
        span=first.span,
        program=program_of(settings, text),
        words=words[:_MOST_NAMED],
        lines=lines,
        is_all=_is_all(settings, text, lines),
    )


def _is_all(settings: Settings, text: str, lines: Sequence[str]) -> bool:
    """Whether the lines hold all of the file and nothing but what it says: no example, and no password left out."""
    passwords = [pair for pair in settings.pairs if pair.place == PASSWORD]
    is_told = all(pair.place in _TRANSLATED or pair.service for pair in settings.pairs)
    is_secret = any(pair.value not in {None, ""} and not is_reference(pair.value) for pair in passwords)
    examples = [word for word in ("billing@example.com", "smtp.example.com") if word not in text]
    is_example = any(example in line for line in lines for example in examples)
    return is_told and not (settings.others or is_secret or is_example or "://" in text)


def _foreign(pairs: Sequence[Pair]) -> list[Pair]:
    """The settings that have a meaning here, under another name or in another notation."""
    return [pair for pair in pairs if _means(pair) and (not pair.is_own_word or pair.form is not Form.YAML)]


def _means(pair: Pair) -> bool:
    return pair.place is not None or _is_server(pair.value) or bool(pair.service)


def _is_server(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("smtp://", "smtps://")) and server_of(value)[0] is not None


def _is_foreign_mapping(settings: Settings, text: str) -> bool:
    """Several keys of another program, or right ones at another level with at least one of another program."""
    foreign = _foreign(settings.pairs)
    astray = [pair for pair in settings.pairs if pair.is_own_word and _means(pair) and not _is_at_home(pair)]
    if any(_is_server(pair.value) and not pair.is_own_word for pair in settings.pairs):
        return True
    if "protocol" not in {pair.key for pair in settings.pairs} and any(
        pair.service and not pair.is_own_word and server_of_company(pair.service) is not None for pair in foreign
    ):
        # nodemailer's word for a company, where maild has the server.
        return True
    if len(foreign) >= _FEW and all(pair.form is Form.ASSIGNED for pair in settings.pairs):
        return True
    few = _FEW if _has_server(foreign) and not any(map(_is_at_home, settings.pairs)) else _SOME
    return len(foreign) + len(astray) >= few and bool(foreign or program_of(settings, text))


def _has_server(pairs: Sequence[Pair]) -> bool:
    return any(pair.place == HOST for pair in pairs)


def _is_at_home(pair: Pair) -> bool:
    return pair.place is not None and pair.key == pair.place[1:].replace("/", ".")


def _is_foreign_text(settings: Settings, text: str) -> bool:
    known = [pair for pair in settings.pairs if _means(pair)]
    if settings.others > len(settings.pairs) or not any(
        pair.place == HOST or _is_server(pair.value) or pair.service for pair in known
    ):
        return False
    foreign = _foreign(settings.pairs)
    words = [pair for pair in foreign if not pair.is_own_word]
    if any(pair.form is Form.YAML for pair in known) and len(words) < _SOME:
        # A file of maild's with a mistake that keeps it from being read.
        return False
    # A tab between key and value is a slip where all keys are maild's own.
    is_named = settings.has_sections or (
        bool(program_of(settings, text)) and any(pair.form is not Form.TABBED for pair in foreign)
    )
    return bool(words) or (is_named and len(foreign) >= _FEW)
