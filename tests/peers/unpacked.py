"""Mail servers that cannot be installed beside Postfix, run from where `.ci/fetch-peers FOLDER` unpacked them.

The folder that PEERS_ROOT names becomes their root folder (chroot): with users, configuration and spool of its own it
is all that they see of the machine. Each test has a copy of it, of hard links, so that none sees another's. Needs root;
where that or the folder is missing, tests that ask for it are skipped and say so.
"""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

USERS: Final[Mapping[str, int]] = {
    "root": 0,
    "nobody": 65534,
    "Debian-exim": 60101,
    "dovecot": 60102,
    "dovenull": 60103,
    "opensmtpd": 60104,
    "opensmtpq": 60105,
    "box": 60106,
}
"""The servers' own, as Debian names them, and one with a mailbox; each has a group by its name."""

_DEVICES: Final = {"null": (1, 3), "random": (1, 8), "urandom": (1, 9)}
_FOLDERS: Final = ("dev", "etc", "tmp", "run", "work", "var/run", "var/log", "var/spool/empty", "home/box")


@dataclass(frozen=True, slots=True)
class UnpackedRoot:
    """A root folder of one's own."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        """Write a file in it, never into what it is a link to."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(text)

    def make_folder(self, name: str, owner: str) -> Path:
        """A folder in it that belongs to this user."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, USERS[owner], USERS[owner])
        return folder

    @contextmanager
    def running(self, argv: Sequence[str]) -> Iterator[None]:
        """A server that stays in the foreground, ended with everything it started."""
        with (self.folder / "work" / "said").open("wb") as said:
            process = subprocess.Popen(
                ["chroot", self.folder, *argv],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                start_new_session=True,
            )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            finally:
                _end_group(process.pid)

    def said(self) -> str:
        """What the server printed, and wrote into its logs."""
        files = [self.folder / "work" / "said", *sorted((self.folder / "var" / "log").rglob("*log"))]
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in files if file.is_file())


def _end_group(group: int) -> None:
    """What a server started and did not end itself, by the session that was made for it."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def unpacked_root(program: str) -> Iterator[UnpackedRoot]:
    """A fresh root folder in which this program is; skips the test where it is not."""
    named = os.environ.get("PEERS_ROOT", "")
    if not named or os.geteuid() != 0 or not (Path(named) / program).exists():
        pytest.skip(f"needs root and /{program} in the folder PEERS_ROOT: .ci/fetch-peers FOLDER unpacks it there")
    with tempfile.TemporaryDirectory(prefix="maild-peer-", ignore_cleanup_errors=True) as scratch:
        root = UnpackedRoot(Path(scratch) / "root")
        shutil.copytree(named, root.folder, symlinks=True, copy_function=_link)
        Path(scratch).chmod(0o755)
        _furnish(root)
        yield root


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system
        shutil.copy2(source, target, follow_symlinks=False)


def _furnish(root: UnpackedRoot) -> None:
    for name in _FOLDERS:
        (root.folder / name).mkdir(parents=True, exist_ok=True)
    for name, (major, minor) in _DEVICES.items():
        os.mknod(root.folder / "dev" / name, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
        (root.folder / "dev" / name).chmod(0o666)
    root.write("etc/passwd", "".join(f"{name}:x:{one}:{one}::/home/box:/bin/false\n" for name, one in USERS.items()))
    root.write("etc/group", "".join(f"{name}:x:{one}:\n" for name, one in USERS.items()))
    root.write("etc/hosts", "127.0.0.1 localhost\n")
    root.write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
