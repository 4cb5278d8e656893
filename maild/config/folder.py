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
from maild.config.sight import is_link
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The names of the configuration files of one kind in one folder.

    Attributes:
        folder: where they are, as the user would write it.
        names: in order.
        links: those of them that are symbolic links, so that what they lead to may change elsewhere.
    """

    folder: Path
    kind: FileKind
    names: tuple[str, ...]
    links: tuple[str, ...] = ()

    def source(self, name: str) -> SourceFile:
        """The file of this name."""
        path = self.folder / name
        return SourceFile(path=path, file=str(path), kind=self.kind)


def list_folder(root: Path) -> tuple[Listing, ...]:
    """What `find_files` finds in a folder, without a value for each file: ten thousand of them take milliseconds.

    Raises:
        OSError: it does not exist or cannot be listed.
    """
    here = _list(root, FileKind.ACCOUNT)
    sites = tuple(name for name in here.names if name in SITE_NAMES)
    links = tuple(name for name in here.links if name in SITE_NAMES)
    site = Listing(folder=root, kind=FileKind.SITE, names=sites, links=links)
    accounts = root / ACCOUNTS_FOLDER
    if _has_folder(accounts):
        return site, _list(accounts, FileKind.ACCOUNT)
    return (site,) if sites else (here,)


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
    return tuple(listing.source(name) for listing in list_folder(root) for name in listing.names)


def is_file_name(name: str) -> bool:
    """Whether a file of this name is part of a configuration."""
    return name.endswith(_SUFFIXES) and not name.startswith((".", "#"))


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


def _list(folder: Path, kind: FileKind) -> Listing:
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if is_file_name(entry.name) and not _is_folder(entry)]
    links = tuple(entry.name for entry in found if entry.is_symlink())
    return Listing(folder=folder, kind=kind, names=tuple(sorted([entry.name for entry in found])), links=links)


def _has_folder(path: Path) -> bool:
    """Whether the folder is there; an `OSError` where that cannot be told, for its files would pass for removed."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116
    except FileNotFoundError:
        if is_link(path):
            raise
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads to itself: one odd entry must not hide the whole folder, and reading it says what it is.
        return False
