"""The spool folder: what lies where, who may enter, and whose it is at the moment.

    drop/             03730  the group writes here and cannot list it; files inherit the group, and only their owners
                             and the daemon can take them away. As Postfix has its maildrop
    drop/<account>/   03730  02770 where a member of the group made it, else the daemon could not read it
    receipts/         02750  the group reads
    bodies/ failed/ rejected/ 0700 and queue.sqlite3 0600: whole messages, for the owner alone
    lock              held by the one process that takes in and sends

Modes are set when a folder is made and never changed afterwards: an administrator may have his reasons. One thing is
refused: a folder that everybody may write to without the sticky bit, because everybody could then swap others' mail.
"""

import errno
import fcntl
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from maild.errors import ConfigError, TemporaryError
from maild.spool.apart import keep_apart
from maild.spool.durable import sync_folder

_DROP_MODE: Final = 0o3730
_SHARED_DROP_MODE: Final = 0o2770
_RECEIPT_MODE: Final = 0o2750
_PRIVATE_MODE: Final = 0o700
_ROOT_MODE: Final = 0o750


class SpoolLockedError(TemporaryError):
    """Another process has the spool. `pid` is its process id, or None when it could not be read."""

    def __init__(self, root: Path, pid: int | None) -> None:
        owner = "another maild" if pid is None else f"another maild (process {pid})"
        super().__init__(f"{owner} is running on the spool {root}: stop it first, or give this one a spool of its own")
        self.pid = pid


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies below the spool folder."""

    root: Path

    @property
    def drop(self) -> Path:
        """Where drops are put."""
        return self.root / "drop"

    @property
    def receipts(self) -> Path:
        """What became of each drop."""
        return self.root / "receipts"

    @property
    def queue_file(self) -> Path:
        """The queue's database."""
        return self.root / "queue.sqlite3"

    @property
    def bodies(self) -> Path:
        """Message bodies too large for the database."""
        return self.root / "bodies"

    @property
    def failed(self) -> Path:
        """Messages that could not be sent."""
        return self.root / "failed"

    @property
    def rejected(self) -> Path:
        """Drops that are no messages."""
        return self.root / "rejected"

    @property
    def lock(self) -> Path:
        """The file whose lock says that the spool is in use."""
        return self.root / "lock"

    def receipt(self, drop: str) -> Path:
        """The receipt of a drop; `drop` is its name below `drop/`, such as `a.eml` or `billing/a.eml`."""
        return self.receipts / f"{drop}.json"


class SpoolLock:
    """The spool is ours until this is released, or the process ends in whatever way."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.release()


def prepare(layout: Layout) -> SpoolLock:
    """Make the folders that are missing and take the lock. For the one process that takes in and sends.

    Raises:
        SpoolLockedError: another process has it.
        ConfigError: the spool cannot be made or entered, or everybody may write to it.
    """
    make_folders(layout)
    try:
        descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ConfigError(f"the spool's lock {layout.lock} cannot be opened: {error.strerror}") from error
    try:
        # The kernel lets go of it when the process dies, so there is no such thing as a stale lock.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(descriptor, 20, 0).strip()
        os.close(descriptor)
        raise SpoolLockedError(layout.root, int(pid) if pid.isdigit() else None) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return SpoolLock(descriptor)


def make_folders(layout: Layout) -> None:
    """Make the folders that are missing, for every process that uses the spool.

    Raises:
        ConfigError: one cannot be made, is no folder, or everybody may write to it.
    """
    modes = {
        layout.root: _ROOT_MODE,
        layout.drop: _DROP_MODE,
        layout.receipts: _RECEIPT_MODE,
        layout.bodies: _PRIVATE_MODE,
        layout.failed: _PRIVATE_MODE,
        layout.rejected: _PRIVATE_MODE,
    }
    for folder, mode in modes.items():
        try:
            make_folder(folder, mode)
            if folder == layout.root and not layout.receipts.is_dir():
                keep_apart(folder)
            found = folder.stat().st_mode
        except OSError as error:
            raise ConfigError(f"the spool folder {folder} cannot be made or entered: {error.strerror}") from error
        if found & stat.S_IWOTH and not found & stat.S_ISVTX:
            raise ConfigError(
                f"everybody may write to {folder} and it has no sticky bit, so everybody could swap others' mail: "
                f"chmod o-w it, or chmod +t it"
            )


def make_drop_folder(layout: Layout, folder: Path) -> None:
    """Make a folder below `drop/` if it is missing; whoever does it, the daemon can read it.

    Raises:
        OSError: it cannot be made, or something else has the name.
    """
    is_ours = layout.drop.stat().st_uid == os.geteuid()
    # Who may write to `drop/` but not list it cannot sync it either. A folder that a power cut takes away takes no
    # drop along that was promised: the drop's own sync comes after.
    with suppress(PermissionError):
        make_folder(folder, _DROP_MODE if is_ours else _SHARED_DROP_MODE)
    if not folder.is_dir():
        raise PermissionError(errno.EACCES, "it cannot be made", str(folder))


def make_folder(folder: Path, mode: int) -> None:
    """Make one folder with exactly this mode, whatever the umask, durably; parents are made too (0755).

    Raises:
        OSError: it cannot be made, or something else has the name.
    """
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=_PRIVATE_MODE)
    except FileExistsError:
        if folder.is_dir():
            return
        raise
    folder.chmod(mode)
    sync_folder(folder.parent)
