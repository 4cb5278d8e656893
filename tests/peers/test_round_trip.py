"""A test message is waited for in a real Dovecot's mailbox, over TLS and in clear here, and taken out of it."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.cli.demo.certificates import make_certificates
from tests.fakes.certificates import certificates
from tests.fakes.site_folder import smtp_text, write_accounts
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.peers.dovecot import ImapPeer, running_imap
from tests.peers.peer import PASSWORD, USER

OPINION = b"Authentication-Results: mx.example.net; spf=pass; dkim=fail; dmarc=pass\r\n"
OTHER = b"Subject: mine\r\n\r\nis left alone\r\n"


async def trial(root: Path, server: ScriptedSmtpServer, imap: ImapPeer, *options: str) -> tuple[int, str]:
    """`maild test` with a mailbox; what the server took comes into it, with the receiver's opinion on top."""
    words = ["test", "billing", "--to", "me@example.net", "--config", str(root / "configs"), *options]
    argv = [sys.executable, "-m", "maild", *words]
    authority = str(root / "authority.pem")
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env={"SSL_CERT_FILE": authority}
    )
    before = len(server.transactions)

    async def pass_on() -> None:
        while len(server.transactions) == before:  # noqa: ASYNC110 -- longer than the server's own patience
            await asyncio.sleep(0.05)
        imap.deliver(f"{before}.test", OPINION + server.transactions[-1].data)

    passing = asyncio.create_task(pass_on())
    async with asyncio.timeout(100):
        said, _ = await process.communicate()
    passing.cancel()  # where nothing was sent, the words say why
    return process.returncode or 0, said.decode()


def options(place: str, password: Path, within: str = "90s") -> Sequence[str]:
    return ("--arrives-in", place, "--arrives-password", str(password), "--within", within)


@pytest.mark.timeout(300)
def test_a_test_message_is_found_in_dovecot_s_mailbox_and_taken_out(tmp_path: Path) -> None:
    files = make_certificates(tmp_path, now=datetime.now(UTC))
    (tmp_path / "authority.pem").write_bytes(files.authority.read_bytes() + certificates().ca_file.read_bytes())
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text(f"{PASSWORD}\n")
    wrong.write_text("wrong\n")
    user = USER.replace("@", "%40")

    async def scenario(imap: ImapPeer) -> None:
        server = ScriptedSmtpServer(
            tls="implicit", certificate=certificates().good, users={"billing@shop.example": "right"}
        )
        async with server:
            write_accounts(tmp_path, billing=smtp_text(server))
            imap.deliver("0.mine", OTHER)
            for place in (f"imaps://{user}@localhost:{imap.port}", f"imap://{user}@localhost:{imap.clear}"):
                status, said = await trial(tmp_path, server, imap, *options(place, right))
                assert (status, "mx.example.net says spf=pass dkim=fail dmarc=pass" in said) == (0, True), said
                assert imap.mailbox() == [OTHER]
            status, said = await trial(tmp_path, server, imap, *options(place, wrong))
            assert (status, "The server refused the mailbox of" in said) == (1, True), said

    with running_imap(files) as imap:
        asyncio.run(scenario(imap))
