"""What is checked out around a folder, and how the folder's files compare with it. Shell code: it runs `git`.

Without git nothing is said but the commit, which `watch.git` reads by itself. Git gets a few seconds and changes
nothing, not even its index. What lies behind a link is not git's to compare.
"""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from maild.watch.git import commit_of

_REGULAR: Final = "100"
"""So the mode of a file begins in git's index; of a link it is another."""

_GIT_ANSWER_S: Final = 2.0

ASKED_AGAIN_AFTER_S: Final = 5.0

MOST_OLDER: Final = 10
"""For so many versions that are not on disk any more the history is searched; each search takes a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is checked out around a folder. Files are named by their paths below it.

    Attributes:
        commit: 40 or 64 hexadecimal digits; None: there is none.
        is_dirty: whether the folder differs from it; None: it cannot be told.
        held: the files that it holds as they are on disk.
        loose: those that it does not hold, or holds otherwise. What lies behind a link is in neither.
        origins: by file, the newest commit that holds the older version that was asked about.
    """

    commit: str | None = None
    is_dirty: bool | None = None
    held: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class CheckoutLabel:
    """What is checked out, for somebody who looks every second: `git` is not run as often as that."""

    def __init__(self) -> None:
        self._known: tuple[Path, str, int] | None = None
        self._said = Checkout()
        self._asked_at_s = 0.0

    def look(
        self,
        folder: Path,
        generation: int,
        older: Mapping[str, bytes] = MappingProxyType({}),
        *,
        asks_git: bool,
        at_s: float,
    ) -> Checkout:
        """The commit around a folder, and with `asks_git` what git says of its files. Blocking: that runs `git`.

        What git said holds for some seconds, unless another commit or another generation of the files is there since.

        Args:
            folder: the folder.
            generation: counts up with each change of its files.
            older: versions of files that are not on disk any more.
            asks_git: whether git may be run.
            at_s: now, in seconds of a monotonic clock.
        """
        commit = commit_of(folder)
        if commit is None or not asks_git:
            return Checkout(commit=commit)
        if self._known != (folder, commit, generation) or not 0 <= at_s - self._asked_at_s < ASKED_AGAIN_AFTER_S:
            self._said = _ask(folder, commit, older)
            self._known, self._asked_at_s = (folder, commit, generation), at_s
        return self._said


def _ask(folder: Path, commit: str, older: Mapping[str, bytes]) -> Checkout:
    """What git says of a folder. What it says in several answers is only believed when it gives all of them."""
    status = _git(folder, "status", "--porcelain", "--", ".")
    if status is None:
        return Checkout(commit=commit)
    tracked = _git(folder, "ls-files", "--stage", "-z", "--", ".")
    changed = _git(
        folder, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--relative", "-z", commit, "--", "."
    )
    others = _git(folder, "ls-files", "--others", "-z", "--", ".")
    if tracked is None or changed is None or others is None:
        return Checkout(commit=commit, is_dirty=bool(status))
    loose = frozenset((changed + others).split("\0")) - {""}
    entries = (line.partition("\t") for line in tracked.split("\0"))
    files = frozenset(name for info, _, name in entries if info.startswith(_REGULAR))
    origins = dict(_origins(folder, commit, older))
    return Checkout(commit=commit, is_dirty=bool(status), held=files - loose, loose=loose, origins=origins)


def _origins(folder: Path, commit: str, older: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, data in list(older.items())[:MOST_OLDER]:
        blob = _blob_id(data, commit)
        found = _git(
            folder, "log", "-1", "--format=%H %P", "--raw", "--no-abbrev", "--no-renames", f"--find-object={blob}",
            commit, "--", name,
        )  # fmt: skip
        origin = _origin((found or "").split("\n"), blob)
        if origin:
            yield name, origin


def _origin(lines: Sequence[str], blob: str) -> str:
    """The commit that a log's first entry is of when that brought the version, the one before when it replaced it."""
    commit, _, parents = lines[0].partition(" ")
    changes = (line.split() for line in lines[1:] if line.startswith(":"))
    return commit if any(fields[3] == blob for fields in changes) else parents.partition(" ")[0]


def _blob_id(data: bytes, commit: str) -> str:
    """The name that git gives to a file's content, by the hash that the repository's commits are named with."""
    whole = b"blob %d\0" % len(data) + data
    # What git names it by, no protection of anything.
    return hashlib.new("sha1" if len(commit) == 40 else "sha256", whole, usedforsecurity=False).hexdigest()


def _git(folder: Path, *wanted: str) -> str | None:
    command = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", *wanted)
    try:
        done = subprocess.run(  # noqa: S603 -- no shell, and file names come after `--`
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
