"""`maild account login NAME`: a person agrees once that maild may send, and the spool keeps what came of it.

By a code that is typed in on any device (RFC 8628) where the service has that, else in a browser, whose last address is
pasted here, so that it works on a server without one. Nothing secret is printed. What can go wrong: the account needs
no such login (`UsageError`), the service refuses, or time runs out (exit status 1).
"""

import asyncio
import os
import sys
from pathlib import Path

import click

from maild.cli.keys import keyring_of
from maild.cli.options import config_option, spool_option
from maild.cli.roster import read_roster
from maild.cli.words import account_names
from maild.clock import SystemClock
from maild.config.load import LoadedAccount
from maild.config.model import Account
from maild.config.oauth_settings import OauthGrant, OauthSettings
from maild.errors import UsageError
from maild.net.oauth import Keyring
from maild.net.oauth.answer import DeviceCode
from maild.net.oauth.asking import with_refresh_token
from maild.net.oauth.endpoints import Endpoints
from maild.net.oauth.login import begin_consent, log_in_by_browser, log_in_by_device, redeem
from maild.net.oauth.token import Granted
from maild.net.passwords import fetch_password
from maild.net.resolver import SystemResolver
from maild.net.step import NetError
from maild.secret import Secret


@click.command("login")
@click.argument("name", shell_complete=account_names)
@click.option(
    "--refresh-token", "is_given", is_flag=True, help="Read a refresh token that you have from standard input."
)
@config_option
@spool_option
def login(name: str, config: str | None, spool: str | None, *, is_given: bool) -> int:
    """Log in at the account's token service, so that maild can send with access tokens (OAuth 2.0).

    For accounts with `oauth` and `grant: login`. It is done once; maild keeps the login alive by sending.
    """
    roster = read_roster(config, environ=os.environ, now=SystemClock().now())
    account = _account(roster.find(name))
    settings = _settings(account)
    root = roster.spool(spool, environ=os.environ, home=Path.home())
    if not root.is_dir():
        raise UsageError(f"There is no spool at {root} to keep the login in: start maild once, or say --spool.")
    resolver, folder = SystemResolver(roster.site.dns.resolvers), Path(roster.find(name).file).parent

    async def run() -> None:
        async with keyring_of(root, resolver, SystemClock()) as keys:
            secret = await fetch_password(account, folder)
            granted = await _granted(keys, Endpoints.of(account, settings, folder), secret, is_given=is_given)
            await keys.adopt(account, settings, granted)

    try:
        asyncio.run(run())
    except (NetError, ValueError) as error:
        click.echo(f"Not logged in: {error.detail if isinstance(error, NetError) else error}.")
        return 1
    click.echo(f"Logged in. Try `maild test {name} --to YOUR-ADDRESS`.")
    return 0


def _account(loaded: LoadedAccount) -> Account:
    if loaded.account is None:
        raise UsageError(f"{loaded.file} has errors: see `maild check {loaded.file}`.")
    return loaded.account


def _settings(account: Account) -> OauthSettings:
    if account.oauth is None:
        raise UsageError(f"The account {account.name} has no `oauth`, so there is nothing to log in to.")
    if account.oauth.grant is not OauthGrant.LOGIN:
        raise UsageError(f"`grant: {account.oauth.grant}` needs no login: maild gets tokens by itself.")
    return account.oauth


async def _granted(keys: Keyring, endpoints: Endpoints, secret: Secret | None, *, is_given: bool) -> Granted:
    if is_given:
        refresh = Secret((await asyncio.to_thread(sys.stdin.readline)).strip())
        return await redeem(keys, endpoints, with_refresh_token(endpoints, refresh, secret), fallback=refresh)
    if endpoints.device_url is not None:
        return await log_in_by_device(keys, endpoints, secret, _show_code)
    if endpoints.authorize_url is not None:
        return await _by_browser(keys, endpoints, secret)
    raise UsageError("Say with `oauth.device_url` where a login begins, or give a token: --refresh-token.")


async def _by_browser(keys: Keyring, endpoints: Endpoints, secret: Secret | None) -> Granted:
    consent = begin_consent(endpoints, random_bytes=os.urandom)
    click.echo(f"Open this address in a browser and agree as {endpoints.user}:\n\n  {consent.url}\n")
    click.echo("In the end the browser shows an address that begins with http://127.0.0.1 and cannot open it.")
    address: str = await asyncio.to_thread(click.prompt, "Paste that address here")
    return await log_in_by_browser(keys, consent, address, secret)


def _show_code(code: DeviceCode) -> None:
    click.echo(f"Open {code.verification_uri} on any device and type in this code:\n\n  {code.user_code}\n")
    click.echo(f"maild waits for {code.lifetime_s / 60:.0f} minutes.")
