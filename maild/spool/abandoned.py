"""Takes out of the drop folder what a dropper left there that was killed at its work. Shell code.

Two things stay behind: its hidden files, which nobody else understands but which are known by the names that
`write_drop` makes, and an envelope file whose message never came. The first are removed: their writer never said that
the message is queued. An envelope file may be anybody's, so it goes to `rejected/` with the reason; left in place it
would decide about a later drop of its name.

Only what a day has passed over is touched, by the one process that takes drops in. Hidden files of other programs are
left alone.
"""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from maild.spool.drop.listing import Folders, list_accounts
from maild.spool.drop.name import OWN_STEM, SIDECAR_SUFFIX, SUFFIX, NameKind, name_kind, sidecar_name
from maild.spool.drop.remove import free_name, is_there
from maild.spool.durable import replace_synced
from maild.spool.layout import Layout
from maild.spool.receipt import rejection_of

AGE: Final = timedelta(days=1)
"""Nobody takes longer over one message, and a clock that is set by an hour does no harm."""

_UNFINISHED: Final = re.compile(rf"\.{OWN_STEM}(?:\.env)?\.tmp")

_REASON: Final = "no_message"
_DETAIL: Final = "this envelope file has been there for a day, and no message of its name: its writer was interrupted"


def clear_abandoned(layout: Layout, now: datetime) -> int:
    """Take away what was abandoned; returns how many files.

    Raises:
        OSError: the drop folder cannot be read, or a file cannot be moved.
    """
    cleared = 0
    with Folders(os.fspath(layout.drop)) as folders:
        for account in ("", *list_accounts(folders)):
            folder = folders.descriptor(account)
            for name in list(_old_names(folder, (now - AGE).timestamp())):
                drop = name.removesuffix(SIDECAR_SUFFIX) + SUFFIX
                if not name.endswith(SIDECAR_SUFFIX):
                    os.unlink(name, dir_fd=folder)
                elif name_kind(drop) is not NameKind.DROP or is_there(folder, drop):
                    continue
                else:
                    where = f"{account}/{drop}" if account else drop
                    reason = rejection_of(where, reason=_REASON, detail=_DETAIL, at=now)
                    _set_aside(folder, drop, layout.rejected, reason)
                cleared += 1
    return cleared


def _old_names(folder: int, before_s: float) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.endswith(SIDECAR_SUFFIX) and _UNFINISHED.fullmatch(entry.name) is None:
                continue
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                # The time of the last change of any kind: nobody can set it.
                if stat.S_ISREG(status.st_mode) and status.st_ctime < before_s:
                    yield entry.name


def _set_aside(folder: int, drop: str, rejected: Path, reason: Mapping[str, object]) -> None:
    kept = free_name(rejected, drop)
    replace_synced(rejected, f"{kept}.json", [json.dumps(reason, indent=2).encode() + b"\n"], mode=0o600)
    target = rejected / sidecar_name(kept)
    os.rename(sidecar_name(drop), target, src_dir_fd=folder)
    if is_there(folder, drop):
        # After a day, in this very moment.
        os.rename(target, sidecar_name(drop), dst_dir_fd=folder)
