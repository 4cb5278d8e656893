"""`maild explain` and `maild rules`: what each rule is about, from the rules' own documentation. Changes nothing.

`explain` knows the findings of probes, too: every diagnostic names this command as where to read on. And it knows what
a server's refusal means for a message, by the table that delivery itself decides by.
"""

import json
import textwrap
from collections.abc import Iterator

import click

from maild.cli.absent_rules import ABSENT
from maild.cli.look import output_style
from maild.cli.reply_table import read_reply, reply_lines, table_json, table_markdown, table_text
from maild.diagnostics.render import Style
from maild.diagnostics.render.style import Paint, paint_of
from maild.errors import UsageError
from maild.probe.findings import LIVE_FINDINGS, LiveFinding
from maild.rules.catalogue import RULES, find_rule
from maild.rules.documentation import read_documentation
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.spelling import nearest


@click.command("explain", short_help="Explain a rule, or a server's refusal: why it exists, bad, good, see.")
@click.argument("words", metavar="[CODE]", nargs=-1)
@click.option("--replies", is_flag=True, help="The whole table of what refusals of servers mean.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="For the table of --replies.",
)
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
    found = find_rule(rule) or _find_live(rule)
    if found is None and rule.upper() in ABSENT:
        click.echo(f"maild has no rule {rule.upper()}, because {ABSENT[rule.upper()]}.")
        return 0
    if found is None:
        raise UsageError(f"There is no rule {rule}. {_hint(rule)}")
    style = output_style()
    click.echo("\n".join(_explanation(found, style)), color=style.has_color)
    return 0


def _hint(rule: str) -> str:
    words = [word for known in RULES for word in (known.info.code, known.info.name)]
    words += [word for known in LIVE_FINDINGS for word in (known.code, known.name)]
    meant = nearest(rule, words)
    return f"Did you mean {meant}?" if meant is not None else "`maild rules` lists all of them."


@click.command("rules", short_help="List every rule there is.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="text is a list; json and md hold the whole documentation.",
)
def rules(form: str) -> int:
    """List every rule there is, with its code, name and severity; and what probes and the daemon find in the world."""
    style = output_style()
    match form:
        case "json":
            click.echo(json.dumps([_object(known) for known in _everything()], indent=2))
        case "md":
            click.echo("\n\n".join(_markdown(known) for known in _everything()))
        case _:
            click.echo("\n".join(_lines(style)), color=style.has_color)
    return 0


def _everything() -> list[Rule | LiveFinding]:
    """The rules about files and the findings about the world, in the order of their codes."""
    return sorted([*RULES, *LIVE_FINDINGS], key=lambda known: _info(known).code)


def _info(known: Rule | LiveFinding) -> RuleInfo | LiveFinding:
    return known.info if isinstance(known, Rule) else known


def _find_live(word: str) -> LiveFinding | None:
    """What a probe finds, by its code in any case or its name."""
    return next((known for known in LIVE_FINDINGS if word.upper() == known.code or word == known.name), None)


def _explanation(known: Rule | LiveFinding, style: Style) -> Iterator[str]:
    info = _info(known)
    is_fixed = isinstance(known, Rule) and known.info.is_fixed
    documentation = read_documentation(known.documentation)
    severity = style.paint(info.severity.value, paint_of(info.severity))
    yield f"{style.paint(info.code, Paint.STRONG)} {info.name} ({severity}{', fixed' if is_fixed else ''})"
    yield ""
    yield documentation.summary
    for heading, text in documentation.sections.items():
        yield ""
        yield style.paint(heading, Paint.STRONG)
        yield from _section(text)


def _section(text: str) -> Iterator[str]:
    """The text with examples set apart by indentation instead of fences."""
    is_example = False
    for line in text.splitlines():
        if line.startswith("```"):
            is_example = not is_example
            continue
        yield textwrap.indent(line, "      " if is_example else "  ")


def _lines(style: Style) -> Iterator[str]:
    every = [_info(known) for known in _everything()]
    names = max(len(info.name) for info in every)
    for info in every:
        severity = style.paint(f"{info.severity.value:<8}", paint_of(info.severity))
        yield f"{info.code}  {info.name:<{names}}  {severity}  {info.summary.rstrip('.')}."


def _object(known: Rule | LiveFinding) -> dict[str, object]:
    info, documentation = _info(known), read_documentation(known.documentation)
    return {
        "code": info.code,
        "name": info.name,
        "severity": info.severity.value,
        "fixed": isinstance(info, RuleInfo) and info.is_fixed,
        "live": isinstance(known, LiveFinding),
        "summary": info.summary,
        "documentation": dict(documentation.sections),
    }


def _markdown(known: Rule | LiveFinding) -> str:
    info, documentation = _info(known), read_documentation(known.documentation)
    is_fixed = isinstance(info, RuleInfo) and info.is_fixed
    head = f"## {info.code} {info.name}\n\nSeverity: {info.severity.value}{', fixed' if is_fixed else ''}"
    sections = (f"### {heading}\n\n{text}" for heading, text in documentation.sections.items())
    return "\n\n".join([head, documentation.summary, *sections])
