"""`maild status` where no daemon answers."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from maild.cli.main import maild


def said(*arguments: str) -> str:
    result = CliRunner().invoke(maild, ["status", *arguments], standalone_mode=False)

    assert result.return_value == 1
    return result.output


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "maild.yaml").write_text("web: {listen: 127.0.0.1:1}\nspool: {path: ../spool}\n")
    return folder


def test_of_a_spool_that_is_not_there_it_says_that_there_is_no_queue(config: Path) -> None:
    assert said("--config", str(config)) == (
        "Nobody answers at 127.0.0.1:1: Connection refused.\n"
        f"No daemon runs on the spool {config.parent / 'spool'}; what is dropped or queued there waits.\n"
        "There is no queue yet.\n"
    )


def test_asking_at_a_place_that_was_named_needs_no_maild_yaml_without_errors(config: Path) -> None:
    (config / "maild.yaml").write_text("spol: [\n")

    assert (
        said("--config", str(config), "--url", "127.0.0.1:1") == "Nobody answers at 127.0.0.1:1: Connection refused.\n"
    )
