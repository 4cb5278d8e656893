from pathlib import Path

from maild.watch.git import git_folder, is_git_busy


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


def test_outside_of_a_work_tree_nobody_is_busy(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nothing of the kind\n")

    assert git_folder(tmp_path) is None
    assert not is_git_busy(tmp_path)
