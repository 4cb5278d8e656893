"""`maild test` against scripted servers, as a user calls it."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.test import test as command
from maild.errors import UsageError
from tests.fakes.certificates import certificates
from tests.fakes.http_service import HttpService
from tests.fakes.site_folder import HTTP, smtp_text, without_times, write_accounts
from tests.fakes.smtp_server import ScriptedSmtpServer

TO = "me@example.com"
USERS = {"billing@shop.example": "right"}


CHECK_BOTH = (
    "Check both. Some servers want the whole e-mail address as username, some only the part before the @; with "
    "two-factor login an app password is needed."
)
HTML = (
    "This is a test e-mail from maild, sent through the account billing.<br>\n"
    "When you can read it, the account&#x27;s settings work.<br>\n"
)


def call(root: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"MAILD_CONFIG": None, "MAILD_SPOOL": None})
    with contextlib.chdir(root):
        return runner.invoke(command, list(arguments), standalone_mode=False)


def good_server(**switches: object) -> ScriptedSmtpServer:
    settings: dict[str, object] = {"tls": "implicit", "certificate": certificates().good, "users": USERS, **switches}
    return ScriptedSmtpServer(**settings)  # type: ignore[arg-type]  # a builder passes switches on


SERVICE = """\
protocol: http
http: {{kind: raw, url: {url}}}
email: billing@shop.example
password: {{file: password}}
"""


def run(
    root: Path,
    server: ScriptedSmtpServer | HttpService,
    text: Callable[[], str],
    *,
    before: Callable[[Path], object] = lambda _: None,
) -> Result:
    """Test the account `billing` while the server runs; the command has an event loop of its own, so a thread."""

    async def scenario() -> Result:
        async with server:
            write_accounts(root, billing=text())
            before(root)
            return await asyncio.to_thread(call, root, "billing", "--to", TO)

    return asyncio.run(scenario())


def test_a_test_e_mail_is_sent_and_each_phase_told(tmp_path: Path) -> None:
    server = good_server()
    result = run(tmp_path, server, lambda: smtp_text(server))

    head, *lines = without_times(result.output).splitlines()
    assert head == (
        "Sending a test e-mail through billing (localhost port PORT, implicit TLS) as billing@shop.example to "
        "me@example.com"
    )
    assert [line.partition(", issued by")[0] for line in lines] == [
        "",
        "  ✓ secret N ms  file password",
        "  ✓ resolve N ms  127.0.0.1",
        "  ✓ connect N ms  127.0.0.1 port PORT",
        "  ✓ tls N ms  TLSv1.3 TLS_AES_256_GCM_SHA384",
        "  ✓ certificate N ms  valid until 2099-01-01",
        "  ✓ banner N ms  220 mail.test ESMTP",
        "  ✓ ehlo N ms  PIPELINING, SIZE 10485760, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, AUTH PLAIN LOGIN",
        "  ✓ auth N ms  plain",
        "  ✓ body N ms  250 2.0.0 taken",
        "  ✓ quit N ms",
        "",
        "Sent. The last words were: 250 2.0.0 taken",
        "Look into the mailbox of me@example.com, its folder for spam included.",
    ]
    assert result.return_value == 0
    assert server.verbs()[-1] == "QUIT"


def test_the_message_is_from_the_account_to_the_address(tmp_path: Path) -> None:
    server = good_server(tls="starttls")
    more = "name: Büro\nreply_to: [a@shop.example, b@shop.example]\ncopy_to: archive@shop.example\n"
    run(tmp_path, server, lambda: smtp_text(server) + more)

    (taken,) = server.transactions
    message = message_from_bytes(taken.data, policy=policy.default)
    assert (taken.sender, taken.recipients, taken.is_encrypted) == ("billing@shop.example", (TO,), True)
    assert str(message["From"]) == "Büro <billing@shop.example>"
    assert message["To"] == TO
    assert re.fullmatch(r"Test e-mail from maild [0-9]{14}\.[0-9]{6}", message["Subject"])
    assert message["Reply-To"] == "a@shop.example, b@shop.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == (
        "This is a test e-mail from maild, sent through the account billing.\n"
        "When you can read it, the account's settings work.\n"
    )


def test_a_refused_login_ends_with_cause_owner_line_and_fix(tmp_path: Path) -> None:
    server = good_server(users={"billing@shop.example": "another"})
    result = run(tmp_path, server, lambda: smtp_text(server))

    assert result.output.splitlines()[-8:] == [
        "The test e-mail was not sent: it stopped at auth.",
        "",
        "  The server said  535 5.7.8 authentication failed",
        "  Likely cause     The server did not accept this username and password.",
        "  Whose fault      the credentials",
        "  Line to change   configs/accounts/billing.yaml:6: username: billing@shop.example",
        f"  What to do       {CHECK_BOTH}",
        "  More             maild explain ML726",
    ]
    assert result.return_value == 1
    assert server.logins == [("PLAIN", False)]


def test_the_daemon_learns_that_the_login_was_refused(tmp_path: Path) -> None:
    server = good_server(users={"billing@shop.example": "another"})
    run(tmp_path, server, lambda: smtp_text(server))

    assert b'"state": "suspended"' in (tmp_path / "spool" / "state" / "logins.sqlite3").read_bytes()


def test_without_a_spool_nothing_is_written_anywhere(tmp_path: Path) -> None:
    server = good_server()
    result = run(tmp_path, server, lambda: smtp_text(server), before=lambda root: (root / "spool").rmdir())

    assert result.return_value == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["configs"]


@pytest.mark.parametrize(
    ("switches", "phase", "words", "line"),
    [
        ({"banner": "554 5.7.1 blocked"}, "banner", "The server said  554 5.7.1 blocked", None),
        ({"mechanisms": ("GSSAPI",)}, "auth", "does not offer the way of logging in", "4: port:"),
        ({"replies": {"MAIL": "550 5.7.60 not yours"}}, "mail", "does not let this account send as", "6: username"),
        ({"replies": {"RCPT": "550 5.1.1 nobody"}}, "rcpt", "The server said  550 5.1.1 nobody", None),
        ({"replies": {"DATA": "451 4.3.0 later"}}, "data", "The server said  451 4.3.0 later", None),
        ({"replies": {".": "554 5.6.0 spam"}}, "body", "The server said  554 5.6.0 spam", "6: username"),
        ({"drop_at": frozenset({"."})}, "body", "the message may have been delivered all the same", None),
        ({"certificate": certificates().wrong_host}, "certificate", 'is not for "localhost"', "3: host: localhost"),
    ],
)
def test_each_failure_names_its_phase_the_words_and_the_line(
    tmp_path: Path, switches: dict[str, object], phase: str, words: str, line: str | None
) -> None:
    server = good_server(**switches)
    result = run(tmp_path, server, lambda: smtp_text(server))

    assert f"it stopped at {phase}." in result.output
    assert words in result.output
    assert ("Line to change" in result.output) is (line is not None)
    assert line is None or f"configs/accounts/billing.yaml:{line}" in result.output
    assert result.return_value == 1


def test_a_password_that_is_not_there_is_named_without_its_line(tmp_path: Path) -> None:
    server = good_server()

    def lose_password(root: Path) -> None:
        (root / "configs" / "accounts" / "password").unlink()

    result = run(tmp_path, server, lambda: smtp_text(server), before=lose_password)

    assert "What happened    the password's file password does not exist" in result.output
    assert "Line to change   configs/accounts/billing.yaml:7: password: …" in result.output
    assert server.connections == 0


def test_the_password_is_never_printed(tmp_path: Path) -> None:
    server = good_server(replies={"AUTH": lambda line: f"535 5.7.8 {line}"})

    def change_password(root: Path) -> None:
        (root / "configs" / "accounts" / "password").write_text("s3cr3t-w0rd")

    result = run(tmp_path, server, lambda: smtp_text(server), before=change_password)

    assert "s3cr3t" not in result.output
    assert "czNjcjN0" not in result.output


def test_a_form_service_gets_an_urlencoded_form(tmp_path: Path) -> None:
    service = HttpService(text="queued as 17")
    result = run(tmp_path, service, lambda: HTTP.format(url=service.url))

    (submission,) = service.submissions
    assert submission.content_type == "application/x-www-form-urlencoded"
    fields = dict(submission.fields)
    assert fields.pop("subject").startswith("Test e-mail from maild ")
    assert fields == {"from": "Shop", "reply_to": "office@shop.example", "to": TO, "body": HTML}
    assert "Sent. The last words were: 200 queued as 17" in result.output
    assert "  ✓ request" in result.output
    assert result.return_value == 0


def test_a_form_service_that_refuses_shows_its_words_and_the_line(tmp_path: Path) -> None:
    service = HttpService(status=404, text="<h1>no\nsuch page</h1>")
    result = run(tmp_path, service, lambda: HTTP.format(url=service.url))

    assert "  ✗ request" in result.output
    assert "  ✓ request" not in result.output
    assert "  The server said  404 <h1>no / such page</h1>" in result.output
    assert f"  Line to change   configs/accounts/billing.yaml:3: url: {service.url}" in result.output
    assert result.return_value == 1


def test_a_file_with_errors_is_reported_as_check_does_it(tmp_path: Path) -> None:
    write_accounts(tmp_path, billing="protocol: smtp\nsmtp: {host: mail.example, port: 0}\nusername: a@b.example\n")
    result = call(tmp_path, "billing", "--to", TO)

    assert "error[ML207]" in result.output
    assert "--> configs/accounts/billing.yaml:2:" in result.output
    assert result.return_value == 1


def test_an_unknown_account_is_wrong_usage_with_a_hint(tmp_path: Path) -> None:
    write_accounts(tmp_path, billing=HTTP.format(url="https://mail.example/"))

    assert str(call(tmp_path, "biling", "--to", TO).exception) == "There is no account biling. Did you mean billing?"
    assert str(call(tmp_path, "x", "--to", TO).exception) == "There is no account x. There are: billing."


def test_an_address_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    result = call(tmp_path, "billing", "--to", "me")

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == '--to me: there is no "@" (character 3).'


def test_a_service_that_takes_the_message_as_it_is_gets_one(tmp_path: Path) -> None:
    service = HttpService(text="queued as 7")

    done = run(tmp_path, service, lambda: SERVICE.format(url=service.url))

    assert done.return_value == 0
    assert "✓ secret" in done.output
    assert "✓ request" in done.output
    assert "Sent. The last words were: 200 queued as 7" in done.output
    (got,) = service.received
    assert message_from_bytes(got.body)["To"] == TO
    assert "right" not in done.output


def test_a_service_that_refuses_the_key_is_quoted(tmp_path: Path) -> None:
    service = HttpService(status=401, text="no such key")

    done = run(tmp_path, service, lambda: SERVICE.format(url=service.url))

    assert done.return_value == 1
    assert "✗ request" in done.output
    assert "401 no such key" in done.output


@pytest.mark.parametrize("is_sent", [True, False])
def test_jmap_is_told_step_by_step_and_only_the_last_step_fails(tmp_path: Path, *, is_sent: bool) -> None:
    opening = {"apiUrl": "/api", "uploadUrl": "/up", "primaryAccounts": {"urn:ietf:params:jmap:submission": "u"}}
    found = [["Identity/get", {"list": [{"id": "i"}]}, "i"], ["Mailbox/get", {"list": [{"id": "m"}]}, "m"]]
    said = {"created": {"s": {"id": "s7"}}} if is_sent else {"notCreated": {"s": {"type": "forbiddenToSend"}}}
    sent = [["Email/import", {"created": {"m": {"id": "e"}}}, "m"], ["EmailSubmission/set", said, "s"]]
    answers: list[object] = [opening, {"methodResponses": found}, {"blobId": "b"}, {"methodResponses": sent}]
    service = HttpService(answers=[(200, json.dumps(answer)) for answer in answers])

    done = run(tmp_path, service, lambda: SERVICE.format(url=service.url).replace("kind: raw", "kind: jmap"))

    assert done.return_value == (0 if is_sent else 1)
    assert ("✗ request" in done.output) is not is_sent
    assert "✓ request" in done.output
    assert ("200 submission s7" if is_sent else "400 forbiddenToSend:") in done.output


def test_what_is_said_can_be_shown_without_the_password(tmp_path: Path) -> None:
    server = good_server()

    async def scenario() -> Result:
        async with server:
            write_accounts(tmp_path, billing=smtp_text(server))
            return await asyncio.to_thread(call, tmp_path, "billing", "--to", TO, "--transcript")

    done = asyncio.run(scenario())

    assert done.return_value == 0
    assert "      C: AUTH PLAIN ••••\n      S: 235 2.7.0 welcome\n" in done.output
    assert f"C: RCPT TO:<{TO}>" in done.output
    assert "right" not in done.output


def test_another_program_s_words_are_shown_without_sending(tmp_path: Path) -> None:
    write_accounts(tmp_path, billing="protocol: smtp\nsmtp: {host: x.example, auth: none}\nemail: a@b.example\n")

    done = call(tmp_path, "billing", "--export", "msmtp")

    assert done.return_value == 0
    assert done.output.startswith("# ~/.msmtprc; then: msmtp -a billing you@example.com < message.eml\n")
    assert "Who gets the test e-mail?" in str(call(tmp_path, "billing").exception)


def arriving(root: Path, opinion: str, *more: str) -> Result:
    """A test whose message the server puts into a Maildir with its own opinion on top."""
    inbox = root / "inbox"
    for name in ("new", "cur"):
        (inbox / name).mkdir(parents=True)
    server = good_server()

    async def scenario() -> Result:
        async with server:
            write_accounts(root, billing=smtp_text(server))
            options = ("--arrives-in", str(inbox), "--within", "10s", *more)
            task = asyncio.create_task(asyncio.to_thread(call, root, "billing", "--to", TO, *options))
            await server.until(lambda: server.transactions)
            head = f"Authentication-Results: mx.example.com; {opinion}\r\n".encode()
            (inbox / "new" / "1").write_bytes(head + server.transactions[0].data)
            result = await task
            assert list((inbox / "new").iterdir()) == []
            return result

    return asyncio.run(scenario())


def test_the_way_back_is_waited_for_and_the_receiver_s_opinion_told(tmp_path: Path) -> None:
    fine = arriving(tmp_path / "a", "spf=pass; dkim=pass; dmarc=pass")
    doubted = arriving(tmp_path / "b", "spf=softfail; dmarc=fail")

    assert fine.return_value == 0
    assert fine.output.splitlines()[-1].endswith("mx.example.com says spf=pass dkim=pass dmarc=pass.")
    assert doubted.return_value == 0
    assert "warning[ML789] receiver-doubts-sender: The message arrived, and mx.example.com doubts" in doubted.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--arrives-in", "imap://me@mail.example"), "this machine only"),
        (("--arrives-in", "in", "--within", "soon"), "write a time such as 30s"),
        (("--arrives-in", "imaps://me@mail.example", "--arrives-password", "nowhere"), "FileNotFoundError"),
    ],
)
def test_a_way_back_that_makes_no_sense_is_a_wrong_use(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    write_accounts(tmp_path, billing=smtp_text(good_server(port=4465)))
    result = call(tmp_path, "billing", "--to", TO, *options)

    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception)


def test_a_service_with_another_certificate_leads_to_the_line_of_the_pin(tmp_path: Path) -> None:
    service = HttpService(certificate=certificates().good)
    pin = f"\n  tls:\n    ca_file: {certificates().ca_file}\n    pin_sha256: '{0:064d}'\n"

    done = run(tmp_path, service, lambda: f"protocol: http\nhttp:\n  url: {service.url}{pin}reply_to: a@shop.example\n")

    assert done.return_value == 1
    assert f"Line to change   configs/accounts/billing.yaml:6: pin_sha256: '{0:064d}'" in done.output
    assert service.requests == []


def test_a_service_that_nobody_reaches_is_told_as_what_it_is(tmp_path: Path) -> None:
    service = HttpService(certificate=certificates().expired)
    trust = f", tls: {{ca_file: {certificates().ca_file}}}"

    done = run(tmp_path, service, lambda: SERVICE.format(url=service.url + trust))

    assert done.return_value == 1
    assert "✗ certificate" in done.output
    assert "expired on 2020-02-02" in done.output
    assert "protocol" not in done.output.partition("✗ certificate")[2]
