"""`maild explain` and `maild rules`: what each rule is about, from the rules' own documentation. Changes nothing.

`explain` knows the findings of probes, too: every diagnostic names this command as where to read on. And it knows what
a server's refusal means for a message, by the table that delivery itself decides by.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from maild.cli.absent_rules import ABSENT
from maild.cli.explanations import all_explanations, find_explanation
from maild.cli.look import output_style
from maild.cli.reply_table import read_reply, reply_lines, table_json, table_markdown, table_text
from maild.cli.words import codes
from maild.diagnostics.explanation import Explanation
from maild.diagnostics.render import Style
from maild.diagnostics.render.explanation import render_explanation
from maild.diagnostics.render.style import paint_of
from maild.errors import UsageError
from maild.rules.spelling import nearest

F = TypeVar("F", bound=Callable[..., Any])


def _format(help_: str) -> Callable[[F], F]:
    """The option `--format` of both commands."""
    forms = click.Choice(("text", "json", "md"))
    return click.option("--format", "form", type=forms, default="text", show_default=True, help=help_)


@click.command("explain", short_help="Explain a rule, or a server's refusal: why it exists, bad, good, see.")
@click.argument("words", metavar="[CODE]", nargs=-1, shell_complete=codes)
@click.option("--replies", is_flag=True, help="The whole table of what refusals of servers mean.")
@_format("For a rule, and for the table of --replies.")
def explain(words: tuple[str, ...], *, replies: bool, form: str) -> int:
    """Explain a rule, by its code (ML301) or its name (port-25-submission); findings of probes too (ML711).

    A server's refusal is explained by its code (550), its enhanced code (5.4.5) or its whole line
    ("550 5.4.5 Daily user sending limit exceeded").
    """
    rule = " ".join(words)
    if replies is bool(rule):
        raise UsageError("Name a rule, a server's reply, or --replies, and only one of them.")
    if replies:
        click.echo(table_json() if form == "json" else table_markdown() if form == "md" else table_text())
        return 0
    reply = read_reply(rule)
    if reply is not None:
        click.echo("\n".join(reply_lines(reply)))
        return 0
    found = find_explanation(rule)
    if found is None and rule.upper() in ABSENT:
        click.echo(f"maild has no rule {rule.upper()}, because {ABSENT[rule.upper()]}.")
        return 0
    if found is None:
        raise UsageError(f"There is no rule {rule}. {_hint(rule)}")
    style = output_style()
    click.echo(_told(found, form, style), color=style.has_color)
    return 0


def _told(found: Explanation, form: str, style: Style) -> str:
    match form:
        case "json":
            return json.dumps(_object(found), indent=2)
        case "md":
            return found.markdown
        case _:
            return render_explanation(found, style)


def _hint(rule: str) -> str:
    meant = nearest(rule, [word for known in all_explanations() for word in (known.code, known.name)])
    return f"Did you mean {meant}?" if meant is not None else "`maild rules` lists all of them."


@click.command("rules", short_help="List every rule there is.")
@_format("text is a list; json and md hold the whole documentation.")
def rules(form: str) -> int:
    """List every rule there is, with its code, name and severity; and what probes and the daemon find in the world."""
    style = output_style()
    match form:
        case "json":
            click.echo(json.dumps([_object(known) for known in all_explanations()], indent=2))
        case "md":
            click.echo("\n\n".join(known.markdown for known in all_explanations()))
        case _:
            click.echo("\n".join(_lines(style)), color=style.has_color)
    return 0


def _lines(style: Style) -> Iterator[str]:
    every = all_explanations()
    names = max(len(known.name) for known in every)
    for known in every:
        severity = style.paint(f"{known.severity.value:<8}", paint_of(known.severity))
        yield f"{known.code}  {known.name:<{names}}  {severity}  {known.summary}"


def _object(known: Explanation) -> dict[str, object]:
    return {
        "code": known.code,
        "name": known.name,
        "severity": known.severity.value,
        "fixed": known.is_fixed,
        "live": known.is_live,
        "summary": known.summary,
        "docs": known.command,
        "documentation": dict(known.sections),
    }
