"""`maild check --watch`: when it looks again, and as a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.cli.watching import watch_paths
from maild.errors import UsageError
from tests.cli.test_check import run, write
from tests.rules.examine import GOOD

PORT_25 = GOOD.replace("smtp.gmail.com, port: 465", "mail.baker.org, port: 25")


class EndOfTestError(Exception):
    """Ends the watching as Ctrl-C would."""


def looks(paths: list[Path], *steps: Callable[[], object]) -> list[int]:
    """After which steps there was a look; the first one is before any step."""
    made: list[int] = []
    done: list[int] = []

    def pause() -> None:
        if len(done) == len(steps):
            raise EndOfTestError
        steps[len(done)]()
        done.append(len(done))

    with pytest.raises(EndOfTestError):
        watch_paths(paths, lambda: made.append(len(done)), pause=pause)
    return made


def nothing() -> None:
    pass


def test_it_looks_once_and_again_when_a_file_was_changed_and_is_quiet(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD)
    file = site / "configs/accounts/a.yaml"

    made = looks(
        [site / "configs"],
        nothing,
        lambda: file.write_text(PORT_25),
        lambda: file.write_text(GOOD + "# more\n"),
        lambda: file.write_text(GOOD + "# and more\n"),
        nothing,
        nothing,
        nothing,
    )

    assert made == [0, 5]


def test_new_and_deleted_files_are_changes_and_hidden_ones_are_not(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD)
    folder = site / "configs/accounts"

    made = looks(
        [site / "configs"],
        (folder / ".b.yaml.swp").touch,
        nothing,
        (folder / "b.yaml").touch,
        nothing,
        (folder / "a.yaml").unlink,
        nothing,
    )

    assert made == [0, 4, 6]


def test_a_single_file_is_watched_with_the_settings_it_is_judged_by(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD, maild="version: 1\n")
    folder = site / "configs"

    made = looks(
        [folder / "accounts/a.yaml"],
        lambda: (folder / "maild.yaml").write_text("lint: {ignore: [ML301]}\n"),
        nothing,
        lambda: (folder / "accounts/b.yaml").write_text(GOOD),
        nothing,
    )

    assert made == [0, 2]


def test_a_folder_that_is_replaced_as_a_whole_is_a_change_even_if_it_is_away_for_a_while(tmp_path: Path) -> None:
    site = write(tmp_path / "old", a_yaml=GOOD)
    other = write(tmp_path / "new", a_yaml=GOOD)
    link = tmp_path / "current"
    link.symlink_to(site / "configs")

    def move() -> None:
        link.unlink()
        link.symlink_to(other / "configs")

    made = looks([link], move, nothing, link.unlink, nothing, lambda: link.symlink_to(site / "configs"), nothing)

    assert made == [0, 2, 4, 6]


@pytest.mark.parametrize(
    "also", [("--fix",), ("--diff",), ("-",), ("--baseline", "b.json", "--write-baseline")], ids=" ".join
)
def test_watching_only_looks(also: tuple[str, ...], tmp_path: Path) -> None:
    assert isinstance(run("--watch", *also, cwd=write(tmp_path, a_yaml=GOOD)).exception, UsageError)


def test_a_person_edits_until_it_is_right_and_ends_it_with_ctrl_c(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25)
    command = [sys.executable, "-m", "maild", "check", "--watch", "--no-secrets", "configs"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    # Where the tests were started in the background, the shell had SIGINT ignored, and a child would inherit that.
    was = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, cwd=site, env=environ, stdout=subprocess.PIPE, text=True) as process:
        signal.signal(signal.SIGINT, was)
        try:
            assert process.stdout is not None
            before = iter(process.stdout.readline, "1 file checked: 1 warning\n")
            assert next(before) == "warning[ML301] port-25-submission\n"
            list(before)
            (site / "configs/accounts/a.yaml").write_text(GOOD)
            assert process.stdout.readline() == "1 file checked, nothing to report\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
        finally:
            process.kill()
