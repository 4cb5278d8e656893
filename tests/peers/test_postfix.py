"""maild and a real Postfix understand each other, behind either kind of TLS."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.cli.demo.certificates import make_certificates
from maild.mail.message import split_message
from maild.spool.drop import write_drop
from maild.spool.layout import Layout, make_folders
from tests.peers.postfix import running_postfix

MESSAGES = 100

ACCOUNT = """\
protocol: smtp
smtp:
  host: localhost
  port: {port}
  auth: none
  tls: {{mode: {mode}, ca_file: {authority}}}
email: billing@shop.example
"""


def message(number: int) -> bytes:
    """Texts beyond ASCII, lines that begin with dots, long lines, line ends of every kind."""
    body = f"Grüße Nr. {number}\n.\n..zwei Punkte\n" + "lang " * 150 + "\r\nEnde"
    return f"To: ann@customer.example\nSubject: =?utf-8?q?Nr=2E_{number}?=\n\n{body}".encode()


@pytest.mark.parametrize("mode", ["implicit", "starttls"])
def test_every_drop_is_in_the_mailbox_once(tmp_path: Path, mode: str) -> None:
    files = make_certificates(tmp_path, now=datetime.now(UTC))
    with running_postfix(files.server) as peer:
        port = peer.implicit if mode == "implicit" else peer.starttls
        accounts = tmp_path / "configs" / "accounts"
        accounts.mkdir(parents=True)
        (accounts / "billing.yaml").write_text(ACCOUNT.format(port=port, mode=mode, authority=files.authority))
        (tmp_path / "configs" / "maild.yaml").write_text("spool: {path: ../spool}\nweb: {listen: []}\n")
        layout = Layout(tmp_path / "spool")
        make_folders(layout)
        for number in range(MESSAGES):
            write_drop(layout, message(number))

        command = [sys.executable, "-m", "maild", "run", "--once", "--config", str(tmp_path / "configs")]
        try:
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=45)
        except subprocess.TimeoutExpired as late:
            raise AssertionError((late.stderr or b"").decode()[-5000:]) from None

        assert done.returncode == 0, done.stderr
        mailbox = peer.mailbox_of(MESSAGES)

    subjects = sorted(split_message(one).header.text("Subject") or "" for one in mailbox)
    assert subjects == sorted(f"Nr. {number}" for number in range(MESSAGES))
    (first,) = [one for one in mailbox if split_message(one).header.text("Subject") == "Nr. 7"]
    assert (
        split_message(first).rest.rstrip(b"\r\n").replace(b"\r\n", b"\n")
        == ("Grüße Nr. 7\n.\n..zwei Punkte\n" + "lang " * 150 + "\nEnde").encode()
    )
