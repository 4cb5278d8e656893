"""A real Postfix of our own on loopback: its own configuration, queue and mailbox in a scratch folder.

Needs root, as Postfix's master does, and the Debian package postfix; its own service need not run. Where either is
missing, tests that ask for it are skipped and say so.
"""

import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

MASTER: Final = Path("/usr/lib/postfix/sbin/master")
NOBODY: Final = 65534
START_S: Final = 40.0

_MAIN_CF: Final = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
myhostname = peer.localhost
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {root}/log
maillog_file_prefixes = {root}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_tls_security_level = encrypt
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
transport_retry_time = 1s
alias_maps =
alias_database =
virtual_mailbox_domains = customer.example
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
local_header_rewrite_clients =
message_size_limit = 100000000
virtual_mailbox_limit = 0
"""

_SASL: Final = """\
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {socket}
smtpd_tls_auth_only = yes
smtpd_sender_restrictions = permit_sasl_authenticated, reject
"""

_MASTER_CF: Final = """\
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    """A running Postfix that takes mail for customer.example on two ports."""

    root: Path
    starttls: int
    implicit: int

    def mailbox(self) -> list[bytes]:
        """Every message that it delivered."""
        folder = self.root / "mail" / "box" / "new"
        return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.is_dir() else []

    def mailbox_of(self, count: int, *, seconds: float = 30) -> list[bytes]:
        """The mailbox once it holds so many messages.

        Postfix puts off what its busy parts do not take at once, by default for five minutes; hence the short delays
        in its configuration.
        """
        deadline = time.monotonic() + seconds
        while len(self.mailbox()) < count:
            if time.monotonic() > deadline:
                log = (self.root / "log").read_text(errors="replace")[-5000:]
                raise AssertionError(f"{len(self.mailbox())} of {count} messages after {seconds:.0f} s:\n{log}")
            time.sleep(0.05)
        return self.mailbox()


@contextmanager
def running_postfix(certificate: Path, *, sasl: Path | None = None) -> Iterator[Postfix]:
    """Start it; `certificate` is a PEM file with key and chain.

    With `sasl` it takes mail only from those who log in, and asks at this socket of Dovecot's whether they may.

    In a folder of its own, not in one of pytest's: its processes run as other users, and every session of pytest that
    begins meanwhile closes the folder above its own to all but its owner.
    """
    if not MASTER.exists() or os.geteuid() != 0:
        pytest.skip("needs root and the Debian package postfix")
    with tempfile.TemporaryDirectory(prefix="maild-peer-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with _running_in(root, certificate, sasl) as peer:
            yield peer


@contextmanager
def _running_in(root: Path, certificate: Path, sasl: Path | None) -> Iterator[Postfix]:
    peer = Postfix(root=root, starttls=free_port(), implicit=free_port())
    _prepare(peer, certificate, sasl)
    # -d keeps it in the foreground, so that it ends with this process's own child and nothing else.
    master = subprocess.Popen([MASTER, "-c", root / "conf", "-d"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(peer.implicit)
        yield peer
    finally:
        master.terminate()
        master.wait(10)


def _prepare(peer: Postfix, certificate: Path, sasl: Path | None) -> None:
    user = pwd.getpwnam("postfix")
    for folder in ("conf", "queue", "data", "mail"):
        (peer.root / folder).mkdir()
    os.chown(peer.root / "data", user.pw_uid, user.pw_gid)
    os.chown(peer.root / "mail", NOBODY, NOBODY)
    values = {"root": peer.root, "certificate": certificate, "nobody": NOBODY}
    more = "" if sasl is None else _SASL.format(socket=sasl)
    (peer.root / "conf" / "main.cf").write_text(_MAIN_CF.format(**values) + more)
    (peer.root / "conf" / "master.cf").write_text(_MASTER_CF.format(starttls=peer.starttls, implicit=peer.implicit))
    subprocess.run(["postfix", "-c", peer.root / "conf", "check"], check=True, capture_output=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
