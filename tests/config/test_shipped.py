"""The configuration files that are shipped: what people copy."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from maild.config.lint import LintSettings
from maild.config.load import load_account, load_site
from maild.config.model import Site
from maild.rules.engine import check_files
from tests.rows import each_row

CONFIGS: Final = Path(__file__).parents[2] / "configs"
EXAMPLES: Final = sorted((CONFIGS / "examples").glob("*.yaml"))
SETTINGS: Final = CONFIGS / "maild.yaml"
NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_settings_file_says_the_defaults() -> None:
    loaded = load_site("maild.yaml", SETTINGS.read_bytes())

    assert loaded.site == Site()
    assert check_files([loaded], now=NOW, lint=LintSettings(), secrets=None).diagnostics == ()


def test_what_is_commented_out_in_the_settings_file_is_right_too() -> None:
    text = re.sub(r"^# (?=[ ]*\w+: |[ ]*- |\w+:$)", "", SETTINGS.read_text(), flags=re.MULTILINE)

    site = load_site("maild.yaml", text.encode()).site

    assert site is not None
    assert (site.default_account, len(site.routes), str(site.spool)) == ("billing", 2, "/var/lib/maild/spool")
    assert (str(site.reports.maildir), str(site.local_mail)) == ("/var/mail/reports", "admin@example.com")
    assert site.intake.user_messages_per_hour == 1000


def test_there_is_an_example_for_each_of_the_providers_that_the_settings_form_named() -> None:
    assert {"gmail", "yahoo", "microsoft365", "own-server", "http-service"} <= {path.stem for path in EXAMPLES}


@each_row("path", EXAMPLES)
def test_every_example_is_an_account_without_any_finding(path: Path) -> None:
    loaded = load_account(path.name, path.read_bytes())

    report = check_files([loaded], now=NOW, lint=LintSettings(), secrets=None)

    assert report.diagnostics == ()
    assert loaded.account is not None


@each_row("path", [*EXAMPLES, SETTINGS])
def test_editors_find_the_schema_of_every_file(path: Path) -> None:
    found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())

    assert found is not None
    assert (path.parent / found[1]).is_file()
