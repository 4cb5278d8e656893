"""`maild check`: says what is wrong with configuration files, and where.

Changes nothing, asks nobody on the network, and runs no program. Exit status: 0 nothing at or above `--fail-on`,
1 something, 2 wrong usage, 3 an error of maild.
"""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from maild.cli.batches import STDIN, Batch, read_batches, stdin_batch
from maild.cli.look import output_style
from maild.cli.secret_presence import SecretPresence
from maild.clock import SystemClock
from maild.config.document import MAX_BYTES
from maild.config.place import config_folder
from maild.diagnostics import Report, Severity
from maild.diagnostics.render import RENDERERS
from maild.errors import UsageError
from maild.rules.engine import check_files
from maild.rules.subject import SecretChecker

_NEVER = "never"


@click.command("check", short_help="Say what is wrong with configuration files, and where.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(RENDERERS)),
    help="text for people, concise for editors, json and jsonl for programs, the others for the services of their "
    "names.  [default: text; github in a GitHub action]",
)
@click.option(
    "--fail-on",
    type=click.Choice([*(severity.value for severity in Severity), _NEVER]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option("--no-secrets", is_flag=True, help="Do not look whether passwords can be had here. Implied by $CI.")
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The name under which text from standard input is judged and shown.",
)
def check(
    paths: tuple[Path, ...], form: str | None, fail_on: str, stdin_filename: Path | None, *, no_secrets: bool
) -> int:
    """Say what is wrong with configuration files, and where.

    PATH is a configuration folder, a file, or - for standard input. Without one it is $MAILD_CONFIG, else configs/
    here, else /etc/maild.
    """
    secrets = (
        None if no_secrets or os.environ.get("CI", "") not in {"", "0", "false"} else SecretPresence(environ=os.environ)
    )
    report = check_paths(paths, stdin_filename, secrets=secrets, now=SystemClock().now())
    style = output_style()
    click.echo(RENDERERS[form or _usual_format()](report, style), nl=False, color=style.has_color)
    return 1 if fail_on != _NEVER and report.at_or_above(Severity(fail_on)) else 0


def check_paths(
    paths: Sequence[Path], stdin_filename: Path | None, *, secrets: SecretChecker | None, now: datetime
) -> Report:
    """The report on all files of these paths.

    Raises:
        UsageError: a path does not exist or holds no configuration, or standard input is asked for wrongly.
    """
    batches: list[Batch] = []
    if stdin_filename is not None and STDIN not in paths:
        raise UsageError("--stdin-filename says how standard input is called; write - to have it read.")
    if STDIN in paths:
        # One byte more than a file may have, which then is a finding.
        batches.append(stdin_batch(sys.stdin.buffer.read(MAX_BYTES + 1), stdin_filename or Path("<stdin>")))
    named = [path for path in paths if path != STDIN]
    if not batches or named:
        batches += read_batches(named or [_usual_folder()])
    reports = [
        check_files(batch.loaded, now=now, lint=batch.lint, secrets=secrets, accounts=batch.accounts)
        for batch in batches
    ]
    found = [diagnostic for report in reports for diagnostic in report.diagnostics]
    unreadable = [diagnostic for batch in batches for diagnostic in batch.unreadable]
    duplicates = [diagnostic for batch in batches for diagnostic in batch.duplicates]
    return Report.of(
        [*found, *unreadable, *duplicates],
        sources={file: text for report in reports for file, text in report.sources.items()},
        files_checked=sum(report.files_checked for report in reports) + len(unreadable),
    )


def _usual_folder() -> Path:
    given = os.environ.get("MAILD_CONFIG")
    return config_folder(Path(given) if given else None, Path())


def _usual_format() -> str:
    # https://docs.github.com/en/actions/reference/variables-reference: always "true" there.
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
