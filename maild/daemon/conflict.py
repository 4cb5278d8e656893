"""What is wrong with files apart from their contents: one that cannot be read, two that mean the same. Pure.

Which of two files gives way is a question of age, so that an edit that goes wrong changes nothing: the one in force
stays. Among files that are all new the first by name stays, so that the answer is the same every time.
"""

from collections.abc import Iterator, Sequence

from maild.config.folder import FileKind, SourceFile
from maild.config.load import account_name
from maild.diagnostics import Diagnostic, Location, Related, Span
from maild.rules.engine import unreadable_file
from maild.rules.structure.ml214_duplicate_account import INFO as DUPLICATE
from maild.watch.snapshot import Snapshot, UnreadableFile

_WHOLE = Span(line=1, column=1, end_line=1, end_column=1)


def unreadable(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """A diagnostic for each file that cannot be read."""
    for name, seen in snapshot.files.items():
        if isinstance(seen, UnreadableFile):
            yield unreadable_file(name, seen.problem)


def duplicates(snapshot: Snapshot, in_force: Sequence[str]) -> Iterator[Diagnostic]:
    """A diagnostic for each file that must give way to another one.

    Args:
        snapshot: the files that there are.
        in_force: the names of those that are in force now.
    """
    groups: dict[tuple[FileKind, str], list[str]] = {}
    for name, seen in snapshot.files.items():
        groups.setdefault(_meaning(seen.source), []).append(name)
    for (kind, word), names in groups.items():
        stays, *others = sorted(names, key=lambda name: (name not in in_force, name))
        for name in others:
            what = "The daemon's own settings" if kind is FileKind.SITE else f"The account `{word}`"
            yield Diagnostic(
                code=DUPLICATE.code,
                name=DUPLICATE.name,
                severity=DUPLICATE.severity,
                message=f"{what} would be made by two files, and only one can be in force: this file is left aside.",
                help=f"Remove one of the two, {name} or {stays}.",
                location=Location(file=name, span=_WHOLE),
                related=(Related(location=Location(file=stays, span=_WHOLE), message="the file that stays in force"),),
            )


def _meaning(source: SourceFile) -> tuple[FileKind, str]:
    return source.kind, "" if source.kind is FileKind.SITE else account_name(source.file)
