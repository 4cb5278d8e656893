"""Tells the demo's story on standard output: numbered headings, indented lines; colours on a terminal only."""

from typing import Final

import click

_INDENT: Final = "     "


class Teller:
    """Prints as things happen."""

    def __init__(self) -> None:
        self._chapter = 0

    def chapter(self, title: str) -> None:
        """A new part of the story."""
        self._chapter += 1
        click.echo()
        click.secho(f"{self._chapter:>3}  {title}", bold=True)

    def line(self, text: str) -> None:
        """Something that happened."""
        click.echo(f"{_INDENT}{text}")

    def command(self, text: str) -> None:
        """A command that was run just now, as a person would type it."""
        click.secho(f"{_INDENT}$ {text}", fg="cyan")

    def block(self, text: str) -> None:
        """What a command or a file said, as it is."""
        for line in text.rstrip().splitlines():
            click.echo(f"{_INDENT}{line}".rstrip())
