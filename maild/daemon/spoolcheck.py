"""Looks whether mail can be kept safely in a spool folder, and says what is wrong as live findings.

Shell code: it asks for the state of a few folders and changes nothing; a folder that cannot be looked at is a finding
too, never an exception. Looked at when the daemon
starts, and by `maild probe` and `maild status`.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from maild.diagnostics import Diagnostic
from maild.probe.findings.spool import SPOOL_MISSING, SPOOL_OPEN, SPOOL_SPLIT, SPOOL_VOLATILE
from maild.spool.layout import Layout
from maild.watch.mounts import mount_type, remote_type

_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_OPEN: Final = stat.S_IROTH | stat.S_IXOTH


def judge_spool(layout: Layout) -> tuple[Diagnostic, ...]:
    """What is wrong with the spool; a spool that is not there is only said to be so. Blocking."""
    folders = (layout.root, layout.drop, layout.receipts, layout.bodies, layout.failed, layout.rejected)
    try:
        states = {folder: folder.stat() for folder in folders}
    except OSError as error:
        return (_missing(Path(str(error.filename)), (error.strerror or "unknown error").lower()),)
    closed = next((folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)), None)
    if closed is not None:
        return (_missing(closed, "it cannot be written to by this user"),)
    return (*_volatile(layout), *_open(layout, states), *_split(layout, states))


def judge_own_spool(layout: Layout) -> tuple[Diagnostic, ...]:
    """The same for commands: nothing where no daemon has been yet, and nothing where it is not this user's to judge."""
    try:
        owner = layout.queue_file.stat().st_uid
    except OSError:
        return ()
    return judge_spool(layout) if os.geteuid() in {owner, 0} else ()


def _missing(folder: Path, reason: str) -> Diagnostic:
    message = f"The spool folder {folder} cannot be used: {reason}."
    return SPOOL_MISSING.diagnostic(message, help_=SPOOL_MISSING.mend)


def _volatile(layout: Layout) -> Iterator[Diagnostic]:
    kind = mount_type(layout.root)
    if kind in _IN_MEMORY:
        message = f"The spool {layout.root} lies in memory ({kind}): all mail in it is gone after a restart."
    elif (remote := remote_type(layout.root)) != "":
        message = f"The spool {layout.root} lies on a network file system ({remote}), which may lose or repeat mail."
    else:
        return
    yield SPOOL_VOLATILE.diagnostic(message, help_=SPOOL_VOLATILE.mend)


def _open(layout: Layout, states: dict[Path, os.stat_result]) -> Iterator[Diagnostic]:
    # Who cannot enter the spool sees nothing of what is in it.
    if not states[layout.root].st_mode & stat.S_IXOTH:
        return
    readable = [folder for folder in (layout.bodies, layout.failed, layout.rejected) if states[folder].st_mode & _OPEN]
    try:
        if layout.queue_file.stat().st_mode & stat.S_IROTH:
            readable.append(layout.queue_file)
    except OSError:
        pass  # there is no queue yet
    if readable:
        names = ", ".join(str(path) for path in readable)
        yield SPOOL_OPEN.diagnostic(f"Every user of this machine can read mail in {names}.", help_=SPOOL_OPEN.mend)


def _split(layout: Layout, states: dict[Path, os.stat_result]) -> Iterator[Diagnostic]:
    home = states[layout.root].st_dev
    away = [folder.name for folder, state in states.items() if state.st_dev != home]
    if away:
        message = f"In the spool {layout.root}, {', '.join(away)} lies on another file system than the spool itself."
        yield SPOOL_SPLIT.diagnostic(message, help_=SPOOL_SPLIT.mend)
