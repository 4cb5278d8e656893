import shutil
import subprocess
from pathlib import Path

import pytest

from maild.watch.checkout import ASKED_AGAIN_AFTER_S, Checkout, CheckoutLabel

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Tree:
    """A work tree with a folder in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "configs"
        self.folder.mkdir(parents=True)
        self.git("init", "-q")
        self.first = self.commit("one")

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def test_git_is_asked_again_after_a_while_or_when_something_is_new(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    label, clean = CheckoutLabel(), Checkout(commit=tree.first, is_dirty=False)
    dirty = Checkout(commit=tree.first, is_dirty=True, loose=frozenset({"maild.yaml"}))
    assert label.look(tree.folder, 1, asks_git=True, at_s=0) == clean
    (tree.folder / "maild.yaml").touch()
    assert label.look(tree.folder, 1, asks_git=True, at_s=1) == clean
    assert label.look(tree.folder, 2, asks_git=True, at_s=2) == dirty
    (tree.folder / "maild.yaml").unlink()
    assert label.look(tree.folder, 2, asks_git=True, at_s=3) == dirty
    assert label.look(tree.folder, 2, asks_git=True, at_s=2 + ASKED_AGAIN_AFTER_S) == clean
    assert label.look(tree.folder, 3, asks_git=False, at_s=99) == Checkout(commit=tree.first)


def test_each_file_is_held_by_the_commit_or_not_and_an_older_version_has_the_commit_that_held_it(
    tmp_path: Path,
) -> None:
    tree = Tree(tmp_path)
    changed, kept = tree.folder / "\u00e9.yaml", tree.folder / "maild.yaml"
    kept.write_text("a: 1\n")
    changed.write_text("a: 1\n")
    (tree.folder / "link.yaml").symlink_to("maild.yaml")
    second = tree.commit("files")
    older = {changed.name: b"a: 1\n", kept.name: b"never committed\n"}
    changed.write_text("a: 2\n")

    label = CheckoutLabel()
    found = label.look(tree.folder, 1, older, asks_git=True, at_s=0)
    assert (found.held, found.loose) == (frozenset({kept.name}), frozenset({changed.name}))
    assert (found.is_dirty, found.origins) == (True, {changed.name: second})

    # Replaced by a later commit it is from the one before that.
    assert tree.commit("replaced") != second
    found = label.look(tree.folder, 1, older, asks_git=True, at_s=0)
    assert (found.held, found.loose) == (frozenset({kept.name, changed.name}), frozenset())
    assert (found.is_dirty, found.origins) == (False, {changed.name: second})


def test_what_git_does_not_know_is_neither_clean_nor_dirty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("a" * 40)

    label = CheckoutLabel()
    assert label.look(tmp_path, 1, asks_git=True, at_s=0) == Checkout(commit="a" * 40, is_dirty=None)
    assert label.look(Path("/"), 1, asks_git=True, at_s=0) == Checkout()
