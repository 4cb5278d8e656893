"""The rules that a site's lint settings and the ignore comments of any file name, and where. Pure."""

from collections.abc import Iterator

from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.rules.finding import AtKey, AtSpan, AtValue, Place
from maild.rules.ignore import find_ignores
from maild.rules.info import RuleInfo
from maild.rules.subject import Subject

_LINT = Pointer("/lint")


def named_rules(subject: Subject) -> Iterator[tuple[str, RuleInfo | None, Place]]:
    """Each word that should be a rule's code or name, and the rule if there is one."""
    for word, place in _in_settings(subject):
        yield word, named_rule(word, subject), place
    for ignore in find_ignores(subject.loaded.document):
        for rule in ignore.rules:
            yield rule.text, named_rule(rule.text, subject), AtSpan(span=rule.span)


def named_rule(word: str, subject: Subject) -> RuleInfo | None:
    """The rule of this code or name, in whatever case; None when there is none."""
    code = word.upper()
    if code in subject.rules:
        return subject.rules[code]
    return next((info for info in subject.rules.values() if info.name == word.lower()), None)


def _in_settings(subject: Subject) -> Iterator[tuple[str, Place]]:
    if subject.is_account:
        return
    paths = subject.value(Pointer(f"{_LINT}/paths"))
    count = len(paths) if isinstance(paths, list) else 0
    for at in (_LINT, *(Pointer(f"{_LINT}/paths/{index}") for index in range(count))):
        severities = subject.value(join_pointer(at, "severity"))
        for code in severities if isinstance(severities, dict) else ():
            yield str(code), AtKey(pointer=join_pointer(join_pointer(at, "severity"), str(code)))
        ignored = subject.value(join_pointer(at, "ignore"))
        for index, code in enumerate(ignored if isinstance(ignored, list) else ()):
            if isinstance(code, str):
                yield code, AtValue(pointer=join_pointer(join_pointer(at, "ignore"), index))
