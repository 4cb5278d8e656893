"""`maild account login` against a token service on loopback, as a user calls it."""

import asyncio
import contextlib
import json
from pathlib import Path

from click.testing import CliRunner, Result

from maild.cli.account import account as command
from tests.fakes.http_service import HttpService
from tests.fakes.site_folder import write_accounts
from tests.net.oauth.test_keyring import denied, granted

ACCOUNT = """\
protocol: smtp
smtp: {{host: localhost, port: 465}}
username: billing@shop.example
oauth: {{provider: other, client_id: maild, token_url: "{url}", device_url: "{url}", scope: send}}
"""
CODE = (200, json.dumps({"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://x.example"}))


def call(root: Path, *arguments: str, text: str = "") -> Result:
    runner = CliRunner(env={"MAILD_CONFIG": None, "MAILD_SPOOL": None})
    with contextlib.chdir(root):
        return runner.invoke(command, ["login", *arguments], input=text)


def log_in(root: Path, service: HttpService, *arguments: str, text: str = "") -> Result:
    async def scenario() -> Result:
        async with service:
            write_accounts(root, billing=ACCOUNT.format(url=service.url))
            return await asyncio.to_thread(call, root, "billing", *arguments, text=text)

    return asyncio.run(scenario())


def test_a_refresh_token_that_somebody_has_is_kept(tmp_path: Path) -> None:
    done = log_in(tmp_path, HttpService(answers=[granted("a", "r2")]), "--refresh-token", text="r1\n")

    assert done.output == "Logged in. Try `maild test billing --to YOUR-ADDRESS`.\n"
    kept = json.loads((tmp_path / "spool" / "state" / "tokens" / "billing.json").read_text())
    assert (kept["access_token"], kept["refresh_token"]) == ("a", "r2")


def test_a_refused_login_says_why_and_keeps_nothing(tmp_path: Path) -> None:
    done = log_in(tmp_path, HttpService(answers=[denied("invalid_client", 401, "no such application")]))

    assert "Not logged in: the token service refused: invalid_client: no such application." in done.output
    assert not (tmp_path / "spool" / "state" / "tokens" / "billing.json").exists()


def test_an_account_that_needs_no_login_is_told_so(tmp_path: Path) -> None:
    write_accounts(
        tmp_path,
        plain="protocol: smtp\nsmtp: {host: localhost, port: 465, auth: none}\nemail: a@b.example\n",
        app=ACCOUNT.format(url="https://t.example").replace("scope", "grant: client-credentials, scope")
        + "password: {env: X}\n",
        broken="protocol: smtp\n",
    )

    assert "has no `oauth`" in str(call(tmp_path, "plain").exception)
    assert "needs no login" in str(call(tmp_path, "app").exception)
    assert "has errors" in str(call(tmp_path, "broken").exception)
