"""`maild account init` as a user calls it."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.account import account as command
from maild.cli.check import check
from maild.errors import UsageError
from maild.providers import PROVIDERS, Provider, UsernameForm

WEB_DE = """\
# WEB.DE. Sending from programs must be switched on first: in the mailbox under Settings, POP3 and IMAP. With
# two-factor authentication WEB.DE wants an application-specific password.
# https://autoconfig.thunderbird.net/v1.1/web.de (read on 2026-11-24)
version: 1
protocol: smtp
smtp:
  host: smtp.web.de
  port: 465                  # documented: 465 (implicit), 587 (starttls)
  tls: {mode: implicit, verify: true}
username: "me"
email: me@web.de
# Never the password itself, only where it is: a systemd credential (LoadCredential= in the unit), or
# {env: NAME}, {file: PATH}, {command: [PROGRAM, ARGUMENT]}.
password: {credential: "me"}
# name: Example Shop                 # the sender's name beside the address
# reply_to: office@example.com       # where replies go
# copy_to: archive@example.com       # gets a copy of every message
"""
WROTE = (
    "Wrote configs/accounts/{0}.yaml: put the password where it says, then try `maild test {0} --to YOUR-ADDRESS`.\n"
)


def call(root: Path, *arguments: str) -> Result:
    with contextlib.chdir(root):
        return CliRunner(env={"MAILD_CONFIG": None}).invoke(command, ["init", *arguments], standalone_mode=False)


def refusal(root: Path, *arguments: str) -> str:
    error = call(root, *arguments).exception
    assert isinstance(error, UsageError)
    return str(error)


def test_editors_are_told_where_the_schema_is_if_it_is_near(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "account.schema.json").write_text("{}")

    call(tmp_path, "me@web.de")

    written = (tmp_path / "configs" / "accounts" / "me.yaml").read_text()
    assert written.startswith("# yaml-language-server: $schema=../../schemas/account.schema.json\n#\n# WEB.DE.")


def test_the_address_alone_is_enough_where_its_company_is_known(tmp_path: Path) -> None:
    result = call(tmp_path, "me@web.de")

    assert result.output == WROTE.format("me")
    assert (tmp_path / "configs" / "accounts" / "me.yaml").read_text() == WEB_DE


def test_where_passwords_end_the_login_is_told_of_instead(tmp_path: Path) -> None:
    result = call(tmp_path, "me@hotmail.com")

    assert result.output == (
        "Wrote configs/accounts/me.yaml: put the application's id where it says, run `maild account login me`, then "
        "try `maild test me --to YOUR-ADDRESS`.\n"
    )


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_what_is_written_is_clean(tmp_path: Path, provider: Provider) -> None:
    is_free = provider.mail_domains and not provider.wants_own_domain
    address = f"billing@{provider.mail_domains[0] if is_free else 'shop.example'}"
    region = ["--host", provider.hosts[0].replace("*", "eu-west-1")] if "*" in provider.hosts[0] else []
    login = ["--username", "login-1234"] if provider.username is UsernameForm.ISSUED else []
    call(tmp_path, address, "--provider", provider.id, "--name", "new", *region, *login)
    with contextlib.chdir(tmp_path):
        checked = CliRunner().invoke(check, ["configs", "--format", "concise"], standalone_mode=False)

    codes = re.findall(r"ML\d+", checked.output)
    assert (tmp_path / "configs" / "accounts" / "new.yaml").is_file()
    # A server for tests is said to be one; all else is clean.
    assert set(codes) == ({"ML436"} if provider.hosts[0] in provider.sandbox_hosts else set())
    assert checked.return_value == 0


def test_one_s_own_server_is_named(tmp_path: Path) -> None:
    call(tmp_path, "a.b@shop.example", "--host", "Mail.Shop.Example")
    text = (tmp_path / "configs" / "accounts" / "a.b.yaml").read_text()

    assert "  host: mail.shop.example\n  port: 465                  # 465, or 587 with mode starttls" in text
    assert "username: a.b@shop.example\n# Never" in text


def test_nothing_is_written_over(tmp_path: Path) -> None:
    accounts = tmp_path / "configs" / "accounts"
    accounts.mkdir(parents=True)
    (accounts / "me.yml").symlink_to("nowhere")

    assert refusal(tmp_path, "me@web.de") == (
        "There is an account me already: configs/accounts/me.yml. Name another: --name."
    )
    assert [path.name for path in accounts.iterdir()] == ["me.yml"]


def test_a_folder_of_accounts_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("protocol: smtp\n")
    call(tmp_path, "me@web.de", "--config", ".")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "me.yaml"]


def test_without_a_terminal_what_is_not_known_has_to_be_said(tmp_path: Path) -> None:
    assert refusal(tmp_path, "me@shop.example", "--offline") == (
        "SMTP server for me@shop.example, as your mail company gives it? Say it with --host."
    )
    assert refusal(tmp_path, "me@shop.example", "--provider", "brevo") == (
        "Login name, as your mail company shows it? Say it with --username."
    )
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_is_asked(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"smtp-relay.brevo.com\nshop-login\n")
    done = subprocess.run(
        [sys.executable, "-m", "maild", "account", "init", "me@shop.example", "--offline"],
        cwd=tmp_path,
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(theirs)
    os.close(ours)

    assert done.stdout == (
        "SMTP server for me@shop.example, as your mail company gives it: Login name, as your mail company shows it: "
        + WROTE.format("me")
    )
    text = (tmp_path / "configs" / "accounts" / "me.yaml").read_text()
    assert "username: shop-login\nemail: me@shop.example\n" in text


def test_a_login_that_is_another_address_does_not_become_the_sender(tmp_path: Path) -> None:
    call(tmp_path, "me@shop.example", "--provider", "brevo", "--username", "a1b2c3001@smtp-brevo.com")

    text = (tmp_path / "configs" / "accounts" / "me.yaml").read_text()
    assert "username: a1b2c3001@smtp-brevo.com\nemail: me@shop.example\n" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["me"], 'me: there is no "@" (character 3).'),
        (["me@web.de", "--name", "../x"], "--name ../x: an account is named by its file, so its name holds no slash."),
        (["me@web.de", "--host", "a:1"], "--host a:1: write the server's name alone, such as mail.example.com."),
        (["me@proton.me"], "Proton Mail takes no addresses at proton.me here. Proton wants an SMTP token"),
        (["me@shop.example", "--provider", "gmial"], "--provider gmial: maild knows amazon-ses, aol, azure"),
    ],
)
def test_what_cannot_be_is_wrong_usage(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert refusal(tmp_path, *arguments).startswith(words)
    assert list(tmp_path.iterdir()) == []


def test_what_check_finds_an_error_in_is_not_written(tmp_path: Path) -> None:
    result = call(tmp_path, "me@gmail.com", "--username", "me")

    assert result.output.startswith("error[ML404] gmail-username-not-address\n")
    assert result.output.endswith("configs/accounts/me.yaml was not written.\n")
    assert result.return_value == 1
    assert list(tmp_path.iterdir()) == []
