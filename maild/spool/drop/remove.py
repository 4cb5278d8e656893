"""Takes a drop away after it is in the queue, or out of the way when it is no message. Shell code.

Between the copy and the removal the dropper may have put another message under the same name, or be writing into the
old one again; neither may be lost. So a drop is first renamed to a hidden name, where nobody can open it any more, and
only removed if it still is what was copied; else it becomes a new drop. A crash in between leaves the hidden name, and
the name says what was copied: `clear_taken` finishes it at the next start.
"""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from maild.spool.drop.lease import is_closed_by_writers
from maild.spool.drop.listing import FILE_FLAGS, Folders, list_accounts
from maild.spool.drop.name import SUFFIX, TAKEN_PREFIX, is_own_name, safe_name, sidecar_name
from maild.spool.drop.outcome import Copied, Refused, identity_of
from maild.spool.durable import replace_synced
from maild.spool.queue import QueueId, SourceIdentity
from maild.spool.receipt import rejection_of

_TAKEN: Final = re.compile(re.escape(TAKEN_PREFIX) + r"(\d+)\.(\d+)\.(-?\d+)\.([0-9A-Z]{26})")


def take_away(folder: int, copied: Copied, id_: QueueId, checkpoint: Callable[[str], None]) -> None:
    """Remove a drop that is in the queue; leave alone what has taken its place. Its envelope file goes last: without
    it, a drop that is still there after a crash would look like one that goes by its header.

    Raises:
        OSError: it cannot be removed.
    """
    name = copied.found.name
    if _is_there(folder, name, copied.source):
        if is_own_name(name):
            # Such a name is used once, and what it names was complete when it appeared.
            os.unlink(name, dir_fd=folder)
        else:
            hidden = f"{TAKEN_PREFIX}{copied.source.inode}.{copied.source.size_bytes}.{copied.mtime_ns}.{id_}"
            os.rename(name, hidden, src_dir_fd=folder, dst_dir_fd=folder)
            checkpoint("hidden")
            _finish(folder, hidden)
        checkpoint("unlinked")
    remove_sidecar(folder, name, copied.arrival.sidecar)


def remove_known(folder: int, name: str, identity: SourceIdentity) -> None:
    """Remove a file if it still is this one.

    Raises:
        OSError: it cannot be removed.
    """
    if _is_there(folder, name, identity):
        os.unlink(name, dir_fd=folder)


def remove_sidecar(folder: int, drop: str, identity: SourceIdentity | None) -> None:
    """Remove a drop's envelope file if it still is this one.

    Raises:
        OSError: it cannot be removed.
    """
    if identity is not None:
        remove_known(folder, sidecar_name(drop), identity)


def clear_taken(folders: Folders) -> None:
    """Finish what a crash left between the rename and the removal. Only while no other process takes drops in.

    Raises:
        OSError: the drop folder cannot be read or written to.
    """
    for account in ["", *list_accounts(folders)]:
        folder = folders.descriptor(account)
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _TAKEN.fullmatch(entry.name) is not None]
        for name in names:
            _finish(folder, name)


def set_aside(folder: int, refused: Refused, rejected: Path, *, at: datetime) -> None:
    """Move a drop that is no message to `rejected/`, untouched, with the reason beside it.

    Raises:
        OSError: it cannot be moved.
    """
    name = free_name(rejected, refused.found.name)
    reason = rejection_of(refused.found.drop, reason=refused.reason, detail=refused.detail, at=at)
    text = json.dumps(reason, ensure_ascii=False, indent=2) + "\n"
    replace_synced(rejected, f"{name}.json", [text.encode()], mode=0o600)
    with suppress(FileNotFoundError):
        os.rename(refused.found.name, f"{rejected}/{name}", src_dir_fd=folder)
    with suppress(FileNotFoundError):
        os.rename(sidecar_name(refused.found.name), f"{rejected}/{sidecar_name(name)}", src_dir_fd=folder)


def _is_there(folder: int, name: str, identity: SourceIdentity) -> bool:
    try:
        return identity_of(os.stat(name, dir_fd=folder, follow_symlinks=False)) == identity
    except FileNotFoundError:
        return False


def _finish(folder: int, hidden: str) -> None:
    found = _TAKEN.fullmatch(hidden)
    if found is None:
        return
    try:
        descriptor = os.open(hidden, FILE_FLAGS, dir_fd=folder)
    except PermissionError:
        # Readable a moment ago. Its name is all there is to go by, and that is enough to keep it.
        os.rename(hidden, f"{found[4]}{SUFFIX}", src_dir_fd=folder, dst_dir_fd=folder)
        return
    try:
        status = os.fstat(descriptor)
        is_what_was_copied = (status.st_ino, status.st_size, status.st_mtime_ns) == tuple(map(int, found.groups()[:3]))
        if is_what_was_copied and is_closed_by_writers(descriptor) is not False:
            os.unlink(hidden, dir_fd=folder)
        else:
            os.rename(hidden, f"{found[4]}{SUFFIX}", src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(descriptor)


def free_name(rejected: Path, wanted: str) -> str:
    """A name that nothing in `rejected/` has, neither as a drop nor beside one."""
    name = safe_name(wanted)
    number = 1
    while any(os.path.lexists(rejected / one) for one in (name, f"{name}.json", sidecar_name(name))):
        number += 1
        name = f"{number}-{safe_name(wanted)}"
    return name


def is_there(folder: int, name: str) -> bool:
    """Whether an open folder has something of this name.

    Raises:
        OSError: it cannot be asked.
    """
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
