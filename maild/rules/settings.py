"""The rules that a site's lint settings name, and where. Pure."""

from collections.abc import Iterator

from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.rules.finding import AtKey, AtValue, Place
from maild.rules.subject import Subject

_SEVERITY = Pointer("/lint/severity")
_IGNORE = Pointer("/lint/ignore")


def named_rules(subject: Subject) -> Iterator[tuple[str, Place]]:
    """Each code in `lint.severity` and `lint.ignore` of maild.yaml; none for any other file."""
    if subject.is_account:
        return
    severities = subject.value(_SEVERITY)
    if isinstance(severities, dict):
        for code in severities:
            yield str(code), AtKey(pointer=join_pointer(_SEVERITY, str(code)))
    ignored = subject.value(_IGNORE)
    for index, code in enumerate(ignored if isinstance(ignored, list) else ()):
        if isinstance(code, str):
            yield code, AtValue(pointer=join_pointer(_IGNORE, index))
