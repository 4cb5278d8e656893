"""A configuration folder on disk with accounts for scripted servers, as a user would have written it."""

import re
from pathlib import Path

from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import ScriptedSmtpServer

SMTP = """\
protocol: smtp
smtp:
  host: localhost
  port: {port}
  tls: {{mode: {mode}, ca_file: {ca_file}}}
username: billing@shop.example
password: {{file: password}}
"""
HTTP = """\
protocol: http
http:
  url: {url}
reply_to: office@shop.example
name: Shop
"""


def write_accounts(root: Path, **accounts: str) -> Path:
    """Write `configs/accounts/<name>.yaml`, a password and a maild.yaml whose spool is beside; returns the root."""
    folder = root / "configs" / "accounts"
    folder.mkdir(parents=True)
    (root / "spool").mkdir()
    (root / "configs" / "maild.yaml").write_text("version: 1\nspool: {path: ../spool}\n")
    (folder / "password").write_text("right\n")
    for name, text in accounts.items():
        (folder / f"{name}.yaml").write_text(text)
    return root


def smtp_text(server: ScriptedSmtpServer, *, mode: str | None = None) -> str:
    """An account's file that fits the server."""
    return SMTP.format(port=server.port, mode=mode or server.tls, ca_file=certificates().ca_file)


def without_times(output: str) -> str:
    """The output with every duration and port replaced, so that it can be compared."""
    timed = re.sub(r" +\d+ ms", " N ms", output)
    return re.sub(r"\(\d+\.\d s\)", "(N s)", re.sub(r"port:? \d{4,5}", "port PORT", timed))
