"""`maild man`: writes the manual pages. The words come from the commands, the schemas and the rules themselves."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click

from maild import __version__
from maild.cli.catalogue import COMMANDS
from maild.cli.man.calls import command_page, overview_page, program_page
from maild.cli.man.codes import rules_page
from maild.cli.man.keys import account_page, site_page
from maild.cli.man.roff import ManPage, render_page
from maild.cli.sendmail import HELP


@click.command("man", short_help="Write the manual pages.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def man(context: click.Context, folder: Path) -> int:
    """Write the manual pages into man1/, man5/ and man7/ below FOLDER, such as /usr/local/share/man.

    Then `man maild-check`, `man maild.yaml`, `man maild-rules` work. Pages that are there already are replaced.
    """
    pages = list(_pages(context.find_root().command))
    for page in pages:
        path = folder / page.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_page(page, __version__), encoding="utf-8")
    click.echo(f"{len(pages)} manual pages in {folder}")
    return 0


def _pages(program: click.Command) -> Iterator[ManPage]:
    yield overview_page(program, {entry.name: entry.summary for entry in COMMANDS})
    for entry in COMMANDS:
        command = getattr(importlib.import_module(entry.module), entry.name)
        yield command_page(entry.name, command, entry.summary)
    yield program_page("maild-sendmail", "queue a message, as sendmail(1) is called", HELP)
    yield account_page()
    yield site_page()
    yield rules_page()
