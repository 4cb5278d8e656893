"""Whether there is room for more mail. Shell code.

Taking in stops before the disk is full, because a full disk also stops what is in the queue from being written down
as sent. The drop folder is the back-pressure: nothing is lost, droppers see their own disk-full error at last.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceLimits:
    """Below which taking in pauses: the largest message that is taken by default, and files for a busy minute."""

    free_bytes: int = 50_000_000
    free_files: int = 1000


def space_problem(path: str, limits: SpaceLimits) -> str | None:
    """What is short on the file system of `path`, as a sentence for a person; None: nothing.

    Raises:
        OSError: it cannot be asked.
    """
    found = os.statvfs(path)
    free_bytes = found.f_bavail * found.f_frsize
    if free_bytes < limits.free_bytes:
        return (
            f"{free_bytes / 1_000_000:.1f} MB are free on the file system of {path}, "
            f"less than the {limits.free_bytes / 1_000_000:.1f} MB below which nothing is taken in"
        )
    # Some file systems make files as they need them and say 0 of 0.
    if found.f_files > 0 and found.f_favail < limits.free_files:
        return f"the file system of {path} has room for {found.f_favail} more files only"
    return None
