"""What is at a path, asked by who may not be allowed to look: an answer, never an exception.

Shell code: it asks the file system and changes nothing. `pathlib` answers the same questions for what is missing and
raises for what is closed (EACCES), too long a name or a dying disk; the daemon asks about folders of other people (the
`.git` around a folder, the place of a password) and must not end because of one of them. Closed and missing are the
same here; who has to tell them apart asks `place.could_be_folder` or reads, and handles the `OSError`.
"""

import os
from pathlib import Path


def is_folder(path: Path) -> bool:
    """Whether it is seen to be a folder, or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112 -- raises for nothing, as said above; so the others


def is_file(path: Path) -> bool:
    """Whether it is seen to be a regular file, or a link to one."""
    return os.path.isfile(path)  # noqa: PTH113


def is_link(path: Path) -> bool:
    """Whether it is seen to be a symbolic link."""
    return os.path.islink(path)  # noqa: PTH114


def is_there(path: Path) -> bool:
    """Whether something is seen there; a link to nothing is nothing."""
    return os.path.exists(path)  # noqa: PTH110


def is_readable_folder(path: Path) -> bool:
    """Whether it is a folder whose names may be listed and looked up."""
    return is_folder(path) and os.access(path, os.R_OK | os.X_OK)


def real_path(path: Path) -> Path:
    """Where it lies when all links are followed, as far as they can be."""
    try:
        return Path(os.path.realpath(path))
    except OSError:
        # A link that was taken away between being seen and being read.
        return path.absolute()
