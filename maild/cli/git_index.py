"""Whether a file is under version control, from Git's own list of files. Runs no program, changes nothing.

Reads the index file (gitformat-index): entries hold their paths in full up to version 3. Version 4 shortens paths, so
nothing is said about such a repository: a wrong accusation is worse than none.
"""

from pathlib import Path
from typing import Final

_MAX_BYTES: Final = 64 * 1024 * 1024
_FULL_PATHS: Final = frozenset({2, 3})


def is_tracked(path: Path) -> bool:
    """Whether the file is in the index of the Git repository around it; False when that cannot be told."""
    try:
        file = path.resolve()
        root = next(folder for folder in file.parents if (folder / ".git" / "index").is_file())
        index = root / ".git" / "index"
        if index.stat().st_size > _MAX_BYTES:
            return False
        data = index.read_bytes()
    except (OSError, StopIteration):
        return False
    if data[:4] != b"DIRC" or int.from_bytes(data[4:8], "big") not in _FULL_PATHS:
        return False
    name = file.relative_to(root).as_posix().encode()
    # Two bytes of flags before the name hold its length, and a zero byte ends it.
    length = min(len(name), 0xFFF)
    at = data.find(name + b"\0")
    while at >= 2:
        if int.from_bytes(data[at - 2 : at], "big") & 0xFFF == length:
            return True
        at = data.find(name + b"\0", at + 1)
    return False
