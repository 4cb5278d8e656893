"""`maild test ACCOUNT --to ADDRESS`: sends a test e-mail and shows each phase; needs no daemon.

When it fails it says at which phase, in which words of the server, for which likely cause, whose fault that is, which
line of the configuration to change and how. Exit status: 0 sent, 1 not sent or the account has errors, 2 wrong usage.
The password is never printed.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click

from maild.cli.export_text import PROGRAMS, RECIPIENT, export_lines
from maild.cli.keys import keyring_of
from maild.cli.look import output_style
from maild.cli.options import config_option, spool_option
from maild.cli.roster import Roster, read_roster
from maild.cli.round_trip import RoundTrip
from maild.cli.trial import Trial
from maild.cli.trial_text import describe_trial, format_failure, format_step, format_success
from maild.cli.words import account_names
from maild.clock import SystemClock
from maild.config.load import LoadedAccount
from maild.diagnostics.render.text import render_text
from maild.errors import UsageError
from maild.mail.address import AddressError, Mailbox
from maild.net.passwords import Passwords
from maild.net.resolver import SystemResolver
from maild.net.step import NetError, Step
from maild.net.transcript import transcribe
from maild.probe.blame import Target
from maild.probe.conversation import Judged
from maild.probe.login_memory import LoginMemory, memory_file
from maild.probe.place import place_of

Tell: TypeAlias = Callable[[Trial, LoadedAccount], Awaitable[int]]
"""Runs a trial and tells of it; gives the exit status."""


@click.command("test", short_help="Send a test e-mail and show each phase.")
@click.argument("account", shell_complete=account_names)
@click.option("--to", metavar="ADDRESS", help="Who gets the test e-mail.")
@click.option(
    "--arrives-in",
    metavar="MAILBOX",
    help="Wait for it there and judge what the receiver says of its sender: a Maildir, or imaps://USER@HOST.",
)
@click.option("--arrives-password", metavar="FILE", help="A file with the mailbox's password, for IMAP.")
@click.option("--within", metavar="TIME", default="5m", show_default=True, help="How long to wait for it.")
@click.option("--transcript", is_flag=True, help="Show what is said in each phase, without passwords.")
@click.option(
    "--export",
    type=click.Choice(sorted(PROGRAMS)),
    help="Send nothing; show how another program does what the account does, to compare.",
)
@config_option
@spool_option
def test(account: str, config: str | None, spool: str | None, *, transcript: bool, **given: str | None) -> int:
    """Send a test e-mail through ACCOUNT and show each phase with its time.

    When it fails, the last lines say whose fault it is, which line of which file to change, and how.
    """
    mailbox = _recipient(given["to"], is_needed=given["export"] is None)
    roster = read_roster(config, environ=os.environ, now=SystemClock().now())
    loaded = roster.find(account)
    style = output_style()
    if loaded.account is None:
        click.echo(render_text(roster.errors_of(loaded), style), nl=False, color=style.has_color)
        return 1
    if given["export"] is not None:
        folder = Path(loaded.file).parent
        for line in export_lines(given["export"], loaded.account, folder, str(mailbox)):
            click.echo(line)
        return 0
    root = roster.spool(spool, environ=os.environ, home=Path.home())
    resolver = SystemResolver(roster.site.dns.resolvers)
    # Without a spool there is no daemon that would have to know.
    memory = LoginMemory(memory_file(root)) if root.is_dir() else None
    trial = Trial(
        account=loaded.account,
        folder=Path(loaded.file).parent,
        to=mailbox,
        resolver=resolver,
        clock=SystemClock(),
        keys=Passwords(),
        memory=memory,
        at=SystemClock().now(),
    )
    way_back = RoundTrip.of(given)
    with transcribe(_say) if transcript else nullcontext():
        return asyncio.run(_run(trial, loaded, root, partial(_tell, roster=roster, way_back=way_back)))


def _recipient(to: str | None, *, is_needed: bool) -> Mailbox:
    if to is None and is_needed:
        raise UsageError("Who gets the test e-mail? Say it with --to.")
    try:
        return Mailbox.parse(to or RECIPIENT)
    except AddressError as error:
        raise UsageError(f"--to {to}: {error}.") from None


def _say(line: str) -> None:
    click.echo(f"      {line}")


async def _run(trial: Trial, loaded: LoadedAccount, root: Path, tell: Tell) -> int:
    async with keyring_of(root, trial.resolver, trial.clock) as keys:
        return await tell(replace(trial, keys=keys), loaded)


async def _tell(trial: Trial, loaded: LoadedAccount, *, roster: Roster, way_back: RoundTrip | None) -> int:
    style = output_style()

    def show(step: Step) -> None:
        click.echo(format_step(step, style), color=style.has_color)

    click.echo(describe_trial(trial.account, trial.to) + "\n")
    try:
        words = await trial.run(show)
    except NetError as error:
        judged = Judged.of(error, Target.of(trial.account))
        place = place_of(loaded, judged.pointers) if judged.pointers else None
        text = roster.report.sources.get(loaded.file, "")
        click.echo("\n" + format_failure(judged, place, text, style), color=style.has_color)
        return 1
    click.echo("\n" + format_success(words, trial.to), color=style.has_color)
    return 0 if way_back is None else await way_back.end(trial.message.mark)
