import asyncio
from dataclasses import replace
from pathlib import Path

from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.probe.result import CheckResult, CheckVerdict
from maild.probe.smtp import check
from tests.fakes.probe_subject import smtp_account, subject
from tests.fakes.smtp_server import ScriptedReply, ScriptedSmtpServer

V = CheckVerdict


def probe(server: ScriptedSmtpServer, folder: Path, local_part: str = "billing") -> CheckResult:
    async def scenario() -> CheckResult:
        async with server:
            account = replace(smtp_account(server, username=None), email=Mailbox(local_part, "shop.example"))
            return await check(subject(account, folder))

    return asyncio.run(scenario())


def answering(**replies: ScriptedReply) -> ScriptedSmtpServer:
    return ScriptedSmtpServer(replies=replies)


def test_an_own_address_that_is_refused_is_a_remark_and_the_account_can_send(tmp_path: Path) -> None:
    result = probe(answering(RCPT="550 5.1.1 no such user"), tmp_path)

    assert (result.verdict, [one.code for one in result.diagnostics]) == (V.WARN, ["ML785"])
    assert result.summary == "ready to send, but the server takes no mail for the sender's address"
    assert [one.verdict for one in result.phases if one.phase is Phase.RCPT] == [V.WARN]
    assert [one.verdict for one in result.addresses[0].phases if one.phase is Phase.RCPT] == [V.WARN]


def test_greylisting_is_no_refusal(tmp_path: Path) -> None:
    result = probe(answering(RCPT="450 4.2.0 come back"), tmp_path)

    assert (result.verdict, result.diagnostics) == (V.PASS, ())


def test_a_sender_who_is_put_off_is_no_verdict_about_the_account(tmp_path: Path) -> None:
    result = probe(answering(MAIL="450 4.7.1 too many"), tmp_path)

    assert (result.verdict, [one.code for one in result.diagnostics]) == (V.INDETERMINATE, ["ML738"])


def test_a_server_that_closes_after_an_answer_is_asked_nothing_more(tmp_path: Path) -> None:
    server = answering(RCPT="421 4.3.2 closing")
    result = probe(server, tmp_path)

    assert server.verbs() == ["EHLO", "MAIL", "RCPT"]
    assert result.verdict is V.PASS


def test_an_address_beyond_ascii_is_not_tried(tmp_path: Path) -> None:
    server = answering()

    assert probe(server, tmp_path, "büro").verdict is V.PASS
    assert server.verbs() == ["EHLO", "QUIT"]
