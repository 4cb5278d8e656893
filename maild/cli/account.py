"""`maild account`: the accounts that there are, and every setting that is in force for one of them.

Changes nothing and asks nobody; `init`, which does, has a file of its own. A password is shown as its reference;
`show --reveal-password` follows that and shows the password itself, on a terminal only, so that it ends in no log, no
file and no pipe by accident.
What can go wrong: no such folder or account (`UsageError`), a password that cannot be had (`SecretError`).
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from maild.cli.account_init import init
from maild.cli.account_login import login
from maild.cli.account_settings import settings_of
from maild.cli.account_text import Summary, settings_lines, settings_object, summary_object, table_lines
from maild.cli.look import output_style
from maild.cli.options import config_option
from maild.cli.roster import Roster, read_roster
from maild.cli.secret_presence import SecretPresence
from maild.cli.words import account_names
from maild.clock import SystemClock
from maild.config.load import LoadedAccount, load_account
from maild.diagnostics.render.text import render_text
from maild.errors import UsageError
from maild.secret import Secret
from maild.secret.resolve import resolve_secret


@click.group("account")
def account() -> None:
    """List the accounts, show one, write a new one, log in where a person has to."""


account.add_command(init)
account.add_command(login)


@account.command("list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_(config: str | None, *, as_json: bool) -> None:
    """List the accounts: where each sends, as whom, where its password is, and what `maild check` says of its file."""
    summaries = tuple(_summaries(_roster(config)))
    for line in map(json.dumps, map(summary_object, summaries)) if as_json else table_lines(summaries):
        click.echo(line)


@account.command("show")
@click.argument("name", shell_complete=account_names)
@config_option
@click.option("--reveal-password", is_flag=True, help="Show the password itself; on a terminal only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, without the password.")
def show(name: str, config: str | None, *, reveal_password: bool, as_json: bool) -> int:
    """Show every setting that is in force for the account NAME, with what its file leaves to defaults."""
    if reveal_password and (as_json or not sys.stdout.isatty()):
        raise UsageError(
            "--reveal-password shows the password on a terminal only. A program can follow the reference to it that "
            "`maild account show` prints."
        )
    roster = _roster(config)
    loaded = roster.find(name)
    if loaded.account is None:
        style = output_style()
        click.echo(render_text(roster.errors_of(loaded), style), nl=False, err=as_json, color=style.has_color)
        return 1
    password = _password(loaded) if reveal_password else None
    settings = settings_of(loaded.account, loaded, roster.report.sources[loaded.file])
    if as_json:
        click.echo(json.dumps(settings_object(loaded, settings), indent=2))
        return 0
    click.echo(f"{loaded.file}\n")
    for line in settings_lines(settings, password):
        click.echo(line)
    return 0


def _roster(config: str | None) -> Roster:
    return read_roster(config, environ=os.environ, now=SystemClock().now(), secrets=SecretPresence(environ=os.environ))


def _summaries(roster: Roster) -> Iterator[Summary]:
    """Every account, and every file that should be one and cannot be read."""
    strays = {stray.location.file: stray for stray in roster.strays if stray.location is not None}
    for loaded in roster.accounts:
        stray = strays.pop(loaded.file, None)
        found = (*roster.report.of_file(loaded.file), *(() if stray is None else (stray,)))
        yield Summary.of(loaded, found, roster.report.sources[loaded.file])
    for file, stray in strays.items():
        yield Summary.of(load_account(file, b""), (stray,), "")


def _password(loaded: LoadedAccount) -> Secret | None:
    if loaded.account is None or loaded.account.password is None:
        return None
    return resolve_secret(loaded.account.password, folder=Path(loaded.file).parent)
