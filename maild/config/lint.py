"""How severe findings are at a site, for all files or for some of them. Pure.

Knows no rules: a code is a text here, and `rules` says whether there is such a rule and whether it can be weakened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class LintPath:
    """Lint settings for some files only.

    Attributes:
        match: a pattern of the end of the file's path, `*` for anything within one part of it.
    """

    match: str
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings:
    """The site's own severities by rule code, codes that are not reported at all, and both for some files only."""

    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ignore: tuple[str, ...] = ()
    paths: tuple[LintPath, ...] = ()

    def of_file(self, file: str) -> "LintSettings":
        """The settings for one file; what a later path says goes before what an earlier one does."""
        own = [path for path in self.paths if PurePath(file).match(path.match)]
        if not own:
            return self
        severity = dict(self.severity)
        ignore = set(self.ignore)
        for path in own:
            # A severity for these files also means that the rule is wanted here again.
            ignore -= path.severity.keys()
            ignore |= set(path.ignore)
            severity.update(path.severity)
        return LintSettings(severity=MappingProxyType(severity), ignore=tuple(sorted(ignore)))
