"""A real OpenSMTPD of our own on loopback: neither PIPELINING nor CHUNKING, one command after the other.

Without TLS: Debian 12's own cannot use its private key with the OpenSSL that it is built for ("missing private key").
What it has taken is read from its queue, where nothing takes it away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from maild.cli.demo.certificates import CertificateFiles
from tests.peers.peer import Peer
from tests.peers.postfix import free_port, wait_for
from tests.peers.unpacked import UnpackedRoot, unpacked_root

_CONFIG: Final = """\
smtp max-message-size 100M
smtp limit max-mails 10000
listen on 127.0.0.1 port {port} hostname peer.localhost
action "away" relay host smtp://127.0.0.1:1
match from any for any action "away"
"""


@contextmanager
def running_opensmtpd(certificates: CertificateFiles) -> Iterator[Peer]:
    """Start it, with what leads out of its queue shut."""
    with unpacked_root("usr/sbin/smtpd") as root:
        port = free_port()
        root.write("etc/smtpd.conf", _CONFIG.format(port=port))
        root.write("etc/mail/aliases", "")
        with root.running(["/usr/sbin/smtpd", "-d", "-P", "mda", "-P", "mta"]):
            wait_for(port)
            yield Peer(
                port=port,
                tls="none",
                ca_file=certificates.authority,
                stored=lambda: _queue(root),
                said=root.said,
                longest_line=65_533,
            )


def _queue(root: UnpackedRoot) -> list[bytes]:
    return [file.read_bytes() for file in (root.folder / "var/spool/smtpd/queue").glob("*/*/message")]
