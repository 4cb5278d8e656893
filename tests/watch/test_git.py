import shutil
import subprocess
from pathlib import Path

import pytest

from maild.watch.git import commit_of, git_folder, is_git_busy


def test_git_is_busy_while_its_lock_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    (tmp_path / ".git").mkdir()
    assert not is_git_busy(folder)

    (tmp_path / ".git" / "index.lock").touch()

    assert is_git_busy(folder)


def test_a_work_tree_of_its_own_has_its_lock_elsewhere(tmp_path: Path) -> None:
    tree, index = tmp_path / "tree", tmp_path / "main" / ".git" / "worktrees" / "tree"
    tree.mkdir()
    index.mkdir(parents=True)
    (tree / ".git").write_text("gitdir: ../main/.git/worktrees/tree\n")
    assert not is_git_busy(tree)

    (index / "index.lock").touch()

    assert is_git_busy(tree)


def test_a_folder_that_is_a_link_lies_in_the_work_tree_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "tree" / "configs").mkdir()
    (tmp_path / "etc" / ".git").mkdir(parents=True)
    link = tmp_path / "etc" / "maild"
    link.symlink_to(tmp_path / "tree" / "configs")

    assert git_folder(link) == tmp_path / "tree" / ".git"
    (tmp_path / "tree" / ".git").rmdir()
    assert git_folder(link) == tmp_path / "etc" / ".git"


def test_a_git_that_may_not_be_looked_into_is_not_at_work_and_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(f"gitdir: {'x' * 300}\n")  # a name that the file system takes from nobody
    folder = tmp_path / ("y" * 300)

    assert not is_git_busy(folder)
    assert commit_of(folder) is None


def test_outside_of_a_work_tree_nobody_is_busy(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nothing of the kind\n")

    assert git_folder(tmp_path) is None
    assert not is_git_busy(tmp_path)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_commit_is_the_one_that_git_names(tmp_path: Path) -> None:
    tree, other = tmp_path / "tree", tmp_path / "other"
    folder = tree / "configs"
    folder.mkdir(parents=True)

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *who, *arguments], cwd=tree, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    assert commit_of(folder) is None
    git("commit", "-q", "--allow-empty", "-m", "one")
    first = git("rev-parse", "HEAD")
    assert commit_of(folder) == first
    git("worktree", "add", "-q", "-b", "branch", str(other))
    git("pack-refs", "--all")
    assert (commit_of(folder), commit_of(other)) == (first, first)
    git("commit", "-q", "--allow-empty", "-m", "two")
    git("checkout", "-q", "--detach")
    assert commit_of(folder) == git("rev-parse", "HEAD") != first


def test_a_damaged_head_names_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("main")
    assert commit_of(tmp_path) is None

    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main")
    assert commit_of(tmp_path) is None
    assert commit_of(Path("/")) is None
