"""A command finds the site that its caller means."""

import os
from pathlib import Path

import pytest

from maild.cli.site import Place, find_place
from maild.errors import ConfigError, UsageError


def test_the_spool_stands_in_maild_yaml(tmp_path: Path) -> None:
    (tmp_path / "maild.yaml").write_text("spool: {path: ../spool}\n")

    assert find_place(str(tmp_path), None, environ={}) == Place(folder=tmp_path, spool=tmp_path.parent / "spool")


def test_without_maild_yaml_the_user_s_state_folder_is_meant(tmp_path: Path) -> None:
    place = find_place(str(tmp_path), None, environ={"XDG_STATE_HOME": "/state"})

    assert place.spool == Path("/state/maild/spool")


def test_the_environment_names_what_the_command_line_does_not(tmp_path: Path) -> None:
    environ = {"MAILD_CONFIG": str(tmp_path), "MAILD_SPOOL": "/srv/spool"}

    assert find_place(None, None, environ=environ) == Place(folder=tmp_path, spool=Path("/srv/spool"))


def test_a_broken_maild_yaml_is_said_unless_the_spool_is_named(tmp_path: Path) -> None:
    (tmp_path / "maild.yaml").write_text("spol: {path: x}\n")

    with pytest.raises(ConfigError, match="has errors, so it cannot be told where the spool is"):
        find_place(str(tmp_path), None, environ={})
    assert find_place(str(tmp_path), "here", environ={}).spool == Path("here")


@pytest.mark.parametrize("error", ["log: {levl: info}", "web: 3", "log: {}\nlog: {}", "routes: [{match: {}}]"])
def test_an_error_that_has_nothing_to_do_with_the_spool_keeps_nobody_from_queueing(tmp_path: Path, error: str) -> None:
    (tmp_path / "maild.yaml").write_text(f"spool: {{path: /srv/spool}}\n{error}\n")

    assert find_place(str(tmp_path), None, environ={}).spool == Path("/srv/spool")


def test_without_a_spool_in_it_such_a_file_means_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "maild.yaml").write_text("log: {levl: info}\n")

    assert find_place(str(tmp_path), None, environ={"XDG_STATE_HOME": "/s"}).spool == Path("/s/maild/spool")


@pytest.mark.parametrize(
    "text",
    ["spool: {path: /a}\nspool: {path: /b}\n", "spool: {path: 3}\n", "spool: {pfad: /a}\n", "log: [\n", "- spool\n"],
)
def test_an_error_that_hides_where_the_spool_is_stops(tmp_path: Path, text: str) -> None:
    (tmp_path / "maild.yaml").write_text(text)

    with pytest.raises(ConfigError, match="has errors, so it cannot be told where the spool is"):
        find_place(str(tmp_path), None, environ={})


def test_a_missing_folder_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        find_place(os.fspath(tmp_path / "nowhere"), None, environ={})
