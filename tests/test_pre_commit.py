"""The hooks as pre-commit runs them: the entry, then the names of the changed files that the pattern takes, from the
top of the work tree, and without looking at anything else of the repository.
"""

import contextlib
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from maild.cli.main import main
from tests.rules.examine import GOOD

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text())
}
MISSPELT = GOOD.replace("host", "hots")
OURS = ("configs/maild.yaml", "maild.yml", "accounts/a.yaml", "mail/configs/accounts/büro & co.yml")
NOT_OURS = ("maild.yaml.bak", "x-maild.yaml", "accounts/sub/a.yaml", "accounts/a.json", "my-accounts/a.yaml", "a.yaml")


def commit(hook: str, top: Path, *changed: str) -> int:
    """What pre-commit does with the files of a commit; the status of the hook, 0 when no file is its own."""
    files = [name for name in changed if re.search(HOOKS[hook]["files"], name)]
    program, *arguments = shlex.split(HOOKS[hook]["entry"])
    assert program == "maild"
    with contextlib.chdir(top):
        return main([*arguments, *files]) if files else 0


def write(top: Path, **files: str) -> None:
    (top / "configs" / "accounts").mkdir(parents=True)
    for name, text in files.items():
        path = "maild.yaml" if name == "maild" else f"accounts/{name}.yaml"
        (top / "configs" / path).write_text(text)


def test_there_are_a_hook_that_looks_and_one_that_mends() -> None:
    assert set(HOOKS) == {"maild-check", "maild-fix"}
    assert all(hook["language"] == "python" for hook in HOOKS.values())


@pytest.mark.parametrize("hook", HOOKS)
def test_the_pattern_takes_the_files_of_a_configuration_and_no_others(hook: str) -> None:
    pattern = HOOKS[hook]["files"]
    assert [name for name in (*OURS, *NOT_OURS) if re.search(pattern, name)] == list(OURS)


def test_a_commit_without_mistakes_passes_whatever_passwords_there_are(tmp_path: Path) -> None:
    write(tmp_path, a=GOOD, b=GOOD, maild="default_account: a\n")
    files = ("README.md", "configs/accounts/a.yaml", "configs/maild.yaml")
    assert [commit(hook, tmp_path, *files) for hook in HOOKS] == [0, 0]


def test_the_hook_that_looks_stops_a_mistake_in_any_of_the_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a=GOOD, b=MISSPELT, maild="default_account: biling\n")
    assert commit("maild-check", tmp_path, "configs/accounts/a.yaml") == 0
    assert commit("maild-check", tmp_path, "configs/accounts/a.yaml", "configs/accounts/b.yaml") == 1
    assert commit("maild-check", tmp_path, "configs/maild.yaml") == 1
    assert {"error[ML201] unknown-key", "error[ML216] unresolved-reference"} <= set(
        capsys.readouterr().out.splitlines()
    )
    assert (tmp_path / "configs" / "accounts" / "b.yaml").read_text() == MISSPELT


def test_the_hook_that_mends_changes_only_the_files_of_the_commit(tmp_path: Path) -> None:
    write(tmp_path, a=MISSPELT, b=MISSPELT)
    # pre-commit stops the commit itself because a file was changed; the second time nothing is.
    assert commit("maild-fix", tmp_path, "configs/accounts/a.yaml") == 0
    assert commit("maild-fix", tmp_path, "configs/accounts/a.yaml") == 0
    texts = [(tmp_path / "configs" / "accounts" / f"{name}.yaml").read_text() for name in "ab"]
    assert texts == [GOOD, MISSPELT]
