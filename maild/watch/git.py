"""Whether git is at work in the work tree that a folder belongs to. Shell code: looks at a few files, writes none.

In the middle of a checkout some files are of the old state and some of the new one, and git holds `index.lock` until it
is done. A work tree added by `git worktree`, or a submodule, has a file `.git` that says where its own index lies.
"""

from pathlib import Path
from typing import Final

_POINTER: Final = "gitdir:"
_LONGEST: Final = 4096


def is_git_busy(folder: Path) -> bool:
    """Whether git is changing the work tree; False where there is none."""
    git = git_folder(folder)
    return git is not None and (git / "index.lock").exists()


def git_folder(folder: Path) -> Path | None:
    """Where git keeps the index of the innermost work tree around a folder; None outside of one."""
    here = folder.absolute()
    for parent in (here, *here.parents):
        git = parent / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            return _follow(git)
    return None


def _follow(git: Path) -> Path | None:
    try:
        with git.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    return git.parent / text.removeprefix(_POINTER).strip() if text.startswith(_POINTER) else None
