"""Runs the rules over loaded files and makes one report of what they find. Pure.

Rules name a place in the document; only here a place becomes lines and columns. Here too: the site's own severities,
findings kept free of passwords, and a rule that crashes, which becomes a finding itself while the others go on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, TypeAlias, assert_never

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.config.lint import LintSettings
from maild.config.load import LoadedAccount, LoadedSite
from maild.diagnostics import Diagnostic, Fix, Location, Related, Report, Severity, Span
from maild.rules.anchored import anchored_value
from maild.rules.catalogue import INFOS, rules_about
from maild.rules.census import Census
from maild.rules.finding import AtKey, AtSpan, AtValue, Finding, Place, WholeFile
from maild.rules.info import RuleInfo
from maild.rules.lint_codes import by_code
from maild.rules.mask import MOST_HIDDEN, mask_text, public_part
from maild.rules.masked import Masked
from maild.rules.rule import Rule
from maild.rules.subject import SecretChecker, Subject

Loaded: TypeAlias = LoadedAccount | LoadedSite

_MOST_OF_RULE: Final = 1000
"""What a rule finds in one file beyond this many is not even counted: a hostile file has tens of thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules find in one file, in order and without doubles, its text with every secret in it hidden, and
    whether there was anything to hide.
    """

    diagnostics: tuple[Diagnostic, ...]
    source: str
    has_hidden: bool


def check_files(
    loaded: Sequence[Loaded],
    *,
    now: datetime,
    lint: LintSettings,
    secrets: SecretChecker | None,
    accounts: Sequence[str] | None = None,
) -> Report:
    """What all rules find in these files.

    Args:
        loaded: the files, in any order.
        now: for rules about dates.
        lint: the site's own severities and ignored rules; fixed rules keep theirs.
        secrets: who looks whether passwords can be had; None: nobody.
        accounts: the names of all accounts that there are, when the whole folder is looked at; None: not known.
    """
    return check_with(loaded, Census.of(loaded, accounts), now=now, lint=lint, secrets=secrets)


def check_with(
    loaded: Sequence[Loaded], census: Census, *, now: datetime, lint: LintSettings, secrets: SecretChecker | None
) -> Report:
    """The same where more is known than these files say; `census` is what is known of all accounts together."""
    diagnostics: list[Diagnostic] = []
    sources: dict[str, str] = {}
    for file in loaded:
        judged = check_file(file, census, now=now, lint=lint, secrets=secrets)
        sources[file.file] = judged.source
        diagnostics += judged.diagnostics
    return Report.of(diagnostics, sources=sources, files_checked=len(loaded))


def check_file(
    file: Loaded, census: Census, *, now: datetime, lint: LintSettings, secrets: SecretChecker | None
) -> Judged:
    """What all rules find in one file; the arguments are those of `check_files`."""
    masked = mask_text(file.text, file.document, file.faults)
    if masked.is_too_many:
        return Judged(diagnostics=(_too_secret(file.file),), source="", has_hidden=True)
    subject = Subject(
        loaded=_with_cause(file) if file.faults else file,
        now=now,
        secrets=secrets,
        drafts=census.drafts,
        first_with=census.first_with,
        accounts=census.accounts,
        rules=INFOS,
    )
    scene = _Scene(file=file.file, document=file.document, masked=masked, lint=by_code(lint).of_file(file.file))
    found = check_subject(subject, rules_about(subject), scene.diagnostic)
    kept = _without_ignored(found, subject, scene) if "maild:" in file.text else found
    return Judged(diagnostics=Report.of(kept).diagnostics, source=masked.text, has_hidden=any(masked.hidden.values()))


def _with_cause(file: Loaded) -> Loaded:
    from maild.rules.underlying import with_cause  # noqa: PLC0415 -- few files have faults

    return with_cause(file)


def _without_ignored(found: Iterable[Diagnostic], subject: Subject, scene: "_Scene") -> Iterator[Diagnostic]:
    from maild.rules.suppress import without_ignored  # noqa: PLC0415 -- few files have such comments

    return without_ignored(found, subject, scene.diagnostic)


def _too_secret(file: str) -> Diagnostic:
    """The only diagnostic for a file of which no sentence may be told, since its secrets are not all known."""
    info = INFOS["ML907"]
    return Diagnostic(
        code=info.code,
        name=info.name,
        severity=info.severity,
        message=f"More than {MOST_HIDDEN:,} places in this file look like passwords, "
        "so it was not judged and nothing of it is shown.",
        help="This is probably no configuration at all: take it out of the folder.",
        location=Location(file=file, span=Span(line=1, column=1, end_line=1, end_column=1)),
    )


def unreadable_file(file: str, reason: str) -> Diagnostic:
    """The diagnostic for a file that could not even be read; `reason` is the operating system's word for it."""
    info = INFOS["ML123"]
    return Diagnostic(
        code=info.code,
        name=info.name,
        severity=info.severity,
        message=f"The file cannot be read: {reason}.",
        help="Let maild's user read it, or delete it if it is not needed.",
        location=Location(file=file),
    )


def duplicate_file(file: str, stays: str) -> Diagnostic:
    """The diagnostic for a file that means the same account as the file that `stays`, or maild.yaml twice."""
    info = INFOS["ML214"]
    start = Span(line=1, column=1, end_line=1, end_column=1)
    return Diagnostic(
        code=info.code,
        name=info.name,
        severity=info.severity,
        message=f"Another file means the same as this one, and only one of them can be in force: {stays}.",
        help="Delete one of the two.",
        location=Location(file=file, span=start),
        related=(Related(location=Location(file=stays, span=start), message="the other file"),),
    )


def check_subject(
    subject: Subject, rules: Iterable[Rule], diagnose: Callable[[RuleInfo, Finding], Diagnostic | None]
) -> Iterator[Diagnostic]:
    """What these rules find in one file. A rule that raises is reported, and what it found before is kept."""
    for rule in rules:
        findings: list[tuple[RuleInfo, Finding]] = []
        try:
            findings += ((rule.info, finding) for finding in islice(rule.check(subject), _MOST_OF_RULE))
        except Exception as error:  # noqa: BLE001 -- a mistake in one rule must not hide what the others find
            findings.append((INFOS["ML999"], _crash(rule, error)))
        yield from (made for info, finding in findings if (made := diagnose(info, finding)) is not None)


def _crash(rule: Rule, error: Exception) -> Finding:
    # The error's text is left out: it may repeat values of the file.
    return Finding(
        message=f"The rule {rule.info.code} ({rule.info.name}) crashed with {type(error).__name__} on this file. "
        f"The other rules still ran.",
        place=WholeFile(),
        help="This is a mistake in maild; please report it.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What makes a diagnostic of a finding in one file."""

    file: str
    document: Document | None
    masked: Masked
    lint: LintSettings

    def diagnostic(self, info: RuleInfo, finding: Finding) -> Diagnostic | None:
        """The finding with code, severity and position; None when the site ignores its rule."""
        if not (info.is_fixed or finding.is_fixed) and info.code in self.lint.ignore:
            return None
        return Diagnostic(
            code=info.code,
            name=info.name,
            severity=self._severity(info, finding),
            message=self.masked.hide_in(finding.message),
            help=self.masked.hide_in(finding.help),
            location=self._location(finding.place),
            related=(
                *(
                    Related(location=self._location(because.place), message=self.masked.hide_in(because.message))
                    for because in finding.because
                ),
                *self._repeated(finding.place),
            ),
            fix=self._fix(finding.fix),
            is_fixed=finding.is_fixed,
        )

    def _repeated(self, place: Place) -> Iterator[Related]:
        """Of an alias, the value that it repeats, which is what is wrong."""
        if isinstance(place, AtValue) and self.document is not None and "*" in self.document.text:
            span = anchored_value(self.document, place.pointer)
            if span is not None:
                yield Related(location=Location(file=self.file, span=span), message="this is the value")

    def _fix(self, fix: Fix | None) -> Fix | None:
        # A fix is only worth its exact text; one that would repeat a hidden text is not told at all.
        is_shown = fix is not None and all(self.masked.hide_in(edit.text) == edit.text for edit in fix.edits)
        return fix if is_shown else None

    def _severity(self, info: RuleInfo, finding: Finding) -> Severity:
        usual = info.severity if finding.severity is None else finding.severity
        is_fixed = info.is_fixed or finding.is_fixed
        return usual if is_fixed else Severity(self.lint.severity.get(info.code, usual))

    def _pointer(self, pointer: Pointer | None) -> Pointer | None:
        # A key can be a secret, too: somebody pasted one where a key stands.
        return None if pointer is None else Pointer(self.masked.hide_in(public_part(pointer)))

    def _location(self, place: Place) -> Location:
        match place:
            case AtKey(pointer=pointer):
                span = self.document.key_span(pointer) if self.document is not None else None
            case AtValue(pointer=pointer):
                span = self.document.value_span(pointer) if self.document is not None else None
            case AtSpan(span=span, pointer=pointer):
                pass
            case WholeFile():
                return Location(file=self.file, span=Span(line=1, column=1, end_line=1, end_column=1))
            case _:
                assert_never(place)
        return Location(file=self.file, span=span, pointer=self._pointer(pointer))
