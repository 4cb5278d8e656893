"""Completion as the shell asks for it."""

import shutil
import subprocess

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from maild.cli.main import maild


def completed(*words: str) -> list[str]:
    """What is proposed for the last of these words of a command line."""
    asked = ShellComplete(maild, {}, "maild", "_MAILD_COMPLETE")
    return [item.value for item in asked.get_completions(list(words[:-1]), words[-1])]


def test_commands_options_and_values_are_completed() -> None:
    assert completed("ch") == ["check"]
    assert completed("s") == ["status", "send", "schema"]
    assert completed("--v") == ["--version"]
    assert completed("check", "--unsafe") == ["--unsafe-fixes"]
    assert completed("check", "--format", "js") == ["json", "jsonl"]
    assert completed("queue", "re") == ["release", "retry"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_maild(shell: str) -> None:
    result = CliRunner().invoke(maild, ["completion", shell])

    assert result.exit_code == 0
    assert f"_MAILD_COMPLETE={shell}_complete" in result.output


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_takes_its_script() -> None:
    script = CliRunner().invoke(maild, ["completion", "bash"]).output

    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
