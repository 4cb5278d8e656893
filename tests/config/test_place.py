"""Daemon and commands come to the same folders by the same rule."""

from pathlib import Path, PurePath

import pytest

from maild.config.model import Site
from maild.config.place import SYSTEM_FOLDER, config_folder, spool_root
from maild.errors import UsageError
from tests.rows import each_row

HOME = Path("/home/ann")


def test_a_folder_that_was_named_is_taken_as_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    assert config_folder(Path("mine"), tmp_path) == Path("mine")


def test_a_named_folder_that_is_missing_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no configuration folder elsewhere"):
        config_folder(Path("elsewhere"), tmp_path)


def test_the_folder_here_comes_before_the_system_s(tmp_path: Path) -> None:
    assert config_folder(None, tmp_path) == SYSTEM_FOLDER
    (tmp_path / "configs").mkdir()
    assert config_folder(None, tmp_path) == tmp_path / "configs"


@pytest.mark.parametrize(
    ("written", "expected"), [("/srv/spool", "/srv/spool"), ("spool", "/etc/site/spool"), ("../s", "/etc/site/../s")]
)
def test_the_file_s_own_word_comes_first(written: str, expected: str) -> None:
    site = Site(spool=PurePath(written))

    assert spool_root(site, Path("/etc/site"), {"STATE_DIRECTORY": "/var/lib/other"}, HOME) == Path(expected)


@each_row(
    ("folder", "environ", "expected"),
    [
        ("configs", {"STATE_DIRECTORY": "/var/lib/maild"}, "/var/lib/maild/spool"),
        ("configs", {"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"}, "/var/lib/a/spool"),
        ("/etc/maild", {}, "/var/lib/maild/spool"),
        ("/etc/maild", {"XDG_STATE_HOME": "/state"}, "/var/lib/maild/spool"),
        ("configs", {"XDG_STATE_HOME": "/state"}, "/state/maild/spool"),
        ("configs", {"XDG_STATE_HOME": "state"}, "/home/ann/.local/state/maild/spool"),
        ("configs", {}, "/home/ann/.local/state/maild/spool"),
    ],
)
def test_without_a_word_in_the_file_the_environment_decides(
    folder: str, environ: dict[str, str], expected: str
) -> None:
    assert spool_root(None, Path(folder), environ, HOME) == Path(expected)
    assert spool_root(Site(), Path(folder), environ, HOME) == Path(expected)
