"""Commands as manual pages: the words are those of `--help`, from the commands themselves.

Reads and prints nothing.

A command with commands of its own, such as `maild queue`, is one page with a section for each of them.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Final

import click

from maild.cli.man.roff import Entry, ManPage, Section

_AS_IS: Final = re.compile(r"^\x08\n((?:.+\n?)+)", re.MULTILINE)

_FILES: Final = Section(
    heading="FILES",
    entries=(
        Entry(term="maild.yaml", text="The daemon's own settings, all optional: maild.yaml(5)."),
        Entry(term="accounts/*.yaml", text="One way to send mail each: maild-account(5)."),
    ),
)
_ENVIRONMENT: Final = Section(
    heading="ENVIRONMENT",
    entries=(
        Entry(term="MAILD_CONFIG", text="The configuration folder, where no option names one."),
        Entry(term="NO_COLOR", text="With any value: no colours."),
        Entry(term="CI", text="`maild check` does not look whether passwords can be had here."),
    ),
)
_STATUS: Final = Section(
    heading="EXIT STATUS",
    entries=(
        Entry(term="0", text="Fine."),
        Entry(term="1", text="There are findings, or it did not work."),
        Entry(term="2", text="Wrong usage."),
        Entry(term="3", text="A mistake in maild itself, with lines to report."),
        Entry(term="78", text="The configuration leaves nothing to run."),
        Entry(term="130", text="Ctrl-C."),
    ),
)


def overview_page(program: click.Command, summaries: Mapping[str, str]) -> ManPage:
    """maild(1): what there is."""
    return ManPage(
        name="maild",
        number=1,
        summary="own a site's outgoing mail: validate, watch, probe, send",
        synopsis=("maild COMMAND [ARGUMENTS]",),
        sections=(
            Section(heading="DESCRIPTION", text=_help_of(program)),
            Section(
                heading="COMMANDS",
                entries=tuple(Entry(term=f"maild-{name}(1)", text=summary) for name, summary in summaries.items()),
            ),
            _FILES,
            _ENVIRONMENT,
            _STATUS,
            Section(
                heading="SEE ALSO",
                text="maild-sendmail(1), maild.yaml(5), maild-account(5), maild-rules(7)",
            ),
        ),
    )


def command_page(name: str, command: click.Command, summary: str) -> ManPage:
    """One command, with the commands below it."""
    called = f"maild {name}"
    sections = [Section(heading="DESCRIPTION", text=_help_of(command))]
    if options := _options(command):
        sections.append(Section(heading="OPTIONS", entries=options))
    synopsis = [_usage(called, command)]
    for below, inner in _below(command):
        synopsis.append(_usage(f"{called} {below}", inner))
        sections.append(Section(heading=f"{called} {below}", text=_help_of(inner), entries=_options(inner)))
    sections.append(Section(heading="SEE ALSO", text="maild(1), maild.yaml(5), maild-account(5)"))
    return ManPage(
        name=f"maild-{name}", number=1, summary=summary.rstrip("."), synopsis=tuple(synopsis), sections=tuple(sections)
    )


def program_page(name: str, summary: str, usage: str) -> ManPage:
    """A program whose help is one text: the way to call it, and what there is to say."""
    call, _, rest = usage.partition("\n\n") if "\n\n" in usage else _split_usage(usage)
    return ManPage(
        name=name,
        number=1,
        summary=summary,
        synopsis=(" ".join(call.removeprefix("Usage: ").split()),),
        sections=(
            Section(heading="DESCRIPTION", text=rest),
            Section(heading="SEE ALSO", text="maild(1), maild-queue(1), maild.yaml(5)"),
        ),
    )


def _split_usage(usage: str) -> tuple[str, str, str]:
    # The call goes on in lines that are indented; what is at the margin again is text.
    lines = usage.splitlines()
    end = next((at for at, line in enumerate(lines) if at and not line.startswith(" ")), len(lines))
    return " ".join(lines[:end]), "", "\n".join(lines[end:])


def _below(command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield name, command.commands[name]


def _help_of(command: click.Command) -> str:
    text = inspect.cleandoc(command.help or "").partition("\f")[0]
    # click's mark of a paragraph whose lines stay as they are.
    return _AS_IS.sub(r"```\n\1\n```", text)


def _usage(called: str, command: click.Command) -> str:
    context = click.Context(command, info_name=called)
    return " ".join([called, *command.collect_usage_pieces(context)])


def _options(command: click.Command) -> tuple[Entry, ...]:
    context = click.Context(command)
    records = [parameter.get_help_record(context) for parameter in command.params]
    entries = tuple(Entry(term=record[0], text=record[1]) for record in records if record is not None and record[1])
    if command.add_help_option:
        # click keeps the option as it was first asked for, which may have been without -h.
        entries += (Entry(term="-h, --help", text="Show this message and exit."),)
    return entries
