"""How a site says that it wants to hear nothing of a rule: not by a severity. Pure."""

from typing import Final

from maild.config.fault import Pointer
from maild.rules.pointing import key_of, parent, pattern_of
from maild.rules.words import code, listed

SEVERITIES: Final = frozenset({"/lint/severity", "/lint/paths/*/severity"})
"""Where rules have severities; the keys are their codes or names."""

IGNORED: Final = frozenset({"/lint/ignore/*", "/lint/paths/*/ignore/*"})
"""Where rules are named that are not reported."""
_WORDS: Final = ("error", "warning", "info")


def switch_off(pointer: Pointer) -> str:
    """What to write instead of a severity that means none."""
    return f"To hear nothing of it delete the line, and write {code(f'ignore: [{key_of(pointer)}]')} beside `severity`."


def instead_of_group(pointer: Pointer, value: object) -> str | None:
    """What to write for a group or a list in the place of a severity or of a rule's name; None at other places."""
    if pattern_of(parent(pointer)) in SEVERITIES:
        return _one_by_one(key_of(pointer), value)
    return _not_alone(value) if pattern_of(pointer) in IGNORED else None


def _one_by_one(key: str, value: object) -> str:
    """What to write for a group or a list where one severity belongs: for some files, or for several rules at once."""
    match value:
        case {**severities}:
            known = {str(rule): word if word in _WORDS else "warning" for rule, word in severities.items()}
            inner = ", ".join(f"{rule}: {word}" for rule, word in known.items()) or "ML301: warning"
            return _for_some(key, f"severity: {{{inner}}}")
        case [*rules] if key in _WORDS and all(isinstance(rule, str) for rule in rules):
            return f"Write each rule with its severity: {code(', '.join(f'{rule}: {key}' for rule in rules))}."
        case _:
            return f"Write one of {listed(map(code, _WORDS), 'or')} behind {code(f'{key}:')}."


def _not_alone(value: object) -> str:
    """What to write for a group among ignored rules: those of some files."""
    match value:
        case {**files} if len(files) == 1 and "." in str(*files):
            ((name, rules),) = files.items()
            inner = ", ".join(map(str, rules)) if isinstance(rules, list) else str(rules)
            return _for_some(str(name), f"ignore: [{inner}]")
        case _:
            return "Write the code of a rule alone behind the dash."


def _for_some(match: str, written: str) -> str:
    return (
        f"For some files alone, put this into the list `paths`, beside `severity` and `ignore`: "
        f"{code(f'match: {match}')} and {code(written)}."
    )
