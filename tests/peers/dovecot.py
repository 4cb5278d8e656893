"""A real Dovecot of our own on loopback: its submission server in front of another one, its SASL for Postfix, its IMAP
server for who waits for mail.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maild.cli.demo.certificates import CertificateFiles
from tests.peers.peer import PASSWORD, USER, Peer
from tests.peers.postfix import free_port, wait_for
from tests.peers.unpacked import USERS, UnpackedRoot, unpacked_root

_CONFIG: Final = """\
protocols = {protocols}
base_dir = /run/dovecot
state_dir = /run/dovecot
listen = 127.0.0.1
hostname = peer.localhost
log_path = /var/log/dovecot.log
mail_location = maildir:/home/box/mail
ssl = required
ssl_cert = </work/server.pem
ssl_key = </work/server.pem
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_max_mail_size = 100M
passdb {{
  driver = passwd-file
  args = scheme=PLAIN /etc/dovecot/users
}}
userdb {{
  driver = static
  args = uid=box gid=box home=/home/box
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = 0
  }}
  inet_listener submissions {{
    port = {port}
    ssl = yes
  }}
}}
{more}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  unix_listener /work/auth {{
    mode = 0666
  }}
}}
"""


_IMAP: Final = """\
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {clear}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapPeer:
    """The running server: its port under TLS, its port in clear, and where its mailbox is."""

    port: int
    clear: int
    root: UnpackedRoot

    def deliver(self, name: str, message: bytes) -> None:
        """A message comes into the mailbox."""
        for folder in ("mail", "mail/cur", "mail/new", "mail/tmp"):
            self.root.make_folder(f"home/box/{folder}", "box")
        file = self.root.make_folder("home/box/mail/new", "box") / name
        file.write_bytes(message)
        os.chown(file, USERS["box"], USERS["box"])

    def mailbox(self) -> list[bytes]:
        """Every message that is there."""
        folder = self.root.folder / "home" / "box" / "mail"
        return [file.read_bytes() for name in ("new", "cur") for file in sorted((folder / name).glob("*"))]


@contextmanager
def running_submission(certificates: CertificateFiles, relay: Peer) -> Iterator[Peer]:
    """The submission server in front of this one."""
    port = free_port()
    with _running(certificates, "submission", port, relay.port) as root:
        wait_for(port)
        yield Peer(
            port=port,
            tls="implicit",
            ca_file=certificates.authority,
            stored=relay.stored,
            said=root.said,
            auth="scram-sha-256",
            longest_line=relay.longest_line,
        )


@contextmanager
def running_sasl(certificates: CertificateFiles) -> Iterator[Path]:
    """The socket at which a server asks whether a login is right."""
    with _running(certificates, "", 0, 0) as root:
        yield root.folder / "work" / "auth"


@contextmanager
def running_imap(certificates: CertificateFiles) -> Iterator["ImapPeer"]:
    """The IMAP server of a mailbox."""
    port, clear = free_port(), free_port()
    more = _IMAP.format(port=port, clear=clear)
    with _running(certificates, "imap", 0, 0, more=more) as root:
        wait_for(port)
        yield ImapPeer(port=port, clear=clear, root=root)


@contextmanager
def _running(
    certificates: CertificateFiles, protocols: str, port: int, relay: int, *, more: str = ""
) -> Iterator[UnpackedRoot]:
    mechanisms = "plain login cram-md5 scram-sha-1 scram-sha-256"
    with unpacked_root("usr/sbin/dovecot") as root:
        values = {"protocols": protocols, "mechanisms": mechanisms, "port": port, "relay": relay, "more": more}
        root.write("etc/dovecot/dovecot.conf", _CONFIG.format(**values))
        root.write("etc/dovecot/users", f"{USER}:{{PLAIN}}{PASSWORD}\n")
        root.write("work/server.pem", certificates.server.read_text())
        root.make_folder("home/box", "box")
        with root.running(["/usr/sbin/dovecot", "-F"]):
            yield root
