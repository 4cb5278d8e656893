"""From the text of an SPF record to its terms (RFC 7208 §12). Pure.

Strict: one term that does not fit makes the whole record an error (§4.6), even behind the term that would have
matched. What can go wrong is one `SpfSyntaxError` that names the term.
"""

import re
from collections.abc import Callable, Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from maild.errors import PermanentError
from maild.records.spf.term import (
    AddressOf,
    All,
    Directive,
    Exists,
    Include,
    Mechanism,
    Network,
    Ptr,
    SpfRecord,
    SpfVerdict,
)

_QUALIFIERS: Final = {
    "+": SpfVerdict.PASS,
    "-": SpfVerdict.FAIL,
    "~": SpfVerdict.SOFTFAIL,
    "?": SpfVerdict.NEUTRAL,
}
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL | re.ASCII)
_MECHANISM: Final = re.compile(r"([-+~?]?)([a-z][a-z0-9-]*)((?:[:/].*)?)", re.IGNORECASE | re.DOTALL | re.ASCII)

_EXPAND: Final = r"%\{[slodiphcrtv][0-9]*r?[-.+,/_=]*\}|%%|%_|%-"
_LITERAL: Final = r"[\x21-\x24\x26-\x7e]"
_MACRO_STRING: Final = re.compile(f"(?:{_EXPAND}|{_LITERAL})*", re.IGNORECASE | re.ASCII)
_EXPLAIN_STRING: Final = re.compile(f"(?:{_EXPAND}|{_LITERAL}| )*", re.IGNORECASE | re.ASCII)
_TOP_LABEL: Final = r"(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])"
_DOMAIN_END: Final = re.compile(
    rf".*(?:\.{_TOP_LABEL}\.?|%\{{[^}}]*\}}|%%|%_|%-)", re.IGNORECASE | re.DOTALL | re.ASCII
)
_ZERO_PARTS: Final = re.compile(r"%\{[a-z]0+r?[-.+,/_=]*\}", re.IGNORECASE | re.ASCII)
_ONLY_IN_EXPLANATION: Final = re.compile(r"%\{[crt]", re.IGNORECASE | re.ASCII)
_LENGTH: Final = re.compile(r"0|[1-9][0-9]{0,2}")
_DUAL: Final = re.compile(r"(.*?)(?:/([0-9]+))?(?://([0-9]+))?", re.DOTALL)


class SpfSyntaxError(PermanentError, ValueError):
    """The text is no SPF record; `term` is what does not fit, `problem` why."""

    def __init__(self, term: str, problem: str) -> None:
        super().__init__(f"{term}: {problem}")
        self.term = term
        self.problem = problem


def select_spf(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are SPF records (§4.5)."""
    return tuple(text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "))


def parse_spf(text: str) -> SpfRecord:
    """The terms of a record that `select_spf` chose.

    Raises:
        SpfSyntaxError: a term does not fit.
    """
    directives: list[Directive] = []
    modifiers: dict[str, str] = {}
    for term in text[len("v=spf1") :].split(" "):
        if not term:
            continue
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            directives.append(_directive(term))
        else:
            _take_modifier(term, modifier[1].lower(), modifier[2], modifiers)
    return SpfRecord(directives=tuple(directives), redirect=modifiers.get("redirect"), exp=modifiers.get("exp"))


def is_explain_string(text: str) -> bool:
    """Whether the text may be an explanation (§6.2)."""
    return _EXPLAIN_STRING.fullmatch(text) is not None and _ZERO_PARTS.search(text) is None


def _take_modifier(term: str, name: str, value: str, modifiers: dict[str, str]) -> None:
    if name not in {"redirect", "exp"}:
        # Unknown ones are for later versions, but their values are held to the grammar (§6).
        if _MACRO_STRING.fullmatch(value) is None:
            raise SpfSyntaxError(term, "the value has a % that begins no macro, or a character that is not allowed")
        return
    if name in modifiers:
        raise SpfSyntaxError(term, f"`{name}=` stands twice")
    modifiers[name] = _domain_spec(term, value)


def _directive(term: str) -> Directive:
    found = _MECHANISM.fullmatch(term)
    build = _BUILDERS.get(found[2].lower()) if found is not None else None
    if found is None or build is None:
        raise SpfSyntaxError(term, "SPF knows no such term")
    return Directive(verdict=_QUALIFIERS[found[1] or "+"], mechanism=build(term, found[3]), text=term)


def _all(term: str, rest: str) -> Mechanism:
    if rest:
        raise SpfSyntaxError(term, "`all` stands alone")
    return All()


def _include(term: str, rest: str) -> Mechanism:
    return Include(domain=_domain_spec(term, _after_colon(term, rest)))


def _exists(term: str, rest: str) -> Mechanism:
    return Exists(domain=_domain_spec(term, _after_colon(term, rest)))


def _ptr(term: str, rest: str) -> Mechanism:
    return Ptr(domain=_domain_spec(term, _after_colon(term, rest)) if rest else "")


def _a(term: str, rest: str) -> Mechanism:
    return _address_of(term, rest, is_mx=False)


def _mx(term: str, rest: str) -> Mechanism:
    return _address_of(term, rest, is_mx=True)


def _address_of(term: str, rest: str, *, is_mx: bool) -> AddressOf:
    found = _DUAL.fullmatch(rest)
    assert found is not None  # every part is optional
    domain = _domain_spec(term, _after_colon(term, found[1])) if found[1] else ""
    return AddressOf(
        domain=domain,
        is_mx=is_mx,
        ip4_bits=_length(term, found[2], 32),
        ip6_bits=_length(term, found[3], 128),
    )


def _ip4(term: str, rest: str) -> Mechanism:
    address, slash, length = _after_colon(term, rest).partition("/")
    try:
        ip = IPv4Address(address)
    except AddressValueError:
        raise SpfSyntaxError(term, "this is no IPv4 address") from None
    bits = _length(term, length if slash else None, 32)
    return Network(network=IPv4Network((ip, bits), strict=False))


def _ip6(term: str, rest: str) -> Mechanism:
    address, slash, length = _after_colon(term, rest).partition("/")
    try:
        ip = IPv6Address(address.replace("%", ":"))  # Python would take a scope such as %eth0
    except AddressValueError:
        raise SpfSyntaxError(term, "this is no IPv6 address") from None
    bits = _length(term, length if slash else None, 128)
    return Network(network=IPv6Network((ip, bits), strict=False))


_BUILDERS: Final[dict[str, Callable[[str, str], Mechanism]]] = {
    "all": _all,
    "include": _include,
    "a": _a,
    "mx": _mx,
    "ptr": _ptr,
    "ip4": _ip4,
    "ip6": _ip6,
    "exists": _exists,
}


def _after_colon(term: str, rest: str) -> str:
    if not rest.startswith(":") or len(rest) == 1:
        raise SpfSyntaxError(term, "a colon with a value is missing")
    return rest[1:]


def _length(term: str, text: str | None, largest: int) -> int:
    if text is None:
        return largest
    if _LENGTH.fullmatch(text) is None or int(text) > largest:
        raise SpfSyntaxError(term, f"the length after the slash must be 0 to {largest}")
    return int(text)


def _domain_spec(term: str, text: str) -> str:
    if _MACRO_STRING.fullmatch(text) is None or _ZERO_PARTS.search(text) is not None:
        raise SpfSyntaxError(term, "a macro in the domain is written wrongly")
    if _ONLY_IN_EXPLANATION.search(text) is not None:
        raise SpfSyntaxError(term, "the macros c, r and t belong into explanations only")
    if _DOMAIN_END.fullmatch(text) is None:
        raise SpfSyntaxError(term, "this is no domain name")
    return text
