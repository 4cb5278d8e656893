"""`maild diff OLD NEW`: says what a change of the configuration would do to sending, before it does.

Changes nothing and asks nobody on the network; the queue is only read, beside a running daemon or without one. Exit
status as diff(1) has it: 0 the same for sending, 1 something differs, 2 wrong usage.
What can go wrong: a side is not there (`UsageError`), a spool that was named has no queue (`PermanentError`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import click

from maild.cli.change_text import Difference, change_object, change_sentence
from maild.cli.changes import all_changes
from maild.cli.look import output_style
from maild.cli.options import spool_option
from maild.cli.side import Side, new_errors, read_sides
from maild.cli.waiting import Waiting, waiting_between
from maild.clock import SystemClock
from maild.diagnostics import Diagnostic, Report
from maild.diagnostics.render.display import printable
from maild.diagnostics.render.json import diagnostic_object
from maild.diagnostics.render.text import render_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What differs, and what is wrong with NEW that is not with OLD."""

    changes: tuple[Difference, ...]
    errors: tuple[Diagnostic, ...]


@click.command("diff", short_help="Say what a change of the configuration would do to sending.")
@click.argument("old")
@click.argument("new")
@spool_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; its schema: maild schema changes.")
def diff(old: str, new: str, spool: str | None, *, as_json: bool) -> int:
    """Say what the step from OLD to NEW changes for sending, in words.

    Each is a file, a folder, a git revision (the folder of the other side as it was then) or REVISION:PATH. Also said:
    new errors, and what becomes of messages that wait in the queue.

    \b
    maild diff HEAD .                    what is not committed yet
    maild diff main my-branch            two branches
    maild diff v1:configs configs        a folder then and now

    Exit status: 0 the same for sending, 1 something differs, 2 wrong usage.
    """  # noqa: D301 -- click means the character
    before, after = read_sides(old, new, now=SystemClock().now())
    found = findings(before, after, waiting_between(before, after, spool))
    if as_json:
        click.echo(json.dumps(findings_object(found, before, after), indent=2))
    else:
        print_findings(found, before, after)
    return 1 if found.changes or found.errors else 0


def findings(before: Side, after: Side, waiting: Waiting) -> Findings:
    """Everything that there is to say."""
    changes = all_changes(before.configuration, after.configuration, waiting.mail)
    return Findings(changes=(*changes, *waiting.left_behind), errors=new_errors(before, after))


def findings_object(found: Findings, before: Side, after: Side) -> dict[str, object]:
    """Everything for programs."""
    return {
        "old": before.name,
        "new": after.name,
        "changes": [change_object(change, lambda text: _shown(text, before, after)) for change in found.changes],
        "errors": [diagnostic_object(error) for error in found.errors],
    }


def print_findings(found: Findings, before: Side, after: Side) -> None:
    """Everything for people, on standard output."""
    for line in _lines(found, before, after):
        click.echo(line)
    if found.errors:
        style = output_style()
        click.echo(f"\nErrors in {printable(after.name)} that {printable(before.name)} does not have:\n")
        report = Report.of(found.errors, sources=after.report.sources, files_checked=after.report.files_checked)
        click.echo(render_text(report, style), nl=False, color=style.has_color)


def _lines(found: Findings, before: Side, after: Side) -> Iterator[str]:
    if not found.changes and not found.errors:
        yield "Nothing changes for sending."
    for change in found.changes:
        yield printable(_shown(change_sentence(change), before, after))


def _shown(text: str, before: Side, after: Side) -> str:
    for mask in (*before.masks, *after.masks):
        text = mask.hide_in(text)
    return text
