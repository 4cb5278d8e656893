"""`maild account list` and `show` as a user calls them."""

import contextlib
import json
import os
import pty
from pathlib import Path

from click.testing import CliRunner, Result

from maild.cli.account import account as command
from maild.cli.main import main
from maild.errors import UsageError
from tests.fakes.site_folder import HTTP, write_accounts

BILLING = """\
protocol: smtp
smtp:
  host: smtp.gmail.com
username: billing@shop.example
password: {file: password}
reply_to: [a@shop.example, b@shop.example]
"""
OWN = """\
version: 1
protocol: smtp
smtp:
  host: 127.0.0.1
  port: 2525
  tls: {mode: starttls, verify: true, ca_file: ca.pem, min_version: 1.2}
  auth: plain
username: shop
email: shop@shop.example
password: {env: OWN_PASSWORD}
reply_to: a@shop.example
reply_to_policy: replace
name: Büro
copy_to: archive@shop.example
limits: {per_minute: 9, per_day: 90, connections: 2}
enabled: true
"""
BILLING_SHOWN = """\
configs/accounts/billing.yaml

protocol               smtp
smtp.host              smtp.gmail.com
smtp.port              465 (default)
smtp.tls.mode          implicit (follows from the port)
smtp.tls.verify        true (default)
smtp.tls.ca_file       none, so the system's certificates are trusted
smtp.tls.min_version   1.2 (default)
smtp.tls.pin_sha256    none
smtp.tls.cert_file     none
smtp.tls.key_file      none
smtp.auth              the strongest that both sides have
smtp.timeout           what each step usually may take
smtp.proxy             none
username               billing@shop.example
email                  billing@shop.example (the username)
password               {password}
reply_to               a@shop.example, b@shop.example
reply_to_policy        keep (default)
name                   none
copy_to                none
limits.per_minute      no limit
limits.per_day         2000 (the limit of Gmail)
limits.connections     4 (default)
limits.per_session     500
limits.per_message     100
limits.max_size        what the server takes
delivery.retry         as in maild.yaml
delivery.lifetime      as in maild.yaml
delivery.on_uncertain  as in maild.yaml
enabled                true (default)
"""


def site(root: Path, **accounts: str) -> Path:
    """A site whose password only its owner can read, and has the form of an app password."""
    write_accounts(root, **accounts)
    password = root / "configs" / "accounts" / "password"
    password.write_text("abcdefghijklmnop\n")
    password.chmod(0o600)
    (root / "configs" / "accounts" / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    return root


def call(root: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"MAILD_CONFIG": None, "OWN_PASSWORD": "correct-horse"})
    with contextlib.chdir(root):
        return runner.invoke(command, list(arguments), standalone_mode=False)


def test_accounts_are_listed_with_where_they_send_and_the_state_of_their_files(tmp_path: Path) -> None:
    site(tmp_path, bad="protocol: smpt\n", billing=BILLING, own=OWN, web=HTTP.format(url="https://mail.example/"))
    (tmp_path / "configs" / "accounts" / "lost.yaml").symlink_to("nowhere")

    assert call(tmp_path, "list").output == (
        "NAME     PROTOCOL  SERVER              SENDER                PASSWORD                           FILE\n"
        "bad      -         -                   -                     -                                  1 error\n"
        "billing  smtp      smtp.gmail.com:465  billing@shop.example  file password                      ok\n"
        "own      smtp      127.0.0.1:2525      shop@shop.example     environment variable OWN_PASSWORD  ok\n"
        "web      http      mail.example        office@shop.example   -                                  ok\n"
        "lost     -         -                   -                     -                                  1 error\n"
    )


def test_a_file_that_means_the_same_as_another_has_an_error(tmp_path: Path) -> None:
    site(tmp_path, billing=BILLING)
    (tmp_path / "configs" / "accounts" / "billing.yml").write_text(BILLING)
    first, second = map(json.loads, call(tmp_path, "list", "--json").output.splitlines())

    assert (first["file"], first["errors"]) == ("configs/accounts/billing.yaml", 0)
    assert (second["file"], second["errors"]) == ("configs/accounts/billing.yml", 1)


def test_the_list_for_programs_is_an_object_a_line(tmp_path: Path) -> None:
    site(tmp_path, billing=BILLING)

    assert json.loads(call(tmp_path, "list", "--json").output) == {
        "name": "billing",
        "file": "configs/accounts/billing.yaml",
        "protocol": "smtp",
        "server": "smtp.gmail.com:465",
        "sender": "billing@shop.example",
        "password": "file password",
        "errors": 0,
        "warnings": 0,
        "enabled": True,
    }


def test_show_has_every_setting_and_where_it_comes_from(tmp_path: Path) -> None:
    result = call(site(tmp_path, billing=BILLING), "show", "billing")

    assert result.output == BILLING_SHOWN.format(password="file password")
    assert result.return_value == 0


def test_what_the_file_says_is_no_default(tmp_path: Path) -> None:
    shown = json.loads(call(site(tmp_path, own=OWN), "show", "own", "--json").output)

    assert shown == {
        "name": "own",
        "file": "configs/accounts/own.yaml",
        "settings": {
            "protocol": "smtp",
            "smtp": {
                "host": "127.0.0.1",
                "port": 2525,
                "tls": {
                    "mode": "starttls",
                    "verify": True,
                    "ca_file": "ca.pem",
                    "min_version": "1.2",
                    "pin_sha256": None,
                    "cert_file": None,
                    "key_file": None,
                },
                "auth": "plain",
                "timeout": None,
                "proxy": None,
            },
            "username": "shop",
            "email": "shop@shop.example",
            "password": "environment variable OWN_PASSWORD",
            "reply_to": ["a@shop.example"],
            "reply_to_policy": "replace",
            "name": "Büro",
            "copy_to": "archive@shop.example",
            "limits": {
                "per_minute": 9,
                "per_day": 90,
                "connections": 2,
                "per_session": None,
                "per_message": None,
                "max_size": None,
            },
            "delivery": {"retry": None, "lifetime": None, "on_uncertain": None},
            "enabled": True,
        },
        "not_in_file": [],
    }


def test_the_password_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    site(tmp_path, billing=BILLING)
    result = call(tmp_path, "show", "billing", "--reveal-password")

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "--reveal-password shows the password on a terminal only. A program can follow the reference to it that "
        "`maild account show` prints."
    )
    assert "abcdefghijklmnop" not in result.output


def on_terminal(root: Path, *arguments: str) -> str:
    """What the command prints on a terminal of its own, and its exit status."""
    ours, theirs = pty.openpty()
    with (
        contextlib.chdir(root),
        os.fdopen(theirs, "w", encoding="utf-8") as terminal,
        contextlib.redirect_stdout(terminal),
        contextlib.redirect_stderr(terminal),
    ):
        status = main(["account", *arguments, "--config", "configs"])
    shown = b""
    # A terminal gives what it has in pieces, and at its end not nothing but an error.
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    return f"{shown.decode()}{status}".replace("\r\n", "\n")


def test_on_a_terminal_the_password_is_shown_beside_its_reference(tmp_path: Path) -> None:
    shown = on_terminal(site(tmp_path, billing=BILLING), "show", "billing", "--reveal-password")

    assert shown == BILLING_SHOWN.format(password="abcdefghijklmnop (file password)") + "0"


def test_a_password_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    site(tmp_path, billing=BILLING)
    (tmp_path / "configs" / "accounts" / "password").unlink()
    shown = on_terminal(tmp_path, "show", "billing", "--reveal-password")

    assert shown == "maild: the password's file password does not exist\n1"


def test_programs_never_get_the_password_itself(tmp_path: Path) -> None:
    shown = on_terminal(site(tmp_path, billing=BILLING), "show", "billing", "--reveal-password", "--json")

    assert shown.endswith("`maild account show` prints.\n2")


def test_an_account_without_password_has_none_to_reveal(tmp_path: Path) -> None:
    site(tmp_path, web=HTTP.format(url="https://mail.example/"))
    shown = on_terminal(tmp_path, "show", "web", "--reveal-password")

    assert "protocol               http\n" in shown
    assert "password" not in shown


def test_a_file_with_errors_is_reported_as_check_does_it(tmp_path: Path) -> None:
    result = call(site(tmp_path, bad="protocol: smpt\n"), "show", "bad")

    assert result.output.startswith("error[ML204] invalid-choice\n  --> configs/accounts/bad.yaml:1:11\n")
    assert result.return_value == 1


def test_an_unknown_account_is_wrong_usage_with_a_hint(tmp_path: Path) -> None:
    result = call(site(tmp_path, billing=BILLING), "show", "biling")

    assert str(result.exception) == "There is no account biling. Did you mean billing?"
