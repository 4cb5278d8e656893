"""Whether git is at work in the work tree that a folder belongs to, and what is checked out there. Shell code.

It looks at a few files and writes none; git itself need not be installed.

In the middle of a checkout some files are of the old state and some of the new one, and git holds `index.lock` until it
is done. A work tree added by `git worktree`, or a submodule, has a file `.git` that says where its own index lies.
"""

import re
from pathlib import Path
from typing import Final

from maild.config.sight import is_file, is_folder, is_there, real_path

_POINTER: Final = "gitdir:"
_REFERENCE: Final = "ref: "
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LONGEST: Final = 4 * 1024 * 1024
"""Of packed-refs, which has a line for each branch and tag."""


def is_git_busy(folder: Path) -> bool:
    """Whether git is changing the work tree; False where there is none, or none that may be looked into."""
    git = git_folder(folder)
    return git is not None and is_there(git / "index.lock")


def commit_of(folder: Path) -> str | None:
    """The commit that is checked out around a folder, 40 or 64 hexadecimal digits; None when there is none."""
    git = git_folder(folder)
    if git is None:
        return None
    head = _text(git / "HEAD")
    name = head.removeprefix(_REFERENCE).strip()
    if not head.startswith(_REFERENCE):
        return name if _COMMIT.fullmatch(name) else None
    # A work tree added by `git worktree` has a HEAD of its own and shares the branches.
    shared = git / (_text(git / "commondir").strip() or ".")
    found = _text(shared / name).strip() or _packed(_text(shared / "packed-refs"), name)
    return found if _COMMIT.fullmatch(found) else None


def git_folder(folder: Path) -> Path | None:
    """Where git keeps the index of the innermost work tree around a folder; None outside of one.

    A folder reached by a link lies where the link leads; a link that is in a work tree itself comes after that.
    """
    real, named = real_path(folder), folder.absolute()
    for parent in (real, *real.parents, named, *named.parents):
        git = parent / ".git"
        if is_folder(git):
            return git
        if is_file(git):
            return _follow(git)
    return None


def _packed(table: str, name: str) -> str:
    lines = (line.split(" ") for line in table.splitlines() if not line.startswith(("#", "^")))
    return next((words[0] for words in lines if words[1:] == [name]), "")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _follow(git: Path) -> Path | None:
    text = _text(git)
    return git.parent / text.removeprefix(_POINTER).strip() if text.startswith(_POINTER) else None
