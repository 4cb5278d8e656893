"""Which file system a folder lies on, and whether other machines may change it without a word.

Shell code: it reads /proc/self/mountinfo (proc_pid_mountinfo(5)), which only Linux has. Events tell of changes made on
this machine alone, so what lies on a network file system must be looked at more often. What cannot be told counts as
local: the rescan is there all the same.
"""

import re
from pathlib import Path
from typing import Final

from maild.config.sight import real_path

_TABLE: Final = Path("/proc/self/mountinfo")
_MAX_BYTES: Final = 4 * 1024 * 1024
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
_REMOTE: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "virtiofs", "ceph", "glusterfs", "afs", "gfs2", "ocfs2"}
)
_FUSE: Final = "fuse"
"""sshfs, s3fs, Docker Desktop's shared folders and many others; the kernel tells no events of what they do."""


def remote_type(folder: Path) -> str:
    """The type of the network file system that a folder lies on, such as `nfs4`; empty when it lies on none."""
    kind = mount_type(folder)
    return kind if is_remote(kind) else ""


def mount_type(folder: Path) -> str:
    """The type of the file system that a folder lies on, such as `ext4`; empty when it cannot be told."""
    try:
        with _TABLE.open("rb") as file:
            table = file.read(_MAX_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    return file_system_of(real_path(folder), table)


def is_remote(kind: str) -> bool:
    """Whether file systems of this type are changed by others unseen."""
    return kind in _REMOTE or kind == _FUSE or kind.startswith(f"{_FUSE}.")


def file_system_of(path: Path, table: str) -> str:
    """The type of the file system that holds an absolute path, by a mount table; empty when it tells nothing."""
    found, kind = -1, ""
    for line in table.splitlines():
        before, separator, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4]))
        # The innermost one counts, and of two in the same place the later one, which lies on top.
        if path.is_relative_to(point) and len(point.parts) >= found:
            found, kind = len(point.parts), rest[0]
    return kind
