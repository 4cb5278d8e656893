"""`maild account init ADDRESS`: writes an account file for an address, from what is known of its mail company.

What maild does not know itself it asks the domain (`discovery`; not with --offline), and only what is known nowhere it
asks the person. Never writes over a file, and writes none in which `maild check` would find an error. What can go
wrong: something is not known and there is no terminal to ask on, the account is there already, or the provider takes no
such addresses (`UsageError`).
"""

import asyncio
import os
import sys
from itertools import islice
from pathlib import Path
from typing import Final

import click

from maild.cli.account_draft import NewAccount, account_text, default_name, known_host, known_username
from maild.cli.discovery import LIFETIME_S, ask_domain
from maild.cli.found_server import DomainSays, FoundServer, choose_server
from maild.cli.look import output_style
from maild.cli.options import config_option
from maild.cli.site import site_of
from maild.clock import SystemClock
from maild.config.folder import ACCOUNTS_FOLDER, FileKind, find_files
from maild.config.host import Host, parse_host
from maild.config.lint import LintSettings
from maild.config.load import SUFFIXES, load_account
from maild.config.model import Site
from maild.config.place import LOCAL_FOLDER, config_folder
from maild.diagnostics import Severity
from maild.diagnostics.render.text import render_text
from maild.errors import UsageError
from maild.mail.address import AddressError, Mailbox
from maild.net.http.fetch import Fetcher
from maild.net.resolver import SystemResolver
from maild.providers import PROVIDERS, Provider, provider_of, provider_of_address
from maild.rules.engine import check_files

_SCHEMA: Final = "schemas/account.schema.json"
_MOST_FOLDERS: Final = 5


@click.command("init")
@click.argument("address")
@click.option("--provider", "provider_id", metavar="ID", help="The mail company, such as gmail or fastmail.")
@click.option("--host", metavar="HOST", help="The SMTP server, where it does not follow from the provider.")
@click.option("--username", metavar="NAME", help="The login name, where it does not follow from the address.")
@click.option("--name", metavar="NAME", help="The account's name. Default: what stands before the @.")
@click.option("--offline", is_flag=True, help="Do not ask the address's domain, in DNS and on its web server.")
@config_option
def init(address: str, provider_id: str | None, config: str | None, *, offline: bool, **given: str | None) -> int:
    """Write an account file for ADDRESS, with what is known of its mail company; asks only for what is not.

    Of a domain that maild does not know it asks the domain itself: its autoconfig, its MX and its SRV records.
    """
    try:
        mailbox = Mailbox.parse(address)
    except AddressError as error:
        raise UsageError(f"{address}: {error}.") from None
    path = _new_file(_folder(config), given["name"] or default_name(mailbox))
    provider = _named(provider_id) if provider_id else provider_of_address(mailbox.domain)
    host = given["host"] or (None if provider is None else known_host(provider, mailbox.domain))
    says = None if host or provider or offline else _asked(mailbox, config)
    found = None if says is None else choose_server(says, mailbox)
    host = _host(host or _confirmed(found, mailbox, _nothing_found(says, mailbox)))
    if found is not None and found.host != host:
        found = None
    # The server decides: facts about another company's would mislead.
    provider = provider_of(host)
    _refuse_free_address(provider, mailbox)
    said = None if found is None or provider is not None else found.username
    username = given["username"] or said or known_username(provider, mailbox)
    username = username or _ask("--username", "Login name, as your mail company shows it")
    new = NewAccount(
        name=path.stem,
        address=mailbox,
        host=host,
        username=username,
        provider=provider,
        port=None if found is None or provider is not None else found.port,
        origin=None if found is None else found.origin.value,
        schema=_schema_for(path),
    )
    return _write(path, account_text(new))


def _asked(mailbox: Mailbox, config: str | None) -> DomainSays:
    """What the domain says, through the name servers that the site uses."""
    given = config or os.environ.get("MAILD_CONFIG") or None
    site = site_of(config_folder(None if given is None else Path(given), Path())) or Site()
    resolver = SystemResolver(site.dns.resolvers, lifetime_s=LIFETIME_S)
    if sys.stderr.isatty():
        click.echo(f"Asking {mailbox.domain} for its server ...", err=True)
    return asyncio.run(ask_domain(mailbox, resolver, Fetcher(resolver=resolver)))


def _nothing_found(says: DomainSays | None, mailbox: Mailbox) -> str:
    """What a person should know who is now asked for the server: that the domain was asked, and why in vain."""
    if says is None:
        return ""
    return f"{says.silence or f'{mailbox.domain} does not say which server its mail is sent through.'} "


def _confirmed(found: FoundServer | None, mailbox: Mailbox, in_vain: str) -> str:
    """The server that was found, or that a person gives."""
    if found is not None and not found.must_confirm:
        return found.host
    question = f"SMTP server for {mailbox}, as your mail company gives it"
    if found is None:
        return _ask("--host", f"{in_vain}{question}")
    # RFC 6186 §6: whoever can forge DNS could lead the password anywhere.
    doubt = f"DNS names {found.host}, which does not belong to {mailbox.domain}, and nothing proves it"
    if not sys.stdin.isatty():
        raise UsageError(f"{doubt}. If your mail company gives it as SMTP server, say --host {found.host}.")
    click.echo(f"{doubt}. Take it only if your mail company gives it.")
    return _ask("--host", question)


def _write(path: Path, text: str) -> int:
    """Write what has no errors; say what `maild check` has to say."""
    loaded = load_account(str(path), text.encode())
    report = check_files([loaded], now=SystemClock().now(), lint=LintSettings(), secrets=None)
    style = output_style()
    if report.diagnostics:
        click.echo(render_text(report, style), nl=False, color=style.has_color)
    if report.at_or_above(Severity.ERROR):
        click.echo(f"{path} was not written.")
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    # "x": whatever came into being meanwhile is not written over.
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    first = "put the password where it says"
    if loaded.draft is not None and loaded.draft.oauth is not None:
        first = f"put the application's id where it says, run `maild account login {path.stem}`"
    click.echo(f"Wrote {path}: {first}, then try `maild test {path.stem} --to YOUR-ADDRESS`.")
    return 0


def _folder(config: str | None) -> Path:
    """The folder of accounts: where those are that there are, else the one that there will be."""
    given = config or os.environ.get("MAILD_CONFIG") or None
    folder = config_folder(None if given is None else Path(given), Path())
    if not folder.is_dir():
        return Path(LOCAL_FOLDER) / ACCOUNTS_FOLDER
    accounts = folder / ACCOUNTS_FOLDER
    # A folder of accounts itself would stop being one with a folder `accounts` in it.
    is_loose = {(source.path.parent, source.kind) for source in find_files(folder)} == {(folder, FileKind.ACCOUNT)}
    return folder if is_loose else accounts


def _schema_for(path: Path) -> str | None:
    """The schema in a folder around the file, as editors look for it: from the file. None where it is nowhere near."""
    folders = islice(path.absolute().parents, _MOST_FOLDERS)
    found = next((schema for folder in folders if (schema := folder / _SCHEMA).is_file()), None)
    return None if found is None else Path(os.path.relpath(found, path.absolute().parent)).as_posix()


def _new_file(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise UsageError(f"--name {name}: an account is named by its file, so its name holds no slash.")
    for suffix in SUFFIXES:
        if os.path.lexists(folder / f"{name}{suffix}"):
            raise UsageError(f"There is an account {name} already: {folder / (name + suffix)}. Name another: --name.")
    return folder / f"{name}{SUFFIXES[0]}"


def _named(provider_id: str) -> Provider:
    for provider in PROVIDERS:
        if provider.id == provider_id.lower():
            return provider
    known = ", ".join(sorted(provider.id for provider in PROVIDERS))
    raise UsageError(f"--provider {provider_id}: maild knows {known}. For others name the server with --host.")


def _host(text: str) -> str:
    found = parse_host(text)
    if not isinstance(found, Host):
        raise UsageError(f"--host {text}: write the server's name alone, such as mail.example.com.")
    return found.name


def _refuse_free_address(provider: Provider | None, mailbox: Mailbox) -> None:
    owner = provider_of_address(mailbox.domain)
    if provider is not None and provider.wants_own_domain and owner is not None:
        raise UsageError(f"{provider.title} takes no addresses at {mailbox.domain} here. {provider.password_advice}")


def _ask(option: str, question: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{question}? Say it with {option}.")
    answer: str = click.prompt(question)
    return answer.strip()
