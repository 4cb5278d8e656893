"""What was meant by a value of another kind than its key takes, and how to write it. Pure.

`rules.structure.ml203_wrong_type` says that the kind is wrong; here is what follows for the person. Where a value shows
plainly what was meant, an edit comes with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import Pointer, WrongType
from maild.config.host import Host, HostAndMore, parse_host
from maild.diagnostics import Fix
from maild.rules.dashes import is_in_brackets, without_dashes
from maild.rules.encryption import MODE, is_off, meant_mode
from maild.rules.pointing import key_of, parent, pattern_of
from maild.rules.ports import fitting_mode
from maild.rules.repair import quote_value, unquote_value
from maild.rules.severities import SEVERITIES, instead_of_group, switch_off
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.vocabulary import ACCOUNT_SYNONYMS
from maild.rules.words import code, listed

# What YAML 1.1 took for truth values and YAML 1.2 takes for text, and the same in other languages.
_TRUTH: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: value
        for value, words in {
            "true": "true yes on y 1 ja oui si sí sim tak wahr vrai vero verdadero",
            "false": "false no off n 0 nein non nee não nie falsch faux falso",
        }.items()
        for word in words.split()
    }
)
_PORT_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {"ssl": 465, "smtps": 465, "ssltls": 465, "tls": 465, "submissions": 465, "submission": 587, "starttls": 587}
)
# What people put between thousands.
_VERIFY: Final = Pointer("/smtp/tls/verify")
_OF_CHOICES: Final = frozenset(
    {"/reports/to", "/log/level", "/log/format", "/log/privacy", "/delivery/on_uncertain", "/probe/on_downgrade"}
)
"""What is one of a few words; quotes would only make another word of a flag."""
_OF_ADDRESSES: Final = frozenset({"/email", "/username", "/reply_to", "/copy_to"})
_GROUPING: Final = str.maketrans("", "", "_,' \xa0\u202f\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb")
_LONGEST: Final = 20
_ENTRIES: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*(?:, *[A-Za-z0-9][A-Za-z0-9._@+-]*)*")
"""What stands in a list as it stands alone."""
_DIGITS: Final = re.compile(r"\d+")
_THOUSAND: Final = re.compile(r"(\d{1,6}) ?[kK]")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do about a value, and the edit that does it, if there is one."""

    help: str = ""
    fix: Fix | None = None


def advise(subject: Subject, fault: WrongType) -> Advice:
    """How the value is to be written."""
    value, expected = subject.value(fault.pointer), " ".join(fault.expected)
    if "mapping" in expected:
        return _of_group(subject, fault.pointer, value)
    if fault.pointer == MODE:
        return _of_mode(subject, value)
    if fault.pointer == "/smtp/auth":
        return _of_login(value)
    if "whole number" in expected:
        return _of_number(subject, fault.pointer, value)
    if "true" in expected:
        return _of_truth(subject, fault.pointer, value)
    return _of_list(subject, fault.pointer, value) if expected == "a list" else _of_text(subject, fault.pointer, value)


def _of_group(subject: Subject, pointer: Pointer, value: object) -> Advice:
    if pointer == "/smtp/tls" and meant_mode(subject, value) is not None:
        return _of_encryption(subject, pointer, value)
    if isinstance(value, list):
        return _without_dashes(subject, pointer, value)
    parsed = parse_host(value) if pointer == "/smtp" and isinstance(value, str) else None
    match parsed:
        case Host(name=name) if "." in name:
            written = f"{{host: {name}}}"
        case HostAndMore(name=name, port=port):
            written = f"{{host: {name}}}" if port is None else f"{{host: {name}, port: {port}}}"
        case _:
            key = key_of(pointer)
            about = f"Write its keys below {code(key + ':')}, each on a line of its own that is indented."
            return Advice(help=about if key else "Write `key: value`, each key on a line of its own.")
    return Advice(help=f"Write {code(f'smtp: {written}')}.", fix=unquote_value(subject, pointer, written))


def _without_dashes(subject: Subject, pointer: Pointer, value: list[object]) -> Advice:
    """Of a list where keys must stand: the dashes go, unless it is a list of several such groups."""
    fix = without_dashes(subject, pointer, value)
    if fix is None and not pointer and len(value) > 1:
        return Advice(help="One file is one account: move each into a file of its own, and not as part of a list.")
    if is_in_brackets(subject, pointer):
        return Advice(help="Delete the brackets `[` and `]` around the keys: they make a list of it.")
    return Advice(help="Delete the dash `-` before the keys: it begins the entry of a list.", fix=fix)


def _of_encryption(subject: Subject, pointer: Pointer, value: object) -> Advice:
    mode = meant_mode(subject, value)
    if is_off(value) and mode == fitting_mode(subject):
        port = subject.draft.effective_port
        return Advice(help=f"Delete the line: the port says how the connection is encrypted (port {port}: {mode}).")
    fix = unquote_value(subject, pointer, f"{{mode: {mode}}}", is_safe=mode == fitting_mode(subject))
    return Advice(help=f"Write {code(f'tls: {{mode: {mode}}}')}.", fix=fix)


def _of_mode(subject: Subject, value: object) -> Advice:
    mode = meant_mode(subject, value)
    if mode is None:
        return Advice(help="Write `mode: implicit` or `mode: starttls`, or delete the line: the port says which.")
    fix = unquote_value(subject, Pointer(MODE), mode, is_safe=False)
    return Advice(help=f"Write {code(f'mode: {mode}')}.", fix=fix)


def _of_login(value: object) -> Advice:
    if isinstance(value, dict) and login_places(value):
        return Advice(
            help="Delete `auth` with what stands below it, and write `username: …` and `password: {env: NAME}` at the "
            "top level of the file."
        )
    return Advice(help="Delete the line: maild takes the best way to log in that the server offers.")


def login_places(value: Mapping[str, object]) -> frozenset[Pointer]:
    """The keys of an account that stand below `auth` in the words of another program: `{user: x, pass: y}`."""
    own = {join_pointer(Pointer(""), key) for key in value}
    foreign = {place for key in value for place in ACCOUNT_SYNONYMS.get(fold(key), ())}
    return frozenset((own | foreign) & {"/username", "/password"})


def _of_list(subject: Subject, pointer: Pointer, value: object) -> Advice:
    """Of one value where several can stand: the brackets that make a list of it."""
    key = key_of(pointer)
    if isinstance(value, dict):
        return Advice(
            help=f"Write a dash and a space `- ` before its first key: below {code(key + ':')} stands a list."
        )
    # What stands below `password` may be the password itself, and is not repeated.
    if not isinstance(value, str) or _ENTRIES.fullmatch(value) is None or pointer.startswith("/password"):
        return Advice(help=f"Write it in the brackets of a list: {code(f'{key}: [ … ]')}, with commas between several.")
    return Advice(
        help=f"Write {code(f'{key}: [{value}]')}, in the brackets of a list.",
        fix=unquote_value(subject, pointer, f"[{value}]"),
    )


def _of_number_for_text(subject: Subject, pointer: Pointer, value: object) -> Advice:
    """A number or a flag: quotes make a text of it, which helps nothing where only certain words can stand."""
    is_severity = pattern_of(parent(pointer)) in SEVERITIES
    if is_severity and value is False:
        return Advice(help=switch_off(pointer))
    if is_severity or pattern_of(pointer) in _OF_CHOICES:
        return Advice(
            help=f"Write one of the words that {code(key_of(pointer))} can have: `maild schema maild` lists them."
        )
    if isinstance(value, bool) and pattern_of(pointer) in _OF_ADDRESSES:
        return Advice(help=f"Write an e-mail address, such as {code(f'{key_of(pointer)}: office@example.com')}.")
    return Advice(help="Put it in quotes: then it is text.", fix=quote_value(subject, pointer))


def _of_text(subject: Subject, pointer: Pointer, value: object) -> Advice:
    key = key_of(pointer)
    match value:
        case list() | dict() if (of_rules := instead_of_group(pointer, value)) is not None:
            return Advice(help=of_rules)
        # What stands below `password` may be the password itself, and is not repeated.
        case [str(alone)] if not pointer.startswith("/password"):
            fix = unquote_value(subject, pointer, alone, is_safe=True)
            return Advice(help=f"Write {code(f'{key}: {alone}')}, without the brackets of a list.", fix=fix)
        case list():
            return Advice(help=f"Write one value behind {code(f'{key}:')}, without brackets and dashes.")
        case int() if pointer == "/web/listen":
            return Advice(help=f"Write the address and the port: {code(f'{key}: 127.0.0.1:{value}')}.")
        case bool() | int() | float():
            return _of_number_for_text(subject, pointer, value)
        case _:
            where = "the dash" if key.isdecimal() else code(f"{key}:")
            return Advice(help=f"Write the value behind {where}, on the same line.")


def _of_truth(subject: Subject, pointer: Pointer, value: object) -> Advice:
    word = "" if isinstance(value, list | dict) else str(value).strip().lower()
    if pointer == _VERIFY and str(value).startswith("/"):
        return Advice(help="Write `verify: true`, and the path beside it as `ca_file: …`.")
    provider = subject.provider
    if pointer == _VERIFY and _TRUTH.get(word) == "false" and provider is not None:
        return Advice(
            help=f"Delete {code('verify')}, or write `verify: true`: {provider.title} has valid certificates."
        )
    if word not in _TRUTH:
        return Advice(help=f"Write {code(f'{key_of(pointer)}: true')} or {code(f'{key_of(pointer)}: false')}.")
    return _rewritten(subject, pointer, _TRUTH[word])


def _of_number(subject: Subject, pointer: Pointer, value: object) -> Advice:
    key, number = key_of(pointer), _whole_number(subject, pointer, value)
    if number is not None:
        return _rewritten(subject, pointer, str(number))
    if key == "port" and isinstance(value, str) and fold(value) in _PORT_WORDS:
        port = _PORT_WORDS[fold(value)]
        return Advice(
            help=f"Write {code(f'port: {port}')}.", fix=unquote_value(subject, pointer, str(port), is_safe=False)
        )
    thousand = _THOUSAND.fullmatch(value) if isinstance(value, str) else None
    slip = _slip_of_port(subject, value) if key == "port" else None
    numbers = [int(thousand[1]) * 1000] if thousand is not None else [int(number) for number in _numbers(value)]
    if slip is not None:
        numbers = [slip]
    match numbers:
        case []:
            default = ", or delete the line: 465 is the usual port" if key == "port" else ""
            return Advice(help=f"Write a number alone, such as {code(f'{key}: 465')}{default}." if default else "")
        case [alone]:
            return Advice(help=f"Write {code(f'{key}: {alone}')}, the number alone.")
        case several:
            return Advice(help=f"Write one number: {listed([code(f'{key}: {one}') for one in several[:2]], 'or')}.")


def _slip_of_port(subject: Subject, value: object) -> int | None:
    """The port that a word with a letter among its digits was to be: `46S`, `58/`."""
    provider = subject.provider
    known = [465, 587, 2525] if provider is None else [one.port for one in provider.ports]
    if (
        not isinstance(value, str)
        or not 2 <= len(value) <= 5
        or any(number in map(str, known) for number in _numbers(value))
    ):
        return None
    slip = nearest(value, map(str, known))
    return None if slip is None else int(slip)


def _numbers(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(entry) for entry in value if isinstance(entry, int) and not isinstance(entry, bool)]
    return _DIGITS.findall(value) if isinstance(value, str) and len(value) <= _LONGEST else []


def _whole_number(subject: Subject, pointer: Pointer, value: object) -> int | None:
    """The number that stands there as text, or with a dot between its thousands."""
    document = subject.loaded.document
    mark = None if document is None else document.marks.get(pointer)
    raw = None if mark is None else mark.raw
    if isinstance(value, float) and raw is not None and _THOUSANDS.fullmatch(raw) is not None:
        return int(raw.replace(".", ""))
    digits = value.strip().translate(_GROUPING) if isinstance(value, str) else ""
    return int(digits) if len(digits) <= _LONGEST and digits.isascii() and digits.isdecimal() else None


def _rewritten(subject: Subject, pointer: Pointer, text: str) -> Advice:
    """The same value in its right kind; what it lost in words only where it is quotes."""
    document, value = subject.loaded.document, subject.value(pointer)
    mark = None if document is None else document.marks.get(pointer)
    is_quoted = mark is not None and mark.style != "plain" and str(value).lower() == text
    quotes = ", without quotes" if is_quoted else ""
    return Advice(
        help=f"Write {code(f'{key_of(pointer)}: {text}')}{quotes}.", fix=unquote_value(subject, pointer, text)
    )
