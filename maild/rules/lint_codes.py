"""A site's lint settings with the codes of rules in the place of their names, which people may write as well. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from maild.config.lint import LintPath, LintSettings
from maild.rules.catalogue import code_of


def by_code(lint: LintSettings) -> LintSettings:
    """The settings by codes alone; a word that is no rule's stays as it is, and another rule tells of it."""
    words = (*lint.severity, *lint.ignore, *(word for path in lint.paths for word in (*path.severity, *path.ignore)))
    if all(word.startswith("ML") for word in words):
        return lint
    return replace(
        lint,
        severity=_severities(lint.severity),
        ignore=tuple(map(code_of, lint.ignore)),
        paths=tuple(map(_of_path, lint.paths)),
    )


def _of_path(path: LintPath) -> LintPath:
    return replace(path, severity=_severities(path.severity), ignore=tuple(map(code_of, path.ignore)))


def _severities(severity: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({code_of(word): value for word, value in severity.items()})
