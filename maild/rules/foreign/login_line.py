"""Lines that hold a server and a login to it at once, as two files of other programs have them. Pure.

[smtp.shop.example]:587 billing:secret               Postfix's sasl_passwd
machine smtp.shop.example login billing password s   .netrc
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Span
from maild.rules.foreign.pair import Form, Pair

_LONGEST: Final = 500
_FORMS: Final = (
    (
        Form.MAPPED,
        re.compile(
            r"[ \t]*(?P<host>\[[\w-]+(?:\.[\w-]+)+\](?::[0-9]{1,5})?|[\w-]+(?:\.[\w-]+)+(?::[0-9]{1,5})?)[ \t]+"
            r"(?P<username>[^\s:]+):(?!//)(?P<password>\S.*)"
        ),
    ),
    (
        Form.MACHINE,
        re.compile(
            r"[ \t]*machine[ \t]+(?P<host>\S+)[ \t]+login[ \t]+(?P<username>\S+)[ \t]+password[ \t]+(?P<password>\S.*)"
        ),
    ),
)


def pairs_of_login(number: int, line: str) -> tuple[Pair, ...]:
    """The server, the login and the password of such a line; none of any other."""
    if len(line) > _LONGEST:
        return ()
    return next((tuple(_pairs(number, found, form)) for form, found in _found(line) if found is not None), ())


def _found(line: str) -> Iterator[tuple[Form, re.Match[str] | None]]:
    return ((form, grammar.fullmatch(line)) for form, grammar in _FORMS)


def _pairs(number: int, found: re.Match[str], form: Form) -> Iterator[Pair]:
    for key in ("host", "username", "password"):
        start, end = found.span(key)
        span = Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
        yield Pair(key=key, value=found[key].strip(), span=span, form=form)
