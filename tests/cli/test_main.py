"""`maild` finds its commands late and ends with the status that the table in its file promises."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from maild.cli.catalogue import COMMANDS
from maild.cli.main import exit_status, maild, main
from maild.errors import ConfigError, InternalError, MaildError, PermanentError, TemporaryError, UsageError


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
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
