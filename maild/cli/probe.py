"""`maild probe [ACCOUNT..]`: every check of the accounts once, and for each finding the fix. Needs no daemon.

Safe to call often: it shares the memory of logins with the daemon, so a refused password is not tried again and a good
one only every few hours; `--login` logs in all the same. Exit status: 0 nothing failed, 1 a check failed or an account
has errors, 2 wrong usage. What could not be told is no failure.
"""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click

from maild.cli.flaw_text import flaw_lines
from maild.cli.keys import keyring_of
from maild.cli.look import output_style
from maild.cli.options import config_option, spool_option
from maild.cli.probe_text import format_probe
from maild.cli.roster import Roster, read_roster
from maild.cli.words import account_names
from maild.clock import SystemClock
from maild.config.load import LoadedAccount
from maild.config.model import Account, Privacy, SmtpSettings
from maild.daemon.spoolcheck import judge_own_spool
from maild.diagnostics import Diagnostic
from maild.diagnostics.render import Style
from maild.diagnostics.render.json import diagnostic_object
from maild.diagnostics.render.text import render_text
from maild.net.resolver import SystemResolver
from maild.observe.privacy import AddressVeil
from maild.observe.statusjson import probe_object
from maild.probe.blame import Target
from maild.probe.controls import Controls
from maild.probe.dns.view import view_of
from maild.probe.events import ProbeEvent
from maild.probe.known_verdicts import KnownVerdicts
from maild.probe.login_memory import LoginMemory, memory_file
from maild.probe.offer_memory import OfferMemory, offer_file
from maild.probe.place import place_of
from maild.probe.result import CheckVerdict, ProbeResult
from maild.probe.runner import run_checks
from maild.probe.subject import LoginMode, Subject
from maild.probe.turns import Turns
from maild.probe.verdict_memory import VerdictMemory, verdict_file
from maild.probe.witnesses import witnesses_of
from maild.secret.private_database import DamagedError
from maild.spool.layout import Layout

MAX_AT_ONCE: Final = 32


@click.command("probe", short_help="Run every check of the accounts once.")
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT]...", shell_complete=account_names)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@click.option(
    "--accept-offer",
    "deed",
    flag_value="accept",
    help="What the named accounts' servers offer now is how they are: forget what they offered before.",
)
@click.option(
    "--login", "deed", flag_value="login", help="Log in even where a login was refused or tried a short while ago."
)
@config_option
@spool_option
def probe(accounts: tuple[str, ...], form: str, deed: str | None, config: str | None, spool: str | None) -> int:
    """Ask for every ACCOUNT, or for all, whether it could send right now, without sending anything.

    Looks the server up, connects, checks its certificate and logs in where that is safe; looks whether answers to the
    sender's address can arrive. An account that is switched off is not probed unless it is named.
    """
    roster = read_roster(config, environ=os.environ, now=SystemClock().now())
    # Who names an account that is switched off wants to know whether it could be switched on.
    if deed == "accept" and not accounts:
        raise click.UsageError("--accept-offer wants the accounts to be named.")
    wanted = tuple(roster.find(name) for name in dict.fromkeys(accounts)) if accounts else _enabled(roster)
    mode = LoginMode.ALWAYS if deed == "login" else LoginMode.SAFE
    style = output_style()
    broken = [loaded for loaded in wanted if loaded.account is None]
    if form == "text":
        for loaded in broken:
            text = render_text(roster.errors_of(loaded), style)
            click.echo(f"{loaded.name}: not probed, its file has errors\n\n{text}", color=style.has_color)
    layout = Layout(roster.spool(spool, environ=os.environ, home=Path.home()))
    if deed == "accept":
        _accept_offers(wanted, layout.root)
    results = asyncio.run(_probe_all(roster, wanted, layout.root, mode, style if form == "text" else None))
    # Of the whole site its spool is a part, and so are accounts that are switched off; of one account they are not.
    flaws = None if accounts else tuple(judge_own_spool(layout))
    asleep = () if accounts else [loaded for loaded in roster.accounts if loaded not in wanted]
    if form == "json":
        objects = [*_probed(results), *_broken(roster, broken), *map(_asleep, asleep)]
        click.echo(json.dumps(report_object(objects, flaws), indent=2))
    else:
        for loaded in asleep:
            click.echo(f"{loaded.name}: switched off, not probed\n")
        for text in flaw_lines(flaws or ()):
            click.echo(text)
    return 1 if broken or any(_has_failed(result) for result in results) else 0


def _enabled(roster: Roster) -> Sequence[LoadedAccount]:
    return [one for one in roster.accounts if one.account is None or one.account.is_enabled]


async def _probe_all(
    roster: Roster, wanted: Sequence[LoadedAccount], spool: Path, mode: LoginMode, style: Style | None
) -> list[ProbeResult]:
    """The results in the order of the accounts; with a style, each is printed as soon as those before it are."""
    resolver, memory = SystemResolver(roster.site.dns.resolvers), LoginMemory(memory_file(spool))
    slots, turns, offers = asyncio.Semaphore(MAX_AT_ONCE), Turns(), OfferMemory(offer_file(spool))
    controls = Controls(roster.site.probe.control, resolver, witnesses=partial(witnesses_of, roster.site.dns.resolvers))
    hosts: dict[str, asyncio.Lock] = {}
    view = view_of(roster.site.dns, resolver, _tell_nobody)
    known = KnownVerdicts(VerdictMemory(verdict_file(spool)))

    async def one(loaded: LoadedAccount, account: Account) -> ProbeResult:
        subject = Subject(
            account=account,
            folder=Path(loaded.file).parent,
            settings=roster.site.probe,
            resolver=resolver,
            clock=SystemClock(),
            keys=keys,
            memory=memory,
            emit=_tell_nobody,
            login=mode,
            locate=partial(place_of, loaded),
            turns=turns,
            controls=controls,
            offers=offers,
            dns=view,
        )
        # One after the other at one server, as the daemon does: many take only a few connections of one address.
        async with hosts.setdefault(Target.of(account).host.lower(), asyncio.Lock()), slots:
            return await known.complete(account, await run_checks(subject))

    results: list[ProbeResult] = []
    async with keyring_of(spool, resolver, SystemClock()) as keys, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(loaded, loaded.account)) for loaded in wanted if loaded.account is not None]
        for task in running:
            results.append(await task)
            if style is not None:
                click.echo(format_probe(results[-1], style), color=style.has_color)
    return results


def _accept_offers(wanted: Sequence[LoadedAccount], spool: Path) -> None:
    memory = OfferMemory(offer_file(spool))
    for loaded in wanted:
        if loaded.account is None or not isinstance(loaded.account.transport, SmtpSettings):
            continue
        try:
            memory.forget(loaded.account.transport.host, loaded.account.transport.port)
        except (OSError, sqlite3.Error, DamagedError) as error:
            raise click.ClickException(f"The memory of what servers offer cannot be changed: {error}") from error


def _tell_nobody(event: ProbeEvent) -> None:
    """The result says it all; there is no log here."""
    del event


def _has_failed(result: ProbeResult) -> bool:
    return any(check.verdict is CheckVerdict.FAIL for check in result.checks)


def _probed(results: Sequence[ProbeResult]) -> Iterator[Mapping[str, object]]:
    """`probe` is as in the status."""
    veil = AddressVeil(privacy=Privacy.FULL, key=b"")
    return ({"account": result.account, "probe": probe_object(result, veil), "reason": None} for result in results)


def _broken(roster: Roster, broken: Sequence[LoadedAccount]) -> Iterator[Mapping[str, object]]:
    for loaded in broken:
        errors = [diagnostic_object(found) for found in roster.errors_of(loaded).diagnostics]
        yield {"account": loaded.name, "probe": None, "reason": "errors", "errors": errors}


def _asleep(loaded: LoadedAccount) -> Mapping[str, object]:
    return {"account": loaded.name, "probe": None, "reason": "switched_off"}


def report_object(accounts: Sequence[Mapping[str, object]], flaws: Sequence[Diagnostic] | None) -> Mapping[str, object]:
    """Every account of the site by name: its probe, or null with the reason why there is none. `spool` is what is wrong
    with the spool folder, as `maild check --format json` has findings; null where only some accounts were asked for.
    """
    spool = None if flaws is None else [diagnostic_object(flaw) for flaw in flaws]
    return {"version": 1, "accounts": sorted(accounts, key=lambda one: str(one["account"])), "spool": spool}
