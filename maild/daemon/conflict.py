"""What is wrong with files apart from their contents: one that cannot be read, two that mean the same. Pure.

Which of two files gives way is a question of age, so that an edit that goes wrong changes nothing: the one in force
stays. Among files that are all new the first by name stays, so that the answer is the same every time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.daemon.assessment import twins
from maild.diagnostics import Diagnostic, Location, Span
from maild.rules.engine import duplicate_file, unreadable_file
from maild.rules.tool.ml908_restart_needed import INFO as RESTART
from maild.watch.snapshot import Snapshot, UnreadableFile

Remarks = Mapping[str, tuple[Diagnostic, ...]]


def remarks_after(
    before: Remarks, snapshot: Snapshot, changed: Iterable[str], is_in_force: Callable[[str], bool]
) -> dict[str, tuple[Diagnostic, ...]]:
    """The remarks on the files of a snapshot, by name; files without any are left out.

    Args:
        before: the remarks on the files before the change.
        snapshot: the files that there are.
        changed: the names of those that changed, came or went.
        is_in_force: whether the file of this name is in force now.
    """
    remarks = {**before}
    groups = {twins(name) for name in changed}
    for group in groups:
        there = [name for name in group if name in snapshot.files]
        stays = min(there, key=lambda name: (not is_in_force(name), name), default="")
        for name in group:
            found = tuple(_remarks(name, snapshot, stays)) if name in there else ()
            if found:
                remarks[name] = found
            else:
                remarks.pop(name, None)
    return remarks


def restart_needed(file: str, document: Document | None, key: str) -> Diagnostic:
    """The diagnostic for a setting of maild.yaml that waits for a restart; `key` is dotted, as `web.listen`."""
    pointer = Pointer("/" + key.replace(".", "/"))
    start = Span(line=1, column=1, end_line=1, end_column=1)
    return Diagnostic(
        code=RESTART.code,
        name=RESTART.name,
        severity=RESTART.severity,
        message=f"`{key}` is not what the daemon was started with. It takes effect at the next start; everything else "
        f"in this file is in force.",
        help="Restart the daemon: systemctl restart maild.",
        location=Location(file=file, span=start if document is None else document.value_span(pointer), pointer=pointer),
    )


def _remarks(name: str, snapshot: Snapshot, stays: str) -> Iterator[Diagnostic]:
    seen = snapshot.files[name]
    if isinstance(seen, UnreadableFile):
        yield unreadable_file(name, seen.problem)
    if name != stays:
        yield duplicate_file(name, stays)
