"""Configuration files as they were at a git revision. Shell code: it runs `git`, which only reads.

Names come from outside: a revision is made an object's name before anything else sees it, paths go only behind that
name and a colon, where git takes them as they are, and listings come with zero bytes between the names. What can go
wrong is one `UsageError`: no git, no repository, no such revision, nothing at that path.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from maild.config.document import MAX_BYTES
from maild.config.folder import ACCOUNTS_FOLDER, SITE_NAMES, FileKind, SourceFile, is_file_name
from maild.errors import UsageError

TIMEOUT_S: Final = 30.0
_REGULAR: Final = frozenset({"100644", "100755"})
_QUIET: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
"""Write no index, ask nobody, fetch nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file of a revision; `data` is None for what is no regular file."""

    source: SourceFile
    data: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    mode: str
    kind: str
    id: str
    size: int
    name: str

    @property
    def is_read(self) -> bool:
        """Whether it is a file, and not so large that its content does not matter."""
        return self.mode in _REGULAR and self.size <= MAX_BYTES


def top_of(folder: Path) -> Path:
    """The folder of the work tree around a folder.

    Raises:
        UsageError: it is in none, or git is not installed.
    """
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found is None:
        raise UsageError(f"{folder} is in no git repository, so no revision of it can be read.")
    return Path(os.fsdecode(found.removesuffix(b"\n")))


def commit_at(top: Path, revision: str) -> str:
    """The name of the commit that a revision means.

    Raises:
        UsageError: there is none.
    """
    found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        raise UsageError(f"{revision!r} is no file or folder here, and no revision that git knows.")
    return found.decode("ascii").strip()


def blobs_at(top: Path, revision: str, path: PurePosixPath) -> tuple[Blob, ...]:
    """The configuration files at a path of a revision, as `find_files` finds those of a folder.

    Args:
        top: the folder of the work tree.
        revision: as a person names it.
        path: from the top; of a folder or of one file.

    Raises:
        UsageError: there is nothing.
    """
    commit = commit_at(top, revision)
    place = "" if str(path) == "." else str(path)
    kind = _git(top, "cat-file", "-t", f"{commit}:{place}")
    if kind == b"tree\n":
        found = _found(top, place, f"{commit}:{place}")
    elif kind == b"blob\n":
        found = [(place, one) for one in _siblings(top, commit, path) if one.name == path.name]
    else:
        raise UsageError(f"{revision} has no {place}.")
    contents = _contents(top, [entry.id for _, entry in found if entry.is_read])
    return tuple(_blob(revision, place, entry, contents) for place, entry in found)


def _found(top: Path, place: str, tree: str) -> list[tuple[str, _Entry]]:
    """The configuration files of a folder with their places."""
    here = _entries(top, tree)
    files = [entry for entry in here if entry.kind == "blob" and is_file_name(entry.name)]
    sites = [entry for entry in files if entry.name in SITE_NAMES]
    accounts = next((entry for entry in here if entry.kind == "tree" and entry.name == ACCOUNTS_FOLDER), None)
    prefix = f"{place}/" if place else ""
    if accounts is None:
        return [(prefix + entry.name, entry) for entry in sites or files]
    inner = [entry for entry in _entries(top, accounts.id) if entry.kind == "blob" and is_file_name(entry.name)]
    return [
        *((prefix + entry.name, entry) for entry in sites),
        *((f"{prefix}{ACCOUNTS_FOLDER}/{entry.name}", entry) for entry in inner),
    ]


def _siblings(top: Path, commit: str, path: PurePosixPath) -> tuple[_Entry, ...]:
    folder = "" if str(path.parent) == "." else str(path.parent)
    return _entries(top, f"{commit}:{folder}")


def _blob(revision: str, place: str, entry: _Entry, contents: Mapping[str, bytes]) -> Blob:
    # With a slash before the name, which is where it begins; git understands this spelling, too.
    file = f"{revision}:{place if '/' in place else f'./{place}'}"
    parent = PurePosixPath(place).parent.name
    is_site = entry.name in SITE_NAMES and parent != ACCOUNTS_FOLDER
    source = SourceFile(path=Path(file), file=file, kind=FileKind.SITE if is_site else FileKind.ACCOUNT)
    if entry.mode not in _REGULAR:
        return Blob(source=source, data=None)
    # Too large a file is a finding, whatever it holds: what is read of one on the disk is as long.
    return Blob(source=source, data=contents[entry.id] if entry.is_read else b" " * (MAX_BYTES + 1))


def _entries(top: Path, tree: str) -> tuple[_Entry, ...]:
    listing = _git(top, "ls-tree", "-z", "-l", tree)
    rows = (row.partition(b"\t") for row in (listing or b"").split(b"\0") if row)
    entries = []
    for facts, _, name in rows:
        mode, kind, id_, size = facts.decode("ascii").split()
        length = int(size) if size.isdigit() else 0
        entries.append(_Entry(mode=mode, kind=kind, id=id_, size=length, name=os.fsdecode(name)))
    return tuple(sorted(entries, key=lambda entry: entry.name))


def _contents(top: Path, ids: Sequence[str]) -> dict[str, bytes]:
    """The contents of files by the names of their objects, of all with one call."""
    if not ids:
        return {}
    answer = _git(top, "cat-file", "--batch", given="".join(f"{id_}\n" for id_ in ids).encode()) or b""
    contents, at = {}, 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        id_, _, size = answer[at:end].decode("ascii").split()
        at = end + 1 + int(size)
        contents[id_] = answer[end + 1 : at]
        at += 1
    return contents


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What git prints; None when it says no."""
    command = ("git", "-c", "core.fsmonitor=false", *arguments)
    try:
        done = subprocess.run(  # noqa: S603 -- no shell, and every name is behind what keeps it from being an option
            command,
            cwd=folder,
            env={**os.environ, **_QUIET},
            input=given,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("Revisions are read with git, which is not installed here.") from None
    except ValueError:
        return None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git did not answer within {TIMEOUT_S:.0f} seconds.") from None
    return done.stdout if done.returncode == 0 else None
