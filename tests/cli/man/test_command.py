"""`maild man` as its user sees it; with a program that knows roff, that program's opinion."""

import shutil
import subprocess
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from maild.cli.catalogue import COMMANDS
from maild.cli.main import maild
from maild.rules.catalogue import INFOS


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    folder = tmp_path_factory.mktemp("man")
    result = CliRunner().invoke(maild, ["man", str(folder)])
    assert result.exit_code == 0, result.output
    assert result.output == f"{len(COMMANDS) + 5} manual pages in {folder}\n"
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.*")}


def test_there_is_a_page_for_each_command_the_files_and_the_rules(pages: Mapping[str, str]) -> None:
    commands = {f"man1/maild-{entry.name}.1" for entry in COMMANDS}

    assert set(pages) == commands | {
        "man1/maild.1",
        "man1/maild-sendmail.1",
        "man5/maild.yaml.5",
        "man5/maild-account.5",
        "man7/maild-rules.7",
    }
    for entry in COMMANDS:
        assert f"\\fBmaild\\-{entry.name}(1)\\fR\n" in pages["man1/maild.1"]


def test_a_page_says_what_help_says(pages: Mapping[str, str]) -> None:
    queue = pages["man1/maild-queue.1"]

    assert "\\fBmaild queue why [OPTIONS] ID|DROP ..\\fR\n" in queue
    assert '.SH "maild queue why"\n' in queue
    assert ".TP\n\\fB\\-h, \\-\\-help\\fR\nShow this message and exit.\n" in queue
    assert "\\&zsh:  maild completion zsh > \\(dq${fpath[1]}/_maild\\(dq" in pages["man1/maild-completion.1"].replace(
        '"', "\\(dq"
    )
    assert pages["man1/maild-sendmail.1"].count("maild\\-sendmail [\\-t] [\\-i] [\\-f ADDRESS]") == 1


def test_keys_are_explained_as_an_editor_explains_them(pages: Mapping[str, str]) -> None:
    account, site = pages["man5/maild-account.5"], pages["man5/maild.yaml.5"]

    for key in ("smtp.tls.mode", "smtp.port", "http.kind", "oauth.grant", "limits.per_day", "username"):
        assert f".TP\n\\fB{key}\\fR\n" in account
    for key in ("spool.path", "routes[].match.from", "lint.severity", "reload.canary"):
        assert f".TP\n\\fB{key}\\fR\n" in site


def test_every_rule_is_explained(pages: Mapping[str, str]) -> None:
    for info in INFOS.values():
        title = f"{info.code} {info.name}".replace("-", "\\-")
        assert f'.SH "{title}"\n' in pages["man7/maild-rules.7"]


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
@pytest.mark.parametrize("page", ["man1/maild-queue.1", "man5/maild.yaml.5", "man7/maild-rules.7"])
def test_groff_has_nothing_to_say_about_it(page: str, pages: Mapping[str, str]) -> None:
    # A line that is too long for a terminal is no fault of the page: -wbreak is about that.
    checked = subprocess.run(
        ["groff", "-man", "-ww", "-Wbreak", "-Tutf8", "-z"],
        input=pages[page],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
