"""`maild check --watch`: looks again whenever a file that counts has changed. Shell code.

It asks the file system twice a second instead of waiting for events: a thousand files take two milliseconds, and it
works the same on network drives, in containers and where a folder is replaced as a whole. The daemon does better; a
person at a terminal would not notice.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from maild.cli.batches import site_folder
from maild.config.folder import SITE_NAMES, find_files

PAUSE_S: Final = 0.5

Stamps: TypeAlias = Mapping[Path, tuple[int, ...]]


def watch_paths(paths: Sequence[Path], look: Callable[[], None], *, pause: Callable[[], None]) -> None:
    """Looks now and after each change, until `pause` raises something.

    After a change it waits until two looks at the file system agree: an editor or git may be in the middle of it.
    """
    # Taken before the look, so that a change during it is seen as one.
    seen = stamps_of(paths)
    look()
    while True:
        pause()
        now = stamps_of(paths)
        if now == seen:
            continue
        while now != seen:
            seen = now
            pause()
            now = stamps_of(paths)
        look()


def stamps_of(paths: Sequence[Path]) -> Stamps:
    """What tells whether a file was changed, for each file of these paths and what they are judged by."""
    stamps: dict[Path, tuple[int, ...]] = {}
    for path in paths:
        for file in (path, *_files_of(path)):
            try:
                stat = file.stat()
            except OSError:
                continue
            # Of a folder only which one it is: its time changes with every hidden file that an editor leaves.
            content = () if file.is_dir() else (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            stamps[file] = (stat.st_dev, stat.st_ino, *content)
    return stamps


def _files_of(path: Path) -> list[Path]:
    try:
        files = [source.path for source in find_files(path)]
    except OSError:
        # It is gone for a moment, or for good; the look says so.
        files = []
    return files if path.is_dir() else [*files, *(site_folder(path) / name for name in SITE_NAMES)]
