"""Where secrets stand in the files of other programs, which people paste or save as YAML. Pure.

SMTP_PASS=secret                 environment files, INI, TOML
$mail->Password = 'secret';      PHP
define('SMTP_PASS', 'secret');   PHP
<password>secret</password>      XML
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.rules.secret_name import secret_names

_ASSIGNED: Final = re.compile(
    r"""^[ \t#;/-]*+(?:(?:export|set|setenv)[ \t]++|\$\w++(?:->|\[))?["']?(?P<key>[\w.-]++)["']?\]?[ \t]*+"""
    r"(?:=>?|:=|\uff1a)[ \t]*+",
    re.MULTILINE,
)
_CALLED: Final = re.compile(r"""\bdefine\([ \t]*+["'](?P<key>\w++)["'][ \t]*+,[ \t]*+""")
_TAGGED: Final = re.compile(r"<(?P<key>\w++)>[ \t]*+")
_FORMS: Final = (("=", _ASSIGNED), ("\uff1a", _ASSIGNED), ("define(", _CALLED), ("</", _TAGGED))


def assigned_secrets(text: str) -> Iterator[int]:
    """Where each begins; it goes on to the end of its line at most."""
    forms = dict.fromkeys(form for sign, form in _FORMS if sign in text)
    for form in forms:
        names = secret_names(form.findall(text))
        for found in form.finditer(text) if names else ():
            if found["key"] in names:
                yield found.end()
