"""Which files make a configuration, and their bytes. Shell code: it lists folders and reads files.

Does not look into the files. What can go wrong is an `OSError` of the operating system, or a `SourceError` for
something that has a configuration's name and is no file.
"""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from maild.config.document import MAX_BYTES
from maild.errors import PermanentError

ACCOUNTS_FOLDER: Final = "accounts"
SITE_NAMES: Final = frozenset({"maild.yaml", "maild.yml"})
_SUFFIXES: Final = (".yaml", ".yml")


class SourceError(PermanentError):
    """What should be read is no regular file."""


class FileKind(StrEnum):
    """What a configuration file is about."""

    ACCOUNT = "account"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of the configuration.

    Attributes:
        path: where it is.
        file: its name for people and diagnostics: the path as the user would write it.
    """

    path: Path
    file: str
    kind: FileKind


def find_files(root: Path) -> tuple[SourceFile, ...]:
    """The configuration files of a folder, sorted: `maild.yaml` and `accounts/*.yaml`; `.yml` does as well.

    A folder that has neither is a folder of accounts itself. A single file is an account unless its name is that of
    the daemon's own. Hidden files and what editors leave behind (`x.yaml~`, `#x.yaml#`, `x.yaml.swp`) are no part of
    it; a symbolic link that leads nowhere is, so that somebody says so.

    Raises:
        OSError: it does not exist or cannot be listed.
    """
    if not root.is_dir():
        root.lstat()
        kind = FileKind.SITE if root.name in SITE_NAMES else FileKind.ACCOUNT
        return (SourceFile(path=root, file=str(root), kind=kind),)
    here = _yaml_files(root)
    site = tuple(SourceFile(path=path, file=str(path), kind=FileKind.SITE) for path in here if path.name in SITE_NAMES)
    accounts = root / ACCOUNTS_FOLDER
    loose = () if site else here
    paths = _yaml_files(accounts) if accounts.is_dir() else loose
    return site + tuple(SourceFile(path=path, file=str(path), kind=FileKind.ACCOUNT) for path in paths)


def read_source(path: Path) -> bytes:
    """The bytes of a file, at most one more than a configuration may have, which then is a fault of the document.

    Raises:
        OSError: it cannot be opened or read.
        SourceError: it is a folder, a FIFO, a device or a socket.
    """
    # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceError(f"{path} is no regular file")
        return _read(descriptor)
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> bytes:
    # Not by the size that stat tells: the file may grow meanwhile, and files of /proc have none.
    chunks: list[bytes] = []
    left = MAX_BYTES + 1
    while left and (chunk := os.read(descriptor, left)):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _yaml_files(folder: Path) -> tuple[Path, ...]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if not _is_folder(entry))
    return tuple(folder / name for name in names if name.endswith(_SUFFIXES) and not name.startswith((".", "#")))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads to itself: one odd entry must not hide the whole folder, and reading it says what it is.
        return False
