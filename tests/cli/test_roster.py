from pathlib import Path

import pytest

from maild.cli.roster import Roster, read_roster
from maild.config.model import Site
from maild.errors import ConfigError, UsageError
from tests.fakes.clock import START
from tests.fakes.site_folder import HTTP, write_accounts

GOOD = HTTP.format(url="https://mail.example/")


def read(root: Path) -> Roster:
    return read_roster(str(root / "configs"), environ={}, now=START)


def test_accounts_with_and_without_errors_are_listed(tmp_path: Path) -> None:
    roster = read(write_accounts(tmp_path, bad="protocol: smpt\n", good=GOOD))

    assert [(one.name, one.account is None) for one in roster.accounts] == [("bad", True), ("good", False)]
    assert [one.code for one in roster.errors_of(roster.find("bad")).diagnostics] != []
    assert roster.errors_of(roster.find("good")).diagnostics == ()


def test_the_environment_names_the_folder_and_the_spool(tmp_path: Path) -> None:
    root = write_accounts(tmp_path, good=GOOD)
    roster = read_roster(None, environ={"MAILD_CONFIG": str(root / "configs")}, now=START)

    assert roster.spool("given", environ={"MAILD_SPOOL": "/named"}, home=tmp_path) == Path("given")
    assert roster.spool(None, environ={"MAILD_SPOOL": "/named"}, home=tmp_path) == Path("/named")
    assert roster.spool(None, environ={}, home=tmp_path).resolve() == root / "spool"


def test_without_maild_yaml_the_defaults_hold(tmp_path: Path) -> None:
    root = write_accounts(tmp_path, good=GOOD)
    (root / "configs" / "maild.yaml").unlink()

    assert read(root).site == Site()


def test_a_maild_yaml_with_errors_stops_everything(tmp_path: Path) -> None:
    root = write_accounts(tmp_path, good=GOOD)
    file = root / "configs" / "maild.yaml"
    file.write_text("probe: {interval: soon}\n")

    with pytest.raises(ConfigError) as raised:
        read(root)

    assert str(raised.value) == f"{file} has errors: see `maild check {file}`."


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(tmp_path)
