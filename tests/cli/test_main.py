"""`maild` finds its commands late and ends with the status that the table in its file promises."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from maild.cli.catalogue import COMMANDS
from maild.cli.main import exit_status, maild, main
from maild.errors import ConfigError, InternalError, MaildError, PermanentError, TemporaryError, UsageError
from tests.rows import each_row

CANARY = "hunter2-canary"


@each_row(
    ("error", "status"),
    [
        (UsageError("x"), 2),
        (ConfigError("x"), 78),
        (InternalError("x"), 3),
        (TemporaryError("x"), 1),
        (PermanentError("x"), 1),
    ],
)
def test_each_family_of_errors_has_its_status(error: MaildError, status: int) -> None:
    assert exit_status(error) == status


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chek"]) == 2
    assert "No such command 'chek'" in capsys.readouterr().err


def test_help_names_every_command_and_imports_none() -> None:
    program = (
        "import sys; from maild.cli.main import main; status = main(['--help'])\n"
        "heavy = [name for name in ('aiohttp', 'yaml', 'asyncio', 'rich', 'sqlite3') if name in sys.modules]\n"
        "sys.exit(f'imported {heavy}' if heavy else status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0
    for entry in COMMANDS:
        assert f"  {entry.name} " in done.stdout


@each_row("name", [entry.name for entry in COMMANDS])
def test_every_command_of_the_catalogue_loads_and_helps(name: str) -> None:
    result = CliRunner().invoke(maild, [name, "--help"])

    assert "\\b" not in result.output, "click's mark for lines that stay as they are must be the character itself"

    assert result.exit_code == 0
    assert f"Usage: maild {name} " in result.output


def test_version_is_printed() -> None:
    result = CliRunner().invoke(maild, ["--version"])

    assert result.exit_code == 0
    assert result.output.startswith("maild, version ")


def test_a_reader_that_went_away_is_no_error() -> None:
    program = f"{sys.executable} -m maild --help | true"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)

    assert done.stderr == ""


class Broken(list[str]):
    """Arguments that cannot be read."""

    def __iter__(self) -> Iterator[str]:
        try:
            return iter({"": ()}[CANARY])
        except KeyError as error:
            raise ValueError(f"no {CANARY}") from error


def test_a_mistake_of_ours_says_where_it_is_and_nothing_of_what_it_was_about(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(Broken(["check"])) == 3

    said = capsys.readouterr().err
    assert said.startswith("maild: internal error")
    assert "builtins.ValueError\n" in said
    assert "builtins.KeyError\n" in said
    assert f"{__file__}:" in said
    assert CANARY not in said
