"""The demo's scratch site: a folder as a real site's would be, with a configuration that a person could have written.

Four accounts, one of them with the mistakes that bookkeepers make. Every file is written once; only the broken one is
written again, right, when the demo mends it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DOMAIN: Final = "shop.example"
USERS: Final = {"billing@shop.example": "correct-horse", "office@shop.example": "battery-staple"}
"""Logins at the sinks; the passwords stand in files of their own, where references point at them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the demo's servers listen on 127.0.0.1."""

    implicit: int
    starttls: int
    http: int
    dns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """The folders and files of the scratch site, all below `root`."""

    root: Path

    @property
    def config(self) -> Path:
        """The configuration folder."""
        return self.root / "configs"

    @property
    def accounts(self) -> Path:
        """One file an account."""
        return self.config / "accounts"

    @property
    def broken(self) -> Path:
        """The account with the mistakes."""
        return self.accounts / "newsletter.yaml"

    @property
    def spool(self) -> Path:
        """Where messages are dropped, and receipts appear."""
        return self.root / "spool"

    @property
    def secrets(self) -> Path:
        """Passwords, a file each."""
        return self.root / "secrets"

    @property
    def log(self) -> Path:
        """What the daemon writes to its standard error."""
        return self.root / "maild.log"


def write_site(scratch: Scratch, ports: Ports) -> None:
    """Write the configuration and the passwords into the scratch folder, which must exist."""
    scratch.accounts.mkdir(parents=True)
    scratch.secrets.mkdir(mode=0o700)
    for user, password in USERS.items():
        file = scratch.secrets / user.partition("@")[0]
        file.touch(mode=0o600)
        file.write_text(password + "\n")
    (scratch.config / "maild.yaml").write_text(_MAILD_YAML.format(dns=ports.dns))
    (scratch.accounts / "forms.yaml").write_text(_HTTP_YAML.format(port=ports.http))
    billing = _SMTP_YAML.format(name="billing", port=ports.implicit, mode="implicit")
    (scratch.accounts / "billing.yaml").write_text(f"{billing}copy_to: archive@shop.example\n")
    mended = _mended(ports)
    (scratch.accounts / "office.yaml").write_text(mended)
    scratch.broken.write_text(
        mended.replace("host: localhost", "host: smtp://localhost")
        .replace("mode: starttls", "mode: startls")
        .replace("username: office@shop.example", "username: office")
        .replace("password:", "pasword:")
    )


def mend_site(scratch: Scratch, ports: Ports) -> None:
    """Write the broken account again as its diagnostics say."""
    scratch.broken.write_text(_mended(ports))


def _mended(ports: Ports) -> str:
    return _SMTP_YAML.format(name="office", port=ports.starttls, mode="starttls")


_MAILD_YAML: Final = """\
version: 1
spool: {{path: ../spool}}
web: {{listen: "127.0.0.1:0"}}
default_account: billing
dns: {{resolvers: ["127.0.0.1:{dns}"]}}
log: {{format: json}}
"""

_SMTP_YAML: Final = """\
version: 1
protocol: smtp
smtp:
  host: localhost
  port: {port}
  tls: {{mode: {mode}, ca_file: ../../authority.pem}}
username: {name}@shop.example
password: {{file: ../../secrets/{name}}}
"""

_HTTP_YAML: Final = """\
version: 1
protocol: http
http:
  url: http://localhost:{port}/send
reply_to: office@shop.example
name: Example Shop
"""
