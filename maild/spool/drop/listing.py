"""Lists the drop folder: the oldest drops first, a million of them in bounded memory. Shell code.

One pass streams over the names and keeps only as many as asked for. Folders are opened once and everything below is
reached through their descriptors, so that swapping a folder for a link leads nowhere.
"""

import heapq
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Self

from maild.spool.drop.name import NameKind, name_kind, safe_name
from maild.spool.sidecar import is_account_name

FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
"""No link is followed; a FIFO in the file's place hangs nobody; a terminal does not become ours."""

FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Found:
    """A name that is a drop, or claims to be one.

    Attributes:
        mtime_ns: set by whoever likes; good enough for an order.
        account: the sub-folder's name, "" for the drop folder itself.
        is_regular: false for links, FIFOs, devices, folders.
        is_bad: the name cannot be shown or kept.
    """

    mtime_ns: int
    account: str
    name: str
    is_regular: bool
    is_bad: bool = False

    @property
    def drop(self) -> str:
        """The name below the drop folder, as people and receipts know it; what cannot be shown is replaced."""
        shown = safe_name(self.name) if self.is_bad else self.name
        return f"{self.account}/{shown}" if self.account else shown


class Folders:
    """The drop folder and its sub-folders, opened when first needed; use it in a `with`."""

    def __init__(self, drop: str) -> None:
        self._drop = drop
        self._descriptors: dict[str, int] = {}

    def descriptor(self, account: str) -> int:
        """The folder's descriptor.

        Raises:
            OSError: it cannot be opened, or is no folder.
        """
        if account not in self._descriptors:
            path = f"{self._drop}/{account}" if account else self._drop
            self._descriptors[account] = os.open(path, FOLDER_FLAGS)
        return self._descriptors[account]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for descriptor in self._descriptors.values():
            os.close(descriptor)
        self._descriptors.clear()


@dataclass(slots=True)
class Listing:
    """One pass over the drop folder.

    Attributes:
        barred: users whose drops are passed by.
        passed_by: how many were.
    """

    barred: frozenset[int] = frozenset()
    passed_by: int = 0

    def oldest(self, folders: Folders, limit: int) -> list[Found]:
        """The oldest drops of all other users, at most so many.

        Raises:
            OSError: the drop folder cannot be read.
        """
        drops = self._walk(folders)
        first = list(islice(drops, limit))
        more = next(drops, None)
        if more is None:
            # By a key of strings and numbers: comparing the drops themselves would take most of the time.
            first.sort(key=_age)
            return first
        return heapq.nsmallest(limit, chain(first, (more,), drops), key=_age)

    def _walk(self, folders: Folders) -> Iterator[Found]:
        yield from self._drops_in(folders.descriptor(""), "")
        for account in list_accounts(folders):
            try:
                descriptor = folders.descriptor(account)
            except OSError:
                # Gone, or not for us; the rest is taken in all the same.
                continue
            yield from self._drops_in(descriptor, account)

    def _drops_in(self, descriptor: int, account: str) -> Iterator[Found]:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                kind = name_kind(entry.name)
                if kind is NameKind.IGNORED:
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if status.st_uid in self.barred:
                    self.passed_by += 1
                    continue
                is_regular = stat.S_ISREG(status.st_mode)
                yield Found(status.st_mtime_ns, account, entry.name, is_regular, kind is NameKind.BAD)


def _age(found: Found) -> tuple[int, str, str]:
    return found.mtime_ns, found.account, found.name


def list_accounts(folders: Folders) -> list[str]:
    """The sub-folders that are named as accounts are.

    Raises:
        OSError: the drop folder cannot be read.
    """
    with os.scandir(folders.descriptor("")) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and is_account_name(entry.name)]
