"""`maild probe` against scripted servers, as a user calls it. The sender's domains here are in no DNS."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from click import UsageError
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from maild.cli.explain import explain
from maild.cli.probe import probe as command
from maild.config.resources import schema_text
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.findings import LIVE_FINDINGS
from maild.rules.catalogue import RULES
from maild.spool.layout import Layout, make_folders
from tests.fakes.certificates import certificates
from tests.fakes.site_folder import smtp_text, without_times, write_accounts
from tests.fakes.smtp_server import ScriptedSmtpServer

SCHEMAS = {name: json.loads(schema_text(name)) for name in ("diagnostics", "status", "probe")}
REGISTRY: Final = Registry().with_resources(
    [(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()]
)
SCHEMA: Final = Draft202012Validator(SCHEMAS["probe"], registry=REGISTRY)
REFUSED = 'The server did not accept this username and password. The server said: "535 5.7.8 authentication failed"'
CHECK_BOTH = (
    "Check both. Some servers want the whole e-mail address as username, some only the part before the @; with "
    "two-factor login an app password is needed."
)


def call(root: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"MAILD_CONFIG": None, "MAILD_SPOOL": None})
    with contextlib.chdir(root):
        return runner.invoke(command, list(arguments), standalone_mode=False)


def server_for(password: str = "right") -> ScriptedSmtpServer:
    return ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users={"billing": password})


def account_text(server: ScriptedSmtpServer) -> str:
    # A sender on this machine: its domain is in no DNS, so no name server is asked.
    return smtp_text(server).replace("billing@shop.example", "billing") + "email: billing@[127.0.0.1]\n"


def run(root: Path, server: ScriptedSmtpServer, work: Callable[[], list[Result]]) -> list[Result]:
    async def scenario() -> list[Result]:
        async with server:
            write_accounts(root, billing=account_text(server))
            return await asyncio.to_thread(work)

    return asyncio.run(scenario())


def test_a_good_account_is_shown_phase_by_phase_and_is_status_0(tmp_path: Path) -> None:
    server = server_for()
    (result,) = run(tmp_path, server, lambda: [call(tmp_path)])

    lines = [line.partition(", issued by")[0] for line in without_times(result.output).splitlines()]
    assert [line.partition(" SHA-256")[0].rstrip(",") for line in lines] == [
        "billing: can send (N s)",
        "  ✓ smtp: ready to send",
        "      ✓ secret N ms  file password",
        "      ✓ resolve N ms  127.0.0.1",
        "      ✓ connect N ms  127.0.0.1 port PORT",
        "      ✓ tls N ms  TLSv1.3 TLS_AES_256_GCM_SHA384",
        "      ✓ certificate N ms  valid until 2099-01-01",
        "      ✓ banner N ms  220 mail.test ESMTP",
        "      ✓ ehlo N ms  PIPELINING, SIZE 10485760, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, AUTH PLAIN LOGIN",
        "      ✓ auth N ms  plain",
        "      ✓ mail N ms  250 2.1.0 ok",
        "      ✓ rcpt N ms  250 2.1.5 ok",
        "      ✓ rset N ms  250 2.0.0 ok",
        "      ✓ quit N ms",
        "      certificate until 2099-01-01",
        "      key",
        "  - mx: the sender's domain [127.0.0.1] is in no DNS",
        f"  - nothing to check: {', '.join(check.name for check in DNS_CHECKS)}",
        "",
    ]
    assert result.return_value == 0
    assert server.transactions == []


def test_a_refused_login_is_shown_with_its_line_and_not_repeated(tmp_path: Path) -> None:
    server = server_for("another")
    first, second, third = run(
        tmp_path, server, lambda: [call(tmp_path), call(tmp_path, "billing"), call(tmp_path, "--login")]
    )

    assert [one.return_value for one in (first, second, third)] == [1, 1, 1]
    assert server.logins == [("PLAIN", False), ("PLAIN", False)]
    assert first.output.splitlines()[-6:-3] == [
        "    error[ML726] login-rejected  configs/accounts/billing.yaml:6:1",
        f"      {REFUSED}",
        f"      help: {CHECK_BOTH}",
    ]
    assert "      ✗ auth              0 ms  not tried: refused at " in second.output


def test_json_is_the_status_s_probe_by_account(tmp_path: Path) -> None:
    server = server_for()
    (result,) = run(tmp_path, server, lambda: [call(tmp_path, "--format", "json")])

    report = json.loads(result.output)
    SCHEMA.validate(report)
    assert (report["version"], [one["account"] for one in report["accounts"]]) == (1, ["billing"])
    assert report["accounts"][0]["probe"]["can_send"] is True
    assert report["accounts"][0]["probe"]["checks"][0]["check"] == "smtp"


def test_an_account_with_errors_is_reported_and_the_others_are_probed(tmp_path: Path) -> None:
    server = server_for()

    def work() -> list[Result]:
        (tmp_path / "configs" / "accounts" / "bad.yaml").write_text(
            "protocol: smtp\nsmtp: {host: a.example, prot: 1}\n"
        )
        return [call(tmp_path), call(tmp_path, "--format", "json")]

    text, data = run(tmp_path, server, work)

    assert text.output.startswith("bad: not probed, its file has errors\n\nerror[ML")
    assert "billing: can send" in text.output
    assert (text.return_value, data.return_value) == (1, 1)
    SCHEMA.validate(json.loads(data.output))
    bad, billing = json.loads(data.output)["accounts"]
    assert {key: bad[key] for key in ("account", "probe", "reason")} == {
        "account": "bad",
        "probe": None,
        "reason": "errors",
    }
    assert {found["code"] for found in bad["errors"]} > {"ML201"}
    assert (billing["account"], billing["reason"], billing["probe"]["can_send"]) == ("billing", None, True)


def test_an_account_that_is_switched_off_is_told_and_probed_only_when_it_is_named(tmp_path: Path) -> None:
    server = server_for()

    def work() -> list[Result]:
        billing = (tmp_path / "configs" / "accounts" / "billing.yaml").read_text()
        (tmp_path / "configs" / "accounts" / "asleep.yaml").write_text(f"{billing}enabled: false\n")
        return [call(tmp_path), call(tmp_path, "--format", "json"), call(tmp_path, "--format", "json", "asleep")]

    text, data, named = run(tmp_path, server, work)

    assert "asleep: switched off, not probed\n" in text.output
    asleep, billing = json.loads(data.output)["accounts"]
    assert asleep == {"account": "asleep", "probe": None, "reason": "switched_off"}
    assert billing["account"] == "billing"
    (only,) = json.loads(named.output)["accounts"]
    assert (only["account"], only["probe"]["can_send"], json.loads(named.output)["spool"]) == ("asleep", True, None)


def test_what_is_wrong_with_the_spool_is_there_for_programs_too(tmp_path: Path) -> None:
    server = server_for()

    def work() -> list[Result]:
        layout = Layout(tmp_path / "spool")
        make_folders(layout)
        layout.queue_file.write_bytes(b"")
        for path, mode in ((layout.root, 0o755), (layout.queue_file, 0o644)):
            path.chmod(mode)
        return [call(tmp_path, "--spool", "spool", *form) for form in ((), ("--format", "json"))]

    text, data = run(tmp_path, server, work)

    found = json.loads(data.output)["spool"]
    assert [flaw["code"] for flaw in found] == ["ML617"]
    assert found[0]["docs"] == "maild explain ML617"
    assert "[ML617]" in text.output


def test_an_unknown_account_is_wrong_usage(tmp_path: Path) -> None:
    write_accounts(tmp_path)

    assert str(call(tmp_path, "nobody").exception) == "There is no account nobody. There are: none at all."


def test_no_live_finding_has_the_code_or_name_of_a_rule() -> None:
    taken = {word for rule in RULES for word in (rule.info.code, rule.info.name)}

    assert {word for finding in LIVE_FINDINGS for word in (finding.code, finding.name)} & taken == set()


def test_every_live_finding_can_be_explained_by_code_and_name() -> None:
    for finding in LIVE_FINDINGS:
        by_code = CliRunner().invoke(explain, [finding.code.lower()], standalone_mode=False)
        by_name = CliRunner().invoke(explain, [finding.name], standalone_mode=False)

        assert by_code.output.startswith(f"{finding.code} {finding.name} ({finding.severity})")
        assert by_name.output == by_code.output


def test_an_offer_is_accepted_for_accounts_that_are_named(tmp_path: Path) -> None:
    server = server_for()
    server.mechanisms = ("SCRAM-SHA-256", "PLAIN")

    def work() -> list[Result]:
        strong = call(tmp_path, "--login")
        server.mechanisms = ("PLAIN",)
        weak, unnamed = call(tmp_path, "--login"), call(tmp_path, "--accept-offer")
        return [strong, weak, unnamed, call(tmp_path, "billing", "--accept-offer"), call(tmp_path)]

    strong, weak, unnamed, accepted, after = run(tmp_path, server, work)

    assert ["ML781" in one.output for one in (strong, weak, accepted, after)] == [False, True, False, False]
    assert isinstance(unnamed.exception, UsageError)
