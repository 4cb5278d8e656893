"""`maild schema`: prints the JSON Schemas of maild's files and outputs. Changes nothing."""

import click

from maild.cli.words import schema_names
from maild.config.resources import SCHEMA_NAMES, schema_text


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", required=False, metavar="[NAME]", shell_complete=schema_names)
def schema(name: str | None) -> int:
    """Print a JSON Schema; without a name, the names that there are.

    account and maild describe the two kinds of configuration files and give an editor completion and help; the others
    describe what maild writes.
    """
    click.echo("\n".join(SCHEMA_NAMES) if name is None else schema_text(name), nl=name is None)
    return 0
