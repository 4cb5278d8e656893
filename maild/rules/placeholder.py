"""Tells what a template has where everybody has to fill in something: `smtp.yourdomain.com`, `<password>`. Pure.

`example.com` is not among it: it is the domain for examples, and people test with it. Nor is anything that could be
somebody's name: what is told here says "your" or is in angle brackets.
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.config.password import PASSWORD
from maild.rules.spelling import fold

_MARKS: Final = ("<", "your", "votre", "dein", "ihr", "jouw", ".tld")
"""Hardly any file has one of these, and without one there is nothing to look for."""
_BRACKETS: Final = re.compile(r"<[\w .'-]{2,60}>")
_WHOSE: Final = "(?:your|votre|deine?|ihre?|jouw)(?:own|real|full|smtp|mail|business|app|custom|sending|verified)*"
_OF_DOMAIN: Final = (
    "domain|domainname|domaine|domein|company|companyname|firma|bedrijf|entreprise|organi[sz]ation|"
    "mailserver|smtpserver"
)
"""What nobody calls a domain; `your-server.de` is the one of a hoster's mail servers."""
_OF_PERSON: Final = (
    "name|nom|naam|email|emailaddress|emailadresse|adresse|adres|address|mail|user|username|userid|benutzername|"
    "login|account|password|passwort|motdepasse|wachtwoord|apikey|key|token|"
    "server|servername|serveur|host|hostname|provider|region|website"
)
_DOMAIN: Final = re.compile(f"{_WHOSE}(?:{_OF_DOMAIN})")
_TEXT: Final = re.compile(f"{_WHOSE}(?:{_OF_DOMAIN}|{_OF_PERSON})")


def may_hold_placeholder(text: str) -> bool:
    """A quick look at a file or a value: whether a closer one is worth it."""
    small = text.lower()
    return any(mark in small for mark in _MARKS)


def placeholders(document: Document | None) -> Iterator[Pointer]:
    """The values that are still to be filled in. Of what stands below `password`, a reference is one's own word."""
    if document is None or not may_hold_placeholder(document.text):
        return
    for pointer, mark in document.marks.items():
        if mark.style is not None and not pointer.startswith(f"{PASSWORD}/"):
            value = document.value_at(pointer)
            if isinstance(value, str) and may_hold_placeholder(value) and is_placeholder(value):
                yield pointer


def is_placeholder(value: str) -> bool:
    """Whether a value, or a part of an address or a server's name, only says what belongs there."""
    if _BRACKETS.fullmatch(value) is not None or _TEXT.fullmatch(fold(value)) is not None:
        return True
    local, _, domain = value.rpartition("@")
    labels = domain.split(".")
    is_domain = len(labels) > 1 and (labels[-1].lower() == "tld" or any(map(_is_label, labels)))
    return is_domain or (bool(local) and (_BRACKETS.fullmatch(local) or _TEXT.fullmatch(fold(local))) is not None)


def _is_label(label: str) -> bool:
    return _BRACKETS.fullmatch(label) is not None or _DOMAIN.fullmatch(fold(label)) is not None
