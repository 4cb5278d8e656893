"""`maild check`: says what is wrong with configuration files, and where; with `--fix` it mends what a program can.

Without `--fix` and `--write-baseline` it changes nothing; it asks nobody on the network, and runs no program. Exit
status: 0 nothing at or above `--fail-on`, 1 something (or something to change, with `--diff`), 2 wrong usage, 3 an
error of maild.
"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from maild.cli.batches import STDIN, Batch, read_batches, stdin_batch
from maild.cli.look import output_style
from maild.cli.secret_presence import SecretPresence
from maild.clock import SystemClock
from maild.config.document import MAX_BYTES
from maild.config.place import config_folder
from maild.diagnostics import Report, Severity
from maild.diagnostics.render import EXPLAINED, RENDERERS, Style
from maild.errors import PermanentError, UsageError
from maild.rules.engine import check_with
from maild.rules.excess import without_excess
from maild.rules.subject import SecretChecker

_NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The command line's values."""

    paths: tuple[Path, ...]
    form: str | None
    fail_on: str
    stdin_filename: Path | None
    no_secrets: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    as_of: datetime | None
    baseline: Path | None
    write_baseline: bool
    watch: bool

    @property
    def now(self) -> datetime:
        """The moment that rules about dates judge by."""
        return SystemClock().now() if self.as_of is None else self.as_of.replace(tzinfo=UTC)

    def check_usage(self) -> None:
        """Refuses what makes no sense together.

        Raises:
            UsageError: it does not.
        """
        if self.stdin_filename is not None and STDIN not in self.paths:
            raise UsageError("--stdin-filename says how standard input is called; write - to have it read.")
        if self.fix and self.diff:
            raise UsageError("--fix changes files and --diff only shows it; take one of them.")
        if self.unsafe_fixes and not (self.fix or self.diff):
            raise UsageError("--unsafe-fixes says which fixes are made; write --fix or --diff as well.")
        if self.write_baseline and self.baseline is None:
            raise UsageError("--write-baseline needs --baseline FILE to know where.")
        if self.watch and (self.fix or self.diff or self.write_baseline or STDIN in self.paths):
            raise UsageError("--watch only looks at files; take it without -, --fix, --diff and --write-baseline.")
        if self.fix and STDIN in self.paths and len(self.paths) > 1:
            raise UsageError("--fix writes standard input, mended, to standard output; name no other path beside it.")

    @property
    def secrets(self) -> SecretChecker | None:
        """Who looks whether passwords can be had."""
        is_ci = os.environ.get("CI", "") not in {"", "0", "false"}
        return None if self.no_secrets or is_ci else SecretPresence(environ=os.environ)

    def status(self, report: Report) -> int:
        """The exit status for what was found."""
        return 1 if self.fail_on != _NEVER and report.at_or_above(Severity(self.fail_on)) else 0


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
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge as on this day (2027-01-31): what providers have announced by then counts.",
)
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The name under which text from standard input is judged and shown.",
)
@click.option("--fix", is_flag=True, help="Mend in the files what surely means one thing, and say what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix and --diff: mend what probably means one thing, too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Leave out the findings that this file records; say which of them were put right. Never recorded, so always "
    "shown, are rules that no setting can weaken (what keeps a file from being used) and those that look at other "
    "files or at this machine, such as ML217.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Make the baseline of what is found now; take out of one that is there what was put right. Says how "
    "many findings it records.",
)
@click.option("--watch", is_flag=True, help="Look again whenever a file changes, until Ctrl-C.")
def check(**options: Any) -> int:  # noqa: ANN401 -- click hands over what the options above say
    """Say what is wrong with configuration files, and where.

    PATH is a configuration folder, a file, or - for standard input. Without one it is $MAILD_CONFIG, else configs/
    here, else /etc/maild.
    """
    wanted = _Wanted(**options)
    wanted.check_usage()
    if wanted.watch:
        return _watch(wanted)
    now = wanted.now
    batches = _batches(wanted)
    if wanted.diff:
        return _show_fixes(wanted, batches, now)
    if wanted.fix:
        return _make_fixes(wanted, batches, now)
    return _show(wanted, batches, now)


def _batches(wanted: _Wanted) -> list[Batch]:
    """All files of the paths.

    Raises:
        UsageError: a path does not exist or holds no configuration.
    """
    batches: list[Batch] = []
    if STDIN in wanted.paths:
        # One byte more than a file may have, which then is a finding.
        batches.append(stdin_batch(sys.stdin.buffer.read(MAX_BYTES + 1), wanted.stdin_filename or Path("<stdin>")))
    named = [path for path in wanted.paths if path != STDIN]
    if not batches or named:
        batches += read_batches(named or [_usual_folder()])
    return batches


def _report(batches: Sequence[Batch], *, secrets: SecretChecker | None, now: datetime) -> Report:
    reports = [check_with(batch.loaded, batch.census, now=now, lint=batch.lint, secrets=secrets) for batch in batches]
    found = [diagnostic for report in reports for diagnostic in report.diagnostics]
    unreadable = [diagnostic for batch in batches for diagnostic in batch.unreadable]
    duplicates = [diagnostic for batch in batches for diagnostic in batch.duplicates]
    return Report.of(
        [*found, *unreadable, *duplicates],
        sources={file: text for report in reports for file, text in report.sources.items()},
        files_checked=sum(report.files_checked for report in reports) + len(unreadable),
    )


def _show(wanted: _Wanted, batches: Sequence[Batch], now: datetime, *, on_stderr: bool = False) -> int:
    report = _report(batches, secrets=wanted.secrets, now=now)
    if wanted.baseline is not None:
        from maild.cli.baseline import without_baseline  # noqa: PLC0415 -- asked for by few

        report = without_baseline(report, wanted.baseline, is_written=wanted.write_baseline)
    report = without_excess(report)
    form = wanted.form or _usual_format()
    if form == "text" and any(found.fix is not None for found in report.diagnostics):
        from maild.cli.mend import fixable  # noqa: PLC0415 -- asked for by few

        report = replace(report, fixable=fixable(report, batches, now=now))
    if form in EXPLAINED:
        from maild.cli.explanations import explanations_of  # noqa: PLC0415 -- asked for by few

        report = replace(report, explanations=explanations_of(found.code for found in report.diagnostics))
    style = Style() if on_stderr else output_style()
    click.echo(RENDERERS[form](report, style), nl=False, err=on_stderr, color=style.has_color)
    return wanted.status(report)


def _watch(wanted: _Wanted) -> int:
    from maild.cli.watching import PAUSE_S, watch_paths  # noqa: PLC0415 -- asked for by few

    def look() -> None:
        if sys.stdout.isatty():
            click.clear()
        try:
            _show(wanted, _batches(wanted), wanted.now)
        except UsageError as error:
            # A folder that is being replaced is not there for a moment.
            click.echo(f"maild: {error}", err=True)

    paths = wanted.paths or (_usual_folder(),)
    beside = () if wanted.baseline is None else (wanted.baseline,)
    watch_paths((*paths, *beside), look, pause=lambda: time.sleep(PAUSE_S))
    return 0


def _make_fixes(wanted: _Wanted, batches: Sequence[Batch], now: datetime) -> int:
    from maild.cli.mend import can_be_mended, mend_batches, outcome_of, reload, write_mended  # noqa: PLC0415 -- asked for by few

    files = list(mend_batches(batches, now=now, with_unsafe=wanted.unsafe_fixes))
    if STDIN in wanted.paths:
        (batch,) = batches
        (loaded,) = batch.loaded
        if not can_be_mended(loaded):
            raise PermanentError(f"{loaded.file} cannot be read as YAML, so nothing of it can be mended.")
        text = files[0].mended.text if files else loaded.text
        click.echo(batch.mark + text.encode(), nl=False)
        again = [Batch(loaded=(reload(loaded, text),), lint=batch.lint, accounts=batch.accounts)]
    else:
        changed = [file.loaded.file for file in files if file.is_changed and not write_mended(file)]
        if changed:
            raise PermanentError(f"{changed[0]} was changed while it was being mended; nothing was done to it.")
        again = _batches(wanted)
    if files:
        click.echo(outcome_of(files), err=True)
    return _show(wanted, again, now, on_stderr=STDIN in wanted.paths)


def _show_fixes(wanted: _Wanted, batches: Sequence[Batch], now: datetime) -> int:
    from maild.cli.mend import diff_of, mend_batches  # noqa: PLC0415 -- asked for by few

    files = [file for file in mend_batches(batches, now=now, with_unsafe=wanted.unsafe_fixes) if file.is_changed]
    for file in files:
        click.echo(diff_of(file), nl=False)
    return 1 if files else 0


def _usual_folder() -> Path:
    given = os.environ.get("MAILD_CONFIG")
    return config_folder(Path(given) if given else None, Path())


def _usual_format() -> str:
    # https://docs.github.com/en/actions/reference/variables-reference: always "true" there.
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
