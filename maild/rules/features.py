"""What a file has that rules take an interest in, as words for the lines of `catalogue`. Pure."""

import re
from typing import Final

from maild.providers import owner_of
from maild.rules.subject import Subject
from maild.rules.tokens import TOKENS

# Values that YAML 1.1 reads otherwise than YAML 1.2; `rules.yaml11` looks at them exactly.
_YAML11: Final = re.compile(
    r"[:\-,\[{][ \t]+[+-]?(?:(?:yes|no|on|off|y|n)\b|0[0-9]|[0-9]+:[0-9]|[0-9][0-9,]*_|[0-9]{4}-[0-9])", re.IGNORECASE
)
# Blanks and marks that look like ordinary ones, or like nothing; quotes of printed text.
_STRANGE: Final = re.compile("[\xa0\xad\u2007\u200b-\u200d\u2018-\u201f\u202f\u2060\u3000\ufeff]")
_EDGE_BLANK: Final = re.compile(r"""["'][ \t]|[ \t]["']""")
_USUAL_PORTS: Final = frozenset({None, 465, 587})


def features(subject: Subject) -> set[str]:
    """The words: names of faults, pointers of keys and lists, and what is named below."""
    document, draft, text = subject.loaded.document, subject.draft, subject.loaded.text
    found = {type(fault).__name__ for fault in subject.loaded.faults}
    found.add("account" if subject.is_account else "site")
    if document is not None:
        found.update(document.marks)
        if document.value is None:
            found.add("empty")
    if draft.port not in _USUAL_PORTS:
        found.add("port-25" if draft.port == 25 else "port-other")
    if draft.verify is False:
        found.add("verify-off")
    if subject.provider is not None:
        found.add("provider")
    elif draft.host is not None and owner_of(draft.host) is not None:
        found.add("other-host")
    if draft.host is not None and not draft.host[-1:].isalpha():
        found.add("host-is-address")
    if not text.isascii() and _STRANGE.search(text) is not None:
        found.add("strange-character")
    found |= {word for word, pattern in _TEXTS if pattern.search(text) is not None}
    return found


_TEXTS: Final = (
    ("yaml11", _YAML11),
    ("edge-blank", _EDGE_BLANK),
    ("ignore-comment", re.compile(r"#[ \t]*maild:")),
    ("hash-in-text", re.compile(r"[^\s#][ \t]+#\S")),
    ("token", TOKENS),
    ("dollar", re.compile(r"\$\{?[A-Za-z_]")),
)
